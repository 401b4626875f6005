"""Projects that have django-compressor run after the two lines of docs/migrating.md, and their pages are the same."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import cache
from itertools import zip_longest
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.browser.look import Look, browser, differing_pixels, looks_at
from tests.migration.projects import PROJECTS, SIDES

VISITS = [(name, path) for name, project in PROJECTS.items() for path in project.pages]
MORE_REQUESTS = 2
PATIENCE_S = 600

LooksAt = Callable[[str, str], Mapping[str, Look]]


@pytest.fixture(scope="module")
def looks_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LooksAt]:
    """Return a function that gives the looks of a page by all sides; servers run until the last test has."""
    with ExitStack() as stack:

        @cache
        def serve(name: str) -> Mapping[str, str]:
            return stack.enter_context(PROJECTS[name].serving(tmp_path_factory.mktemp(name)))

        @cache
        def look(name: str, path: str) -> Mapping[str, Look]:
            return {side: look_by_itself(serve(name)[side], path) for side in SIDES}

        yield look


def look_by_itself(url: str, page: str) -> Look:
    """Return the look of a page in a browser that knows the site by the same address as every other side."""
    path, _, cookie = page.partition(" ")
    build(url + path, cookie)
    name, _, value = cookie.partition("=")
    state: Any = {"cookies": [{"name": name, "value": value, "url": "http://localhost"}] if name else []}
    with browser(f"--host-resolver-rules=MAP localhost:80 {url.removeprefix('http://')}") as process:
        return looks_at(process, f"http://localhost{path}", (), state)[0]


def without_digests(lines: list[str]) -> list[str]:
    """Return *lines* without the digests in URLs that COMPRESS_CSS_HASHING_METHOD asks for in bundles."""
    return [re.sub(r"[?&][0-9a-f]{12}\b", "", line) for line in lines]


def build(url: str, cookie: str) -> None:
    """Have the bundles of a page built, which may take longer than a browser waits."""
    with suppress(HTTPError):  # some pages say that there is no such page
        urlopen(Request(url, headers={"Host": "localhost", "Cookie": cookie}), timeout=PATIENCE_S).close()


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_starts_after_the_two_lines_of_the_guide(name: str) -> None:
    project = PROJECTS[name]
    with project.database():
        done = project.run("-m", "django", "check", side="pressmark")

    assert done.returncode == 0, done.stderr
    assert not re.findall(r"pressmark\.[EW]\d+.*", done.stderr)


@pytest.mark.parametrize(("name", "path"), VISITS)
def test_a_page_is_the_same_in_a_browser(name: str, path: str, looks_of: LooksAt) -> None:
    plain, bundled = (looks_of(name, path)[side] for side in ("plain", "pressmark"))

    assert [pair for pair in zip_longest(plain.styles, bundled.styles) if pair[0] != pair[1]] == []
    assert differing_pixels(plain.picture, bundled.picture) == 0
    assert bundled.globals == plain.globals
    assert without_digests(bundled.others) == without_digests(plain.others)
    for name in ("console", "failed"):
        assert sorted(without_digests(getattr(bundled, name))) == sorted(without_digests(getattr(plain, name)))


@pytest.mark.parametrize(("name", "path"), VISITS)
def test_a_page_asks_for_few_files_more_than_with_django_compressor(name: str, path: str, looks_of: LooksAt) -> None:
    looks = looks_of(name, path)
    plain, compressor, pressmark = (len(looks[side].assets) for side in SIDES)

    print(f"{name} {path}: {plain} as written, {compressor} by django-compressor, {pressmark} by Pressmark")
    assert any("/pressmark/" in url for url in looks["pressmark"].assets)
    assert pressmark <= compressor + MORE_REQUESTS


def test_each_visitor_of_horizon_has_the_styles_of_his_theme(looks_of: LooksAt) -> None:
    usual, material = (looks_of("horizon", f"/auth/login/{cookie}")["pressmark"] for cookie in ("", " theme=material"))

    assert material.styles != usual.styles
