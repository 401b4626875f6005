"""Whatever a stranger asks for, what is kept for it has an end: in the cache, and in memory."""

from pathlib import Path

import pytest

from pressmark.regions.varying import MAX_COMMENT_VARIANTS, MAX_INLINE_VARIANTS
from pressmark.serve.endpoint import MAX_KEY
from pressmark.stores.inventory import entries
from tests.conftest import Write
from tests.site import Site, css_region

PATHS = 60
STYLE = "<style>b { background: url(b.png) }</style>"


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")


def site_with(static: Path, more: str, marker: str = "compress css") -> Site:
    page = css_region("a.css", marker=marker).replace(b"<!-- endcompress", f"{more}<!-- endcompress".encode())
    return Site(static, page)


def kept(static: Path) -> int:
    """Return the number of entries of the cache."""
    return len(entries(str(static.parent / "cache")))


def after(site: Site, static: Path, first: int, last: int) -> int:
    """Return the entries of the cache after pages in so many folders were asked for."""
    for number in range(first, last):
        site.get(f"/unknown/{number}/page")
    return kept(static)


@pytest.mark.parametrize(
    "style",
    [
        "<style>b { background: url(/static/b.png); content: 'b' }</style>",
        "<style>b { background: url('https://cdn.example/b.png') }</style>",
        "<style>@import '/static/a.css'; b { top: 0 }</style>",
        "<script>url = 'b.js'</script>",
    ],
    ids=["a path", "a URL", "an import", "no style"],
)
def test_what_depends_on_no_path_is_kept_once(static: Path, style: str) -> None:
    site = site_with(static, style)
    once = after(site, static, 0, 1)

    assert after(site, static, 1, PATHS) == once


def test_relative_urls_in_one_folder_are_kept_once(static: Path) -> None:
    site = site_with(static, STYLE)
    site.get("/unknown/1")
    once = kept(static)
    for number in range(2, PATHS):
        site.get(f"/unknown/{number}")

    assert kept(static) == once


def test_what_depends_on_a_path_is_bundled_for_few(static: Path) -> None:
    site = site_with(static, STYLE)
    enough = after(site, static, 0, MAX_INLINE_VARIANTS + 1)

    assert after(site, static, MAX_INLINE_VARIANTS + 1, 2 * PATHS) == enough
    assert b"url(b.png)" in site.get("/unknown/last/page").body


def test_a_cache_that_a_stranger_has_filled_takes_the_next_release(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }\n" * 20_000)
    options = {"cache_size": 4_000_000, "refresh": 0}
    real, strange = Site(static, css_region("a.css"), options), site_with(static, STYLE)
    strange = Site(static, strange.page, options)
    old = [real.get(path).bundles for path in ("/", "/other/")]
    pages = [strange.get(f"/unknown/{number}/page").bundles for number in range(MAX_INLINE_VARIANTS)]
    assert sum(map(bool, pages)) * 280_000 > 4_000_000, "the cache is full"

    write("a.css", "a { color: blue }\n" * 20_000)
    new = Site(static, css_region("a.css"), options)

    assert new.get().bundles not in ([], old[0])
    assert new.get(old[0][0]).status == 200


def test_comments_that_differ_are_bundled_for_few(static: Path) -> None:
    site = Site(static, b"")
    for number in range(MAX_COMMENT_VARIANTS + PATHS):
        site.page = site_with(static, f"<!-- visit {number} -->").page
        site.get()
        if number == MAX_COMMENT_VARIANTS:
            enough = kept(static)

    assert kept(static) == enough
    assert b"/static/a.css" in site.get().body


def test_texts_of_inline_mode_that_differ_are_kept_for_few(static: Path) -> None:
    site = Site(static, b"")
    for number in range(MAX_INLINE_VARIANTS + PATHS):
        site.page = (
            b'<meta charset="utf-8">' + site_with(static, f"<style>b{number}{{}}</style>", "compress css inline").page
        )
        site.get()
        if number == MAX_INLINE_VARIANTS:
            enough = kept(static)

    assert kept(static) == enough


def test_a_page_that_is_not_there_has_nothing_built(static: Path) -> None:
    site = site_with(static, STYLE)

    assert site.get_404("/unknown/0/page").body == site.page
    assert list((static.parent / "cache").rglob("*.css")) == []
    bundled = site.get("/unknown/0/page").body

    assert site.get_404("/unknown/0/page").body == bundled != site.page


def test_texts_of_pages_that_are_not_there_count_for_no_other_page(static: Path) -> None:
    site = site_with(static, STYLE)
    for number in range(PATHS):
        site.get_404(f"/gone{number}/x")

    assert b"<style>" not in site.get("/real/x").body


def test_comments_of_pages_that_are_not_there_count_for_no_other_page(static: Path) -> None:
    site = Site(static, b"")
    for number in range(MAX_COMMENT_VARIANTS + 1):
        site.page = site_with(static, f"<!-- {number} is not there -->").page
        site.get_404("/gone")
    site.page = site_with(static, "<!-- a real page -->").page

    assert len(site.get("/real").bundles) == 1


def test_pages_that_are_not_there_in_another_language_are_compiled_for_few(static: Path) -> None:
    """As no browser could read it, its bundle is built for an error page as well."""
    style = '<style type="text/less">b { background: url(b.png) }</style>'
    page = b'<meta charset="utf-8">' + site_with(static, style).page
    site = Site(static, page, {"precompilers": {"text/less": lambda asset: asset}})
    for number in range(PATHS):
        site.get_404(f"/gone{number}/x")
        if number == MAX_INLINE_VARIANTS:
            enough = kept(static)

    assert kept(static) == enough
    assert b"<style" not in site.get("/real/x").body


def test_replies_are_not_kept_under_long_headers(static: Path) -> None:
    site = site_with(static, "")
    (url,) = site.get().bundles
    for number in range(10):
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_RANGE"):
            site.get(url, **{name: f"{number}, " + "x" * MAX_KEY})

    keys = list(site.app._core.pipeline._endpoint._ready)
    assert sum(len(value) for request in keys for _, value in request.headers) < 10 * MAX_KEY
