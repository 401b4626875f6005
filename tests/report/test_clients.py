"""A hint names the code of a page that knows files by their addresses, and nothing is said of others."""

import time

import pytest

from pressmark.model import Bundle, Element, Region
from pressmark.report.clients import hints
from pressmark.report.explanation import Explanation, Note

LINK = Element("script", (("src", "/static/b.js"),), "", b'<script src="/static/b.js"></script>')
RAW = b"<!-- compress js -->" + LINK.raw + b"<!-- endcompress -->"


def hinted(page: bytes, code: bytes = b"two()", group: int | None = 0) -> list[str]:
    """Return the hints for a *page* around a region whose bundle has this *code*."""
    bundles = () if group is None else (Bundle("0" * 32, "js", code),)
    explanation = Explanation(
        Region("js", "file", "", LINK.raw, RAW), (Note(LINK, "/static/b.js", 5, group, None),), bundles
    )
    return list(hints(page.replace(b"REGION", RAW), [explanation]))


def test_a_plain_page_has_no_hint() -> None:
    assert hinted(b"<!doctype html>REGION<p>") == []


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (b'<script type="module" src="/static/turbo.es2017-esm.js"></script>REGION', "Turbo"),
        (b'REGION<a data-turbo="false">', "Turbo"),
        (b'REGION<body hx-boost="true">', "htmx"),
        (b"REGION<a up-follow>", "Unpoly"),
        (b"REGION<script>$(document).pjax('a')</script>", "pjax"),
        (b"REGION<script>new Swup()</script>", "swup"),
        (b"REGION<script>barba.init({})</script>", "barba.js"),
        (b"REGION<script type=module>import go from '@barba/core'; go.init()</script>", "barba.js"),
    ],
)
def test_a_client_that_swaps_pages_is_named(page: bytes, name: str) -> None:
    [hint] = hinted(page)

    assert hint.startswith(f"{name} may swap this page")
    assert "a second region" in hint


def test_it_is_found_in_a_bundle_as_well() -> None:
    [hint] = hinted(b"REGION", b"barba.init()")

    assert hint.startswith("barba.js")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"<p>Links with hx-boost swap pages, as pjax did.", id="prose"),
        pytest.param(b"<textarea><body hx-boost></textarea>", id="a text field"),
        pytest.param(b"<!-- <body hx-boost> -->", id="a comment of the page"),
        pytest.param(b"<script>// barba.init()\n/* new Swup() */</script>", id="comments of a script"),
        pytest.param(b"<style>/* up-main */</style>", id="a stylesheet"),
    ],
)
def test_a_client_that_is_spoken_of_is_not_named(page: bytes) -> None:
    assert hinted(b"REGION" + page) == []


def test_the_file_of_htmx_alone_swaps_no_pages() -> None:
    assert hinted(b"REGION", b"e.closest('[hx-boost]')") == []


def test_a_service_worker_is_named() -> None:
    [hint] = hinted(b"REGION<script>navigator.serviceWorker.register('/sw')</script>")

    assert "service worker" in hint


@pytest.mark.parametrize(
    "code", ["document.querySelector('link[href*=dark]')", "[...document.styleSheets].find(s => /dark/.test(s.href))"]
)
def test_code_that_looks_for_stylesheets_is_named(code: str) -> None:
    [hint] = hinted(f"REGION<script>{code}</script>".encode())

    assert hint.startswith("code looks for stylesheets")


@pytest.mark.parametrize(
    "page",
    [
        b"REGION<script>need('b.js')</script>",
        b'REGION<script src="/static/b.js"></script>',
        b"REGION<p data-of=x/b.js>",
        b"REGION<script>find(\"script[src$='/b.js']\")</script>",
        b"REGION<script>find(`${base}/b.js`)</script>",
        b'REGION<script>if (/"/.test(x) && /\\/b\\.js$/.test(y)) f()</script>',
        b"REGION<script>let a = b / c; need('b.js'); d = e / f</script>",
        b'REGION<script type=importmap>{"imports":{"b":"/static/b.js"}}</script>',
    ],
)
def test_a_file_that_is_named_elsewhere_is_told(page: bytes) -> None:
    [hint] = hinted(page)

    assert "names b.js, now in a bundle" in hint


def test_a_file_that_stays_may_be_named() -> None:
    assert hinted(b"REGION<script>need('b.js')</script>", group=None) == []


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"<p>First b.js, then another", id="prose"),
        pytest.param(b"<!-- /b.js -->", id="a comment of the page"),
        pytest.param(b"<p title='see b.js'>", id="prose in an attribute"),
        pytest.param(b"<script>/*! b.js, (c) us */f()//b.js</script>", id="a licence"),
        pytest.param(b"<script>throw Error('needs b.js')</script>", id="a message"),
        pytest.param(b"<script>f(b.js)</script>", id="a member"),
        pytest.param(b"<script>f(require('./b.js'))</script>", id="a module of CommonJS"),
        pytest.param(b"<style>/* /b.js */</style>", id="a stylesheet"),
    ],
)
def test_a_file_that_is_only_spoken_of_is_not_told(page: bytes) -> None:
    assert hinted(b"REGION" + page) == []


@pytest.mark.parametrize(
    ("before", "again"),
    [
        pytest.param(b"<script>", b"a", id="one word"),
        pytest.param(b"<script>'", b"a.b/", id="one string"),
        pytest.param(b"<script>", b"!function(e){e.x=/a/.test('b.js')};", id="dense code"),
        pytest.param(b"<script>", b"'\"", id="quotes"),
        pytest.param(b"<script>", b"`${", id="templates"),
        pytest.param(b"<script>", b"/", id="slashes"),
        pytest.param(b"<script>", b"=/[", id="regular expressions"),
        pytest.param(b"<script>", b"/*", id="comments of a script"),
        pytest.param(b"<script>", b"turbo.", id="names of files"),
        pytest.param(b"", b"<!--", id="comments"),
        pytest.param(b"", b"<a b", id="tags without end"),
        pytest.param(b"", b"<a b='", id="values without end"),
        pytest.param(b"", b"<script>", id="scripts without end"),
    ],
)
def test_a_page_of_a_megabyte_is_read_in_a_moment(before: bytes, again: bytes) -> None:
    started = time.process_time()
    hinted(b"REGION" + before + again * ((1 << 20) // len(again)))

    assert time.process_time() - started < 3
