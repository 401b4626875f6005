"""What a page preloads is found however it is written and cut, and only where it may be of a region's files."""

import pytest

from pressmark.model import Region
from pressmark.page.preloads import is_preload, preloads_in, preloads_of_links
from pressmark.page.scanner import Scanner

REGION = b"<!-- compress css --><link rel=stylesheet href=/static/a.css><!-- endcompress -->"


@pytest.mark.parametrize(
    ("tag", "short"),
    [
        ('<link rel="preload" as="style" href="/a.css">', '<link as=style href="/a.css">'),
        ("<LINK HREF='/a.css' nonce=x AS=Style REL='x Preload'/>", '<link as=style href="/a.css">'),
        ("<link as=font crossorigin rel=preload href=/f.woff2>", '<link as=font href="/f.woff2">'),
        ("<link as=script rel=preload href=/a.js onload='>'>", '<link as=script href="/a.js">'),
        ("<link as=style rel=preload href='/\"a.css'>", '<link as=style href="/&quot;a.css">'),
        ("<link as=style rel=preload href=/a.css href=/b.css>", '<link as=style href="/a.css">'),
        ("<link as=image rel=preload href=/a.png>", None),
        ("<link as=style rel=prefetch href=/preload.css>", None),
        ("<link as=style rel=preload>", None),
        ("<link rel=stylesheet href=/a.css>", None),
    ],
)
def test_a_preload_is_what_it_is_for_and_its_address(tag: str, short: str | None) -> None:
    assert list(preloads_in(tag.encode())) == ([short.encode()] if short else [])


@pytest.mark.parametrize(
    ("value", "shorts"),
    [
        ("</a.css>; rel=preload; as=style", [b'<link as=style href="/a.css">']),
        ('</a.js>; rel="preload"; as="script", </b.css>; as=style; rel=preload', [b'<link as=script href="/a.js">',
                                                                                  b'<link as=style href="/b.css">']),
        ("</a.css>; rel=preconnect", []),
    ],
)  # fmt: skip
def test_a_link_header_preloads_too(value: str, shorts: list[bytes]) -> None:
    assert list(preloads_of_links([value])) == shorts


def head_of(page: bytes, size: int) -> tuple[bytes, ...]:
    scanner = Scanner()
    chunks = [page[start : start + size] for start in range(0, len(page), size)]
    (region,) = [event for chunk in chunks for event in scanner.feed(chunk) if isinstance(event, Region)]
    return tuple(tag for tag in region.head if is_preload(tag))


@pytest.mark.parametrize("size", [1, 2, 7, 64, 4096])
def test_a_region_has_the_preloads_before_it_that_may_be_of_its_files(size: int) -> None:
    page = (
        b"<!doctype html><head><script>'<link as=style rel=preload href=/static/a.css?0>'</script>"
        b"<link as=style rel=preload href=/static/a.css?1 nonce=n><link as=style rel=preload href=/b.css>"
        b"<link as=font rel=preload href=/f.woff2><!-- <link as=style rel=preload href=/a.css?2> -->"
        + REGION
        + b"<link as=style rel=preload href=/static/a.css?3>"
    )

    assert head_of(page, size) == (b'<link as=style href="/static/a.css?1">', b'<link as=font href="/f.woff2">')


def test_after_the_head_nothing_is_a_preload_of_the_head() -> None:
    assert head_of(b"<p></p><link as=style rel=preload href=/static/a.css>" + REGION, 4096) == ()
