"""A graph has each module once an address, with its state and what it asks for."""

import pytest

from pressmark.modules import graph as graphs
from pressmark.modules.graph import Graph, Key, Root
from tests.modules.graphs import graph_of


def order(graph: Graph) -> list[str]:
    return [module.address for module in graph.reached(graph.roots)]


def test_modules_are_reached_in_the_order_of_evaluation() -> None:
    files = {
        "/m.js": "import './b.js'; export * from './a.js'; import './b.js'",
        "/a.js": "import './c.js'",
        "/b.js": "import './c.js'",
        "/c.js": "",
    }

    assert order(graph_of(files)) == ["/c.js", "/b.js", "/a.js", "/m.js"]


def test_a_cycle_is_reached_once() -> None:
    files = {"/m.js": "import './a.js'", "/a.js": "import './b.js'; import './a.js'", "/b.js": "import './a.js'"}

    assert order(graph_of(files)) == ["/b.js", "/a.js", "/m.js"]


def test_a_dynamic_import_is_in_the_graph_and_not_reached() -> None:
    files = {"/m.js": "import('./a.js'); import(b); import('c')", "/a.js": "import './b.js'", "/b.js": ""}
    graph = graph_of(files)

    assert order(graph) == ["/m.js"]
    assert graph.modules[Key("/m.js")].dynamic == (Key("/a.js"), None, None)
    assert set(graph.modules) == {Key("/m.js"), Key("/a.js"), Key("/b.js")}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("import './a.js'", "module"),
        ("import './nowhere.js'", "missing"),
        ("import './broken.js'", "broken"),
        ("import './raw.js'", "raw"),
        ("import './latin.js'", "raw"),
        ("import './a.js#b'", "raw"),
        ("import './fixed.js'", "raw"),
        ("import './a.txt'", "foreign"),
        ("import './folder/'", "foreign"),
        ("import 'https://cdn.example/a.js'", "foreign"),
        ("import '//cdn.example/a.js'", "foreign"),
        ("import 'data:text/javascript,0'", "foreign"),
        ("import a from './a.json' with {type: 'json'}", "json"),
        ("import a from './a.js' with {type: 'json'}", "foreign"),
        ("import a from './a.json'", "foreign"),
        ("import a from './broken.json' with {type: 'json'}", "broken"),
        ("import a from './a.css' with {type: 'css'}", "css"),
    ],
)
def test_a_module_has_a_state(text: str, state: str) -> None:
    files: dict[str, str | bytes] = {
        "/m.js": text, "/a.js": "", "/a.txt": "", "/broken.js": "return", "/raw.js": "using a = b", "/fixed.js": "",
        "/latin.js": b"'\xe4'", "/a.js#b": "", "/a.json": "[1]", "/broken.json": "[1", "/a.css": "", "/folder/": "",
    }  # fmt: skip
    graph = graph_of(files, "/m.js", fixed={"/fixed.js": "has integrity"})
    (key,) = graph.modules[Key("/m.js")].requests

    assert key is not None
    assert graph.modules[key].state == state
    assert bool(graph.modules[key].reason) is (state not in ("module", "json"))


def test_two_queries_are_two_modules() -> None:
    files = {"/m.js": "import './a.js'; import './a.js?2'; import './a.js?'", "/a.js": "", "/a.js?2": "", "/a.js?": ""}

    assert order(graph_of(files)) == ["/a.js", "/a.js?2", "/a.js?", "/m.js"]


@pytest.mark.parametrize("specifier", ["./x/../a.js", "/x/../a.js", "/./a.js"])
def test_one_address_is_one_module_in_any_spelling(specifier: str) -> None:
    """Browsers run it once."""
    files = {"/m.js": f"import './a.js'; import '{specifier}'", "/a.js": "", "/x/../a.js": "", "/./a.js": ""}

    assert order(graph_of(files)) == ["/a.js", "/m.js"]


def test_a_plain_and_a_typed_import_are_two_modules() -> None:
    files = {"/m.js": "import './a.json'; import a from './a.json' with {type: 'json'}", "/a.json": "1"}

    assert graph_of(files).modules[Key("/m.js")].requests == (Key("/a.json"), Key("/a.json", "json"))


def test_a_bare_name_is_asked_of_the_map() -> None:
    files = {"/m.js": "import 'a'; import 'b'", "/x/a.js": ""}
    graph = graph_of(files, "/m.js", import_map='{"imports": {"a": "./a.js"}}', base="/x/")

    assert graph.modules[Key("/m.js")].requests == (Key("/x/a.js"), None)


def test_an_inline_module_is_relative_to_the_document() -> None:
    graph = graph_of({"/shop/a.js": "", "/b.js": ""}, Root("", "import './a.js'"), "/b.js", base="/shop/")

    assert order(graph) == ["/shop/a.js", graph.roots[0].address, "/b.js"]


def test_a_map_does_not_lead_an_element_elsewhere() -> None:
    graph = graph_of({"/a.js": "", "/b.js": ""}, "/a.js", import_map='{"imports": {"/a.js": "/b.js"}}')

    assert order(graph) == ["/a.js"]


def test_a_byte_order_mark_is_no_part_of_a_module() -> None:
    assert graph_of({"/m.js": b"\xef\xbb\xbfimport './m.js'"}).modules[Key("/m.js")].text == "import './m.js'"


def test_a_graph_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "MAX_MODULES", 3)
    files = {f"/{number}.js": f"import './{number + 1}.js'" for number in range(9)}

    assert not graph_of(files).is_whole
    assert graph_of({"/a.js": "import './b.js'", "/b.js": ""}).is_whole


def test_a_deep_graph_is_read() -> None:
    files = {f"/{number}.js": f"import './{number + 1}.js'" for number in range(1500)} | {"/1500.js": ""}

    assert order(graph_of(files)) == [f"/{number}.js" for number in range(1500, -1, -1)]
