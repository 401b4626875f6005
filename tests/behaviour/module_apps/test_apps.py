"""Applications without a build behave the same at each level, in Chromium, and nearly all of them are linked."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pressmark import WSGIMiddleware
from tests.behaviour.look import Look, Target, Window, look_at_all
from tests.behaviour.module_apps.apps import APPS
from tests.behaviour.module_apps.import_maps import import_map
from tests.behaviour.sites import App, served
from tests.packages.installed import packages
from tests.profiles import part

FORMS = {"native": None, "preload": "preload", "named": "named", "linked": True}
LEAST_LINKED = 12
_LINKED = re.compile(r"/js/[0-9a-f]{32}/[0-9]+\.js")


class Apps:
    """The pages ``/s/NAME/page``, each with its module and the packages below ``/npm/``."""

    def __init__(self, root: Path) -> None:
        self._packages = packages()
        self._pages: dict[str, bytes] = {}
        for name, text in APPS.items():
            folder = root / name
            folder.mkdir(parents=True)
            (folder / "app.js").write_text(text, encoding="utf-8")
            imports = json.dumps({"imports": import_map(text, self._packages, "/npm/")}, indent=1)
            self._pages[name] = (
                "<!DOCTYPE html><html><head><script>var log = []</script></head><body>"
                '<p id="one"></p><div id="two"></div>\n<!-- compress js -->\n'
                f'<script type="importmap">{imports}</script>\n<script type="module" src="app.js"></script>\n'
                "<!-- endcompress -->\n</body></html>"
            ).encode()
        self._root = root

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as a plain site does."""
        _, prefix, name, *rest = (environ["PATH_INFO"] + "//").split("/")
        path = "/".join((name, *rest)).rstrip("/")
        kind, body = "text/javascript", b""
        if prefix == "s" and rest[0] == "page":
            kind, body = "text/html; charset=utf-8", self._pages[name]
        elif prefix in ("s", "npm"):
            body = ((self._root if prefix == "s" else self._packages) / path).read_bytes()
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response("200 OK" if body else "404 Not Found", headers)
        return [body]


def _applications(directory: Path) -> dict[str, App]:
    root = directory / "static"
    inner = Apps(root)
    found: dict[str, App] = {"native": inner}
    for form, modules in FORMS.items():
        if modules is not None:
            settings: Any = {"modules": modules}
            found[form] = WSGIMiddleware(
                inner, static={"/s/": str(root), "/npm/": str(packages())}, cache_dir=str(directory / form),
                build_wait=None, **settings,
            )  # fmt: skip
    return found


# A few of them each time keep a run short; ``make behaviour`` looks at every one.
CHOSEN = part(list(APPS), 6)


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Look]:
    """Look at every application in each form."""
    with served(_applications(tmp_path_factory.mktemp("apps"))) as bases:
        targets = {
            (name, form): Target(f"{base}/s/{name.replace(' ', '%20')}/page")
            for name in CHOSEN
            for form, base in bases.items()
        }
        return dict(zip(targets, look_at_all(list(targets.values()), Window(rest="networkidle")), strict=True))


@pytest.mark.parametrize("form", [form for form in FORMS if form != "native"])
@pytest.mark.parametrize("name", CHOSEN)
def test_an_application_behaves_the_same(name: str, form: str, looks: dict[tuple[str, str], Look]) -> None:
    native, look = looks[name, "native"], looks[name, form]
    differing = [each for each in native.differences(look) if each != "console"]

    assert native.log or native.dom
    assert {each: (getattr(native, each), getattr(look, each)) for each in differing} == {}
    assert [line for line in look.console if "preload" not in line] == list(native.console)


def test_nearly_all_are_linked(looks: dict[tuple[str, str], Look]) -> None:
    linked = [name for name in CHOSEN if any(_LINKED.search(url) for url in looks[name, "linked"].assets)]

    assert len(linked) * len(APPS) >= LEAST_LINKED * len(CHOSEN)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_linked_application_takes_two_requests(name: str, looks: dict[tuple[str, str], Look]) -> None:
    asked = looks[name, "linked"].assets

    assert len(asked) == 2, asked[:5]
