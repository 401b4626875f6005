"""Pressmark and acorn agree about the scripts of well-known packages, and about what Pressmark makes of them."""

import pytest

from tests.corpus.files import scripts
from tests.corpus.judged import Judged, Texts, judge

LEAST = 80
MOST_REFUSED = 0.01
"""The part of the scripts that may be refused though they are scripts: they stay in the page, which is safe."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Judged], Texts]:
    """Judge every script once."""
    return judge(scripts(), tmp_path_factory.mktemp("scripts"))


@pytest.fixture
def judged(corpus: tuple[dict[str, Judged], Texts]) -> dict[str, Judged]:
    """Return the judgements by the scripts' names."""
    return corpus[0]


@pytest.fixture
def texts(corpus: tuple[dict[str, Judged], Texts]) -> Texts:
    """Return what Pressmark made of the scripts."""
    return corpus[1]


def test_there_are_many_scripts_of_both_sorts(judged: dict[str, Judged]) -> None:
    assert sum(each.plain.parses for each in judged.values()) >= LEAST
    assert not all(each.plain.parses for each in judged.values())


def test_nothing_is_taken_for_a_script_that_is_none(judged: dict[str, Judged]) -> None:
    assert [name for name, each in judged.items() if each.ours.parses and not each.plain.parses] == []


def test_hardly_a_script_is_refused(judged: dict[str, Judged]) -> None:
    refused = {name: each.ours.error for name, each in judged.items() if each.plain.parses and not each.ours.parses}

    assert len(refused) <= MOST_REFUSED * len(judged), refused


def test_strictness_and_declared_names_are_agreed_on(judged: dict[str, Judged]) -> None:
    differing = [
        name
        for name, each in judged.items()
        if each.ours.parses and _verdict(each.ours) != _verdict(each.plain)
    ]  # fmt: skip

    assert differing == []


def _verdict(judgement: object) -> tuple[object, ...]:
    return tuple(getattr(judgement, name) for name in ("is_strict", "functions", "variables", "lexical"))


def test_reading_and_minifying_raise_nothing(texts: Texts) -> None:
    assert texts.raised == {}


def test_minified_scripts_have_the_syntax_tree_that_they_had(judged: dict[str, Judged]) -> None:
    changed = [name for name, each in judged.items() if each.minified and each.minified != each.plain]

    assert changed == []


def test_every_script_can_be_minified(texts: Texts) -> None:
    assert texts.unminified == []


def test_isolated_scripts_declare_what_they_declared(judged: dict[str, Judged]) -> None:
    isolated = {name: (each.plain, each.isolated) for name, each in judged.items() if each.isolated}
    changed = [
        name
        for name, (before, after) in isolated.items()
        if not after.parses or (after.is_strict, after.declares) != (before.is_strict, before.declares)
    ]

    assert changed == []
    assert len(isolated) >= LEAST / 2


def test_an_isolated_script_holds_the_lexical_names_that_it_held(judged: dict[str, Judged]) -> None:
    """In the block that isolates it they would be the block's own."""
    assert [
        name for name, each in judged.items() if each.isolated and each.isolated.lexical != each.plain.lexical
    ] == []
