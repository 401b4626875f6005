"""Every hazard page behaves the same, bundled or not, in Chromium."""

import re
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.behaviour.hazard import Hazard
from tests.behaviour.hazards import HAZARDS
from tests.behaviour.look import Look, Target, look_at_all
from tests.behaviour.sites import FORMS, applications, served
from tests.profiles import part

# A twelfth of the pages each time keeps a run short; ``make behaviour`` looks at every one.
CHOSEN = part(HAZARDS, 12)
LEAST_PAGES = 100
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
    chosen = {hazard.id for item in request.session.items for hazard in _hazards_of(item)}
    with served(applications(HAZARDS, tmp_path_factory.mktemp("hazards"))) as bases:
        urls: dict[tuple[str, str], Target] = {}
        same: dict[tuple[str, str], tuple[str, str]] = {}
        for number, hazard in enumerate(HAZARDS):
            if hazard.id not in chosen:
                continue
            seen: dict[bytes, str] = {}
            for form in ("plain", *FORMS, "careless"):
                url = f"{bases[form]}/s/{number}/page"
                # Pages that are the same to the byte need not be looked at twice.
                like = seen.setdefault(_page(url), form)
                same[hazard.id, form] = hazard.id, like
                if like == form:
                    urls[hazard.id, form] = Target(url, hazard.seen)
        found = dict(zip(urls, look_at_all(list(urls.values())), strict=True))
        yield Looks({key: found[like] for key, like in same.items()})


def _page(url: str) -> bytes:
    """Return a page as it is sent, but for the mode of regions that leave as they were written."""
    with urllib.request.urlopen(url) as answer:
        headers = sorted((k, v) for k, v in answer.getheaders() if k not in ("Date", "Content-Length"))
        body: bytes = answer.read()
    return repr(headers).encode() + body.replace(b" inline ", b" ")


def _hazards_of(item: pytest.Item) -> Sequence[Hazard]:
    """Return the hazards that a chosen test looks at."""
    if item.path != Path(__file__) or not isinstance(item, pytest.Function) or "looks" not in item.fixturenames:
        return ()
    callspec = getattr(item, "callspec", None)
    return [callspec.params["hazard"]] if callspec else CHOSEN


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hazard", CHOSEN, ids=lambda hazard: hazard.id)
def test_the_page_behaves_the_same(hazard: Hazard, form: str, looks: Looks) -> None:
    plain, bundled = looks.of[hazard.id, "plain"], looks.of[hazard.id, form]
    differing = plain.differences(bundled)

    assert {name: (getattr(plain, name), getattr(bundled, name)) for name in differing} == {}


@pytest.mark.parametrize("hazard", [h for h in CHOSEN if h.bundles is not None], ids=lambda hazard: hazard.id)
def test_the_page_is_bundled_as_far_as_it_can_be(hazard: Hazard, looks: Looks) -> None:
    bundles = [url for url in looks.of[hazard.id, "file"].assets if re.match("/(?:safe|exact)/", url)]

    assert len(bundles) == hazard.bundles


def test_a_careless_bundler_is_caught(looks: Looks) -> None:
    """The proof can fail: most hazards are visible as soon as files are joined with a line end between them."""
    unseen = [hazard.claim for hazard in CHOSEN if not looks.differences(hazard, "careless")]

    assert len(CHOSEN) >= LEAST_PAGES
    assert len(unseen) <= (1 - LEAST_CAUGHT) * len(CHOSEN), "\n".join(unseen)


def test_no_two_hazards_are_the_same() -> None:
    assert len({hazard.id for hazard in HAZARDS}) == len(HAZARDS)
    contents = {(h.page, h.exact, h.content_type, h.headers, *h.files.items()) for h in HAZARDS}
    assert len(contents) == len(HAZARDS)
