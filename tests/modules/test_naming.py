"""A module under another address is the same, and its imports are the addresses that they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.modules.graph import Key
from pressmark.modules.naming import UnnamableError, named
from pressmark.syntax.js_module import read_module
from tests.modules.graphs import graph_of

END = "\n///static/m.js\n"
MAP = '{"imports": {"lib": "/lib.js", "far": "https://cdn.example/far.js"}}'


def name(text: str, address: str = "/static/m.js", *, is_live: bool = False) -> str:
    graph = graph_of({address: text}, import_map=MAP)
    return named(graph.modules[Key(address)], is_live=is_live)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import './a.js'", 'import "/static/a.js"'),
        ("import{a}from'../a.js'", 'import{a}from"/a.js"'),
        ("export * from 'lib'", 'export * from "/lib.js"'),
        ("import 'far'", 'import "https://cdn.example/far.js"'),
        ("import 'nowhere'", 'import "nowhere"'),
        ("import d from './é.json' with {type: 'json'}", "import d from \"/static/%C3%A9.json\" with {type: 'json'}"),
        ("import './a.js?b#c'", 'import "/static/a.js?b#c"'),
        ("import('./a.js')", 'import("/static/a.js")'),
        ("/* ä😀 */ import './a.js'; 'ö'", "/* ä😀 */ import \"/static/a.js\"; 'ö'"),
        ("'./a.js' // import './a.js'", "'./a.js' // import './a.js'"),
        ("#!/bin/node\nf()", "///bin/node\nf()"),
        ("f() //# sourceMappingURL=a.map", "f() //# sourceMappingURL:a.map"),
        ("let a; export {a}; export default a", "let a; export {a}; export default a"),
    ],
)
def test_only_specifiers_change(text: str, expected: str) -> None:
    assert name(text) == expected + END


def test_two_addresses_of_one_content_have_two_texts() -> None:
    assert name("f()", "/a.js") != name("f()", "/a.js?2")


def test_a_module_that_asks_for_its_address_has_its_own() -> None:
    assert "import.meta.url" in name("f(import.meta.url)").partition("f(")[0]
    assert "import.meta" not in name("f('import.meta')").partition("f(")[0]


def test_a_module_of_a_cycle_that_asks_for_its_address_stays() -> None:
    with pytest.raises(UnnamableError):
        name("import.meta.url", is_live=True)


@pytest.mark.parametrize("declared", ["const location = 1", "import {location} from './a.js'", "class URL {}"])
@pytest.mark.parametrize("use", ["import.meta.url", "import(f)"])
def test_what_is_written_before_a_module_asks_for_no_variable_of_it(declared: str, use: str) -> None:
    """``location`` would be in its dead zone, or another one."""
    try:
        head = name(f"{declared}; {use}").partition(declared.partition("'")[0])[0]
    except UnnamableError:
        return

    assert declared.split()[1].strip("{}") not in head.replace("globalThis.location", "").replace("globalThis.URL", "")


def test_a_computed_import_is_resolved_against_the_module() -> None:
    found = name("import(a); import(b, {c}); import('./d.js', {c})")

    assert found.count('R("/static/m.js",') == 3
    assert read_module(found).refusal == ""


@pytest.mark.parametrize("taken", ["$p", "$p$q", "$pm$p$q"])
def test_no_name_of_ours_is_in_the_module(taken: str) -> None:
    found = name(f"let {taken}; import(a)")
    ours = found.partition("(")[0].removeprefix("function ")

    assert ours not in f"let {taken}"
    assert read_module(found).refusal == ""


LINES = st.sampled_from(
    ["import './a.js'", "import {x,\n y} from 'lib'", "import(a)", "import.meta.url", "// x", "/*\n*/", "'é'", "`\n`"]
)


@given(st.lists(LINES, max_size=6, unique=True).map("\n".join))
def test_each_line_stays_a_line(text: str) -> None:
    found = name(text)

    assert found.count("\n") == text.count("\n") + 2
    assert read_module(found).refusal == read_module(text).refusal
    assert name(text) == found
