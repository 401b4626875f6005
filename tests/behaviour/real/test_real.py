"""Pages of real packages behave the same, bundled or not, in Chromium."""

import pytest

from tests.behaviour.look import Look, Target, Window, look_at_all
from tests.behaviour.real.frameworks.pages import PAGES
from tests.behaviour.real.site import CHOSEN, NAMES, act, applications
from tests.behaviour.sites import FORMS, served

# Packages name their elements at random; here chance is the same for each form.
CHANCE = "{ let seed = 1; Math.random = () => (seed = seed * 16807 % 2147483647) / 2147483647; }"
# Nor does a page remember what was done in another: its theme, its consent.
OBLIVION = """
if (window === top && location.origin !== 'null') {
  localStorage.clear();
  sessionStorage.clear();
  for (const cookie of document.cookie.split('; ')) {
    for (const path of ['', '; path=/']) document.cookie = `${cookie.split('=')[0]}=; max-age=0${path}`;
  }
}
"""
WINDOW = Window(1100, 900, CHANCE + OBLIVION, "networkidle")

LEAST_PAGES = 100
LEAST_OF_FRAMEWORKS = 25


@pytest.fixture(scope="module")
def looks() -> dict[tuple[str, str], Look]:
    """Look at every chosen page in each form."""
    with served(applications()) as bases:
        targets = {
            (name, form): Target(f"{base}/s/{name}/page", act=act(name))
            for name in CHOSEN
            for form, base in bases.items()
        }
        return dict(zip(targets, look_at_all(list(targets.values()), WINDOW), strict=True))


def test_there_are_pages_enough() -> None:
    assert len(NAMES) >= LEAST_PAGES
    assert len(PAGES) >= LEAST_OF_FRAMEWORKS


@pytest.mark.parametrize("name", CHOSEN)
def test_the_page_works_as_it_is(name: str, looks: dict[tuple[str, str], Look]) -> None:
    """A page whose scripts fail would prove little."""
    look = looks[name, "plain"]

    assert [line for line in look.console if line.startswith("uncaught")] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CHOSEN)
def test_the_page_behaves_the_same(name: str, form: str, looks: dict[tuple[str, str], Look]) -> None:
    plain, bundled = looks[name, "plain"], looks[name, form]
    differing = plain.differences(bundled)

    assert {name: (getattr(plain, name), getattr(bundled, name)) for name in differing} == {}


@pytest.mark.parametrize("name", CHOSEN)
def test_the_page_is_bundled(name: str, looks: dict[tuple[str, str], Look]) -> None:
    assert any(url.startswith("/pressmark/") for url in looks[name, "minified"].assets)
