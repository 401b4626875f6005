"""Which elements share a bundle, and which stay where they are."""

from pathlib import Path

import pytest

import pressmark
from pressmark.bundling.options import PlanOptions
from pressmark.bundling.planner import Part
from pressmark.errors import AssetNotFoundError
from pressmark.model import Element, Group, Kind, Text
from pressmark.page.context import Context
from pressmark.page.elements import read_elements
from pressmark.stores.memory import MemoryStore
from pressmark.syntax.js_refusals import MAX_SCRIPT_BYTES
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import Rule
from tests.bundling.sources import Sources, planned

FILES: dict[str, str | bytes] = {
    "/static/a.css": "a{}",
    "/static/b.css": "b{}",
    "/static/c.css": "c{}",
    "/static/bracket.css": "} p{}",
    "/static/kept.css": '@import "https://h/x.css";k{}',
    "/static/alone.css": "@namespace x y;n{}",
    "/static/taint.css": "t{--x:url(x.png)}",
    "/static/var.css": "v{b:var(--x)}",
    "/static/loads.css": "l{background:var(--i)}",
    "/static/sets.css": "s{--i:url(data:,)}",
    "/static/a.js": "var a",
    "/static/b.js": "var b",
    "/static/strict.js": "'use strict';var s",
    "/static/pattern.js": "'use strict';var {p} = a",
    "/static/let.js": "let l",
    "/static/fails.js": "let m = a.b",
    "/static/f1.js": "function f(){}",
    "/static/f2.js": "function f(){}",
    "/static/self.js": "document.currentScript",
    "/static/broken.js": "f(",
    "/static/writes.js": "document.write('<!--')",
    "/static/data.css.js": "var d",
}
A = '<link rel="stylesheet" href="/static/a.css">'
B = '<link rel="stylesheet" href="/static/b.css">'
PRINT = '<link rel="stylesheet" href="/static/{}.css" media="print">'
JS_A = '<script src="/static/a.js"></script>'
JS_B = '<script src="/static/b.js"></script>'


def parts_of(
    body: str, kind: Kind = "css", *, joins_inline: bool = True, options: PlanOptions | None = None, **context: object
) -> tuple[Part, ...]:
    read = Sources(FILES).read
    settings: dict[str, object] = {"base": "/page/", "charset": "utf-8"} | context
    pieces = read_elements(body.encode(), "utf-8")
    options = options or PlanOptions(kind, joins_inline=joins_inline, needs_file=False)
    context_of_page = Context(**settings)  # type: ignore[arg-type]
    return planned(pieces, context_of_page, read, Analyses(MemoryStore()), options).parts


def shape(parts: tuple[Part, ...]) -> list[int | str]:
    """Return the number of assets of each group, and the tag of each element that stays."""
    return [len(part.assets) if isinstance(part, Group) else part.tag for part in parts if not isinstance(part, Text)]


def bytes_of(parts: tuple[Part, ...]) -> bytes:
    return b"".join(raw_of(part) for part in parts)


def raw_of(part: Part) -> bytes:
    """Return the bytes of *part* as they stand in the page."""
    if not isinstance(part, Group):
        return part.raw
    return b"".join(element.raw + gap for element, gap in zip(part.members, [*part.gaps, b""], strict=True))


def test_neighbours_share_a_bundle_in_their_order() -> None:
    (group,) = parts_of(A + B)

    assert isinstance(group, Group)
    assert [asset.content for asset in group.assets] == [b"a{}", b"b{}"]


def test_what_stands_between_members_stays_after_the_bundle() -> None:
    group, rest = parts_of(f"{A}\n  <!-- note -->\n{B}\n")

    assert isinstance(group, Group)
    assert group.after == b"\n  <!-- note -->\n"
    assert raw_of(rest) == b"\n"


@pytest.mark.parametrize(
    "element",
    [
        pytest.param('<link rel="alternate stylesheet" href="/static/c.css">', id="alternate"),
        pytest.param('<link rel="preload stylesheet" href="/static/c.css">', id="two words"),
        pytest.param('<link rel="icon" href="/static/c.css">', id="another rel"),
        pytest.param('<link href="/static/c.css">', id="no rel"),
        pytest.param('<link rel="stylesheet" href="">', id="empty href"),
        pytest.param('<link rel="stylesheet" href=" ">', id="blank href"),
        pytest.param('<link rel="stylesheet">', id="no href"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" title="x">', id="title"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" disabled>', id="disabled"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" id="x">', id="id"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" onload="f()">', id="handler"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" integrity="sha256-x">', id="integrity"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" class="x">', id="class"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" nonce="x">', id="nonce"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" type="text/less">', id="type"),
        pytest.param('<link rel="stylesheet" href="https://h/c.css">', id="other origin"),
        pytest.param('<link rel="stylesheet" href="//h/static/c.css">', id="other host"),
        pytest.param('<link rel="stylesheet" href="/other/c.css">', id="no prefix"),
        pytest.param('<link rel="stylesheet" href="/static/data.css.js">', id="script by its suffix"),
        pytest.param('<link rel="stylesheet" href="/static/taint.css">', id="relative url in a variable"),
        pytest.param('<style type="text/less">c{}</style>', id="style of another type"),
        pytest.param('<style type=" text/css ">c{}</style>', id="style type with blanks"),
        pytest.param('<style id="x">c{}</style>', id="style with an id"),
        pytest.param("<script>f()</script>", id="script in a css region"),
        pytest.param('<noscript><link rel="stylesheet" href="/static/c.css"></noscript>', id="noscript"),
        pytest.param("<!--[if IE]><link rel=stylesheet href=/static/c.css><![endif]-->", id="conditional comment"),
        pytest.param("<style>\ufeffc{}</style>", id="style with a byte order mark"),
        pytest.param("text", id="text"),
        pytest.param("<div>", id="another tag"),
        pytest.param("<iframe title='</iframe>'><style>c{}</style></iframe>", id="iframe"),
    ],
)
def test_a_barrier_stays_to_the_byte_and_parts_its_neighbours(element: str) -> None:
    parts = parts_of(A + element + B)

    assert bytes_of(parts) == (A + element + B).encode()
    assert [type(part) for part in parts] == [Group, Element, Group]
    assert raw_of(parts[1]) == element.encode()


@pytest.mark.parametrize(
    "element",
    [
        pytest.param("<LINK REL=StyleSheet HREF=/static/c.css>", id="case, no quotes"),
        pytest.param("<link rel='\nstylesheet\t' href='\t/static/c.css\n'/>", id="white space"),
        pytest.param('<link rel="stylesheet" href="/static/c.css?v=1#x" type="text/css; charset=x">', id="parameters"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" media="all">', id="media all"),
        pytest.param('<link rel="stylesheet" href="/static/c.css" media="">', id="media empty"),
        pytest.param('<link rel="stylesheet" href="&#47;static/c.css" href="/x">', id="entity, duplicate"),
        pytest.param('<link rel="stylesheet" href="../static/c.css">', id="relative to the page"),
        pytest.param('<link rel="stylesheet" href="http://site.example/static/c.css">', id="the page's own host"),
        pytest.param('<link rel="stylesheet" href="//SITE.example/static/c.css">', id="own host, no scheme"),
        pytest.param("<style>c{}</style>", id="style"),
        pytest.param('<style type="TEXT/CSS" media="all">c{}</style>', id="style with a type"),
    ],
)
def test_a_stylesheet_that_is_understood_joins(element: str) -> None:
    assert shape(parts_of(A + element + B, host="site.example")) == [3]


def test_another_medium_makes_another_bundle() -> None:
    first, second, third = parts_of(A + B.replace(">", ' media="print">') + A)

    assert [part.attrs for part in (first, second, third) if isinstance(part, Group)] == [(), (("media", "print"),), ()]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "kept", "b"], [1, 2]),
        (["kept", "a"], [2]),
        (["a", "alone", "b"], [1, 1, 1]),
        (["a", "taint", "b", "var", "c"], [1, "link", 1, "link", 1]),
        (["a", "var", "b"], [3]),
    ],
    ids=["an import that stays comes first", "and may be first", "a namespace is alone", "variables perhaps tainted",
         "variables surely not"],
)  # fmt: skip
def test_a_sheet_stands_only_where_it_means_the_same(names: list[str], expected: list[int | str]) -> None:
    body = "".join(f'<link rel="stylesheet" href="/static/{name}.css">' for name in names)

    assert shape(parts_of(body)) == expected


def test_inline_styles_resolve_against_the_page() -> None:
    (group,) = parts_of("<style>a{b:url(x.png)}</style>")

    assert isinstance(group, Group)
    assert group.assets[0].content == b'a{b:url("/page/x.png")}'


def test_a_base_moves_references() -> None:
    assert shape(parts_of('<link rel="stylesheet" href="c.css">', base="/static/")) == [1]


def test_a_foreign_base_makes_nothing_local() -> None:
    assert shape(parts_of(A, base="https://h/")) == ["link"]


@pytest.mark.parametrize(
    "element",
    [
        pytest.param('<script src="/static/a.js" nomodule></script>', id="nomodule"),
        pytest.param("<script async>f()</script>", id="code in the page with async"),
        pytest.param('<script type="application/ld+json">{}</script>', id="data"),
        pytest.param('<script type="importmap">{}</script>', id="import map"),
        pytest.param('<script type=" ">f()</script>', id="blank type"),
        pytest.param('<script type="text/javascript; charset=utf-8">f()</script>', id="type with parameters"),
        pytest.param('<script language="vbscript">f()</script>', id="language"),
        pytest.param('<script src="/static/a.js">text</script>', id="src and text"),
        pytest.param('<script src="">f()</script>', id="empty src"),
        pytest.param('<script src="/static/a.js" id="x"></script>', id="an id"),
        pytest.param('<script src="/static/a.js" onload="f()"></script>', id="a handler"),
        pytest.param('<script data-x="1">f()</script>', id="a data attribute of code in the page"),
        pytest.param("<script defer>f()</script>", id="inline with defer"),
        pytest.param('<script src="https://h/a.js"></script>', id="other origin"),
        pytest.param('<script src="/static/self.js"></script>', id="looks at itself"),
        pytest.param('<script src="/static/broken.js"></script>', id="does not parse"),
        pytest.param("<style>a{}</style>", id="style in a js region"),
    ],
)
def test_a_script_that_is_not_understood_stays(element: str) -> None:
    parts = parts_of(JS_A + element + JS_B, "js")

    assert [type(part) for part in parts] == [Group, Element, Group]
    assert raw_of(parts[1]) == element.encode()


@pytest.mark.parametrize(
    "element",
    [
        pytest.param('<script src="/static/a.js" async></script>', id="async"),
        pytest.param('<script src="https://h/a.js" async></script>', id="async, of another origin"),
        pytest.param('<script src="/static/a.js" type="module"></script>', id="module"),
        pytest.param('<script type="module">f()</script>', id="module in the page"),
    ],
)
def test_a_script_that_has_no_turn_follows_the_bundle_of_those_around_it(element: str) -> None:
    parts = parts_of(JS_A + element + JS_B, "js")

    assert shape(parts) == [2, "script"]
    assert raw_of(parts[1]) == element.encode()
    exact = PlanOptions("js", needs_file=False, is_exact=True)
    assert shape(parts_of(JS_A + element + JS_B, "js", options=exact)) == [1, "script", 1]


@pytest.mark.parametrize(
    ("scripts", "expected"),
    [
        ([JS_A, JS_B], [2]),
        ([JS_A, "<script>f()</script>", JS_B], [3]),
        ([JS_A, '<script type="TEXT/JavaScript " src="/static/b.js"></script>'], [2]),
        ([JS_A.replace(">", " defer>", 1), JS_B.replace(">", " defer>", 1)], [2]),
        ([JS_A.replace(">", " defer>", 1), JS_B], [1, 1]),
        ([JS_A, '<script src="/static/strict.js"></script>', JS_B], [3]),
        ([JS_A, '<script src="/static/pattern.js"></script>', JS_B], [1, 1, 1]),
        ([JS_A, '<script src="/static/fails.js"></script>', JS_B], [2, 1]),
        ([JS_A, '<script src="/static/let.js"></script>', JS_B], [3]),
        ([f'<script src="/static/f{n}.js"></script>' for n in (1, 2)], [1, 1]),
        ([JS_A, JS_A], [2]),
    ],
    ids=["plain", "inline between", "type", "all deferred", "one deferred", "strict", "strict, not to be wrapped",
         "lexical name that may fail", "lexical name", "same function", "twice the same"],
)  # fmt: skip
def test_scripts_share_a_bundle_if_they_run_alike(scripts: list[str], expected: list[int | str]) -> None:
    assert shape(parts_of("\n".join(scripts), "js")) == expected


@pytest.mark.parametrize("tag", ["template", "svg", "math", "select", "table", "object"])
def test_after_an_element_with_parsing_rules_of_its_own_nothing_joins(tag: str) -> None:
    parts = parts_of(f"{JS_A}<{tag}>{JS_A}</{tag}>{JS_B}", "js")

    assert [type(part) for part in parts] == [Group, Element]


def test_under_a_policy_inline_code_stays() -> None:
    assert shape(parts_of(JS_A + "<script>f()</script>" + JS_B, "js", policies=("default-src 'self'",))) == [
        1,
        "script",
        1,
    ]


def test_inline_code_that_differs_from_request_to_request_stays() -> None:
    assert shape(parts_of(JS_A + "<script>f()</script>", "js", joins_inline=False)) == [1, "script"]


def test_each_sheet_that_joins_others_of_other_media_must_stand_in_a_block() -> None:
    """Also one whose neighbour has the same media: that is in a block already."""
    fits, bracket = PRINT.format("c"), PRINT.format("bracket")
    options = PlanOptions("css", joins_media=True)

    assert shape(parts_of(A + fits + B, options=options)) == [3]
    assert shape(parts_of(A + fits + bracket + B, options=options)) == [2, 1, 1]
    assert shape(parts_of(bracket + fits + A, options=options)) == [2, 1]
    assert shape(parts_of(bracket + fits, options=options)) == [2]


def test_a_source_that_should_be_there_and_is_not_is_an_error() -> None:
    with pytest.raises(AssetNotFoundError):
        parts_of('<link rel="stylesheet" href="/static/missing.css">')


def test_an_exact_sheet_stays_that_loads_what_a_variable_from_elsewhere_says() -> None:
    """The URL in it would be relative to the sheet, wherever the page has set it."""
    link = '<link rel="stylesheet" href="/static/{}.css">'

    exact = PlanOptions("css", is_exact=True)

    assert shape(parts_of(link.format("loads"), options=exact)) == ["link"]
    assert shape(parts_of(link.format("sets") + link.format("loads"), options=exact)) == [2]
    assert shape(parts_of(link.format("loads"))) == [1]


def test_an_inline_sheet_that_imports_in_the_pages_encoding_stays() -> None:
    style = "<style>@import 'a.css';</style>"

    assert shape(parts_of(A + style, charset="windows-1252")) == [1, "style"]
    assert shape(parts_of(A + style, charset="utf-8")) != [1, "style"]


def test_scripts_that_declare_what_an_earlier_one_holds_ship_alone() -> None:
    """A name that let has taken makes a script fail as a whole; it must not take others with it."""
    held = '<script src="/static/let.js"></script>'
    inline = "<script>var l</script>"

    assert shape(parts_of(held + JS_A + inline + JS_B, "js")) == [2, 1, 1]
    assert shape(parts_of(JS_A + inline + held + JS_B, "js")) == [2, 1, 1]


def test_after_a_script_that_writes_no_bundle_reaches_over_a_comment() -> None:
    """What it writes may open a comment, which the next one in the page would close."""
    writes = '<script src="/static/writes.js"></script>'

    assert shape(parts_of(writes + JS_A + "<!-- a -->" + JS_B, "js")) == ["script", 1, 1]
    assert shape(parts_of(writes + JS_A + JS_B, "js")) == ["script", 2]


def test_a_script_that_calls_a_function_that_looks_at_its_caller_stays() -> None:
    looks = "<script>function here() { return document.currentScript }</script>"
    calls = "<script>function there() { return here() }</script>"
    through = "<script>there()</script>"

    assert shape(parts_of(JS_A + looks + JS_A + calls + through + JS_B, "js")) == [4, "script", 1]


@pytest.mark.parametrize("source", ["let\nf = 1", "let f = 1; let = 2", "class f {}; let\ng"])
def test_a_script_that_our_parsers_refuse_may_declare_what_it_says(source: str) -> None:
    """Browsers run it, and a later function of the name fails with its whole script."""
    parts = parts_of(JS_A + f"<script>{source}</script><script src='/static/f1.js'></script>" + JS_B, "js")

    assert shape(parts) == [1, "script", 1, 1]


def test_a_bundle_has_a_budget_of_names() -> None:
    """A parser's time grows with the square of their number."""
    scripts = [f"<script>{''.join(f'var {letter}{n};' for n in range(4000))}</script>" for letter in "abc"]

    assert shape(parts_of("".join(scripts), "js")) == [2, 1]


def test_a_script_beyond_its_budget_may_declare_what_it_says() -> None:
    costly = f"<script>let f = 1; /*{'x' * MAX_SCRIPT_BYTES}*/</script>"
    parts = parts_of(JS_A + costly + "<script src='/static/f1.js'></script>" + JS_B, "js")

    assert shape(parts) == [1, "script", 1, 1]


def test_a_script_may_write_whatever_else_keeps_it_in_place() -> None:
    looks = "<script>document.currentScript;document.write('<!--')</script>"

    assert shape(parts_of(looks + JS_A + "<!-- a -->" + JS_B, "js")) == ["script", 1, 1]


def test_code_that_is_in_the_page_already_needs_no_file() -> None:
    parts = parts_of("<style>p{}</style>\n<style>q{}</style>", options=PlanOptions("css"))

    assert shape(parts) == ["style", "style"]
    assert bytes_of(parts) == b"<style>p{}</style>\n<style>q{}</style>"


def test_in_the_body_each_element_keeps_its_place_among_its_siblings() -> None:
    options = PlanOptions("css", counts_siblings=True)
    (group,) = parts_of(f"<style>p{{}}</style> {A}\n{B}", options=options)

    assert isinstance(group, Group)
    assert (group.before, group.after) == (b"<style></style> ", b"\n<link>")


def test_in_the_body_no_link_becomes_a_style() -> None:
    options = PlanOptions("css", counts_siblings=True, tag="style", needs_file=False)

    assert shape(parts_of(A + B, options=options)) == ["link", "link"]


def test_every_rule_of_the_catalogue_is_given_as_a_reason() -> None:
    core = Path(pressmark.__path__[0])
    text = "".join(path.read_text(encoding="utf-8") for path in core.rglob("*.py") if path.stem != "catalogue")

    assert [rule.name for rule in Rule if f"Rule.{rule.name}" not in text] == []


def test_inline_code_that_stays_holds_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    held = "<script>let a</script>"

    assert shape(parts_of(held + JS_A + JS_B, "js", policies=("script-src 'self'",))) == ["script", 1, 1]


def test_what_comes_after_markup_counts_its_siblings() -> None:
    group = parts_of(f"{A}</head><body>{A}{B}", options=PlanOptions("css"))[-1]

    assert isinstance(group, Group)
    assert group.after == b"<link>"
