"""The filters that settings name are applied to each file of a bundle, and none of their faults breaks a page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.errors import SettingsError
from tests.conftest import Write
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


@pytest.mark.parametrize("middleware", [WSGIMiddleware, ASGIMiddleware])
def test_a_filter_that_there_is_not_is_an_error_at_start(middleware: Any) -> None:
    with pytest.raises(SettingsError, match="did you mean 'rcssmin'"):
        middleware(None, filters={"css": ["rcsmin"]})
