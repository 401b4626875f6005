"""Hosts that share nothing but a secret: each builds what another has named, by the recipe in the bundle's URL."""

import os
import re
import threading
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pressmark import BundleRebuilt, SettingsError
from pressmark.adapters import FrameworkSecrets
from pressmark.bundling.bundle_recipe import MAX_RECIPE, BundleRecipe, Ingredient
from pressmark.concurrency.bounded import bytes_of
from pressmark.regions.rebuilding import Rebuilder
from pressmark.regions.signed_recipes import PURPOSE, SIGNATURE_BYTES, SignedRecipes
from pressmark.stores.signing import Signer
from tests.behaviour.real.site import CHOSEN, static
from tests.behaviour.real.site import Site as RealSite
from tests.conftest import write_old
from tests.site import Answer, Site, css_region, js_region

SECRET = "a secret that all hosts of the site have"
FILES: dict[str, str | bytes] = {
    "a.css": "@import 'deep/c.css'; a { background: url(images/a.png) }",
    "b.css": "b { background: url('/static/images/a.png') } :root { --own: url(/static/images/a.png) }",
    "deep/c.css": "c { src: url(../images/a.png) }",
    "latin.css": "d::after { content: 'é' }".encode("latin-1"),
    "a.js": "var a = 1 // no line end",
    "b.js": "'use strict'; (function () { var local = a; document.title = local })()",
    "c.js": "throw new Error('c')",
    "images/a.png": b"\x89PNG",
}
PAGE = b"<meta charset=utf-8>" + css_region("a.css", "b.css") + js_region("a.js", "b.js", "c.js")
PAGES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "plain": (PAGE, {}),
    "absolute URLs": (PAGE, {"url_rewrite": "absolute"}),
    "fingerprints": (PAGE, {"css_hash": "content"}),
    "data URLs": (PAGE, {"css_hash": "content", "data_uri": 1000}),
    "a policy": (b'<meta http-equiv=Content-Security-Policy content="script-src \'self\'">' + PAGE, {"data_uri": 1000}),
    "a preloaded font": (
        b"<link rel=preload as=font crossorigin href=/static/images/a.png>" + PAGE,
        {"css_hash": "content"},
    ),
    "not minified": (PAGE, {"minify": False}),
    "source maps": (PAGE, {"source_maps": True}),
    "integrity": (PAGE, {"integrity": True}),
    "a name and a preload": (PAGE.replace(b"compress css", b"compress css preload site"), {}),
    "exact": (PAGE, {"fidelity": "exact"}),
    "an old encoding": (b"<meta charset=latin-1>" + css_region("a.css", "latin.css"), {}),
    "a charset of its own": (PAGE.replace(b'href="/static/a.css"', b'charset=latin-1 href="/static/latin.css"'), {}),
    "deferred": (PAGE.replace(b"<script src", b"<script defer src"), {}),
    "queries": (PAGE.replace(b".css", b".css?v=1"), {}),
    "relative addresses": (PAGE.replace(b'"/static', b'"static'), {}),
    "off": (css_region("b.css").replace(b"<link", b"<link type=text/x-up"),
            {"enabled": False, "precompilers": {"text/x-up": ["tr", "x", "y"]}}),
    "compiled": (PAGE.replace(b'stylesheet" href="/static/b', b'stylesheet" type="text/x-up" href="/static/b'),
                 {"precompilers": {"text/x-up": ["tr", "a-z", "a-z"]}}),
}  # fmt: skip


EMPTY = BundleRecipe("", "", False, False, (), ())


def host(folder: Path, page: bytes = PAGE, files: Any = None, **options: Any) -> Site:
    """Return a host with a copy of the sources, and with a cache of its own."""
    for name, text in (FILES if files is None else files).items():
        path = folder / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Site(folder / "static", page, {"secret": SECRET, **options})


def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list that gets an item for each build by a recipe."""
    builds: list[object] = []
    build = Rebuilder._build

    def note_build(self: Rebuilder, job: Any) -> Any:
        builds.append(job)
        return build(self, job)

    monkeypatch.setattr(Rebuilder, "_build", note_build)
    return builds


def is_right(answer: Answer, url: str) -> bool:
    """Tell whether *answer* has the bytes that *url* names."""
    return answer.status == 200 and sha256(answer.body).hexdigest()[:32] in url


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("mount", ["", "/app"])
def test_a_host_that_lacks_a_bundle_builds_it(tmp_path: Path, name: str, mount: str) -> None:
    page, options = PAGES[name]
    one, other = (host(tmp_path / each, page, **options) for each in ("one", "other"))
    bundles = one.get(mount=mount).bundles

    assert bundles != []
    assert all("~" in url for url in bundles)
    assert [url for url in bundles if not is_right(other.get(url.removeprefix(mount), mount=mount), url)] == []


def test_all_hosts_name_the_same_urls(tmp_path: Path) -> None:
    one, other = host(tmp_path / "one"), host(tmp_path / "other")

    assert one.get().body == other.get().body


@pytest.mark.npm
def test_every_bundle_of_real_pages_is_built_by_its_recipe(tmp_path: Path) -> None:
    one, other = (
        Site(tmp_path, b"", {"static": static(), "secret": SECRET, "cache_dir": tmp_path / each})
        for each in ("one", "other")
    )
    one.app.app = other.app.app = RealSite()
    bundles = {url for name in CHOSEN for url in one.get(f"/s/{name}/page").bundles}

    assert len(bundles) > len(CHOSEN)
    assert [url for url in bundles if not is_right(other.get(url), url)] == []
    assert max(map(len, bundles)) < 600


def test_sources_of_another_release_make_no_bundle_and_no_cache_keeps_that(tmp_path: Path) -> None:
    one, other = host(tmp_path / "one"), host(tmp_path / "other", files=FILES | {"a.css": "a { color: red }"})
    url = one.get().bundles[0]
    answer = other.get(url)

    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")


def test_what_failed_is_tried_again_when_its_sources_have_changed_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressmark.regions.rebuilding.RETRY_S", 0)
    monkeypatch.setattr("pressmark.assets.from_directories.YOUNG_S", -1)  # else their times prove nothing yet
    one, other = host(tmp_path / "one"), host(tmp_path / "other", files=FILES | {"a.css": "a { color: red }"})
    url = one.get().bundles[0]
    builds = counted(monkeypatch)

    assert [other.get(url).status for _ in range(20)] == [404] * 20
    assert len(builds) == 1
    (tmp_path / "other" / "static" / "a.css").write_text(str(FILES["a.css"]))
    assert is_right(other.get(url), url)
    assert len(builds) == 2


def test_a_recipe_that_fails_leaves_another_of_the_same_bundle_alone(tmp_path: Path) -> None:
    """A file that was renamed: pages of the old release name the bundle by another recipe."""
    one = host(tmp_path / "one", css_region("old.css", "b.css"), {"old.css": "a {}", "b.css": "b { top: 0 }"})
    new = {"new.css": "a {}", "b.css": "b { top: 0 }"}
    two, other = (host(tmp_path / each, css_region("new.css", "b.css"), new) for each in ("two", "other"))
    (old_url,), (new_url,) = one.get().bundles, two.get().bundles

    assert old_url.partition("~")[0] == new_url.partition("~")[0]
    assert other.get(old_url).status == 404
    assert is_right(other.get(new_url), new_url)


def test_what_fails_keeps_no_sources_in_memory(tmp_path: Path) -> None:
    one, other = host(tmp_path / "one"), host(tmp_path / "other", files=FILES | {"a.css": "a { color: red }"})
    assert other.get(one.get().bundles[0]).status == 404
    rebuilder: Any = other.app._core.pipeline._rebuilder
    (failure,) = rebuilder._failed.values()

    assert bytes_of(failure) < 5000


def test_times_of_files_are_no_part_of_what_all_hosts_make(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="setting 'css_hash' is 'mtime', and with 'secret' alone"):
        host(tmp_path, css_hash="mtime")
    assert "~" not in host(tmp_path, css_hash="mtime", store=Values()).get().bundles[0]


@pytest.mark.parametrize("secret", [[], (), "short", ["a long enough secret", "short"]])
def test_what_is_no_secret_is_told_at_start(tmp_path: Path, secret: Any) -> None:
    with pytest.raises(SettingsError, match="setting 'secret'"):
        host(tmp_path, secret=secret)


def test_all_pages_of_a_worker_without_a_disk_carry_recipes_from_the_first_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressmark.regions.renderer.may_have_siblings", lambda: True)
    page = b"".join(css_region(f"{number}.css", "b.css") for number in range(6))
    files = {f"{number}.css": f"i{number} {{ top: {number}px }}" for number in range(6)} | {"b.css": "b { top: 0 }"}
    site = host(tmp_path, page, files, secret=FrameworkSecrets([SECRET]), cache_dir="/proc/pressmark")

    assert len([url for url in site.get().bundles if "~" in url]) == 6


def test_builds_by_recipes_are_told(tmp_path: Path) -> None:
    heard: list[Any] = []
    one, other = host(tmp_path / "one"), host(tmp_path / "other", on_event=heard.append)
    url = one.get().bundles[0]
    other.get(url)
    (tmp_path / "other" / "static" / "a.js").unlink()
    other.get(one.get().bundles[1])

    built = [event for event in heard if isinstance(event, BundleRebuilt)]
    assert [(event.kind, event.outcome) for event in built] == [("css", "done"), ("js", "failed")]


def test_an_empty_bundle_is_served_too(tmp_path: Path) -> None:
    files = {"a.css": "/* nothing */", "b.css": " "}
    one, other = (host(tmp_path / each, css_region("a.css", "b.css"), files) for each in ("one", "other"))
    (url,) = one.get().bundles
    plain = host(tmp_path / "plain", css_region("a.css", "b.css"), files, secret=None)

    assert [is_right(each.get(url), url) for each in (one, other)] == [True, True]
    assert is_right(plain.get(plain.get().bundles[0]), plain.get().bundles[0])


@pytest.mark.parametrize("missing", [["b.css"], ["a.css", "b.css", "deep/c.css"], ["deep/c.css"]])
def test_what_failed_for_want_of_a_file_is_built_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: list[str]
) -> None:
    """Somebody asks for a bundle of the next release before its files are copied: that must not be the last word."""
    monkeypatch.setattr("pressmark.regions.rebuilding.RETRY_S", 0)
    files = {name: text for name, text in FILES.items() if name not in missing}
    one, other = host(tmp_path / "one"), host(tmp_path / "other", files=files)
    for path in (tmp_path / "other" / "static").rglob("*.css"):
        os.utime(path, (1, 1))  # so old that their times prove them unchanged
    url = one.get().bundles[0]

    assert [other.get(url).status for _ in range(3)] == [404] * 3
    for name in missing:
        write_old(tmp_path / "other" / "static" / name, FILES[name])
    assert is_right(other.get(url), url)


def test_many_who_ask_at_once_make_one_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = host(tmp_path / "one"), host(tmp_path / "other")
    url = one.get().bundles[1]
    builds = counted(monkeypatch)
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(other.get(url))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [is_right(answer, url) for answer in answers] == [True] * 16
    assert len(builds) == 1


@pytest.mark.parametrize("change", ["signature", "recipe", "name", "kind", "secret", "none", "long"])
def test_nobody_else_decides_what_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    one = host(tmp_path / "one")
    other = host(tmp_path / "other", secret="another secret of another site" if change == "secret" else SECRET)
    css, js, *_ = one.get().bundles
    name, token = re.findall(r"css/(\w+)~(.*)\.css", css)[0]
    shortened = BundleRecipe("", "utf-8", False, False, (), (Ingredient("/static/a.css"),)).to_text()
    urls = {
        "signature": css.replace(token[:8], "A" * 8),
        "recipe": css.replace(token[16:], shortened),
        "name": css.replace(name, "0" * 32),
        "kind": js.replace(js.partition("~")[2], f"{token}.js"),
        "secret": css,
        "none": css.replace(f"~{token}", ""),
        "long": css.replace(token, token * 9),
    }
    monkeypatch.setattr(Rebuilder, "_build", None)

    assert other.get(urls[change]).status == 404


def test_a_recipe_signed_with_an_older_secret_counts(tmp_path: Path) -> None:
    one, other = (
        host(tmp_path / "one", secret="the old secret of all"),
        host(tmp_path / "other", secret=[SECRET, "the old secret of all"]),
    )
    url = one.get().bundles[0]

    assert is_right(other.get(url), url)
    assert other.get().bundles[0] != url


def test_inline_code_stays_in_the_page_as_no_other_host_has_it(tmp_path: Path) -> None:
    page = PAGE.replace(b"<!-- endcompress -->", b"<style>p{}</style><!-- endcompress -->", 1)
    one, other = host(tmp_path / "one", page), host(tmp_path / "other", page)
    answer = one.get()

    assert b"<style>p{}</style>" in answer.body
    assert [is_right(other.get(url), url) for url in answer.bundles] == [True] * 2


def test_inline_code_that_must_be_compiled_is_compiled_into_the_page(tmp_path: Path) -> None:
    page = b"<meta charset=utf-8>" + css_region("b.css").replace(
        b"<!-- endcompress -->", b"<style type=text/x-up>p { top: 0 }</style><!-- endcompress -->"
    )
    answer = host(tmp_path, page, precompilers={"text/x-up": ["tr", "p", "q"]}).get()

    assert b"<style>q{toq:0}</style>" in answer.body
    assert len(answer.bundles) == 1


def test_more_files_than_a_url_can_name_become_several_bundles(tmp_path: Path) -> None:
    names = [f"{sha256(str(number).encode()).hexdigest()}.css" for number in range(60)]
    files = {name: f"a {{ --is: {name[:9]} }}" for name in names}
    one, other = (host(tmp_path / each, css_region(*names), files) for each in ("one", "other"))
    bundles = one.get().bundles

    assert 2 <= len(bundles) < 10
    assert all(len(url) < MAX_RECIPE + 100 for url in bundles)
    assert [url for url in bundles if not is_right(other.get(url), url)] == []
    assert "".join(one.get(url).body.decode() for url in bundles).count("--is") == 60


def test_answers_of_the_application_are_no_part_of_a_recipe(tmp_path: Path) -> None:
    site = host(tmp_path, css_region("a.css").replace(b"/static/a.css", b"/made.css"), resolve="app")

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        is_page = environ["PATH_INFO"] == "/"
        start_response(
            "200 OK", [("Content-Type", "text/html" if is_page else "text/css"), ("Cache-Control", "public")]
        )
        return [site.page if is_page else b"a { top: 0 }"]

    site.app.app = answer

    assert site.get().body == site.page


def test_the_whole_road_is_left_to_the_store_if_there_is_one(tmp_path: Path) -> None:
    """With a store what has no recipe is bundled nevertheless; what has one is built even while the store is down."""
    page = PAGE.replace(b"<!-- endcompress -->", b"<style>p{}</style><!-- endcompress -->", 1)
    shared = Values()
    one, other = (host(tmp_path / each, page, store=shared) for each in ("one", "other"))
    css, js, *_ = one.get().bundles

    assert ("~" in css, "~" in js) == (False, True)
    shared.is_down = True
    assert other.get(css).status == 503
    assert is_right(other.get(js), js)


class Values:
    """A shared store that can be switched off."""

    name, may_lose, waits_natively = "values", False, False

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.is_down = False

    def get(self, key: str) -> bytes | None:
        if self.is_down:
            raise OSError("it is down")
        return self.values.get(key)

    def create(self, key: str, value: bytes, seconds: float) -> bool:
        return self.values.setdefault(key, value) is value

    def put(self, key: str, value: bytes, seconds: float) -> None:
        self.values[key] = value

    def touch(self, keys: Any, seconds: float) -> list[bool]:
        return [key in self.values for key in keys]

    def acquire(self, key: str, token: bytes, seconds: float) -> bool:
        return self.create(key, token, seconds)

    def release(self, key: str, token: bytes) -> None:
        self.values.pop(key, None)

    def sweep(self, seconds: float) -> None:
        pass


def test_hosts_that_share_nothing_are_told_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one, other = (host(tmp_path / each, secret=None) for each in ("one", "other"))
    css, js, *_ = one.get().bundles

    assert [other.get(url).status for url in (css, js, css)] == [404] * 3
    (told,) = caplog.records
    assert "this host does not have it: if several hosts serve this site, set `store` or `secret`" in told.getMessage()


def test_a_recipe_is_short() -> None:
    """Five files of a usual site take less than 150 characters."""
    names = ("vendor/bootstrap.min.css", "vendor/select2.min.css", "css/base.css", "css/forms.css", "css/shop.css")
    recipe = BundleRecipe("", "utf-8", False, False, (), tuple(Ingredient(f"/static/{name}") for name in names))

    assert len(recipe.to_text()) < 150
    assert BundleRecipe.from_text(recipe.to_text()) == recipe


@pytest.mark.parametrize(
    "text", ["", "A", "AAAA", "_" * 100, BundleRecipe("", "", False, False, (), ()).to_text()[:-4]]
)
def test_a_text_that_is_no_recipe_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="no recipe"):
        BundleRecipe.from_text(text)


def test_a_token_of_any_characters_is_no_recipe() -> None:
    recipes = SignedRecipes(Signer([SECRET], PURPOSE, SIGNATURE_BYTES))

    assert [recipes.read("css", "0" * 32, text) for text in ("", "é" * 30, "A" * 15, "_" * 50)] == [None] * 4
