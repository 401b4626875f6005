"""Every hazard page behaves the same, bundled or not, in Chromium."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.behaviour.hazard import Hazard
from tests.behaviour.hazards import HAZARDS
from tests.behaviour.look import Look, look_at_all
from tests.behaviour.sites import FORMS, applications, served

LEAST_CAUGHT = 0.8
"""The part of the hazards that a careless bundler must be seen to fail."""


@dataclass(frozen=True)
class Looks:
    """What Chromium saw: (the hazard's id, the form) -> its look."""

    of: dict[tuple[str, str], Look]

    def differences(self, hazard: Hazard, form: str) -> list[str]:
        """Return what *form* changed on the page of *hazard*."""
        return self.of[hazard.id, "plain"].differences(self.of[hazard.id, form])


@pytest.fixture(scope="module")
def looks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looks]:
    """Look at every page that the chosen tests need, in each form."""
    chosen = {item.callspec.params["hazard"].id for item in request.session.items if _is_about_one(item)}
    if any(not _is_about_one(item) and item.module is request.module for item in request.session.items):
        chosen = {hazard.id for hazard in HAZARDS}
    with served(applications(HAZARDS, tmp_path_factory.mktemp("hazards"))) as bases:
        keys = [(hazard, form) for hazard in HAZARDS if hazard.id in chosen for form in ("plain", *FORMS, "careless")]
        urls = [(f"{bases[form]}/s/{HAZARDS.index(hazard)}/page", hazard) for hazard, form in keys]
        yield Looks({(hazard.id, form): look for (hazard, form), look in zip(keys, look_at_all(urls), strict=True)})


def _is_about_one(item: pytest.Item) -> bool:
    return "hazard" in getattr(getattr(item, "callspec", None), "params", {})


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
def test_the_page_behaves_the_same(hazard: Hazard, form: str, looks: Looks) -> None:
    plain, bundled = looks.of[hazard.id, "plain"], looks.of[hazard.id, form]
    differing = plain.differences(bundled)

    assert {name: (getattr(plain, name), getattr(bundled, name)) for name in differing} == {}


@pytest.mark.parametrize("hazard", [h for h in HAZARDS if h.bundles is not None], ids=lambda hazard: hazard.id)
def test_the_page_is_bundled_as_far_as_it_can_be(hazard: Hazard, looks: Looks) -> None:
    bundles = [url for url in looks.of[hazard.id, "file"].assets if re.match("/(?:safe|exact)/", url)]

    assert len(bundles) == hazard.bundles


def test_a_careless_bundler_is_caught(looks: Looks, tmp_path: Path) -> None:
    """The proof can fail: most hazards are visible as soon as files are joined with a line end between them."""
    unseen = [hazard.claim for hazard in HAZARDS if not looks.differences(hazard, "careless")]

    assert len(unseen) <= (1 - LEAST_CAUGHT) * len(HAZARDS), "\n".join(unseen)


def test_no_two_hazards_are_the_same() -> None:
    assert len({hazard.id for hazard in HAZARDS}) == len(HAZARDS)
    assert len({(hazard.page, *hazard.files.items()) for hazard in HAZARDS}) == len(HAZARDS)
