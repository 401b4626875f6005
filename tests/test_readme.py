"""The README is short, its quick starts go into projects that exist, and it reads the same on PyPI."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from pressmark import ASGIMiddleware
from tests.documentation import README, Block, blocks_of, links_in
from tests.site import css_region
from tests.sources import ROOT, python_path

MAX_LINES = 150
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def quick_start(heading: str, language: str) -> Block:
    """Return the block of the section with this heading."""
    [found] = [each for each in blocks_of(README) if each.heading.endswith(heading) and each.language == language]
    return found


def test_it_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


# Quick starts


MANAGE = """
from django.core.management import call_command
from django.test import Client

call_command("check", fail_level="WARNING")
print(Client().get("/").text)
"""
URLS = """
from django.shortcuts import render
from django.urls import path

urlpatterns = [path("", lambda request: render(request, "page.html"))]
"""


def test_the_django_quick_start_goes_into_a_new_project(tmp_path: Path) -> None:
    """The project is that of ``django-admin startproject``; the entries that it has stand for each ``...``."""
    _python("-m", "django", "startproject", "shop", ".", cwd=tmp_path)
    for folder, name, text in (
        ("static", "reset.css", "a {}"),
        ("static", "site.css", "a {}"),
        ("templates", "page.html", quick_start("Django", "django").code),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(text)
    (tmp_path / "shop" / "urls.py").write_text(URLS)
    settings = tmp_path / "shop" / "settings.py"
    code = quick_start("Django", "python").code
    settings.write_text(
        f"{settings.read_text()}\n_apps, _middleware = INSTALLED_APPS, MIDDLEWARE\n{code}\n"
        "INSTALLED_APPS = [*_apps, *filter(lambda each: each is not ..., INSTALLED_APPS)]\n"
        "_begin, _ours, _end = MIDDLEWARE\n"
        "assert _begin is _end is ...\n"
        'MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", _ours, *_middleware]\n'
        'STATICFILES_DIRS = [BASE_DIR / "static"]\nTEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]\n'
        'ALLOWED_HOSTS = ["testserver"]\n'
    )
    page = _python(
        "-c",
        f"import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\ndjango.setup()\n{MANAGE}",
        cwd=tmp_path,
    )

    assert page.startswith("System check identified no issues")
    assert len(re.findall('<link rel="stylesheet" href="/pressmark/css/[0-9a-f]{32}.css">', page)) == 1
    assert "reset.css" not in page


def _python(*arguments: str, cwd: Path) -> str:
    command, env = [sys.executable, *arguments], os.environ | {"PYTHONPATH": python_path()}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("make", [Starlette, FastAPI])
def test_the_starlette_quick_start_goes_into_either_framework(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site.css").write_text("a { color: red }")
    monkeypatch.chdir(tmp_path)
    app = make()
    app.mount("/static", StaticFiles(directory=tmp_path), name="static")
    app.add_route("/", lambda request: HTMLResponse(css_region("site.css")))
    exec(quick_start("FastAPI", "python").code, {"app": app})
    client = TestClient(app)

    assert any(b"/pressmark/css/" in client.get("/").content for _ in range(20))


def test_the_plain_quick_start_is_the_same_for_asgi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.css").write_text("a { color: red }")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"app": HTMLResponse(css_region("site.css"))}
    exec(quick_start("application", "python").code.replace("WSGIMiddleware", "ASGIMiddleware"), names)
    client = TestClient(names["app"])

    assert isinstance(names["app"], ASGIMiddleware)
    assert any(b"/pressmark/css/" in client.get("/").content for _ in range(20))


# PyPI


def long_description() -> str:
    """Return the README as the build puts it into the package: the hook takes one substitution after the other."""
    hook = PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    text = "".join((ROOT / fragment["path"]).read_text(encoding="utf-8") for fragment in hook["fragments"])
    for each in hook["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    return text


def test_every_link_and_picture_is_absolute_on_pypi() -> None:
    links = list(links_in(long_description()))

    assert len(links) == len(list(links_in(README.read_text(encoding="utf-8"))))
    assert [link for link in links if not link.startswith("https://")] == []


def test_a_picture_is_one_that_a_page_can_show_and_a_link_one_that_people_can_read() -> None:
    address = PROJECT["project"]["urls"]["Source"]
    raw = address.replace("https://github.com/", "https://raw.githubusercontent.com/")
    text = long_description()

    assert f"]({raw}/main/demo/demo.png)" in text
    assert f"]({address}/blob/main/docs/settings.md)" in text


def test_the_repository_has_one_address() -> None:
    address = PROJECT["project"]["urls"]["Source"]
    name = address.removeprefix("https://github.com/")
    replacements = [
        each["replacement"]
        for each in PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]
    ]

    assert re.fullmatch(r"[\w-]+/[\w-]+", name)
    assert all(url == address or url.startswith(f"{address}/") for url in PROJECT["project"]["urls"].values())
    assert all(re.search(rf"\.com/{name}/", replacement) for replacement in replacements)


def test_every_url_of_the_project_leads_to_a_file_that_exists() -> None:
    address = PROJECT["project"]["urls"]["Source"]
    paths = [
        re.sub(r"^/(?:blob|tree)/main/", "", url.removeprefix(address)) for url in PROJECT["project"]["urls"].values()
    ]

    assert [path for path in paths if path not in ("", "/issues") and not (ROOT / path).exists()] == []
