"""Prepared assets become one bundle, named by its bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

import pytest

from pressmark.bundling.builder import Builder
from pressmark.errors import FilterError, RegionError
from pressmark.filters.minify import MinifyCss
from pressmark.model import Asset, Bundle, Group, Kind
from pressmark.protocols import Filter
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses


def group(kind: Kind, *contents: bytes) -> Group:
    assets = tuple(Asset(f"/{number}", f"text/{kind}", content) for number, content in enumerate(contents))
    return Group(kind, (), assets, (), (), b"", b"")


def builder(filters: Mapping[Kind, Sequence[Filter]]) -> Builder:
    return Builder(filters, Analyses(MemoryStore()))


class Upper:
    """A filter that can be seen."""

    key = "upper 1"

    def __call__(self, asset: Asset) -> Asset:
        return replace(asset, content=asset.content.upper())


class Broken:
    """A filter that fails."""

    key = "broken 1"

    def __call__(self, asset: Asset) -> Asset:
        raise ValueError("no")


def test_a_bundle_is_named_by_the_hash_of_its_bytes() -> None:
    content = b"a{}\nb{}"

    got = builder({"css": ()}).build(group("css", b"a{}", b"b{}"))

    assert got == Bundle(sha256(content).hexdigest()[:32], "css", content)


def test_scripts_are_parted_by_a_semicolon_on_a_line_of_its_own() -> None:
    assert builder({"js": ()}).build(group("js", b"f() // end", b"(g)()")).content == b"f() // end\n;\n(g)()"


@pytest.mark.parametrize("first", [b"a{}\n", b"a{}-->", b'@import "/a.css";', b""])
def test_joining_adds_nothing_but_a_line_end(first: bytes) -> None:
    assert builder({"css": ()}).build(group("css", first, b"b{}")).content == first + b"\nb{}"


@pytest.mark.parametrize("text", [b'@import "/a.css" ;', b"@layer a ;", b"@import url( /a.css );"])
def test_a_statement_keeps_its_semicolon_when_it_is_minified(text: bytes) -> None:
    assert builder({"css": (MinifyCss(),)}).build(group("css", text, b"b{}")).content.endswith(b";\nb{}")


def test_filters_work_on_each_asset_in_their_order() -> None:
    upper = builder({"css": (Upper(),)})

    assert upper.build(group("css", b"a{}", b"b{}")).content == b"A{}\nB{}"
    assert upper.key("css") == "upper 1"


def test_a_failing_filter_says_which_and_on_what() -> None:
    with pytest.raises(FilterError, match="filter 'broken 1' failed on '/0'"):
        builder({"css": (Broken(),)}).build(group("css", b"a{}"))


def test_an_asset_is_filtered_once_for_its_content() -> None:
    calls: list[bytes] = []

    class Counting:
        key = "counting 1"

        def __call__(self, asset: Asset) -> Asset:
            calls.append(asset.content)
            return asset

    site = builder({"css": (Counting(),)})
    site.build(group("css", b"a{}", b"b{}"))
    site.build(group("css", b"a{}", b"c{}"))

    assert calls == [b"a{}", b"b{}", b"c{}"]


def test_scripts_that_do_not_fit_together_are_not_joined() -> None:
    """Nothing that passed every rule may break a page, be it by a filter's fault."""
    with pytest.raises(RegionError, match="cannot be joined: invalid redefinition"):
        builder({"js": ()}).build(group("js", b"let a", b"let a"))
