"""A file that the page preloads keeps its URL, or it would be loaded twice."""

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.site import Site, css_region, js_region

FONT = "@font-face { font-family: f; src: url(f.woff2) }"


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    for name in ("a.css", "b.css"):
        write(name, "a { color: red }")
    for name in ("a.js", "b.js"):
        write(name, "f()")
    write("font.css", FONT)
    write("f.woff2", "font")


@pytest.mark.parametrize(
    ("head", "bundled"),
    [
        ('<link rel="preload" as="style" href="/static/a.css">', ["b.css"]),
        ('<base href="/static/"><link rel="preload" as="style" href="a.css">', ["b.css"]),
        ('<link rel="preload" as="style" href="/static/a.css?v=2">', ["a.css", "b.css"]),
        ('<link rel="preload" as="style" href="/other/a.css">', ["a.css", "b.css"]),
        ("", ["a.css", "b.css"]),
    ],
    ids=["the same", "relative to a base", "another query", "another path", "none"],
)
def test_a_sheet_that_the_head_preloads_stays(static: Path, head: str, bundled: list[str]) -> None:
    page = head.encode() + css_region("a.css", "b.css")
    body = Site(static, page).get().body[len(head) :].decode()

    assert [name for name in ("a.css", "b.css") if f'"/static/{name}"' not in body] == bundled


def test_a_script_that_a_header_preloads_stays(static: Path) -> None:
    headers = [("Link", "</static/a.js>; rel=preload; as=script")]
    body = Site(static, js_region("a.js", "b.js"), page_headers=headers).get().body

    assert b'src="/static/a.js"' in body
    assert b'src="/static/b.js"' not in body


def test_a_preload_in_the_region_counts_as_well(static: Path) -> None:
    preload = b'<link rel="preload" as="style" href="/static/b.css">'
    page = css_region("a.css", "b.css").replace(b"<!-- endcompress", preload + b"<!-- endcompress")
    body = Site(static, page).get().body

    assert body.count(b"/static/b.css") == 2
    assert b"/static/a.css" not in body


def test_a_preload_with_a_nonce_is_the_same_page(static: Path) -> None:
    """What differs from response to response must not make each of them a cold one."""
    site = Site(static, b"")
    tags = []
    for nonce in ("one", "two"):
        site.page = f"<link rel=preload as=style nonce={nonce} href=/static/a.css>".encode() + css_region(
            "a.css", "b.css"
        )
        tags.append(site.get().bundles)

    assert tags[0] == tags[1]
    assert len(site.app._core.pipeline._cached_regions._regions) == 1


@pytest.mark.parametrize(
    ("head", "written"),
    [("", "/static/f.woff2?"), ("<link rel=preload as=font crossorigin href=/static/f.woff2>", '/static/f.woff2"')],
    ids=["not preloaded", "preloaded"],
)
def test_a_preloaded_font_gets_no_fingerprint(static: Path, head: str, written: str) -> None:
    site = Site(static, head.encode() + css_region("font.css"), {"css_hash": "content"})

    assert written in site.bundle()
