"""A recipe changes with every field that the result depends on, and with nothing else."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from pressmark.assets.region_reader import RegionReader
from pressmark.bundling.candidates import read_candidates
from pressmark.bundling.options import PlanOptions
from pressmark.bundling.precompile import Precompilers
from pressmark.model import Asset, Page, Region
from pressmark.page.context import read_context
from pressmark.page.elements import read_elements
from pressmark.regions.job import Job
from pressmark.regions.recipe import recipe_of
from pressmark.stylesheets.url_style import UrlStyle
from tests.bundling.sources import Sources

BODY = b'<link rel="stylesheet" href="/static/a.css?v=1"><style>b{}</style><link rel="icon" href="/i?1">'
REGION = Region("css", "file", "", BODY, BODY)
PAGE = Page("", "/page", charset="utf-8")
FILES: dict[str, str | bytes] = {"/static/a.css": "a{}", "/static/b.css": "b{}"}


class Upper:
    """A precompiler."""

    key = "upper 1"

    def __call__(self, asset: Asset) -> Asset:
        return asset


class Resolver:
    """Reads from a dictionary."""

    def __init__(self, files: dict[str, str | bytes]) -> None:
        self._sources = Sources(files)

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        return self._sources.read(url.partition("?")[0], media_type)

    def partials(self, asset: Asset) -> tuple[()]:
        return ()

    def is_current(self, source: object, page: Page) -> bool:
        return True


def recipe(region: Region = REGION, page: Page = PAGE, files: Any = None, keys: Any = None, **options: Any) -> str:
    context = read_context(page, region.head)
    pieces = read_candidates(read_elements(region.body, "utf-8"), region.kind, context)
    reader = RegionReader(Resolver(files or FILES), page)
    job = Job(region, page, context, pieces, reader, replace(PlanOptions(region.kind), **options))
    return recipe_of(job, **{"builder": "rcssmin"} | (keys or {}))


def with_body(*changes: tuple[bytes, bytes]) -> Region:
    body = BODY
    for before, after in changes:
        assert before in body
        body = body.replace(before, after)
    return replace(REGION, body=body, raw=body)


OPTIONS: dict[str, Any] = {
    "kind": "js",
    "joins_inline": False,
    "is_exact": True,
    "counts_siblings": True,
    "tag": "style",
    "needs_file": False,
    "needs_nonce": True,
    "is_traced": True,
    "is_plain": True,
    "precompilers": Precompilers({"text/x-upper": Upper()}),
    "url_style": UrlStyle(max_data_bytes=7),
    "recipes": "may",
    "joins_media": True,
    "takes_integrity": False,
    "keeps_minified": True,
}


def test_every_option_of_a_plan_is_listed_here() -> None:
    assert set(OPTIONS) == {field.name for field in fields(PlanOptions)}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_recipe_changes_with_each_option(name: str) -> None:
    assert recipe(**{name: OPTIONS[name]}) != recipe()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda: recipe(replace(REGION, mode="inline")), id="mode"),
        pytest.param(lambda: recipe(replace(REGION, name="main")), id="name"),
        pytest.param(lambda: recipe(replace(REGION, context="0123456789abcdef")), id="context"),
        pytest.param(lambda: recipe(page=replace(PAGE, charset="latin-1")), id="charset"),
        pytest.param(lambda: recipe(page=replace(PAGE, policies=("style-src 'self'",))), id="policy"),
        pytest.param(lambda: recipe(files=FILES | {"/static/a.css": "a{b:c}"}), id="content of a source"),
        pytest.param(lambda: recipe(with_body((b"a.css", b"b.css"))), id="URL of a source"),
        pytest.param(lambda: recipe(with_body((b"<style>b", b"<style>c"))), id="inline code"),
        pytest.param(lambda: recipe(with_body((b'"stylesheet"', b'"stylesheet" media="print"'))), id="attribute"),
        pytest.param(lambda: recipe(with_body((b"<style>", b" <style>"))), id="text between"),
        pytest.param(lambda: recipe(keys={"builder": "rcssmin 2"}), id="filters"),
    ],
)
def test_a_recipe_changes_with(changed: Callable[[], str]) -> None:
    assert changed() != recipe()


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(lambda: recipe(with_body((b"?v=1", b"?v=2"))), id="the query of a URL"),
        pytest.param(lambda: recipe(with_body((b"/i?1", b"/i?2"))), id="an attribute of an element that stays"),
        pytest.param(lambda: recipe(page=replace(PAGE, path="/other")), id="the path of a page without relative URLs"),
        pytest.param(lambda: recipe(files=FILES | {"/static/b.css": "c{}"}), id="a file that it does not name"),
        pytest.param(lambda: recipe(page=replace(PAGE, mount="/app")), id="the mount of its application"),
    ],
)
def test_a_recipe_does_not_change_with(same: Callable[[], str]) -> None:
    assert same() == recipe()


def test_neighbouring_fields_do_not_run_into_each_other() -> None:
    one, other = replace(REGION, name="ab"), replace(REGION, name="a")

    assert recipe(one, page=replace(PAGE, charset="c")) != recipe(other, page=replace(PAGE, charset="bc"))
