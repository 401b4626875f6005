"""Pages with modules behave the same at each level in Firefox and WebKitGTK, too, and so do real applications."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pressmark import WSGIMiddleware
from tests.behaviour.engines.look import ENGINES, Look, Visit, look_at_all
from tests.behaviour.module_apps.apps import APPS
from tests.behaviour.module_apps.test_apps import FORMS as SETTINGS
from tests.behaviour.module_apps.test_apps import Apps
from tests.behaviour.modules.corpus import PAGES
from tests.behaviour.modules.hazard import ModuleHazard
from tests.behaviour.modules.sites import FORMS, Form, applications
from tests.behaviour.sites import App, served
from tests.packages.installed import packages
from tests.profiles import part

CHOSEN = part(PAGES, 12)
CHOSEN_NAMES = {hazard.id for hazard in CHOSEN}
NATIVE_LOOKS = 2
DEFECTS = {
    # Which scope comes first depends on the server's port; the standard, and so a level that names, takes the longest.
    ("webkit", "a-scope-gives-a-name-another-address"),
    # Modules do not wait for stylesheets that stand before them: what they read of these is a race.
    ("webkit", "a-region-of-stylesheets-beside-modules-is-their-own-matter"),
}
"""Pages that an engine, natively, does not show as the standard says, or not always."""

# Imports that no load event waits for.
_IS_RESTLESS = re.compile(rb"\bimport\s*(?:/\*.*?\*/\s*)?\(|\bawait\b|new Worker|fetch\(|setTimeout\(")


def is_done_right(hazard: ModuleHazard, engine: str) -> bool:
    """Tell whether *engine*, natively, does with a page what the standard says."""
    return engine in hazard.engines and (engine, hazard.id) not in DEFECTS


@dataclass(frozen=True)
class Looks:
    """What an engine saw: (the page's name, the form) -> its looks, of which there are two natively."""

    of: dict[tuple[str, Form], list[Look]]

    @property
    def races(self) -> set[str]:
        """The names of the pages that natively are not the same in all looks."""
        return {name for (name, form), looks in self.of.items() if form == "native" and len(set(looks)) > 1}

    @property
    def names(self) -> list[str]:
        """The names of the pages."""
        return [name for name, form in self.of if form == "native"]

    def differences(self, name: str) -> dict[str, tuple[Look, Look]]:
        """Return the forms in which a page is not as it is natively, each with both looks."""
        native = self.of[name, "native"][0]
        assert native.dom, native.failure
        return {form: (native, look) for form in FORMS for look in self.of[name, form] if look != native}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Return the name of an engine; one after the other, as each is a browser that runs."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def looks(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looks]:
    """Look at every page that is chosen, in each form."""
    with served(applications(PAGES, tmp_path_factory.mktemp("modules"), ["native", *FORMS])) as bases:
        visits: dict[tuple[str, Form], Visit] = {}
        for number, hazard in enumerate(PAGES):
            is_restless = bool(_IS_RESTLESS.search(hazard.page + b"".join(hazard.files.values())))
            for form in ("native", *FORMS) if hazard.id in CHOSEN_NAMES and is_done_right(hazard, engine) else ():
                visits[hazard.id, form] = Visit(f"{bases[form]}/s/{number}/page", hazard.seen, is_restless)
        yield _looked(engine, visits)


@pytest.fixture(scope="module")
def app_looks(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looks]:
    """Look at every application in each form."""
    with served(_applications(tmp_path_factory.mktemp("apps"))) as bases:
        visits: dict[tuple[str, Form], Visit] = {}
        for name in APPS:
            for form in ("native", *FORMS):
                visits[name, form] = Visit(f"{bases[form]}/s/{name.replace(' ', '%20')}/page")
        yield _looked(engine, visits)


def _applications(directory: Path) -> dict[str, App]:
    root = directory / "static"
    inner = Apps(root)
    found: dict[str, App] = {"native": inner}
    for form in FORMS:
        setting: Any = SETTINGS[form]
        folders = {"/s/": str(root), "/npm/": str(packages())}
        found[form] = WSGIMiddleware(
            inner, static=folders, cache_dir=str(directory / form), build_wait=None, modules=setting
        )
    return found


def _looked(engine: str, visits: Mapping[tuple[str, Form], Visit]) -> Looks:
    keys = [key for key in visits for _ in range(NATIVE_LOOKS if key[1] == "native" else 1)]
    found: dict[tuple[str, Form], list[Look]] = {}
    for key, look in zip(keys, look_at_all(engine, [visits[key] for key in keys]), strict=True):
        found.setdefault(key, []).append(look)
    return Looks(found)


def test_pages_behave_the_same(looks: Looks) -> None:
    assert looks.races == set()
    assert {name: found for name in looks.names if (found := looks.differences(name))} == {}


@pytest.mark.parametrize("name", APPS)
def test_an_application_behaves_the_same(name: str, app_looks: Looks) -> None:
    assert app_looks.differences(name) == {}
