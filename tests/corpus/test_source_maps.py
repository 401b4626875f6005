"""Every token of bundles of real packages is followed back, by tokenizers and a map reader that other people wrote."""

import re
from pathlib import Path
from typing import Any

import pytest

from pressmark.bundling.builder import Builder
from pressmark.bundling.options import PlanOptions
from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.model import MEDIA_TYPES, Asset, Element, Group, Kind, Page
from pressmark.page.context import read_context
from pressmark.protocols import Filter
from pressmark.scripts.joining import REPORT
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses
from tests.bundling.sources import planned
from tests.packages.installed import node, packages

FOLLOW = Path(__file__).with_name("maps.cjs")
SCRIPTS = (
    "jquery/dist/jquery.js",
    "bootstrap3/dist/js/bootstrap.js",
    "lodash/lodash.js",
    "backbone/backbone.js",
    "leaflet/dist/leaflet-src.js",
    "bootstrap5/dist/js/bootstrap.bundle.min.js",
)
SHEETS = (
    "normalize.css/normalize.css",
    "bootstrap5/dist/css/bootstrap.css",
    "font-awesome/css/font-awesome.css",
    "leaflet/dist/leaflet.css",
    "jquery-ui-dist/jquery-ui.css",
    "flatpickr/dist/flatpickr.min.css",
)
FILTERS: dict[Kind, tuple[Filter, ...]] = {"css": (MinifyCss(),), "js": (MinifyJs(),)}
NONE: dict[Kind, tuple[Filter, ...]] = {"css": (), "js": ()}


def read(url: str, media_type: str | None = None) -> Asset:
    """Return the file of a package as an asset."""
    kind: Kind = "css" if url.endswith(".css") else "js"
    return Asset(url, MEDIA_TYPES[kind], (packages() / url.removeprefix("/static/")).read_bytes())


def followed(kind: Kind, names: tuple[str, ...], filters: dict[Kind, tuple[Filter, ...]], folder: Path) -> Any:
    """Return what became of every token of the bundles of *names*, all bundles taken together."""
    tag, attribute, *more = ("link", "href", ("rel", "stylesheet")) if kind == "css" else ("script", "src")
    pieces = [Element(tag, ((attribute, f"/static/{name}"), *more), "", b"") for name in names]
    analyses = Analyses(MemoryStore())
    context = read_context(Page("", "/page", charset="utf-8"), ())
    paths: list[Path] = []
    for part in planned(pieces, context, read, analyses, PlanOptions(kind, is_traced=True)).parts:
        assert isinstance(part, Group)
        bundle = Builder(filters, analyses, "../map/").build(part)
        assert bundle.source_map is not None
        paths.append(folder / f"{bundle.name}.{kind}")
        paths[-1].write_bytes(bundle.content)
        paths[-1].with_name(paths[-1].name + ".map").write_bytes(bundle.source_map.content)
    return node(FOLLOW, [str(path) for path in paths])


@pytest.mark.parametrize("filters", [FILTERS, NONE], ids=["minified", "as they are"])
def test_every_token_of_a_script_is_followed_and_none_twice(
    filters: dict[Kind, tuple[Filter, ...]], tmp_path: Path
) -> None:
    found = followed("js", SCRIPTS, filters, tmp_path)

    assert sum(each["tokens"] for each in found) > 100_000
    assert [each["wrong"] + each["changed"] + each["twice"] for each in found] == [[]] * len(found)
    assert [name for each in found for name in each["sources"]] == [f"/static/{name}" for name in SCRIPTS]
    assert not any(missing for each in found for missing in each["missing"])
    wrapper = {*re.findall(r'"[^"]*"|\w+|[^\w\s]', REPORT), "try", ";", '"use strict"'}
    assert {token for each in found for token in each["unmapped"]} <= wrapper


@pytest.mark.parametrize("filters", [FILTERS, NONE], ids=["minified", "as they are"])
def test_every_token_of_a_stylesheet_is_followed_and_none_twice(
    filters: dict[Kind, tuple[Filter, ...]], tmp_path: Path
) -> None:
    found = followed("css", SHEETS, filters, tmp_path)

    assert sum(each["tokens"] for each in found) > 50_000
    assert [each["wrong"] + each["twice"] for each in found] == [[]] * len(found)
    assert [each["unmapped"] for each in found] == [[]] * len(found)
    # What is left out are semicolons, the declaration of an encoding, and references that were rewritten.
    left_out = {token for each in found for missing in each["missing"] for token in missing}
    assert all(token in (";", "@charset", '"UTF-8"', ")") or "/" in token for token in left_out), left_out
    for token, origin in (pair for each in found for pair in each["changed"]):
        assert token in ("url(", ")") or token.strip("\"'").rpartition("/")[2].split("?")[0] in origin
