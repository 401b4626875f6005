"""The attributes by which a page tells a script what to do are known by what the script reads of its own element."""

import pytest

from pressmark.scripts.own_attributes import may_read, may_read_any, own_attributes
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
    ("text", "is_any"),
    [
        ("Object.assign({}, document.currentScript.dataset)", True),
        ("for (const key in own.dataset) f(key)", True),
        ("own.dataset[key]", True),
        ("const {rows} = own.dataset", True),
        ("own.getAttribute('data-' + key)", True),
        ("own.getAttribute(`data-${key}`)", True),
        ("$(own).data()", True),
        ("Array.from(own.attributes)", True),
        ("own.dataset.rows", False),
        ("own.getAttribute('data-rows')", False),
        ("$(own).data('rows')", False),
        ("f(attributes_of_nothing)", False),
    ],
)
def test_names_may_be_read_that_are_not_in_the_text(text: str, is_any: bool) -> None:
    assert may_read_any(text) == is_any
