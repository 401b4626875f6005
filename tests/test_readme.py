"""The README tells the truth: its table is generated, and its code runs."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils.module_loading import import_string
from starlette.testclient import TestClient

from pressmark import WSGIMiddleware
from pressmark.cli.main import main
from pressmark.settings import Settings
from tests.packages.installed import packages
from tests.site import Site, css_region
from tools.readme_tables import updated

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]


def run(number: int) -> dict[str, Any]:
    """Return the names that a block of Python defines."""
    names: dict[str, Any] = {"__name__": "readme"}
    exec(compile(PYTHON[number], f"README.md, block {number}", "exec"), names)
    return names


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory like a reader's."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.css").write_text("a { color: red }")
    (tmp_path / "static" / "reset.css").write_text("b { margin: 0 }")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_block_is_of_a_language_that_is_tested() -> None:
    assert [language for language, _ in BLOCKS] == [
        "html", "html", "sh", "python", "python", "python", "python", "sh", "python",
        "python", "html", "sh", "text",
    ]  # fmt: skip


def test_the_first_example_becomes_the_second(project: Path) -> None:
    before, after, _ = (code for language, code in BLOCKS if language == "html")
    body = Site(project / "static", before.encode()).get().body.decode().strip()

    assert re.sub("[0-9a-f]{32}", "HASH", body) == re.sub("[0-9a-f]{32}", "HASH", after.strip())


def test_the_django_settings_name_what_exists() -> None:
    names = run(0)

    assert all(import_string(name) for name in names["MIDDLEWARE"])
    assert Settings.from_mapping(names["PRESSMARK"])


def test_the_flask_example_bundles(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = type(sys)("readme")
    readme.__file__ = str(project / "app.py")
    monkeypatch.setitem(sys.modules, "readme", readme)
    app = run(1)["app"]
    app.add_url_rule("/", view_func=lambda: css_region("site.css"))

    assert b"/pressmark/css/" in app.test_client().get("/").data


def test_the_starlette_example_bundles() -> None:
    from starlette.responses import HTMLResponse  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def page(request: Any) -> HTMLResponse:
        return HTMLResponse(css_region("site.css"))

    app = run(2)["app"]
    app.router.routes.append(Route("/", page))

    assert b"/pressmark/css/" in TestClient(app).get("/").content


def test_the_plain_example_bundles() -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": ""}
    body = b"".join(run(3)["app"](environ, lambda *_: None))

    assert b"/pressmark/css/" in body


def test_the_example_of_a_filter_filters() -> None:
    names: dict[str, Any] = {"__name__": "readme", "app": run(3)["app"].app}
    exec("from pressmark import WSGIMiddleware\n" + PYTHON[4], names)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": ""}
    page = b"".join(names["app"](environ, lambda *_: None)).decode()
    [url] = re.findall(r'href="(/pressmark/css/[^"]+)"', page)

    assert b"".join(names["app"](environ | {"PATH_INFO": url}, lambda *_: None)) == b"/*! (c) Example */a{color:red}"


@pytest.mark.npm
def test_the_example_of_a_precompiler_compiles(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "static" / "site.scss").write_text("body { nav { b { color: red } } }")
    sass = project / "bin" / "sass"
    sass.parent.mkdir()
    node = Path(sys.executable).with_name("node")
    sass.write_text(f'#!/bin/sh\nexec "{node}" "{packages() / "sass" / "sass.js"}" "$@"\n')
    sass.chmod(0o755)
    monkeypatch.setenv("PATH", str(sass.parent), prepend=":")
    page = [code for language, code in BLOCKS if language == "html"][2]
    names: dict[str, Any] = {"WSGIMiddleware": WSGIMiddleware, "app": None}
    exec(PYTHON[5], names)
    site = Site(project / "static", page.encode(), {"precompilers": names["precompilers"]})

    assert "body nav b{color:red}" in site.bundle()


PAGE = """<!DOCTYPE html>
<title>Shop</title>
<link rel="icon" href="/static/shop.svg">
<body>
<p>Shop</p>
<!-- compress js -->
<script src="/static/menu.js"></script>
<script src="/static/basket.js"></script>
<script src="/static/ads.js"></script>
<script src="/static/settings.js"></script>
<script src="https://cdn.example/chat.js"></script>
<!-- endcompress -->
"""


def test_the_explanation_is_what_the_command_prints(project: Path) -> None:
    (project / "page.html").write_text(PAGE)
    (project / "static" / "menu.js").write_text(
        "// The menu.\nfunction menu() {\n  return document.querySelector('nav')\n}\n" * 30
    )
    (project / "static" / "basket.js").write_text("// The basket.\nvar basket = []\n" * 20)
    (project / "static" / "ads.js").write_text("var ad = '<p>Ad</p>'\n  document.write(ad)\n")
    (project / "static" / "settings.js").write_text("const SETTINGS = { debug: false }\n")
    commands = next(code for language, code in BLOCKS if language == "sh" and "explain" in code)
    printed = next(code for language, code in BLOCKS if language == "text")
    command = commands.splitlines()[0].split()
    result = CliRunner().invoke(main, command[1:])

    assert command[0] == "pressmark"
    assert result.stdout.strip() == printed.strip()


def test_the_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    commands = [
        line.split("#")[0].strip() for language, code in BLOCKS if language == "sh" for line in code.splitlines()
    ]

    own = [command for command in commands if not command.startswith("pressmark explain ")]

    assert own == ["pip install pressmark", "make demo", "make test"]
    assert all(f"\n{command.removeprefix('make ')}:" in makefile for command in commands if command.startswith("make"))


def test_the_defaults_are_what_they_are() -> None:
    table = README.partition("<!-- settings -->")[2].partition("<!-- end of settings -->")[0]
    written = dict(re.findall(r"^\| `(\w+)` \| `(.*?)` \|", table, re.MULTILINE))

    assert {name: eval(default) for name, default in written.items() if name != "cache_dir"} == {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in ((name, getattr(Settings(), name)) for name in written)
        if name != "cache_dir"
    }


def test_the_tables_are_generated() -> None:
    assert updated(README) == README, "run: python tools/readme_tables.py"


def test_the_pictures_exist() -> None:
    assert [name for name in re.findall(r"!\[.*?\]\((.*?)\)", README) if not (ROOT / name).is_file()] == []


def test_the_changelog_knows_every_setting() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert [name for name in Settings.__dataclass_fields__ if f"`{name}`" not in changelog] == []
