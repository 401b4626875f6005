"""Each exported name has the variable that ResolveExport finds, and a module that does not link is known."""

import pytest

from pressmark.modules.exports import Binding, Exports, link_error
from pressmark.modules.graph import Key
from tests.modules.graphs import Files, graph_of


def found(files: Files, name: str, address: str = "/m.js") -> tuple[str, str] | None:
    """Return the address and name of the variable behind the export *name*."""
    binding = Exports(graph_of(files)).find(Key(address), name)
    return None if binding is None else (binding.key.address, binding.local)


def error_of(files: Files) -> str:
    graph = graph_of(files)
    return link_error(graph, Exports(graph), graph.modules[graph.roots[0]])


A = "export let a, b; export default 1; export {a as c}"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("export let a", "a", ("/m.js", "a")),
        ("export let a", "b", None),
        ("export default 1", "default", ("/m.js", "")),
        ("export default function f() {}", "default", ("/m.js", "f")),
        ("export {c as 'x y'} from './a.js'", "x y", ("/a.js", "a")),
        ("export {default} from './a.js'", "default", ("/a.js", "")),
        ("import {c} from './a.js'; export {c as d}", "d", ("/a.js", "a")),
        ("import d from './a.js'; export {d}", "d", ("/a.js", "")),
        ("export * from './a.js'", "a", ("/a.js", "a")),
        ("export * from './a.js'", "default", None),
        ("export * as x from './a.js'", "x", ("/a.js", "*")),
        ("import * as x from './a.js'; export {x}", "x", ("/a.js", "*")),
        ("export * from './a.js'; export let a", "a", ("/m.js", "a")),
        ("export * from './a.js'; export * from './b.js'", "a", None),
        ("export * from './a.js'; export * from './b.js'", "c", ("/a.js", "a")),
        ("export * from './a.js'; export * from './same.js'", "a", ("/a.js", "a")),
        ("export * from './same.js'; export * from './m.js'", "a", ("/a.js", "a")),
        ("export * from './both.js'", "a", None),
        ("export {x} from './m.js'", "x", None),
        ("export {x} from './loop.js'", "x", None),
        ("export {d as x} from './a.js'", "x", None),
        ("export * from './d.json'", "default", None),
        ("import x from './d.json' with {type: 'json'}; export {x}", "x", ("/d.json", "default")),
        ("import {a as x} from './d.json' with {type: 'json'}; export {x}", "x", None),
        ("export {a as x} from './nowhere.js'", "x", None),
        ("export {a as x} from 'nowhere'", "x", None),
        ("export {a as x} from './raw.js'", "x", ("/raw.js", "a")),
    ],
)
def test_an_export_leads_to_its_variable(text: str, name: str, expected: tuple[str, str] | None) -> None:
    files = {
        "/m.js": text, "/a.js": A, "/b.js": "export let a", "/same.js": "export {a} from './a.js'",
        "/both.js": "export * from './a.js'; export * from './b.js'", "/loop.js": "export {x} from './m.js'",
        "/d.json": "1", "/raw.js": "using a = b",
    }  # fmt: skip

    assert found(files, name) == expected


def test_stars_in_a_circle_end() -> None:
    files = {
        "/m.js": "export * from './a.js'; export let m",
        "/a.js": "export * from './b.js'; export let a",
        "/b.js": "export * from './m.js'; export let b",
    }

    assert [Exports(graph_of(files)).names(Key(address)) for address in files] == [["a", "b", "m"]] * 3


def test_names_are_sorted_and_those_of_two_variables_are_none() -> None:
    files = {"/m.js": "export * from './a.js'; export * from './b.js'; export {z, z as 'a a'}; let z", "/a.js": A,
             "/b.js": "export let a, y; export default 2"}  # fmt: skip

    assert Exports(graph_of(files)).names(Key("/m.js")) == ["a a", "b", "c", "y", "z"]


def test_an_unknown_module_may_export_anything() -> None:
    files = {"/m.js": "export {x} from './raw.js'", "/raw.js": "using a = b"}

    assert Exports(graph_of(files)).find(Key("/m.js"), "x") == Binding(Key("/raw.js"), "x", is_unknown=True)


@pytest.mark.parametrize(
    "text",
    [
        "import {x} from './a.js'",
        "import a from './b.js'",
        "export {x} from './a.js'",
        "import {a} from './both.js'",
        "import {x} from './m.js'",
        "import './nowhere.js'",
        "import './broken.js'",
        "import 'bare'",
        "import './b.json' with {type: 'json'}",
        "import {a} from './a.json' with {type: 'json'}",
    ],
)
def test_a_module_that_does_not_link_is_known(text: str) -> None:
    files = {
        "/m.js": text, "/a.js": A, "/b.js": "export let a", "/broken.js": "return", "/a.json": "1", "/b.json": "[",
        "/both.js": "export * from './a.js'; export * from './b.js'",
    }  # fmt: skip

    assert error_of(files) != ""


@pytest.mark.parametrize(
    "text",
    [
        "import d, {a, c as e} from './a.js'; import * as x from './a.js'",
        "import {x} from './m.js'; export let x",
        "export * from './a.js'; export * from './b.js'",
        "import {anything} from './raw.js'",
        "import a from 'https://cdn.example/a.js'",
        "import('./nowhere.js'); import('bare')",
        "import {} from './a.js'",
    ],
)
def test_a_module_that_links_has_no_error(text: str) -> None:
    assert error_of({"/m.js": text, "/a.js": A, "/b.js": "export let a", "/raw.js": "using a = b"}) == ""


@pytest.mark.parametrize("link", ["export * from './{}.js'", "export {{x}} from './{}.js'"], ids=["stars", "names"])
def test_a_name_may_come_a_long_way(link: str) -> None:
    """As long as a graph may be."""
    files = {f"/{number}.js": link.format(number + 1) for number in range(1500)} | {"/1500.js": "export let x"}
    exports = Exports(graph_of(files))

    assert exports.find(Key("/0.js"), "x") == Binding(Key("/1500.js"), "x")
    assert exports.names(Key("/0.js")) == ["x"]
