"""Cycles among modules are found, however deep a graph is."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.modules.components import components
from pressmark.modules.graph import Graph, Key, Module
from tests.profiles import marathon


def graph_of_edges(edges: Mapping[int, list[int]]) -> Graph:
    modules = {
        Key(str(one)): Module(Key(str(one)), "module", requests=tuple(Key(str(each)) for each in others))
        for one, others in edges.items()
    }
    return Graph(modules, ())


def cycles(edges: Mapping[int, list[int]]) -> set[frozenset[int]]:
    """Return the modules of each cycle."""
    graph = graph_of_edges(edges)
    found = components(graph, graph.modules)
    return {frozenset(int(key.address) for key in found if found[key] == number) for number in found.values()}


def test_a_module_that_imports_itself_is_a_cycle() -> None:
    assert cycles({0: [0, 1], 1: []}) == {frozenset((0,))}


def test_two_cycles_are_two() -> None:
    assert cycles({0: [1, 2], 1: [0], 2: [3], 3: [2]}) == {frozenset((0, 1)), frozenset((2, 3))}


def test_modules_that_are_not_asked_about_make_no_cycle() -> None:
    graph = graph_of_edges({0: [1], 1: [0]})

    assert components(graph, [Key("0")]) == {}


def test_a_long_cycle_is_found() -> None:
    assert cycles({number: [(number + 1) % 2000] for number in range(2000)}) == {frozenset(range(2000))}


@given(st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=8, max_size=8))
@settings(max_examples=marathon(300))
def test_modules_share_a_cycle_if_each_reaches_the_other(lists: list[list[int]]) -> None:
    edges = dict(enumerate(lists))
    reached = {one: set(others) for one, others in edges.items()}
    for _ in edges:
        reached = {one: others.union(*(reached[each] for each in others)) for one, others in reached.items()}
    expected = {
        frozenset(each for each in edges if each in reached[one] and one in reached[each])
        for one in edges
        if one in reached[one]
    }

    assert cycles(edges) == expected
