"""It still bundles: most files of the real pages that stand beside others share a bundle with them."""

from dataclasses import dataclass
from statistics import median

import pytest

from tests.behaviour.real.shares import Explained, explain_all, requests_of_pages, share_joined, summary, table
from tests.behaviour.real.site import CHOSEN, NAMES


@dataclass(frozen=True)
class Bounds:
    """How much of the pages must share a bundle, and how many files a page may ask for in the median."""

    sheets: float
    scripts: float
    median: float


# All that is promised of the numbers: of all pages, and of the part that ``make test`` looks at.
BOUNDS = Bounds(0.95, 0.90, 2) if CHOSEN == NAMES else Bounds(0.84, 0.62, 3)
MOST = {
    "django-changelist": 9,
    "django-inlines": 11,
    "django-maps": 11,
    "wagtail-login": 5,
    "wagtail-home": 5,
    "wagtail-explorer": 7,
    "wagtail-editor": 8,
    "oscar-shop": 2,
    "oscar-product": 2,
    "oscar-dashboard": 4,
    "oscar-dashboard-form": 4,
}
"""How many stylesheets and scripts the regions of some pages may ask for."""


@pytest.fixture(scope="module")
def explained() -> list[Explained]:
    """Plan every region of the chosen pages with default settings."""
    return explain_all(CHOSEN)


def test_nearly_all_stylesheets_share_a_bundle(explained: list[Explained]) -> None:
    assert share_joined(explained, "css") >= BOUNDS.sheets, table(explained)


def test_most_scripts_share_a_bundle(explained: list[Explained]) -> None:
    assert share_joined(explained, "js") >= BOUNDS.scripts, table(explained)


def test_the_median_page_asks_for_few_files(explained: list[Explained]) -> None:
    assert median(requests_of_pages(explained).values()) <= BOUNDS.median, summary(explained)


def test_the_pages_of_frameworks_ask_for_few_files(explained: list[Explained]) -> None:
    counts = requests_of_pages(explained)

    assert {name: counts[name] for name in counts.keys() & MOST.keys() if counts[name] > MOST[name]} == {}
