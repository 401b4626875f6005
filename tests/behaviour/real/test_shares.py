"""It still bundles: most files of the real pages share one with others."""

import pytest

from tests.behaviour.real.shares import Explained, explain_all, median_left, share_joined, table

LEAST_SHEETS = 0.9
LEAST_SCRIPTS = 0.75


@pytest.fixture(scope="module")
def explained() -> list[Explained]:
    """Plan every region with default settings."""
    return explain_all()


def test_nearly_all_stylesheets_share_a_bundle(explained: list[Explained]) -> None:
    assert share_joined(explained, "css") >= LEAST_SHEETS, table(explained)


def test_most_scripts_share_a_bundle(explained: list[Explained]) -> None:
    assert share_joined(explained, "js") >= LEAST_SCRIPTS, table(explained)


def test_the_median_region_becomes_one_element(explained: list[Explained]) -> None:
    assert median_left(explained) == 1, table(explained)
