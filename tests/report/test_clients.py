"""A hint names the code of a page that knows files by their addresses, and nothing is said of others."""

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
    ],
)
def test_a_client_that_swaps_pages_is_named(page: bytes, name: str) -> None:
    [hint] = hinted(page)

    assert hint.startswith(f"{name} may swap this page")
    assert "a second region" in hint


def test_it_is_found_in_a_bundle_as_well() -> None:
    [hint] = hinted(b"REGION", b"barba.init()")

    assert hint.startswith("barba.js")


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
    ],
)
def test_a_file_that_is_named_elsewhere_is_told(page: bytes) -> None:
    [hint] = hinted(page)

    assert "names b.js, now in a bundle" in hint


def test_a_file_that_stays_may_be_named() -> None:
    assert hinted(b"REGION<script>need('b.js')</script>", group=None) == []
