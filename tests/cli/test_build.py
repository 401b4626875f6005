"""`pressmark build` renders an application's pages, adds what they have to a manifest, and tells what it left out."""

import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pressmark import assembly
from pressmark.cli import local_site
from pressmark.cli.build_options import LOGOUTS
from pressmark.cli.main import main
from pressmark.model import Reply
from pressmark.offline import visiting
from pressmark.offline.manifest import Manifests, read_pointer

MODULE = """
from http.cookies import SimpleCookie
from pressmark import ASGIMiddleware, WSGIMiddleware

OPTIONS = {"static": {"/static/": "static"}, "cache_dir": "cache", "build_wait": 0}
HEAD = '<!-- compress %s --><link rel="stylesheet" href="/static/%s.css"><!-- endcompress -->'
PAGES = {
    "/": HEAD % ("css", "a") + '<a href="/b?x=1#y">b</a><a href="https://other.example/">o</a><a href="/logout">l</a>',
    "/b?x=1": HEAD % ("css main", "b") + '<a href="http://localhost/c">c</a><a href="mailto:x@y">m</a>',
    "/c": "nothing",
    "/gone": HEAD % ("css", "gone"),
    "/sitemap.xml": "<urlset><url><loc>https://site.example/b?x=1</loc></url></urlset>",
}

def answer(path, cookie=""):
    if path == "/raises":
        raise KeyError("view")
    if path == "/old":
        return "301 Moved", [("Location", "/b?x=1")], ""
    if path == "/private" and "session=7" not in cookie:
        return "302 Found", [("Location", "https://login.example/")], ""
    page = HEAD % ("css", "p") if path == "/private" else PAGES.get(path)
    status = "404 Not Found" if page is None else "200 OK"
    return status, [("Content-Type", "text/html; charset=utf-8")], page or HEAD % ("css", "a")

def site(environ, start_response):
    path = environ["PATH_INFO"] + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")
    status, headers, page = answer(path, environ.get("HTTP_COOKIE", ""))
    start_response(status, headers)
    return [page.encode()]

async def asgi_site(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["started"] = True
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    assert scope["state"]["started"]
    query = scope["query_string"].decode()
    status, headers, page = answer(scope["path"] + ("?" + query if query else ""))
    pairs = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": pairs})
    await send({"type": "http.response.body", "body": page.encode()})

async def failing(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "Traceback\\nRuntimeError: db is down"})

async def hanging(scope, receive, send):
    await receive()
    while True:
        await __import__("asyncio").sleep(1)

async def without_lifespan(scope, receive, send):
    assert scope["type"] == "http"
    scope["state"]["started"] = True
    await asgi_site(scope, receive, send)

def endless(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html")])
    while True:
        yield b"x" * 65536

def sleeping(environ, start_response):
    __import__("time").sleep(60)

def mounted_site(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    link = '<link rel="stylesheet" href="%s/static/m.css">' % environ["SCRIPT_NAME"]
    return [f"<!-- compress css -->{link}<!-- endcompress -->".encode()]

def broken_site(environ, start_response):
    is_first = environ["PATH_INFO"] == "/"
    start_response("200 OK" if is_first else "500 Oops", [("Content-Type", "text/html; charset=utf-8")])
    return [(HEAD % ("css", "a") + '<a href="/linked">l</a>').encode()]

broken = WSGIMiddleware(broken_site, **OPTIONS)
mounted = WSGIMiddleware(mounted_site, **OPTIONS)
app = WSGIMiddleware(site, **OPTIONS)
asgi_app = ASGIMiddleware(asgi_site, **OPTIONS)
plain = site

def make():
    return WSGIMiddleware(site, manifest="built/manifest.json", on_missing="error", **OPTIONS)
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make the folder of an application the working directory."""
    (tmp_path / "static").mkdir()
    for name in ("a", "b", "p"):
        (tmp_path / "static" / f"{name}.css").write_text(f"{name} {{ color: red }}")
    (tmp_path / "built_app.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("built_app", None)


def visits_of(site: dict[str, str], *, follows: bool) -> list[visiting.Visited]:
    """Return the visits of a site of links and redirects."""

    def load(path: str) -> Reply:
        if site[path].startswith("301 "):
            return Reply(301, (("Location", site[path][4:]),), b"")
        return Reply(200, (("Content-Type", "text/html"),), f'<a href="{site[path]}">a</a>'.encode())

    visits = visiting.Visits(load, "localhost", follows, re.compile(LOGOUTS))
    visits.add(["/"], is_wanted=True)
    return list(visits)


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["build", *arguments], input=given, catch_exceptions=False)


def result_of(*arguments: str, given: str | None = None) -> dict[str, object]:
    """Return the result of a build as JSON."""
    found: dict[str, object] = json.loads(run(*arguments, "--json", "--output", "out", given=given).stdout)
    return found


def pages_of(result: dict[str, object]) -> list[str]:
    return [page["path"] for page in result["pages"]]  # type: ignore[attr-defined]


def test_a_build_tells_its_pages_regions_and_bundles(project: Path) -> None:
    result = run("built_app:app", "/", "/b?x=1", "--output", "out")

    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()[:3]] == [
        ["region", "bytes", "built", "files", "bundles", "stays"],
        ["css", "file", "on", "/", "16", "12", "1", "1"],
        ["css", "main", "on", "/b", "16", "12", "1", "1"],
    ]
    assert "2 pages, 2 regions, 2 bundles" in result.stdout


@pytest.mark.parametrize("target", ["app", "asgi_app", "make", "make()"])
def test_a_target_speaks_wsgi_or_asgi_or_makes_an_application(target: str, project: Path) -> None:
    assert run(f"built_app:{target}", "/", "--output", "out").exit_code == 0
    assert len(list((project / "out" / "css").glob("*.css"))) == 1


def test_files_are_there_under_the_names_of_pages_with_their_compressed_forms(project: Path) -> None:
    run("built_app:app", "/b?x=1", "--output", "out")
    names = sorted(path.name.partition(".")[2] for path in (project / "out" / "css").glob("main.*"))
    hash_ = names[0].partition(".")[0]

    assert names == [f"{hash_}.css", f"{hash_}.css.br", f"{hash_}.css.gz", f"{hash_}.css.zst"]
    assert (project / "out" / "css" / f"{hash_}.css").read_text() == "b{color:red}"


# The pages


def test_links_are_followed_within_the_site_but_not_out_of_a_login() -> None:
    assert pages_of(result_of("built_app:app", "/", "--follow")) == ["/", "/b?x=1", "/c"]


def test_pages_come_from_a_sitemap_a_file_and_standard_input() -> None:
    assert pages_of(result_of("built_app:app", "--sitemap", "/sitemap.xml")) == ["/b?x=1"]
    assert pages_of(result_of("built_app:app", "--urls-from", "-", given="# pages\n/\n\n/c\n")) == ["/", "/c"]


@pytest.mark.parametrize(
    ("sitemap", "told"),
    [("/none.xml", "names no page; its status is 404"), ("/c", "names no page; its status is 200"),
     ("/raises", "the sitemap /raises raised KeyError: 'view'")],
)  # fmt: skip
def test_a_sitemap_that_is_none_is_told(sitemap: str, told: str) -> None:
    result = run("built_app:app", "--sitemap", sitemap)

    assert (result.exit_code, told in result.output) == (1, True)


def test_an_application_is_rendered_where_it_is_mounted(project: Path) -> None:
    (project / "static" / "m.css").write_text("m { background: url(m.png) }")
    run("built_app:mounted", "/", "--mount", "/shop/", "--output", "out")
    [path] = (project / "out" / "css").glob("*.css")

    assert path.read_text() == 'm{background:url("../../static/m.png")}'


def test_a_redirect_is_followed_and_told(project: Path) -> None:
    result = result_of("built_app:app", "/old")

    assert pages_of(result) == ["/old", "/b?x=1"]
    assert result["pages"][0]["fault"] == "it leads to /b?x=1"  # type: ignore[index]


def test_a_redirect_out_of_a_login_is_not_followed_either(project: Path) -> None:
    visited = [page.path for page in visits_of({"/": "/leave", "/leave": "301 /logout/"}, follows=True)]

    assert visited == ["/", "/leave"]


def test_a_page_behind_a_login_takes_a_cookie(project: Path) -> None:
    assert "it leads to https://login.example/" in run("built_app:app", "/private", "--output", "out").output
    result = run("built_app:app", "/private", "--cookie", "session=7", "--output", "out")
    assert (result.exit_code, "1 page, 1 region" in result.output) == (0, True)


def test_a_page_that_raises_stops_no_other(project: Path) -> None:
    result = run("built_app:app", "/raises", "/", "--output", "out")

    assert result.exit_code == 1
    assert "it raised KeyError: 'view'" in result.output
    assert "1 page, 1 region, 1 bundle" in result.output


def test_an_error_page_has_its_regions_built(project: Path) -> None:
    result = run("built_app:app", "/nowhere", "--output", "out")

    assert "not every URL is a page: /nowhere: its status is 404" in result.output
    assert len(list((project / "out" / "css").glob("*.css"))) == 1


# What is wrong


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name the application, as module:attribute"),
        (["built_app"], "'built_app' is not module:attribute"),
        (["no_such_app:app"], "there is no module 'no_such_app'"),
        (["built_app:nothing"], "'built_app:nothing' does not exist"),
        (["built_app:plain", "/"], "no region was met"),
    ],
)
def test_a_wrong_target_is_told_in_one_line(arguments: list[str], told: str) -> None:
    result = run(*arguments)

    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_build_without_a_manifest_fills_the_cache_and_says_how_to_take_it_elsewhere(project: Path) -> None:
    result = run("built_app:app", "/")

    assert result.exit_code == 0
    assert "no manifest: give --manifest FILE or --output DIRECTORY" in result.output
    assert len(list((project / "cache" / "bundles" / "css").glob("*/*.css"))) == 1


@pytest.mark.parametrize(
    ("target", "told"),
    [("failing", "does not start: RuntimeError: db is down"), ("hanging", "does not start: it takes more than 0.5 s")],
)
def test_an_application_that_does_not_start_is_told(target: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_site, "STARTUP_S", 0.5)
    result = run(f"built_app:{target}", "/")

    assert (result.exit_code, told in result.output) == (1, True)


@pytest.mark.parametrize(
    ("target", "told"),
    [("endless", "it has more than 1 MiB"), ("sleeping", "it did not end within 0.5 s"), ("hanging", "0.5 s")],
)
def test_a_page_that_never_ends_is_left_out(target: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_site, "PAGE_S", 0.5)
    monkeypatch.setattr(local_site, "STARTUP_S", 0.5)
    monkeypatch.setattr(local_site, "MAX_BYTES", 1 << 20)

    assert told in run(f"built_app:{target}", "/").output


def test_an_application_need_know_no_lifespan(project: Path) -> None:
    (project / "wrapped.py").write_text(
        "import built_app\nfrom pressmark import ASGIMiddleware\n"
        "app = ASGIMiddleware(built_app.without_lifespan, **built_app.OPTIONS)\n"
    )

    assert "1 page, 1 region" in run("wrapped:app", "/").output


def test_what_the_application_prints_is_no_part_of_the_result(project: Path) -> None:
    (project / "loud.py").write_text("print('hello')\nfrom built_app import app\n")

    assert result_of("loud:app", "/")["missing"] == []


def test_a_module_that_ends_the_process_is_told(project: Path) -> None:
    (project / "ended.py").write_text("raise SystemExit(0)")
    result = run("ended:app", "/")

    assert (result.exit_code, "'ended' cannot be imported: SystemExit" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--exclude", "("], "'(' is no regular expression"),
        (["--header", "NoColon"], "header 'NoColon' is not NAME:VALUE"),
        (["about"], "'about' is no path, such as /about/, or URL"),
    ],
)
def test_a_wrong_option_is_told(arguments: list[str], told: str) -> None:
    result = run("built_app:app", *arguments)

    assert (result.exit_code, told in result.output) == (2, True)


def test_a_url_may_name_its_host() -> None:
    assert pages_of(result_of("built_app:app", "https://site.example/b?x=1")) == ["/b?x=1"]


def test_named_pages_have_no_limit_and_links_beyond_theirs_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "MAX_LINKED", 2)
    named = result_of("built_app:app", "/", "/c", "/b?x=1")
    followed = run("built_app:app", "/", "/b?x=1", "--follow")

    assert len(pages_of(named)) == 3
    assert "links beyond 2 paths were not followed" in followed.output


@pytest.mark.parametrize("change", ["a source", "a bundle"])
def test_a_check_finds_what_is_not_there_any_more(project: Path, change: str) -> None:
    run("built_app:app", "/", "--output", "out")
    if change == "a source":
        (project / "static" / "a.css").write_text("a { color: blue }")
    else:
        next((project / "out" / "css").glob("*.css")).unlink()
    result = run("built_app:app", "/", "--check", "--manifest", "out/manifest.json")

    assert result.exit_code == 1
    assert "the manifest lacks 1 of 1 regions" in result.output


def test_a_damaged_compressed_form_is_written_again(project: Path) -> None:
    run("built_app:app", "/", "--output", "out")
    [path] = (project / "out" / "css").glob("*.br")
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    run("built_app:app", "/", "--output", "out")

    assert path.read_bytes() == whole


def test_a_module_that_cannot_be_imported_is_told(project: Path) -> None:
    (project / "broken_app.py").write_text("1 / 0")

    assert "'broken_app' cannot be imported: ZeroDivisionError" in run("broken_app:app").output


def test_a_region_that_cannot_be_built_fails_only_a_strict_build(project: Path) -> None:
    usual, strict = (run("built_app:app", "/", "/gone", "--output", "out", *more) for more in ([], ["--strict"]))

    assert "not built: css region on /gone: '/static/gone.css' is missing" in usual.output
    assert (usual.exit_code, strict.exit_code) == (0, 1)


def test_a_check_writes_nothing_and_tells_what_is_missing(project: Path) -> None:
    run("built_app:app", "/", "--output", "out")
    before = sorted(project.glob("out/**/*"))
    known = run("built_app:app", "/", "--check", "--manifest", "out/manifest.json")
    other = run("built_app:app", "/", "/b?x=1", "--check", "--manifest", "out/manifest.json")

    assert known.exit_code == 0
    assert "the manifest lacks 1 of 2 regions, such as the css region on /b" in other.output
    assert other.exit_code == 1
    assert sorted(project.glob("out/**/*")) == before


# The manifest


def test_a_build_goes_to_the_manifest_of_the_settings(project: Path) -> None:
    assert run("built_app:make", "/").exit_code == 0
    assert len(read_pointer(project / "built" / "manifest.json")) == 1


def test_the_same_build_is_the_same_to_the_byte_and_writes_nothing(project: Path) -> None:
    def files() -> dict[str, tuple[bytes, int]]:
        found = (path for path in project.glob("out/**/*") if path.is_file())
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}

    run("built_app:app", "/", "/b?x=1", "--output", "out")
    before = files()
    run("built_app:asgi_app", "/b?x=1", "/", "--output", "out")

    assert files() == before


def test_a_build_of_a_new_release_leaves_that_of_the_old_one(project: Path) -> None:
    run("built_app:app", "/", "--output", "out")
    old = {path: path.read_bytes() for path in project.glob("out/**/*") if path.is_file()}
    (project / "static" / "a.css").write_text("a { color: blue }")
    run("built_app:app", "/", "--output", "out")

    changed = [path.name for path, content in old.items() if path.read_bytes() != content]
    assert changed == ["manifest.json"]
    assert len(read_pointer(project / "out" / "manifest.json")) == 2


def test_regions_that_runs_have_recorded_are_added_up(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly.RECORDER, "is_on", False)
    monkeypatch.setenv("PRESSMARK_RECORD", str(project / "one.jsonl"))
    built_app = import_module("built_app")

    def ask(path: str) -> None:
        target, _, query = path.partition("?")
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": target, "QUERY_STRING": query}
        b"".join(built_app.make()(environ, lambda *_: None))

    ask("/")
    assembly.RECORDER.begin(str(project / "two.jsonl"))
    ask("/b?x=1")
    assembly.RECORDER.end()
    with (project / "two.jsonl").open("ab") as file:
        file.write(b'{"format": "pressmark rec')  # of a process that was killed

    result = run("--recorded", "one.jsonl", "--recorded", "two.jsonl", "--manifest", "m/manifest.json")
    manifests = Manifests(str(project / "m" / "manifest.json"))
    manifests.generation()
    assert "0 pages, 2 regions, 2 bundles" in result.output
    assert result.exit_code == 0


def test_a_recorded_region_whose_bundle_was_swept_stops_no_other(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly.RECORDER, "is_on", False)
    app = import_module("built_app").make()
    assembly.RECORDER.begin(str(project / "met.jsonl"))
    for path, query in (("/", ""), ("/b", "x=1")):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
        b"".join(app(environ, lambda *_: None))
    assembly.RECORDER.end()
    for file in (project / "cache").rglob("*"):
        if file.is_file() and file.read_bytes() == b"a{color:red}":
            file.unlink()
    arguments = ("--recorded", "met.jsonl", "--cache", "cache", "--output", "out")
    result = run(*arguments)

    assert (
        "not built: css region on /, as it was recorded: no --cache has its bundles: "
        "name that of the run, or record it again" in result.output
    )
    assert "1 region, 1 bundle" in result.output
    assert (result.exit_code, run(*arguments, "--strict").exit_code) == (0, 1)


def test_a_page_that_fails_is_told_and_fails_a_strict_build(project: Path) -> None:
    """Whether it raises, or the framework has made an error page of that."""
    result = run("built_app:broken", "/", "/linked", "--output", "out")
    strict = run("built_app:broken", "/", "--follow", "--strict", "--output", "out")

    assert "its status is 500" in result.output
    assert (strict.exit_code, "/linked: its status is 500" in strict.output) == (1, True)


def test_a_recording_without_its_cache_fails(project: Path) -> None:
    app = import_module("built_app").make()
    assembly.RECORDER.begin(str(project / "met.jsonl"))
    b"".join(app({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}, lambda *_: None))
    assembly.RECORDER.end()
    result = run("--recorded", "met.jsonl", "--cache", "none", "--output", "out")

    assert (result.exit_code, "no region was built" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--login", "user"), "login field 'user' is not NAME=VALUE"),
        (("--mount", "shop"), "--mount is 'shop'; it must begin with '/'"),
    ],
)
def test_a_wrong_option_is_told_before_the_application_starts(arguments: tuple[str, str], told: str) -> None:
    result = run("built_app:app", "/", *arguments)

    assert (result.exit_code, told in result.output) == (2, True)
