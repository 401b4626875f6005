"""The modules of a page leave it linked, named, preloaded or as they were."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pressmark.page.markup import integrity_of
from pressmark.page.nonces import STAND_IN
from tests.conftest import Write
from tests.site import Site

MAP = re.compile(rb'<script type="importmap"([^>]*)>(.*?)</script>')
PRELOAD = re.compile(rb'<link rel="modulepreload" href="([^"]*)"([^>]*)>')
SRC = re.compile(rb'<script[^>]*type="module"[^>]*?src="([^"]*)"|<script[^>]*?src="([^"]*)"[^>]*type="module"')
ENTRY = b'<script type="module" src="/static/m.js"></script>'


@pytest.fixture(autouse=True)
def files(write: Write) -> None:
    write("m.js", "import {a} from './a.js'; import './b.js'; a()")
    write("a.js", "import './b.js'; export function a() {}")
    write("b.js", "f()")


def region(body: bytes = ENTRY) -> bytes:
    return b"<!-- compress js -->" + body + b"<!-- endcompress -->"


def level(body: bytes) -> str:
    """Return the level of the modules in the page *body*."""
    if MAP.search(body) and (b"/js/" in body):
        return "linked" if re.search(rb'src="[^"]*/js/[^"/]+/\d+\.js"', body) else "named"
    return "preload" if PRELOAD.search(body) else "kept"


def imports(body: bytes) -> dict[str, Any]:
    found = MAP.search(body)
    return dict(json.loads(found[2])["imports"]) if found else {}


def test_a_page_has_a_map_before_preloads_before_its_first_module(static: Path) -> None:
    body = Site(static, b"<p>" + region() + b"</p>").get().body
    (src,) = [(found[1] or found[2]).decode() for found in SRC.finditer(body)]

    assert level(body) == "linked"
    assert imports(body)["/static/m.js"] == src
    assert set(imports(body)) == {"/static/m.js", "/static/a.js", "/static/b.js"}
    assert body.index(b"importmap") < body.index(b"modulepreload") < body.index(b'type="module"')
    assert [found[1].decode() for found in PRELOAD.finditer(body)][1:] == [src]


def test_all_that_a_page_names_is_served(static: Path) -> None:
    site = Site(static, region())
    body = site.get().body
    for url in [*imports(body).values(), *(found[1].decode() for found in PRELOAD.finditer(body))]:
        answer = site.get(url)

        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("setting", "expected"), [(True, "linked"), ("named", "named"), ("preload", "preload"), (False, "kept")]
)
def test_the_setting_limits_the_level(static: Path, setting: object, expected: str) -> None:
    body = Site(static, region(), {"modules": setting}).get().body

    assert level(body) == expected
    assert (ENTRY in body) is (expected in ("preload", "kept"))


def test_only_the_address_of_an_element_changes(static: Path) -> None:
    entry = b"<script async id=x data-y='z'\ttype=Module src=/static/m.js onload='f()'></script>"
    body = Site(static, region(entry)).get().body

    assert re.search(
        rb"<script async id=x data-y='z'\ttype=Module src=\"[^\"]+/js/[^\"]+\" onload='f\(\)'></script>", body
    )


def test_an_inline_module_is_untouched(static: Path) -> None:
    inline = b"<script type=\"module\">import '/static/m.js'; f()</script>"
    body = Site(static, region(inline)).get().body

    assert inline in body
    assert "/static/m.js" in imports(body)


def test_a_preloaded_page_asks_for_all_that_is_there(static: Path) -> None:
    body = Site(static, region(), {"modules": "preload"}).get().body

    assert [found[1] for found in PRELOAD.finditer(body)] == [b"/static/b.js", b"/static/a.js", b"/static/m.js"]


@pytest.mark.parametrize(
    "page",
    [
        b'<script type="importmap">{"imports": {}}</script>' + region(),
        b"<script type=module>f()</script>" + region(),
        b'<link rel="modulepreload" href="/static/b.js">' + region(),
        b"<script>import('/static/b.js')</script>" + region(),
        region() + b'<script type="module" src="/static/b.js"></script>',
        region() + b'<script type="module" src="/static/\xc3\xa9.js"></script>' + region(
            b'<script type="module" src="/static/\xc3\xa9.js"></script>'),
        region(ENTRY + b'<script type="importmap">{}</script>'),
        region(ENTRY + b'<script type="module" src="/static/a.js" nonce="x"></script>'),
        region(ENTRY + b'<link rel="modulepreload" href="/static/b.js">'),
        region(b'<script type="importmap">{"imports": 1}</script>' + ENTRY),
        region(b"<script type=importmap>{}</script>" + b"<script type=importmap>{}</script>" + ENTRY),
        region() + b'<script type="importmap">{"imports": {"/static/b.js": "/static/c.js"}}</script>',
    ],
    ids=["a map", "a module", "a preload", "an import", "the same module", "the same in any spelling", "a late map",
         "two nonces", "a preload inside", "a void map", "two maps", "a later map"],
)  # fmt: skip
def test_no_address_changes_where_a_map_may_be_void_or_a_module_run_twice(
    static: Path, write: Write, page: bytes
) -> None:
    write("\u00e9.js", "f()")

    assert level(Site(static, page).get().body.replace(b'<script type="importmap">{"imports": {}}</script>', b"")) in (
        "preload", "kept",
    )  # fmt: skip


def test_the_map_of_the_page_is_kept_with_our_addresses(static: Path) -> None:
    table = {
        "imports": {"a": "/static/a.js", "x": "https://cdn.example/x.js", "lib/": "/static/", "none": None},
        "scopes": {"/static/": {"b": "./static/b.js"}},
        "more": "</script",
    }
    text = json.dumps(table).replace("</script", "\\u003c/script")
    body = Site(static, region(b'<script type="importmap">' + text.encode() + b"</script>" + ENTRY)).get().body
    (found,) = MAP.finditer(body)
    merged = json.loads(found[2])
    ours = {name: merged["imports"][f"/static/{name}.js"] for name in "abm"}

    assert level(body) == "linked"
    assert merged["imports"]["a"] == merged["imports"]["lib/a.js"] == ours["a"]
    assert {name: merged["imports"][name] for name in ("x", "lib/", "none")} == {
        "x": "https://cdn.example/x.js", "lib/": "/static/", "none": None,
    }  # fmt: skip
    assert merged["scopes"] == {"/static/": {"b": ours["b"]}}
    assert merged["more"] == "</script"


def test_a_folder_in_a_scope_leads_to_our_addresses(static: Path) -> None:
    """An inline module would otherwise have a second instance."""
    map_ = b'<script type="importmap">{"scopes": {"/": {"lib/": "/static/"}}}</script>'
    body = Site(static, region(map_ + ENTRY + b"<script type=module>import 'lib/a.js'</script>")).get().body
    found = MAP.search(body)

    assert found
    assert level(body) in ("preload", "kept") or json.loads(found[2])["scopes"]["/"].get("lib/a.js", "").count("/js/")


def test_a_list_in_the_map_of_the_page_stays_one(static: Path) -> None:
    map_ = b'<script type="importmap">{"imports": {"x": ["/static/a.js"], "y": []}}</script>'
    body = Site(static, region(map_ + ENTRY)).get().body

    assert level(body) in ("preload", "kept") or imports(body)["x"] != "/pressmark/js//static/a.js"
    assert imports(body)["y"] == []


@pytest.mark.parametrize("place", ["header", "meta"])
def test_the_nonce_of_the_modules_is_on_all_that_is_written(static: Path, place: str) -> None:
    policy = "script-src 'nonce-abc'"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'.encode() if place == "meta" else b""
    headers = [("Content-Security-Policy", policy)] if place == "header" else []
    page = meta + region(ENTRY.replace(b"<script", b'<script nonce="abc"'))
    body = Site(static, page, page_headers=headers).get().body

    assert level(body) == "linked"
    assert body.count(b' nonce="abc"') == 1 + len(MAP.findall(body)) + len(PRELOAD.findall(body))
    assert STAND_IN.encode() not in body


@pytest.mark.parametrize(
    "policy", ["script-src 'self'", "script-src 'self' 'sha256-AAAA' 'unsafe-inline'", "default-src 'self'"]
)
def test_a_policy_that_forbids_a_map_leaves_addresses(static: Path, policy: str) -> None:
    site = Site(static, region(), page_headers=[("Content-Security-Policy", policy)])

    assert level(site.get().body) == "preload"


def test_a_base_is_that_of_all_addresses(static: Path) -> None:
    entry = b'<script type="module" src="m.js"></script><script type="module">import "./a.js"</script>'
    body = Site(static, b'<base href="/static/">' + region(entry)).get().body

    assert level(body) == "linked"
    assert set(imports(body)) == {"/static/m.js", "/static/a.js", "/static/b.js"}


def test_another_host_serves_linked_modules(static: Path) -> None:
    body = Site(static, region(), {"public_url": "https://cdn.example/x/"}).get().body

    assert level(body) == "linked"
    assert all(str(url).startswith("https://cdn.example/x/js/") for url in imports(body).values())


def test_all_files_have_hashes_if_they_are_wanted(static: Path) -> None:
    site = Site(static, region(), {"integrity": True})
    body = site.get().body
    found = MAP.search(body)

    assert found
    hashes = json.loads(found[2])["integrity"]
    assert set(imports(body).values()) < set(hashes)
    assert all(integrity_of(site.get(url).body) == value for url, value in hashes.items())
    assert all(b"integrity=" in preload[2] for preload in PRELOAD.finditer(body))


def test_two_regions_have_one_map(static: Path) -> None:
    body = Site(static, region() + b"<p>" + region(ENTRY.replace(b"m.js", b"a.js"))).get().body
    sources = [(found[1] or found[2]).decode() for found in SRC.finditer(body)]

    assert len(MAP.findall(body)) == 1
    assert sources == [imports(body)["/static/m.js"], imports(body)["/static/a.js"]]


def test_an_entry_that_is_there_twice_has_one_address(static: Path) -> None:
    body = Site(static, region(ENTRY + ENTRY)).get().body

    assert len({found[1] or found[2] for found in SRC.finditer(body)}) == 1
    assert len(SRC.findall(body)) == 2


def test_two_queries_have_two_addresses(static: Path) -> None:
    body = Site(static, region(ENTRY + ENTRY.replace(b"m.js", b"m.js?2"))).get().body

    assert len({found[1] or found[2] for found in SRC.finditer(body)}) == 2


@pytest.mark.parametrize("attribute", [b'integrity="sha384-AAAA"', b'crossorigin="use-credentials"', b"nomodule"])
def test_an_element_that_binds_its_file_keeps_its_address(static: Path, attribute: bytes) -> None:
    entry = ENTRY.replace(b"<script", b"<script " + attribute)

    assert entry in Site(static, region(entry)).get().body


def test_a_warm_page_is_the_same(static: Path) -> None:
    site = Site(static, region())

    assert site.get().body == site.get().body == Site(static, region()).get().body


@pytest.mark.parametrize("name", ["m.js", "b.js"])
def test_a_module_that_changes_changes_the_page(static: Path, write: Write, name: str) -> None:
    site = Site(static, region(), {"refresh": 0})
    before = site.get().body
    write(name, (static / name).read_text() + ";g()")

    assert site.get().body != before
    assert level(site.get().body) == "linked"


def test_a_module_that_appears_changes_the_page(static: Path, write: Write) -> None:
    write("a.js", "import './c.js'; export function a() {}")
    site = Site(static, region(), {"refresh": 0})
    before = level(site.get().body)
    write("c.js", "")

    assert (before, level(site.get().body)) == ("preload", "linked")


def test_a_page_in_pieces_is_preloaded(static: Path) -> None:
    site = Site(static, region())

    def answer(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return iter((b"<p>", site.page[:40], site.page[40:], b"</p>"))

    site.app.app = answer

    assert level(site.get().body) == "preload"


def test_other_scripts_of_the_region_are_bundled_as_ever(static: Path, write: Write) -> None:
    write("old.js", "var x = 1")
    body = Site(static, region(b'<script src="/static/old.js"></script>' + ENTRY)).get().body

    assert level(body) == "linked"
    assert b"/static/old.js" not in body


def test_a_compiler_of_modules_has_them(static: Path, write: Write) -> None:
    write("a.js", "log.push(1)")
    region = b'<!-- compress js --><script type="module" src="/static/a.js"></script><!-- endcompress -->'
    page = Site(static, region, {"precompilers": {"module": lambda asset: asset}}).get()

    assert b"importmap" not in page.body
    assert b"modulepreload" not in page.body
    assert len(page.bundles) == 1


TWO = b"""<!-- compress js editor -->
<script type="module" src="/static/m.js"></script>
<!-- endcompress -->
<!-- compress js -->
<script type="module" src="/static/a.js"></script>
<!-- endcompress -->"""


def test_two_regions_of_different_names_have_one_file(static: Path) -> None:
    body = Site(static, TWO).get().body
    (first, _), (second, _) = SRC.findall(body)

    assert first.rpartition(b"/")[0] == second.rpartition(b"/")[0]
    assert body.count(b"importmap") == 1


def test_regions_that_do_not_agree_leave_as_they_were_written(static: Path, write: Write) -> None:
    """As after a change that only one of them has seen: a module with two addresses would run twice."""
    site = Site(static, TWO, {"refresh": None})
    site.get()
    write("b.js", "log.push('other')")
    regions: Any = site.app._core.pipeline._cached_regions
    second = next(entry for entry in regions._regions.values() if entry.region.around.number == 1)
    regions.forget(second.region, second.page)

    assert site.get().body == TWO
    assert site.get().body.count(b"importmap") == 1  # they were built anew together


def test_what_asks_for_modules_comes_after_the_map_of_the_page(static: Path) -> None:
    """Firefox takes a map for void that comes after it."""
    page = b'<!-- compress js --><script type="importmap">{"imports": {}}</script>' + ENTRY + b"<!-- endcompress -->"
    body = Site(static, page, {"modules": "preload"}).get().body

    assert body.index(b"importmap") < body.index(b"modulepreload")


def test_no_reason_names_a_directory(static: Path) -> None:
    (static / "b.js").unlink()
    body = Site(static, region(ENTRY), {"debug_toggle": "pm"}).get("/?pm=why").body

    assert b"/static/b.js is missing" in body
    assert str(static.parent).encode() not in body
