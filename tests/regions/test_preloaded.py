"""A file that the page preloads keeps its URL, or it would be loaded twice."""

from pathlib import Path

import pytest

from pressmark.page.preloads import MAX_PRELOADS
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


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/static/a b.css", "/static/a%20b.css"),
        ("/static/a%20b.css", "/static/a b.css"),
        ("/static/&#97;.css", "/static/a.css"),
        ("/static/a&amp;b.css", "/static/a&b.css"),
        ("/static/\u00e9.css", "/static/%C3%A9.css"),
        ("static/x/../a.css", "/static/a.css"),
        ("/static/a.css#x", "/static/a.css"),
        ("//site.example/static/a.css", "/static/a.css"),
        ("/static/a.css", "http://site.example/static/a.css"),
    ],
)
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_preload_counts_in_any_spelling_and_for_its_own_page_alone(
    static: Path, write: Write, written: str, address: str, order: str
) -> None:
    for name in ("a b.css", "a&b.css", "\u00e9.css"):
        write(name, "a { color: red }")
    region = f'<link rel="stylesheet" href="{written}">'.encode()
    site = Site(static, css_region("b.css").replace(b"<!-- endcompress", region + b"<!-- endcompress"))
    is_left = {}
    for page in order:
        site.page_headers = [("Link", f"<{address}>; rel=preload; as=style")] if page == "a" else []
        is_left[page] = region in site.get(HTTP_HOST="site.example").body

    assert is_left == {"a": True, "b": False}


def test_a_font_that_one_page_preloads_has_its_fingerprint_on_others(static: Path) -> None:
    site = Site(static, css_region("font.css"), {"css_hash": "content"})
    written = []
    for value in ("", "</static/f%2Ewoff2>", "</static/f.woff2>", "<//site.example/static/f.woff2>"):
        site.page_headers = [("Link", f"{value}; rel=preload; as=font")] if value else []
        (url,) = site.get(HTTP_HOST="site.example").bundles
        written.append(b"/static/f.woff2?" in site.get(url).body)

    assert written == [True, True, False, False]


@pytest.mark.parametrize(
    "value",
    ["</static/a.css>; rel=preload; as=script", "</static/{number}.css>; rel=preload; as=style"],
    ids=["of another kind", "of other files"],
)
def test_a_preload_that_cannot_matter_makes_no_other_page(static: Path, value: str) -> None:
    site = Site(static, css_region("a.css", "b.css"))
    for number in range(10):
        site.page_headers = [("Link", value.format(number=number))] if number else []
        assert len(site.get().bundles) == 1

    assert len(site.app._core.pipeline._cached_regions._regions) == 1


def test_no_more_preloads_are_looked_at_than_a_page_needs(static: Path) -> None:
    site = Site(static, css_region("a.css", "b.css"))
    others = [("Link", f"</static/a.css?{number}>; rel=preload; as=style") for number in range(MAX_PRELOADS)]
    site.page_headers = [*others, ("Link", "</static/a.css>; rel=preload; as=style")]
    assert b"/static/a.css" not in site.get().body

    site.page_headers = [*others[1:], site.page_headers[-1]]
    assert b"/static/a.css" in site.get().body


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


@pytest.mark.parametrize(
    ("behind", "stays"),
    [
        ('<link rel="preload" as="style" href="/static/a.css"></head>', True),
        ("<title>t</title><LINK REL=PRELOAD AS=STYLE HREF=/static/a.css></head><body>", True),
        ('<!-- <link rel="preload" as="style" href="/static/a.css"> --></head>', False),
        ('</head><body><link rel="preload" as="style" href="/static/a.css">', False),
    ],
    ids=["in the head", "in capitals", "in a comment", "in the body"],
)
def test_a_sheet_that_the_head_preloads_behind_its_region_stays(static: Path, behind: str, stays: bool) -> None:
    region = css_region("a.css", "b.css")
    site = Site(static, b"<head>" + region + behind.encode())
    body = site.get().body.removesuffix(behind.encode())

    assert (b"/static/a.css" in body) is stays
    assert b"/static/b.css" not in body
    assert site.get().body == body + behind.encode()
