"""An attribute is carried, forbids that an element joins, or does not matter to its author."""

import pytest

from pressmark.bundling.attributes import carried, looked_for, read_trust, refuse_attributes, unshared
from pressmark.page.nonces import STAND_IN
from pressmark.verdicts.catalogue import Rule

FILE = {"rel": "stylesheet", "href": "/a.css"}


@pytest.mark.parametrize(
    ("attrs", "expected"),
    [
        ({"data-turbo-track": "reload"}, {"data-turbo-track"}),
        ({"data-part": "a", "crossorigin": "", "fetchpriority": "low"}, {"data-part", "crossorigin", "fetchpriority"}),
        ({"referrerpolicy": "origin", "blocking": "render"}, {"referrerpolicy", "blocking"}),
        ({"nonce": STAND_IN}, {"nonce"}),
        ({"nonce": ""}, {"nonce"}),
        ({"nonce": "other"}, set()),
        ({"id": "a", "class": "b", "onload": "c()", "title": "d", "data-pressmark": "join"}, set()),
    ],
)
def test_what_changes_nothing_for_a_local_file_is_carried(attrs: dict[str, str], expected: set[str]) -> None:
    assert carried(FILE | attrs) == expected


def test_a_trusted_element_carries_only_what_loaders_read() -> None:
    attrs = FILE | {"data-part": "a", "data-turbo-track": "reload", "crossorigin": ""}

    assert carried(attrs, is_trusted=True) == {"data-turbo-track", "crossorigin"}


def test_code_in_the_page_carries_what_loaders_read() -> None:
    assert carried({"data-turbo-eval": "false", "data-part": "a", "crossorigin": ""}) == {"data-turbo-eval"}


@pytest.mark.parametrize("name", ["id", "class", "style", "unheard-of"])
def test_an_author_may_say_that_an_attribute_does_not_matter(name: str) -> None:
    attrs = FILE | {name: "x"}

    assert refuse_attributes("link", attrs) is not None
    assert refuse_attributes("link", attrs, is_trusted=True) is None


@pytest.mark.parametrize("name", ["title", "disabled", "nonce", "as"])
def test_what_changes_what_is_loaded_always_matters(name: str) -> None:
    assert refuse_attributes("link", FILE | {name: "x"}, is_trusted=True) is not None


@pytest.mark.parametrize(
    ("attrs", "rule"),
    [
        ({"id": "x"}, Rule.ATTRIBUTE),
        ({"title": "x"}, Rule.LOADING),
        ({"id": "x", "title": "x"}, Rule.LOADING),
        ({"id": "x", "data-pressmark": "alone"}, Rule.AUTHOR),
    ],
)
def test_a_refusal_has_the_rule_whose_hint_helps(attrs: dict[str, str], rule: Rule) -> None:
    found = refuse_attributes("link", FILE | attrs)

    assert found is not None
    assert found.rule is rule


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("alone", 'has data-pressmark="alone", by which its author keeps it as it is'),
        ("jion", 'has data-pressmark="jion", which means nothing: it may be "join" or "alone"'),
        ("", 'has data-pressmark="", which means nothing: it may be "join" or "alone"'),
    ],
)
def test_an_element_that_is_to_be_alone_is_so_in_a_trusted_region(word: str, told: str) -> None:
    found = refuse_attributes("link", FILE | {"data-pressmark": word}, is_trusted=True)

    assert found is not None
    assert found.text == told


def test_a_handler_is_lost_only_if_its_own_element_says_so() -> None:
    attrs = FILE | {"onload": "f()"}

    assert refuse_attributes("link", attrs, is_trusted=True) is not None
    assert refuse_attributes("link", attrs | {"data-pressmark": "join"}, is_trusted=True) is None


def test_the_mark_of_trust_is_read_in_any_case() -> None:
    assert read_trust({"data-pressmark": " Join "})
    assert not read_trust({"data-pressmark": "no"})
    assert not read_trust({})


def test_a_selector_looks_for_a_sites_own_attributes_only() -> None:
    assert looked_for("data-part", "q('[data-part=a]')")
    assert not looked_for("data-part", "x.dataset.part")
    assert not looked_for("data-turbo-track", "q('[data-turbo-track]')")
    assert not looked_for("media", "q('[media]')")


def test_an_element_may_be_found_by_what_no_neighbour_has() -> None:
    assert unshared((("media", "print"), ("defer", None), ("data-turbo-track", "reload"), ("data-a", "b"))) == [
        "data-a"
    ]
