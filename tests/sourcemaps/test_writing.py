"""Every token of a bundle is led back to where somebody wrote it, whatever was done to it on the way."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pressmark.bundling.builder import Builder
from pressmark.bundling.options import PlanOptions
from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.model import Asset, Bundle, Element, Group, Kind, Page
from pressmark.page.context import read_context
from pressmark.protocols import Filter
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses
from tests.bundling.sources import Sources, planned

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
FILTERS: dict[Kind, tuple[Filter, ...]] = {"css": (MinifyCss(),), "js": (MinifyJs(),)}
NONE: dict[Kind, tuple[Filter, ...]] = {"css": (), "js": ()}


def element(kind: Kind, name: str) -> Element:
    """Return the element that loads the file *name*, or has it as its text if it is none."""
    if "." not in name:
        return Element("style" if kind == "css" else "script", (), name, b"")
    if kind == "css":
        return Element("link", (("rel", "stylesheet"), ("href", f"/static/{name}")), "", b"")
    return Element("script", (("src", f"/static/{name}"),), "", b"")


def bundle(kind: Kind, names: list[str], filters: Any = None, analyses: Any = None, **files: str) -> Bundle:
    """Return the bundle of *names*, which are *files*, or inline text."""
    analyses = analyses or Analyses(MemoryStore())
    sources = Sources({f"/static/{name.replace('_', '.')}": text for name, text in files.items()})
    context = read_context(Page("", "/page", charset="utf-8"), ())
    pieces = [element(kind, name) for name in names]
    [group] = planned(pieces, context, sources.read, analyses, PlanOptions(kind, is_traced=True)).parts
    assert isinstance(group, Group)
    return Builder(FILTERS if filters is None else filters, analyses, "../map/").build(group)


def numbers(text: str) -> Iterator[int]:
    """Yield the numbers of a segment, as the standard tells to read them (ECMA-426, 9.2.1)."""
    value = shift = 0
    for digit in map(DIGITS.index, text):
        value += (digit & 31) << shift
        shift += 5
        if not digit & 32:
            yield -(value >> 1) if value & 1 else value >> 1
            value = shift = 0


def followed(found: Bundle) -> list[str]:
    """Return "what begins here in the bundle <- source:line:column what begins there", for each segment."""
    assert found.source_map is not None
    source_map = json.loads(found.source_map.content)
    lines = found.content.decode("utf-8").split("\n")
    texts = [re.split("\r\n|[\r\n]", text) for text in source_map["sourcesContent"]]
    told: list[str] = []
    place = [0, 0, 0]
    for line, segments in zip(lines, source_map["mappings"].split(";"), strict=False):
        column = 0
        for segment in filter(None, segments.split(",")):
            difference, *rest = numbers(segment)
            column += difference
            here = utf16(line, column)
            if not rest:
                told.append(f"{here} <- nothing")
                continue
            place = [old + new for old, new in zip(place, rest, strict=True)]
            source, number, start = place
            name = source_map["sources"][source].removeprefix("/static/")
            told.append(f"{here} <- {name}:{number + 1}:{start + 1} {utf16(texts[source][number], start)}")
    return told


def utf16(line: str, column: int) -> str:
    """Return up to six characters of *line* from *column*, which counts UTF-16 code units."""
    return line.encode("utf-16-le")[2 * column :].decode("utf-16-le")[:6].strip()


def test_a_bundle_names_its_map_behind_its_last_line() -> None:
    found = bundle("js", ["a.js"], a_js="f();")

    assert found.source_map is not None
    assert found.content == b"f();\n//# sourceMappingURL=../map/%s.map" % found.source_map.name.encode()
    assert found.source_map.kind == "map"
    css = bundle("css", ["a.css"], a_css="a{}")
    assert css.source_map is not None
    assert css.content == b"a{}\n/*# sourceMappingURL=../map/%s.map */" % css.source_map.name.encode()


def test_a_map_holds_the_text_of_the_sources() -> None:
    found = bundle("css", ["a.css", "b.css"], a_css="a { }", b_css="\ufeffb { content: 'é' }")

    assert found.source_map is not None
    assert json.loads(found.source_map.content) | {"mappings": ""} == {
        "version": 3,
        "sources": ["/static/a.css", "/static/b.css"],
        "sourcesContent": ["a { }", "b { content: 'é' }"],
        "names": [],
        "mappings": "",
    }


def test_minified_tokens_are_followed() -> None:
    assert followed(bundle("js", ["a.js"], a_js="/* c */\nf ( 1 ) ;\n  g")) == [
        "f(1);g <- a.js:2:1 f ( 1",
        "(1);g <- a.js:2:3 ( 1 )",
        "1);g <- a.js:2:5 1 ) ;",
        ");g <- a.js:2:7 ) ;",
        ";g <- a.js:2:9 ;",
        "g <- a.js:3:3 g",
    ]


def test_words_are_followed_where_nothing_is_minified() -> None:
    assert followed(bundle("js", ["a.js"], NONE, a_js="f ( '1' )\n  g")) == [
        "f ( '1 <- a.js:1:1 f ( '1",
        "( '1' <- a.js:1:3 ( '1'",
        "'1' ) <- a.js:1:5 '1' )",
        "1' ) <- a.js:1:6 1' )",
        "' ) <- a.js:1:7 ' )",
        ") <- a.js:1:9 )",
        "g <- a.js:2:3 g",
    ]


def test_a_function_that_stands_before_its_script_now_is_followed() -> None:
    found = bundle("js", ["a.js", "b.js"], a_js="é();\nfunction f() {}\nh()", b_js="i")
    told = followed(found)

    assert found.content.startswith("function f(){}\ntry{é();;h()}".encode())
    assert told[:3] == ["functi <- a.js:2:1 functi", "f(){} <- a.js:2:10 f() {}", "(){} <- a.js:2:11 () {}"]
    assert "é();;h <- a.js:1:1 é();" in told
    assert [line for line in told if line.endswith("nothing")] == [";h()}c <- nothing", "}catch <- nothing"]
    assert told[-1] == "i <- b.js:1:1 i"


def test_an_import_is_followed_into_its_file() -> None:
    files = {"a_css": "@import 'b.css' print;\na { }", "b_css": "\n@import 'c.css';\nb { }", "c_css": "c{}"}
    found = bundle("css", ["a.css"], NONE, **files)

    assert found.content.startswith(b"@media print{\n\nc{}\n\nb { }\n}\n\na { }")
    assert followed(found) == [
        "c{} <- c.css:1:1 c{}",
        "{} <- c.css:1:2 {}",
        "} <- c.css:1:3 }",
        "b { } <- b.css:3:1 b { }",
        "{ } <- b.css:3:3 { }",
        "} <- b.css:3:5 }",
        "a { } <- a.css:2:1 a { }",
        "{ } <- a.css:2:3 { }",
        "} <- a.css:2:5 }",
    ]


def test_a_url_that_was_rewritten_is_followed_to_what_it_was() -> None:
    told = followed(bundle("css", ["a.css"], a_css="a { b: url( c.png ) ; d: e }"))

    assert told[4:6] == ['url("/ <- a.css:1:8 url( c', '"/stat <- a.css:1:8 url( c']
    assert told[7:9] == [";d:e} <- a.css:1:21 ; d: e", "d:e} <- a.css:1:23 d: e }"]


def test_what_the_end_of_a_file_closes_stands_at_its_end() -> None:
    assert followed(bundle("css", ["a.css"], a_css="a { b: c"))[-1] == "} <- a.css:1:9 "


@pytest.mark.parametrize(
    ("end", "line"), [("\n", 3), ("\r\n", 3), ("\r", 3), ("\r\r\n", 5)], ids=["LF", "CR LF", "CR", "CR CR LF"]
)
def test_lines_are_counted_by_any_end(end: str, line: int) -> None:
    css = bundle("css", ["a.css"], a_css=f"a{{}}{end}{end} b{{}}")
    js = bundle("js", ["a.js"], a_js=f"a;{end}{end} b;")

    assert f"b{{}} <- a.css:{line}:2 b{{}}" in followed(css)
    assert f"b; <- a.js:{line}:2 b;" in followed(js)


def test_columns_count_utf16_code_units() -> None:
    told = followed(bundle("js", ["a.js"], a_js="var \U00020000 = '😀😀' ; b"))

    assert told[-2:] == [";b <- a.js:1:17 ; b", "b <- a.js:1:19 b"]


def test_a_line_that_begins_inside_of_a_token_is_followed() -> None:
    assert followed(bundle("js", ["a.js"], a_js="x = `1\n 2\n3`"))[2:] == [
        "`1 <- a.js:1:5 `1",
        "2 <- a.js:2:1 2",
        "3` <- a.js:3:1 3`",
    ]


def test_a_line_of_a_script_ends_where_browsers_end_it() -> None:
    """U+2028 ends a line also within a string (ECMAScript 12.3)."""
    found = bundle("js", ["a.js"], a_js="'\u2028' ; b")

    assert found.source_map is not None
    assert [line.count(",") for line in json.loads(found.source_map.content)["mappings"].split(";")] == [0, 2]


def test_inline_code_has_a_name_of_its_own_in_every_page() -> None:
    found = bundle("js", ["a()", "a.js", " b()"], a_js="c()")

    assert found.source_map is not None
    sources = json.loads(found.source_map.content)["sources"]
    assert [re.sub("-[0-9a-f]{8}", "", name) for name in sources] == ["inline.js", "/static/a.js", "inline.js"]
    assert sources[0] != sources[2]


def test_a_filter_that_makes_other_tokens_leaves_them_without_a_place() -> None:
    class Other:
        key = "other 1"

        def __call__(self, asset: Asset) -> Asset:
            return Asset(asset.url, asset.media_type, b"a{c:d}")

    assert followed(bundle("css", ["a.css"], {"css": (Other(),)}, a_css="a{b:d}")) == []


@pytest.mark.parametrize("text", ["a{}b\\", "a{}b{c:url(d e"], ids=["escape", "bad url"])
def test_a_sheet_whose_end_would_change_by_a_comment_names_no_map(text: str) -> None:
    found = bundle("css", ["a.css"], NONE, a_css=text)

    assert found.content.rstrip(b"}") == text.encode()
    assert found.source_map is None


def test_a_source_that_has_not_changed_is_not_followed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    analyses = Analyses(MemoryStore())
    first = bundle("js", ["a.js", "b.js"], analyses=analyses, a_js="a ( )", b_js="b ( )")
    asked: list[str] = []
    monkeypatch.setattr(analyses, "write", lambda key, value: asked.append(type(value).__name__))
    second = bundle("js", ["a.js", "b.js"], analyses=analyses, a_js="a ( )", b_js="\nb ( )")

    assert asked.count("Mapped") == 1
    assert followed(second)[-3:] == ["b() <- b.js:2:1 b ( )", "() <- b.js:2:3 ( )", ") <- b.js:2:5 )"]
    assert followed(first)[-3:] == ["b() <- b.js:1:1 b ( )", "() <- b.js:1:3 ( )", ") <- b.js:1:5 )"]


def test_the_query_of_a_reference_is_no_part_of_a_map() -> None:
    """It is none of a recipe, and may be another in each page."""
    sources = Sources({"/static/a.js": "f()"})
    context = read_context(Page("", "/page", charset="utf-8"), ())
    maps = []
    for query in ("?v=1", "?v=2#top"):
        analyses = Analyses(MemoryStore())
        piece = Element("script", (("src", f"/static/a.js{query}"),), "", b"")
        [group] = planned([piece], context, sources.read, analyses, PlanOptions("js", is_traced=True)).parts
        assert isinstance(group, Group)
        maps.append(Builder(FILTERS, analyses, "../map/").build(group).source_map)

    assert maps[0] == maps[1]


def test_what_a_filter_returns_that_is_no_text_has_a_map_all_the_same() -> None:
    class Latin:
        key = "latin 1"

        def __call__(self, asset: Asset) -> Asset:
            return Asset(asset.url, asset.media_type, b"a{content:'\xe9'}")

    assert bundle("css", ["a.css"], {"css": (Latin(),)}, a_css="a{}").content.startswith(b"a{content:'\xe9'}\n/*#")
