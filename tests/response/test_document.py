"""HTML that is no response is bundled by a function from HTML to HTML."""

from pathlib import Path
from typing import Any

import pytest

from pressmark import Settings, bundle_html
from pressmark.errors import AssetError
from tests.conftest import Write
from tests.site import TAG, css_region


@pytest.fixture
def options(static: Path, tmp_path: Path, write: Write) -> dict[str, Any]:
    write("a.css", "a { color: red }")
    write("b.css", "b { content: 'é' }")
    return {"static": {"/static/": str(static)}, "cache_dir": tmp_path / "cache"}


def test_a_mail_holds_its_styles(options: dict[str, Any]) -> None:
    mail = css_region("a.css", "b.css", marker="compress css inline").decode() + "<p>é</p>"

    assert bundle_html(mail, **options).split() == ["<style>a{color:red}", "b{content:'é'}</style>", "<p>é</p>"]


def test_a_page_names_its_bundles(options: dict[str, Any]) -> None:
    page = css_region("a.css", "b.css").decode()

    assert len(TAG.findall(bundle_html(page, settings=Settings(**options)).encode())) == 1


def test_a_slow_build_is_waited_for(options: dict[str, Any]) -> None:
    """A document is made once: there is no next time at which the bundle is there."""
    page = css_region("a.css").decode()

    assert bundle_html(page, **options, build_wait=0) != page


def test_relative_urls_are_relative_to_a_path(options: dict[str, Any]) -> None:
    page = css_region("a.css").decode().replace("/static/", "../static/")

    assert bundle_html(page, **options, path="/mails/1") != page
    assert bundle_html(page, **options, path="/a/b/c") == page


@pytest.mark.parametrize("html", ["", "text", "<p>\ud800\r\n\0</p>", css_region("gone.css").decode()])
def test_what_has_nothing_to_bundle_is_the_same(html: str, options: dict[str, Any]) -> None:
    assert bundle_html(html, **options) == html


def test_strict_raises(options: dict[str, Any]) -> None:
    with pytest.raises(AssetError, match=r"gone\.css"):
        bundle_html(css_region("gone.css").decode(), **options, strict=True)
