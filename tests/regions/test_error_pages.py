"""An error page has nothing built, costs next to nothing, and decides for no other page."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressmark.model import Page, Region, Rendered
from pressmark.regions.freshness import RETRY_S
from tests.conftest import Write
from tests.site import Site, css_region

PATHS = 20
STYLE = b"<style>b { background: url(b.png) }</style><!-- endcompress"
PAGES = {
    "of files": css_region("a.css"),
    "that depends on its path": css_region("a.css").replace(b"<!-- endcompress", STYLE),
    "that cannot be built": css_region("a.css", "gone.css").replace(b"<!-- endcompress", STYLE),
}


@pytest.fixture
def site(static: Path, write: Write) -> Site:
    write("a.css", "a { color: red }")
    return Site(static, css_region("a.css"))


@pytest.fixture
def tick(site: Site) -> Callable[[float], None]:
    """Return a function that puts the clock of *site* forward."""
    now = [0.0]
    site.app._core.pipeline._freshness.now = lambda: now[0]

    def forward(seconds: float) -> None:
        now[0] += seconds

    return forward


def rendered_by(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by the path of each page for which *site* renders a region."""
    paths: list[str] = []
    renderer = site.app._core.pipeline._renderer
    render = renderer.render

    def noted(region: Region, page: Page) -> Rendered:
        paths.append(page.path)
        return render(region, page)

    monkeypatch.setattr(renderer, "render", noted)
    return paths


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_region_of_error_pages_is_looked_at_once_in_a_while(
    page: bytes, site: Site, tick: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page = page
    rendered = rendered_by(site, monkeypatch)
    for number in range(PATHS):
        assert site.get_404(f"/gone{number}/x").body == page
        tick(RETRY_S / PATHS / 2)
    assert rendered == ["/gone0/x"]

    tick(RETRY_S)
    site.get_404("/gone/x")
    assert len(rendered) == 2
    assert site.app._core.pipeline._cached_regions._regions == {}


def test_the_log_tells_once_in_a_while_that_an_error_page_has_nothing_built(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    for number in range(PATHS):
        site.get_404(f"/gone{number}")

    assert caplog.messages == ["css region on /gone0 was not bundled: an error page has nothing built"]


def test_a_page_is_bundled_right_after_an_error_page_with_the_same_region(site: Site) -> None:
    assert site.get_404("/a").bundles == []
    bundles = site.get("/a").bundles

    assert len(bundles) == 1
    assert site.get_404("/b").bundles == bundles


def test_an_error_page_does_not_hold_back_the_build_of_a_page_at_the_same_path(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form answers with status 422 at the path of the page that shows it."""
    pipeline: Any = site.app._core.pipeline
    render, may_end = pipeline._renderer.render, threading.Event()

    def slow(region: Region, page: Page) -> Rendered:
        found: Rendered = render(region, page)
        if not page.as_expected:
            may_end.wait(10)
        return found

    monkeypatch.setattr(pipeline._renderer, "render", slow)
    region = Region("css", "file", "", site.page[21:-20], site.page)
    error = pipeline.begin(region, Page("", "/", as_expected=False))
    built = pipeline.begin(region, Page("", "/"))
    try:
        assert len(built.result(10).files) == 1
    finally:
        may_end.set()
    assert error.result(10).files == ()


def test_a_change_shows_at_once_on_a_page_after_an_error_page(
    site: Site, write: Write, tick: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site.get().bundles
    write("a.css", "a { color: blue }")
    tick(2)
    rendered = rendered_by(site, monkeypatch)

    assert [site.get_404("/gone").bundles for _ in range(PATHS)] == [[]] * PATHS
    assert rendered == ["/gone"]
    assert site.get().bundles not in ([], before)


def test_a_bundle_that_another_process_has_built_comes_to_an_error_page(
    static: Path, site: Site, tick: Callable[[float], None]
) -> None:
    site.get_404("/gone")
    bundles = Site(static, site.page).get().bundles
    assert site.get_404("/gone").bundles == []

    tick(RETRY_S + 1)
    assert site.get_404("/gone").bundles == bundles != []


def test_a_lost_bundle_is_built_again_though_an_error_page_was_the_last_to_name_it(
    site: Site, tick: Callable[[float], None]
) -> None:
    (url,) = site.get().bundles
    bundle = site.get(url).body
    tick(2)
    assert site.get_404("/gone").bundles == [url]

    site.lose_bundles()
    assert (site.get(url).status, site.get(url).body) == (200, bundle)
