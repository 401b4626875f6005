"""HTML that is no response is bundled by a function from HTML to HTML."""

import threading
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


@pytest.mark.parametrize("before", ["<html><body>", "<p>Dear,</p>"])
def test_so_does_one_whose_region_is_in_the_body(options: dict[str, Any], before: str) -> None:
    mail = before + css_region("a.css", marker="compress css inline").decode()

    assert bundle_html(mail, **options).strip() == before + "\n<style>a{color:red}</style>"


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


def test_documents_of_the_same_settings_share_all_parts(options: dict[str, Any]) -> None:
    """A newsletter is thousands of documents; each of its own parts would leave threads and open files behind."""
    mail = css_region("a.css", marker="compress css inline").decode()
    bundle_html(mail, **options)
    before = threading.active_count()
    for number in range(30):
        assert "<style>" in bundle_html(mail + str(number), **options)

    assert threading.active_count() <= before


def test_documents_of_other_settings_do_not(options: dict[str, Any]) -> None:
    page = css_region("a.css").decode()

    assert "/other/css/" in bundle_html(page, **options, endpoint="/other/")
    assert "/pressmark/css/" in bundle_html(page, **options)


def test_a_bundle_that_nobody_else_could_serve_is_not_named(options: dict[str, Any], tmp_path: Path) -> None:
    """The process that makes a document is no server."""
    (tmp_path / "file").write_bytes(b"")
    page = css_region("a.css").decode()

    assert bundle_html(page, **options | {"cache_dir": tmp_path / "file" / "cache"}) == page


def test_what_is_no_document_is_an_error(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="html is a bytes; it must be a str"):
        bundle_html(b"<p>", **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="path is 'mails'; it must be the path of a page"):
        bundle_html("<p>", **options, path="mails")


@pytest.mark.parametrize("html", ["", "text", "<p>\ud800\r\n\0</p>", css_region("gone.css").decode()])
def test_what_has_nothing_to_bundle_is_the_same(html: str, options: dict[str, Any]) -> None:
    assert bundle_html(html, **options) == html


def test_strict_raises(options: dict[str, Any]) -> None:
    with pytest.raises(AssetError, match=r"gone\.css"):
        bundle_html(css_region("gone.css").decode(), **options, strict=True)
