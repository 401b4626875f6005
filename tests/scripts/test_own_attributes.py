"""The attributes by which a page tells a script what to do are known by what the script reads of its own element."""

import pytest

from pressmark.scripts.own_attributes import may_read, own_attributes
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses

ATTRS = {"src": "a.js", "id": "own", "data-max-rows": "7", "data-n": "1"}


def own(text: str) -> set[str]:
    return set(own_attributes(text, ATTRS, Analyses(MemoryStore())))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("document.currentScript.dataset.maxRows", {"data-max-rows"}),
        ("var s; (function () { var s = document.currentScript; f(s.dataset.n) })()", {"data-n"}),
        ("document.currentScript.getAttribute('data-n')", {"data-n"}),
        ("document.getElementById('own').dataset.n", {"id", "data-n"}),
        ("document.querySelector('#own').getAttribute('data-n')", {"id", "data-n"}),
        ("$('#own').data('maxRows')", {"id", "data-max-rows"}),
        ("jQuery('#own').attr('data-n')", {"id", "data-n"}),
        ("if (document.getElementById('own')) f()", {"id"}),
        ("window.n = document.currentScript.dataset.n", {"data-n"}),
        ("f(!document.currentScript.dataset.n, typeof document.currentScript.dataset.n)", {"data-n"}),
        ("document.currentScript.dataset.n += 2", set()),
        ("document.currentScript.dataset.n++", set()),
        ("delete document.currentScript.dataset.n", set()),
        ("[document.currentScript.dataset.n] = [2]", set()),
        ("for (document.currentScript.dataset.n of [2]) f()", set()),
        ("document.getElementById('other').dataset.n", set()),
        ("document.getElementById('own').src", set()),
        ("document.getElementById('own').dataset.n = 2", set()),
        ("f(document.getElementById('own'))", set()),
        ("f(document.currentScript.dataset.n); document.getElementById('own').remove()", set()),
        ("document.currentScript.dataset.other", set()),
        ("'own data-n'", set()),
        ("f(", set()),
    ],
)
def test_what_a_script_reads_of_its_element_is_its_own(text: str, names: set[str]) -> None:
    assert own(text) == names


@pytest.mark.parametrize(
    ("text", "name", "is_mentioned"),
    [
        ("f('data-max-rows')", "data-max-rows", True),
        ("s.dataset.maxRows", "data-max-rows", True),
        ("s.dataset.rows", "data-max-rows", False),
        ("f('#own')", "id", True),
        ("f('id')", "id", False),
    ],
)
def test_another_script_may_read_what_it_mentions(text: str, name: str, is_mentioned: bool) -> None:
    assert may_read(text, name, "own") == is_mentioned
