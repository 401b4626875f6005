"""Filters and precompilers of django-compressor find in builds what they found in the thread of the request."""

import json
import os
import subprocess
import sys
import threading
from contextvars import ContextVar
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from django.utils.functional import SimpleLazyObject

from pressmark_django.compressor import request_values
from pressmark_django.compressor.request_values import RequestValues
from tests.sources import ROOT, python_path

# The site


def run_site(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.adapters.themed_site", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": python_path(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("engine", ["django", "jinja2"])
def test_each_visitor_gets_the_bundles_of_his_own_theme(engine: str) -> None:
    found = run_site("ThemeCompiler")
    sheets, scripts = zip(*found["visits"][engine], strict=True)

    assert [sheet.split() for sheet in sheets] == [
        [".dark", "{", "content:", "'a'", "}"],
        [".light", "{", "content:", "'a'", "}"],
        [".light", "{", "content:", "'b'", "}"],
        [".dark", "{", "content:", "'a'", "}"],
    ]
    assert [script.count("var theme = 'dark';") for script in scripts] == [2, 0, 0, 2]
    assert [script.count("var theme = 'light';") for script in scripts] == [0, 2, 2, 0]


def test_visitors_with_the_same_values_share_what_was_compiled() -> None:
    assert run_site("ThemeCompiler")["compiled"] == [["dark", "a"], ["light", "a"], ["light", "b"]]


@pytest.mark.parametrize("arguments", [("CacheableCompiler",), ("ThemeCompiler", "text/themed")])
def test_a_class_that_may_be_cached_is_called_once_for_all(arguments: tuple[str, ...]) -> None:
    assert run_site(*arguments)["compiled"] == [["lost", "lost"]]


# The values


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Return modules of a project: ``shop.filters`` imports ``shop.themes`` and ``tenants``."""
    modules = {name: ModuleType(name) for name in ("shop.filters", "shop.themes", "shop.unseen", "tenants", "far")}
    filters, themes, tenants = modules["shop.filters"], modules["shop.themes"], modules["tenants"]
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    themes.local = threading.local()  # type: ignore[attr-defined]
    themes.dial = ContextVar("dial")  # type: ignore[attr-defined]
    exec("def get_theme(): return local.theme", vars(themes))
    tenants.local = threading.local()  # type: ignore[attr-defined]
    tenants.far = modules["far"]  # type: ignore[attr-defined]
    modules["far"].local = threading.local()  # type: ignore[attr-defined]
    modules["shop.unseen"].local = threading.local()  # type: ignore[attr-defined]
    filters.get_theme, filters.tenants = themes.get_theme, tenants  # type: ignore[attr-defined]
    filters.Filter = type("Filter", (), {"__module__": "shop.filters"})  # type: ignore[attr-defined]
    return modules


@pytest.fixture
def values(project: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch) -> RequestValues:
    monkeypatch.setattr(request_values, "_secret", lambda: b"secret")
    found = RequestValues()
    found.add(project["shop.filters"].Filter, "css")
    return found


def test_without_values_there_is_no_word(values: RequestValues) -> None:
    assert values.note("css", "") == ""


def test_a_word_names_the_values_of_the_thread(values: RequestValues, project: dict[str, ModuleType]) -> None:
    themes = project["shop.themes"]
    words = []
    for theme in ("dark", "light", "dark"):
        themes.local.theme = theme
        words.append(values.note("css", ""))
    elsewhere: list[str] = []
    thread = Thread(target=lambda: elsewhere.append(values.note("css", "")))
    thread.start()
    thread.join()

    assert words[0] == words[2] != words[1]
    assert elsewhere == [""]


def test_a_word_is_the_same_in_every_process(values: RequestValues, project: dict[str, ModuleType]) -> None:
    project["shop.themes"].local.theme = "dark"

    assert values.note("css", "") == "f224aab4551a25c6"


@pytest.mark.parametrize("module", ["shop.themes", "tenants"])
def test_the_modules_of_a_class_are_known_by_what_they_import(
    values: RequestValues, project: dict[str, ModuleType], module: str
) -> None:
    project[module].local.name = "a"

    assert values.note("css", "")


@pytest.mark.parametrize("module", ["shop.unseen", "far"])
def test_what_is_not_imported_or_only_by_foreign_modules_counts_for_nothing(
    values: RequestValues, project: dict[str, ModuleType], module: str
) -> None:
    project[module].local.name = "a"

    assert values.note("css", "") == ""


def test_a_build_on_another_thread_finds_the_values(values: RequestValues, project: dict[str, ModuleType]) -> None:
    themes = project["shop.themes"]
    themes.local.theme = "dark"
    themes.dial.set(3)
    word = values.note("css", "")
    found: list[object] = []

    def build() -> None:
        themes.local.other = "its own"
        found.append(values.call(word, lambda: (vars(themes.local).copy(), themes.dial.get())))
        found.append(vars(themes.local).copy())

    thread = Thread(target=build)
    thread.start()
    thread.join()

    assert found == [({"theme": "dark"}, 3), {"other": "its own"}]


def test_a_thread_has_its_own_values_again_after_a_failure(
    values: RequestValues, project: dict[str, ModuleType]
) -> None:
    themes = project["shop.themes"]
    themes.local.theme = "dark"
    word = values.note("css", "")
    themes.local.theme = "light"

    with pytest.raises(ZeroDivisionError):
        values.call(word, lambda: 1 / 0)
    assert themes.local.theme == "light"


def test_objects_are_nobody_elses_and_are_told_once(
    values: RequestValues, project: dict[str, ModuleType], caplog: pytest.LogCaptureFixture
) -> None:
    themes = project["shop.themes"]
    words = []
    for request in (object(), object()):
        themes.local.request, themes.local.theme = request, "dark"
        words.append(values.note("css", ""))

    assert words[0] == words[1]
    assert values.call(words[0], lambda: vars(themes.local).copy()) == {"theme": "dark"}
    assert [record.getMessage() for record in caplog.records] == [
        "filters of COMPRESS_ settings get no shop.themes.local.request, which is no plain value"
    ]


def test_objects_alone_are_no_values(values: RequestValues, project: dict[str, ModuleType]) -> None:
    project["shop.themes"].local.request = object()

    assert values.note("css", "") == ""


def test_a_value_that_changes_later_is_kept_as_it_was(values: RequestValues, project: dict[str, ModuleType]) -> None:
    themes = project["shop.themes"]
    themes.local.stack = ["dark"]
    word = values.note("css", "")
    themes.local.stack.pop()

    assert values.call(word, lambda: list(themes.local.stack)) == ["dark"]


def test_a_holder_that_two_modules_name_is_one(values: RequestValues, project: dict[str, ModuleType]) -> None:
    project["shop.filters"].same = project["shop.themes"].local  # type: ignore[attr-defined]
    project["shop.themes"].local.theme = "dark"

    assert values.call(values.note("css", ""), lambda: project["shop.themes"].local.theme) == "dark"


def test_a_second_core_takes_nothing_from_the_first(values: RequestValues, project: dict[str, ModuleType]) -> None:
    project["shop.themes"].local.theme = "dark"
    word = values.note("css", "")
    values.add(project["shop.filters"].Filter, "css")
    values.add(project["shop.filters"].Filter, "js")

    assert values.call(word, lambda: project["shop.themes"].local.theme) == "dark"


def test_an_object_that_is_made_when_it_is_asked_is_not_asked(
    values: RequestValues, project: dict[str, ModuleType]
) -> None:
    def ask() -> None:
        raise RuntimeError("the database is down")

    project["shop.themes"].lazy = SimpleLazyObject(ask)  # type: ignore[attr-defined]
    project["shop.themes"].local.theme = "dark"

    assert values.note("css", "")


def test_a_failure_breaks_no_page(
    values: RequestValues, project: dict[str, ModuleType], caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(str):
        __slots__ = ()

        def __repr__(self) -> str:
            raise RuntimeError("no")

    project["shop.themes"].local.theme = Broken("dark")

    assert values.note("css", "") == values.note("css", "") == ""
    assert [record.getMessage() for record in caplog.records] == [
        "the values of a request for filters of COMPRESS_ settings cannot be read"
    ]


@pytest.mark.parametrize("html", ["<link rel=stylesheet href=a.css>", '<link type="TEXT/CSS">', "<style>"])
def test_a_class_for_plain_stylesheets_sees_all_of_them(project: dict[str, ModuleType], html: str) -> None:
    values = RequestValues()
    values.add(project["shop.filters"].Filter, "text/css")
    project["shop.themes"].local.theme = "dark"

    assert values.note("css", html)
    assert values.note("js", html.replace("TEXT/CSS", "")) == ""


def test_values_that_never_end_are_told(
    values: RequestValues,
    project: dict[str, ModuleType],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_values, "MAX_KEPT", 2)
    for number in range(5):
        project["shop.themes"].local.number = number
        values.note("css", "")

    [line] = [record.getMessage() for record in caplog.records]
    assert "2 different values of shop.themes.local" in line


def test_only_regions_that_the_class_sees_have_a_word(values: RequestValues, project: dict[str, ModuleType]) -> None:
    values.add(project["shop.filters"].Filter, "text/themed")
    project["shop.themes"].local.theme = "dark"

    assert values.note("js", "<script src=a.js>") == ""
    assert values.note("js", "<script type=text/themed>")


def test_values_that_are_kept_no_longer_are_missed_and_not_guessed(
    values: RequestValues, project: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_values, "MAX_KEPT", 2)
    words = []
    for theme in ("dark", "light", "blue"):
        project["shop.themes"].local.theme = theme
        words.append(values.note("css", ""))

    assert values.call(words[2], lambda: 1) == values.call(words[1], lambda: 1) == 1
    with pytest.raises(LookupError, match="not known here any more"):
        values.call(words[0], lambda: 1)
