"""The filters that settings name are applied to each file of a bundle, and none of their faults breaks a page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.errors import SettingsError
from tests.conftest import Write, write_old
from tests.site import Site, css_region, js_region


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    write("a.js", "f ( )")


def banner(asset: Any) -> Any:
    return replace(asset, content=b"/*! %s */" % asset.url.encode() + asset.content)


def test_filters_are_applied_to_each_file_in_their_order(static: Path) -> None:
    site = Site(static, css_region("a.css", "b.css"), {"filters": {"css": [banner, "rcssmin"]}})

    assert site.bundle() == "/*! /static/a.css */a{color:red}\n/*! /static/b.css */b{color:red}"


def test_the_other_kind_keeps_its_minifier(static: Path) -> None:
    assert Site(static, js_region("a.js"), {"filters": {"css": [banner]}}).bundle() == "f()"


def test_other_filters_make_another_bundle_of_the_same_cache(static: Path) -> None:
    plain = Site(static, css_region("a.css")).get().bundles
    other = Site(static, css_region("a.css"), {"filters": {"css": [banner, "rcssmin"]}}).get().bundles

    assert plain != other


def test_a_filter_that_fails_leaves_its_region(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken(asset: Any) -> Any:
        raise RuntimeError("no")

    region = css_region("a.css")
    site = Site(static, region + js_region("a.js"), {"filters": {"css": [broken]}})
    answer = site.get()

    assert region in answer.body
    assert len(answer.bundles) == 1
    assert "broken" in caplog.text
    assert "failed on '/static/a.css': RuntimeError('no')" in caplog.text


class Stamp:
    """A filter of whole bundles."""

    key = "stamp"
    on_bundle = True

    def __call__(self, asset: Any) -> Any:
        return replace(asset, content=b"/*! bundle */" + asset.content + b"/*%d*/" % asset.content.count(b"{"))


def test_a_filter_on_the_bundle_gets_the_joined_text(static: Path) -> None:
    site = Site(static, css_region("a.css", "b.css"), {"filters": {"css": [Stamp(), "rcssmin"]}})

    assert site.bundle() == "/*! bundle */a{color:red}\nb{color:red}/*2*/"


def test_a_filter_on_the_bundle_that_fails_leaves_the_region(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Stamp):
        def __call__(self, asset: Any) -> Any:
            return replace(asset, content=b"a{")

    region = css_region("a.css", "b.css")
    assert region in Site(static, region, {"filters": {"css": [Broken()]}}).get().body
    assert "filter 'stamp' failed on 'the bundle of /static/a.css, /static/b.css'" in caplog.text


def test_a_bundle_that_was_filtered_as_a_whole_has_no_source_map(static: Path) -> None:
    options = {"filters": {"js": [Stamp()]}, "source_maps": True}
    [url] = Site(static, js_region("a.js"), options).get().bundles

    assert b"sourceMappingURL" not in Site(static, js_region("a.js"), options).get(url).body


def test_what_a_filter_has_read_is_watched(static: Path, tmp_path: Path) -> None:
    words, calls = tmp_path / "words.txt", list[str]()

    def speaking(asset: Any) -> Any:
        calls.append(asset.url)
        text = words.read_bytes() if words.exists() else b"nothing"
        return replace(asset, content=b"/*! %s */" % text + asset.content, dependencies=(str(words),))

    speaking.key = "speaking"  # type: ignore[attr-defined]
    options = {"filters": {"css": [speaking, "rcssmin"]}, "refresh": 0}
    site = Site(static, css_region("a.css", "b.css"), options)
    assert site.bundle() == "/*! nothing */a{color:red}\n/*! nothing */b{color:red}"

    write_old(words, "hello")
    assert site.bundle() == "/*! hello */a{color:red}\n/*! hello */b{color:red}"
    write_old(words, "goodbye")
    assert site.bundle() == "/*! goodbye */a{color:red}\n/*! goodbye */b{color:red}"
    assert len(calls) == 6
    assert Site(static, css_region("a.css", "b.css"), options).bundle() == site.bundle()
    assert len(calls) == 6


def test_a_file_that_is_written_while_a_filter_reads_it_is_read_again(static: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("old")

    def speaking(asset: Any) -> Any:
        text = words.read_text()
        if text == "old":
            words.write_text("new")
        return replace(asset, content=f"/*! {text} */".encode() + asset.content, dependencies=(str(words),))

    speaking.key = "speaking"  # type: ignore[attr-defined]
    site = Site(static, css_region("a.css"), {"filters": {"css": [speaking, "rcssmin"]}, "refresh": 0})

    assert site.bundle() == "/*! new */a{color:red}"


def test_a_filter_for_the_other_kind_is_an_error_at_start() -> None:
    with pytest.raises(SettingsError, match="'filters' has 'lightningcss' for 'js', which it cannot read"):
        WSGIMiddleware(lambda environ, start_response: [], filters={"js": ["lightningcss"]})


@pytest.mark.parametrize("middleware", [WSGIMiddleware, ASGIMiddleware])
def test_a_filter_that_there_is_not_is_an_error_at_start(middleware: Any) -> None:
    with pytest.raises(SettingsError, match="did you mean 'rcssmin'"):
        middleware(None, filters={"css": ["rcsmin"]})
