"""Filters are found by the names of entry points, or are functions, and are looked at if they are not our own."""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from pressmark.bundling.precompile import Precompilers
from pressmark.errors import SettingsError
from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.filters.plugins import find_filters, find_precompilers
from pressmark.model import Asset
from pressmark.protocols import filter_in_context

CSS = Asset("/a.css", "text/css", b"a { }")
JS = Asset("/a.js", "text/javascript", b"f ( )")


def shout(asset: Asset) -> Asset:
    return replace(asset, content=asset.content.upper())


class Keyed:
    """A filter as a package would have it."""

    key = "keyed 1"

    def __call__(self, asset: Asset) -> Asset:
        return asset


def only(wanted: Any) -> Any:
    """Return the filter that *wanted* is found as."""
    [found] = find_filters({"css": [wanted]}, minify=True)["css"]
    return found


def test_by_default_there_are_the_minifiers_or_none() -> None:
    found = find_filters({}, minify=True)

    assert {kind: [type(each) for each in filters] for kind, filters in found.items()} == {
        "css": [MinifyCss],
        "js": [MinifyJs],
    }
    assert find_filters({}, minify=False) == {"css": (), "js": ()}


def test_what_is_wanted_takes_the_place_of_the_default_for_its_kind() -> None:
    found = find_filters({"css": []}, minify=True)

    assert found["css"] == ()
    assert isinstance(found["js"][0], MinifyJs)


def test_our_own_have_names() -> None:
    assert isinstance(only("rcssmin"), MinifyCss)
    assert isinstance(find_filters({"js": ["rjsmin"]}, minify=False)["js"][0], MinifyJs)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("rcsmin", "did you mean 'rcssmin'?"), ("zzz", "there are best, esbuild, lightningcss, rcssmin, rjsmin, terser")],
)
def test_a_name_that_there_is_not_is_told_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=f"names '{name}', which no installed package has") as raised:
        only(name)

    assert hint in str(raised.value)


def test_a_filter_of_another_package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("keyed", f"{__name__}:Keyed", "pressmark.filters")
    monkeypatch.setattr("pressmark.filters.plugins.points_of", lambda group: {point.name: point})

    assert only("keyed").key == "keyed 1"


def test_a_filter_that_cannot_be_loaded_is_an_error_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("gone", f"{__name__}:Gone", "pressmark.filters")
    monkeypatch.setattr("pressmark.filters.plugins.points_of", lambda group: {point.name: point})

    with pytest.raises(SettingsError, match="'gone' of setting 'filters' cannot be loaded"):
        only("gone")


def test_a_function_is_known_by_its_text() -> None:
    def made(word: str) -> Callable[[Asset], Asset]:
        return lambda asset: replace(asset, content=word.encode())

    assert only(shout).key.startswith("tests.filters.test_plugins.shout ")
    assert only(shout).key == only(shout).key
    assert only(made("a")).key != only(made("b")).key  # what it holds is a part of what it does
    assert only(made("a")).key == only(made("a")).key


def test_a_callable_object_without_a_key_is_an_error_at_start() -> None:
    class Unkeyed:
        def __call__(self, asset: Asset) -> Asset:
            return asset

    with pytest.raises(SettingsError, match="an object that is no function needs a `key` of type str"):
        only(Unkeyed())


def test_what_a_function_returns_is_the_asset() -> None:
    assert only(shout)(CSS).content == b"A { }"


@pytest.mark.parametrize(
    ("asset", "content", "error"),
    [
        (CSS, b"a {", "it leaves the stylesheet without '}' at its end"),
        (CSS, b"a{b:'c", 'it leaves the stylesheet without "\'}" at its end'),
        (CSS, b"a{}\\", "it leaves a broken string, URL or escape"),
        (CSS, b"a{}url(b c", "it leaves a broken string, URL or escape"),
        (JS, b"f(", "unexpected token"),
        (CSS, b"\xff", "codec can't decode"),
    ],
    ids=["open block", "open string", "open escape", "open url", "no script", "no UTF-8"],
)
def test_what_could_not_stand_beside_other_files_is_refused(asset: Asset, content: bytes, error: str) -> None:
    broken = only(lambda given: replace(given, content=content))

    with pytest.raises(ValueError, match=r"\w") as raised:
        broken(asset)

    assert error in str(raised.value)


def test_what_is_no_asset_is_refused() -> None:
    with pytest.raises(TypeError, match="it returned str, and must return the asset"):
        only(lambda asset: "a{}")(CSS)


class Themed:
    """A filter that writes the context in which it is called."""

    def __init__(self, context: str = "") -> None:
        self.context, self.key = context, f"themed {context}"

    def __call__(self, asset: Asset) -> Asset:
        return replace(asset, content=f"var context = '{self.context}'".encode())

    def in_context(self, context: str) -> "Themed":
        return Themed(context)


def test_a_filter_that_asks_the_request_is_another_one_in_each_context() -> None:
    [found] = find_filters({"js": [Themed()]}, minify=False)["js"]
    inside = filter_in_context(found, "0123456789abcdef")

    assert inside.key != found.key == filter_in_context(found, "").key
    assert inside(JS).content == b"var context = '0123456789abcdef'"


def test_a_precompiler_that_asks_the_request_is_another_one_in_each_context() -> None:
    precompilers = Precompilers(find_precompilers({"text/themed": Themed()}))
    inside = precompilers.in_context("0123456789abcdef")

    assert inside.key != precompilers.key == precompilers.in_context("").key
    assert inside.by_type["text/themed"](JS).content == b"var context = '0123456789abcdef'"


def test_other_filters_are_the_same_in_every_context() -> None:
    [minifier] = find_filters({}, minify=True)["js"]
    [function] = find_filters({"js": [lambda asset: asset]}, minify=False)["js"]

    for found in (minifier, function):
        assert filter_in_context(found, "0123456789abcdef") is found


@pytest.mark.parametrize(
    ("written", "meant"), [("{inflie}", "{infile}"), ("--out={outfiel}", "{outfile}"), ("{Infile}", "{infile}")]
)
def test_a_misspelt_placeholder_is_an_error_at_start(written: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"stands for nothing; did you mean {re.escape(meant)}"):
        find_precompilers({"text/mine": ["python3", written]})


@pytest.mark.parametrize("argument", ["{a,b}", "{}", "--define:x={y}", "{infile}.map"])
def test_other_braces_are_the_programs_own(argument: str) -> None:
    assert find_precompilers({"text/mine": ["python3", argument]})
