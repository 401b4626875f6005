"""A server with a manifest and its bundles needs nothing else: no source and no compiler."""

import logging
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from pressmark import Bundle, Settings, assembly
from pressmark.errors import OfflineGenerationError
from pressmark.offline.manifest import write_manifest
from pressmark.offline.output import outputs_of, write_outputs
from pressmark.offline.recorder import Recorder
from pressmark.response.document import bundle_document
from pressmark.response.visit import Location
from pressmark.verdicts import analyses
from tests.conftest import Write
from tests.site import Site, css_region, js_region

SCSS = b'<!-- compress css --><link rel="stylesheet" type="text/x-scss" href="/static/x.scss"><!-- endcompress -->'


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return tmp_path / "built" / "manifest.json"


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")
    write("b.css", "b { background: url(img/b.png) }")
    write("a.js", "var a = 1;")
    write("x.scss", "x { color: red }")


def build(recorder: Recorder, manifest: Path, *sites: Site) -> None:
    """Write the manifest of what *sites* have on their pages."""
    for site in sites:
        site.get()
    recorder.end()
    write_manifest(manifest, {place: entry.fields() for place, entry in recorder.entries.items()})


def serve(built: Site, manifest: Path, **options: Any) -> Site:
    """Return the same site on a server that has the manifest and the bundles, and no source."""
    shutil.rmtree(built.static, ignore_errors=True)
    return Site(built.static, built.page, built.settings | {"manifest": manifest, "on_missing": "error"} | options)


@pytest.mark.parametrize(
    "page",
    [
        css_region("a.css", "b.css"),
        js_region("a.js"),
        css_region("a.css", marker="compress css inline"),
        css_region("a.css", marker="compress css preload main"),
        css_region("a.css").replace(b"<!-- endcompress", b"<style>p { color: red }</style><!-- endcompress"),
        css_region("a.css") + js_region("a.js"),
        b"<!-- compress js --><script>f()</script><!-- endcompress -->",
    ],
    ids=["sheets", "script", "inline mode", "preload mode", "inline code", "two regions", "nothing to bundle"],
)
def test_a_page_is_the_same_without_its_sources(recorder: Recorder, manifest: Path, static: Path, page: bytes) -> None:
    site = Site(static, page, content_type="text/html; charset=utf-8")
    built = site.get()
    build(recorder, manifest, site)

    served = serve(site, manifest).get()
    assert served.body == built.body
    assert [site.get(url).status for url in served.bundles] == [200] * len(built.bundles)


def test_no_compiler_need_be_installed(recorder: Recorder, manifest: Path, static: Path) -> None:
    program = static.parent / "sass"
    program.symlink_to(sys.executable)
    command = [str(program), "-c", "print('x{color:red}')"]
    site = Site(static, SCSS, {"precompilers": {"text/x-scss": command}})
    build(recorder, manifest, site)
    program.unlink()

    assert len(serve(site, manifest).get().bundles) == 1


def test_what_a_page_says_anew_each_time_makes_no_other_region(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    def page(nonce: str, query: int, gap: str) -> bytes:
        sheet = f'<link rel="stylesheet" nonce="{nonce}" href="/static/a.css?{query}">'
        icon = f'<link rel="icon" href="/icon?{query}">'
        return f"<!-- compress css -->{sheet}{gap}{icon}<!-- endcompress -->".encode()

    site = Site(static, page("one", 1, ""))
    build(recorder, manifest, site)
    site.page = page("two", 2, "\n  ")
    body = serve(site, manifest).get(HTTP_HOST="other.example").body

    assert b'nonce="two"' in body
    assert b"/icon?2" in body
    assert b"/static/" not in body


def test_another_prefix_mount_or_address_of_bundles_is_the_same_region(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    site = Site(static, css_region("a.css"))
    (url,) = site.get().bundles
    build(recorder, manifest, site)
    page = site.page.replace(b"/static/", b"https://cdn.example/s/")
    moved = serve(site, manifest, static={"https://cdn.example/s/": str(static)}, endpoint="/assets/", integrity=True)
    moved.page = page
    body = moved.get(mount="/app").body

    assert f'href="/app/assets/{url.removeprefix("/pressmark/")}" integrity="sha384-'.encode() in body


def test_a_bundle_that_writes_urls_below_a_prefix_is_for_that_prefix_alone(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    site = Site(static, css_region("b.css"))
    build(recorder, manifest, site)
    moved = serve(site, manifest, static={"/other/": str(static)}, on_missing="keep")
    moved.page = site.page.replace(b"/static/", b"/other/")

    assert moved.get().body == moved.page
    assert len(serve(site, manifest).get().bundles) == 1


def test_words_around_a_region_are_parted_by_what_parted_them(recorder: Recorder, manifest: Path, static: Path) -> None:
    region = '<!-- compress css -->{}<link rel="stylesheet" href="/static/a.css"><!-- endcompress -->'
    site = Site(static, f"<p>a{region.format(' ')}b".encode())
    build(recorder, manifest, site)
    served = serve(site, manifest, on_missing="keep")
    parted = [served.get().body]
    for gap in ("\n", ""):
        served.page = f"<p>a{region.format(gap)}b".encode()
        parted.append(served.get().body)

    assert [body[:6] for body in parted] == [b"<p>a <", b"<p>a <", b"<p>a<!"]


@pytest.mark.parametrize("options", [{}, {"url_rewrite": "absolute"}], ids=["relative", "absolute"])
@pytest.mark.parametrize(
    ("sheet", "prefix", "mount"),
    [
        ("b { background: url(img/b.png) }", "/static/", "/shop"),
        ("b { background: url(../other/b.png) }", "/v2/static/", ""),
        ("b { background: image-set('b.png' 1x) }", "/other/", ""),
    ],
    ids=["another mount", "a URL that leaves its prefix", "a string"],
)
def test_a_stylesheet_that_refers_to_files_is_built_for_the_place_of_these(
    recorder: Recorder, manifest: Path, static: Path, sheet: str, prefix: str, mount: str, options: dict[str, Any]
) -> None:
    """Else its images would be looked for where the build had them."""
    (static / "b.css").write_text(sheet)
    site = Site(static, css_region("b.css"), options)
    build(recorder, manifest, site)
    page = site.page.replace(b"/static/", f"{mount}{prefix}".encode())
    moved = serve(site, manifest, static={prefix: str(static)}, on_missing="keep")
    moved.page = page

    body = moved.get(mount=mount).body
    if mount and not options:  # as seen from the bundle, which lies below the mount as well, nothing has moved
        assert b"/shop/pressmark/css/" in body
    else:
        assert body == page


def test_an_answer_of_the_application_counts_with_its_query(recorder: Recorder, manifest: Path, static: Path) -> None:
    class Themed(Site):
        def answer(self, environ: dict[str, Any], start_response: Any) -> Any:
            if environ["PATH_INFO"] == "/theme.css":
                start_response("200 OK", [("Content-Type", "text/css")])
                return [f"a {{ color: {environ['QUERY_STRING']} }}".encode()]
            return super().answer(environ, start_response)

    def page(color: str) -> bytes:
        return css_region("a.css").replace(b"/static/a.css", f"/theme.css?{color}".encode())

    site = Themed(static, page("red"), {"resolve": "app"})
    site.get()
    site.page = page("green")
    site.get()
    build(recorder, manifest, site)
    served = Themed(static, page("red"), site.settings | {"manifest": manifest, "on_missing": "keep"})
    red = served.bundle()
    served.page = page("green")

    assert (red, served.bundle()) == ("a{color:red}", "a{color:green}")


def test_a_manifest_that_is_only_being_made_is_not_missed(
    recorder: Recorder, manifest: Path, static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site(static, css_region("a.css"), {"manifest": manifest})
    before = site.get().body
    build(recorder, manifest, site)

    assert site.get().body == before
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


# What the manifest lacks


def test_a_missing_region_is_built_if_its_sources_are_there(recorder: Recorder, manifest: Path, static: Path) -> None:
    build(recorder, manifest, Site(static, css_region("a.css")))

    assert len(Site(static, js_region("a.js"), {"manifest": manifest}).get().bundles) == 1


def test_a_missing_region_is_kept_and_told_once(
    recorder: Recorder, manifest: Path, static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build(recorder, manifest, Site(static, css_region("a.css")))
    site = Site(static, js_region("a.js"), {"manifest": manifest, "on_missing": "keep"})

    assert {site.get(f"/{number}").body for number in range(5)} == {site.page}
    assert [
        record.message.partition(": build")[0] for record in caplog.records if record.levelno >= logging.WARNING
    ] == ["js region on /0 was not bundled: the manifest lacks the region of '/static/a.js'"]


def test_a_missing_region_is_an_error_if_that_is_wanted(recorder: Recorder, manifest: Path, static: Path) -> None:
    build(recorder, manifest, Site(static, css_region("a.css")))
    site = Site(static, js_region("a.js"), {"manifest": manifest, "on_missing": "error"})

    with pytest.raises(OfflineGenerationError, match="the manifest lacks the region of"):
        site.get()


def test_an_error_page_stays_one_whatever_the_manifest_lacks(recorder: Recorder, manifest: Path, static: Path) -> None:
    """Anybody can ask for pages that are not there: their regions must not make them another error."""
    build(recorder, manifest, Site(static, css_region("a.css")))
    site = Site(static, js_region("a.js"), {"manifest": manifest, "on_missing": "error"})

    assert site.get_404("/gone").body == site.page


def test_inline_code_that_differs_leaves_the_rest_of_its_region_bundled(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    def page(token: str) -> bytes:
        return js_region("a.js").replace(
            b"<!-- endcompress", f"<script>var t={token}</script><!-- endcompress".encode()
        )

    site = Site(static, page("1"))
    build(recorder, manifest, site)
    site.page = page("2")
    served = serve(site, manifest).get()

    assert len(served.bundles) == 1
    assert b"<script>var t=2</script>" in served.body


def test_a_region_whose_bundle_is_gone_counts_as_missing(recorder: Recorder, manifest: Path, static: Path) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    site.lose_bundles()

    assert serve(site, manifest, on_missing="keep").get().body == site.page


def test_a_bundle_that_is_gone_is_no_error_of_the_visitor(recorder: Recorder, manifest: Path, static: Path) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    site.lose_bundles()

    assert serve(site, manifest, on_missing="error").get().body == site.page


def test_without_sources_inline_code_that_differs_leaves_the_rest_bundled_though_it_would_be_built(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    page = js_region("a.js").replace(b"<!-- endcompress", b"<script>var t=1</script><!-- endcompress")
    site = Site(static, page)
    build(recorder, manifest, site)
    site.page = page.replace(b"t=1", b"t=2")

    assert len(serve(site, manifest, on_missing="build").get().bundles) == 1


def test_what_is_built_beside_bundles_that_are_elsewhere_is_served_by_the_endpoint(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    served = Site(static, js_region("a.js"), {"manifest": manifest, "public_url": "/collected/"})
    [url] = served.get().bundles
    served.page = site.page

    assert served.get(url).status == 200
    assert b'href="/collected/css/' in served.get().body


def test_an_empty_bundle_that_was_shipped_is_one(recorder: Recorder, manifest: Path, static: Path) -> None:
    (static / "a.css").write_text("/* nothing */")
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    list(write_outputs(manifest.parent, outputs_of(recorder.entries.values()), recorder.read))
    site.lose_bundles()
    served = serve(site, manifest)
    [url] = served.get().bundles

    assert (served.get(url).status, served.get(url).body) == (200, b"")


def test_a_bundle_that_was_shipped_is_published_before_a_page_names_it(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    list(write_outputs(manifest.parent, outputs_of(recorder.entries.values()), recorder.read))
    published: list[Bundle] = []
    settings = {**site.settings, "cache_dir": static.parent / "other", "manifest": manifest, "on_missing": "error"}
    core = assembly.assemble(
        Settings(**settings, public_url="https://cdn.example/"),
        published.append,
    )
    page = bundle_document(core, site.page.decode(), Location("", "/"), is_response=True)

    [name] = re.findall(r'href="https://cdn.example/(css/[^"]+)"', page)
    assert [f"css/{bundle.name}.css" for bundle in published] == [name]


# Several releases


def test_the_newest_release_counts_though_its_sheet_refers_to_files_now(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    (static / "a.css").write_text("a { color: green; background: url(a.png) }")
    recorder.begin()
    build(recorder, manifest, Site(static, site.page))

    assert "green" in serve(site, manifest).bundle()


@pytest.mark.parametrize("on_missing", ["keep", "error"])
def test_a_region_that_only_an_older_manifest_has_is_told(
    recorder: Recorder, manifest: Path, static: Path, on_missing: str, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    recorder.begin()
    build(recorder, manifest, Site(static, js_region("a.js")))
    served = serve(site, manifest, on_missing=on_missing)

    assert [len(served.get(f"/{number}").bundles) for number in range(3)] == [1, 1, 1]
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == 1
    assert told[0].startswith("css region on /0 is that of an older manifest: ")


def test_a_region_that_only_an_older_manifest_has_is_built_if_its_sources_are_there(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    recorder.begin()
    build(recorder, manifest, Site(static, js_region("a.js")))
    (static / "a.css").write_text("a { color: green }")
    served = Site(static, site.page, {"manifest": manifest})
    before = served.bundle()
    shutil.rmtree(static)

    assert before == "a{color:green}"
    assert "red" in Site(static, site.page, {"manifest": manifest}).bundle()


# Without a restart


def test_a_new_manifest_is_used_without_a_restart_and_old_pages_keep_their_bundles(
    recorder: Recorder, manifest: Path, static: Path
) -> None:
    old, new = Site(static, css_region("a.css")), Site(static, js_region("a.js"))
    build(recorder, manifest, old)
    served = serve(old, manifest, on_missing="keep", refresh=0)
    before = served.get()
    shutil.copytree(static.parent / "cache", static.parent / "copy", dirs_exist_ok=True)
    recorder.begin()
    static.mkdir(exist_ok=True)
    (static / "a.js").write_text("var a = 1;")
    build(recorder, manifest, new)
    shutil.rmtree(static)
    after = served.get()
    served.page = new.page

    assert (len(before.bundles), after.body) == (1, before.body)
    assert len(served.get().bundles) == 1


def test_a_new_version_finds_what_an_older_one_has_built(
    recorder: Recorder, manifest: Path, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(static, css_region("a.css"))
    build(recorder, manifest, site)
    monkeypatch.setattr(analyses, "VERSION", "99")
    served = serve(site, manifest, on_missing="error")

    assert served.get().bundles == site.get().bundles


SHEETS = {
    "a URL from the root": ("url(/static/img/b.png)", "https://cdn.example/s/"),
    "a URL from the root, as a string": ("image-set('c.png' 1x, '/static/img/b.png' 2x)", "https://cdn.example/s/"),
    "a URL of the prefix's host": ("url(//cdn.example/logo.png)", "//cdn.example/s/"),
    "more dots than folders": ("url(../../../../img/b.png)", "/static/"),
}


@pytest.mark.parametrize(("value", "prefix"), SHEETS.values(), ids=SHEETS)
@pytest.mark.parametrize("other", ["/static/", "/a/b/", "https://other.example/"])
def test_a_url_that_does_not_move_along_with_its_sheet_binds_it_to_the_prefix(  # two cases and the parts
    recorder: Recorder, manifest: Path, static: Path, value: str, prefix: str, other: str
) -> None:
    (static / "b.css").write_text(f"b {{ background: {value} }}")

    def options(prefix: str) -> dict[str, Any]:
        return {"static": {prefix: str(static)}, "public_url": f"{prefix}pressmark/"}

    site = Site(static, css_region("b.css").replace(b"/static/", prefix.encode()), options(prefix))
    build(recorder, manifest, site)
    moved = serve(site, manifest, **options(other), on_missing="keep")
    moved.page = css_region("b.css").replace(b"/static/", other.encode())

    assert (moved.get().body == moved.page) is (prefix != other)


@pytest.mark.parametrize("value", ["url(img/b.png)", "url(https://fonts.example/b.woff)", "1 / 2"])
@pytest.mark.parametrize("other", ["/a/b/", "https://other.example/"])
def test_any_other_sheet_moves_along_with_its_prefix(
    recorder: Recorder, manifest: Path, static: Path, value: str, other: str
) -> None:
    (static / "b.css").write_text(f"b {{ background: {value}; content: '/' }}")
    site = Site(static, css_region("b.css"), {"public_url": "/static/pressmark/"})
    build(recorder, manifest, site)
    options = {"static": {other: str(static)}, "public_url": f"{other}pressmark/"}
    moved = serve(site, manifest, **options, on_missing="error")
    moved.page = css_region("b.css").replace(b"/static/", other.encode())

    assert f'href="{other}pressmark/css/'.encode() in moved.get().body
