"""The attributes by which a page tells a script what to do are known by what the script reads of its own element."""

import pytest

from pressmark.scripts.own_attributes import may_read, named_by, own_attributes
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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Object.assign({}, document.currentScript.dataset)", {"data-max-rows", "data-n"}),
        ("for (const key in document.currentScript.dataset) f(key)", {"data-max-rows", "data-n"}),
        ("document.currentScript.dataset[key]", {"data-max-rows", "data-n"}),
        ("const {rows} = document.currentScript.dataset", {"data-max-rows", "data-n"}),
        ("document.currentScript.getAttribute('data-' + key)", {"data-max-rows", "data-n"}),
        ("document.getElementById('own').getAttribute(`data-${key}`)", {"id", "data-max-rows", "data-n"}),
        ("$('#own').data()", {"id", "data-max-rows", "data-n"}),
        ("Array.from(document.currentScript.attributes)", {"data-max-rows", "data-n"}),
        ("document.currentScript.dataset.maxRows", {"data-max-rows"}),
        ("document.currentScript.getAttribute('data-max-rows')", {"data-max-rows"}),
        ("$(all).data('maxRows')", {"data-max-rows"}),
        ("$(all).data()", set()),
        ("f()", set()),
        ("Array.from(element.attributes)", {"data-n"}),  # its one letter stands in every text
        ("f('own')", {"id"}),
    ],
)
def test_a_trusted_script_keeps_what_its_text_names(text: str, names: set[str]) -> None:
    assert named_by(text, ATTRS) >= names
    assert (named_by(text, ATTRS) == frozenset()) == (names == set())
