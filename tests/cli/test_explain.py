"""``pressmark explain`` shows a page's regions, or says in one line why it cannot."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from click.testing import CliRunner, Result

from pressmark.cli.main import main
from pressmark.version import VERSION
from tests.conftest import Write
from tests.site import css_region, js_region


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


@pytest.fixture
def page(tmp_path: Path, write: Write) -> Path:
    """Return a page beside the directory of its static files."""
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    write("a.js", "'use strict'; f()")
    path = tmp_path / "page.html"
    path.write_bytes(b"<!DOCTYPE html>\n" + css_region("a.css", "b.css") + b"\n<p>" + js_region("a.js"))
    return path


def test_a_files_static_files_lie_beside_it(page: Path) -> None:
    lines = explain(str(page)).stdout.splitlines()

    assert lines[0] == "Line 2, css file region: 2 of 2 elements in 1 bundle, 32 bytes become 25"
    assert [line.split()[0] for line in lines[2:4]] == ["/static/a.css", "/static/b.css"]
    assert lines[5].startswith("Line 6, js file region: 1 of 1 element in 1 bundle")


def test_it_tells_what_to_change_and_what_trust_would_gain(page: Path) -> None:
    page.write_bytes(page.read_bytes().replace(b"<link ", b"<link id=x "))
    lines = explain(str(page), "--all").stdout.splitlines()

    assert lines[4:6] == [
        "  To let them join:",
        '    attribute: add data-pressmark="join" to the tag, if nothing looks for the attribute',
    ]
    assert lines[6] == (
        "  With trust in the marker it would become 1 element instead of 2; "
        "you vouch that this does not matter: attribute."
    )
    assert lines[-2] == "  With trust in the marker it would become no fewer elements."


def test_code_that_knows_files_by_their_addresses_has_a_hint(page: Path) -> None:
    assert "Hint: " not in explain(str(page)).stdout

    page.write_bytes(page.read_bytes() + b"<script>need('a.css')</script><body hx-boost=true>")
    hints = [line for line in explain(str(page)).stdout.splitlines() if line.startswith("Hint: ")]

    assert [hint.split()[1] for hint in hints] == ["htmx", "code"]


def test_static_directories_can_be_named(page: Path, static: Path, tmp_path: Path) -> None:
    moved = static.rename(tmp_path / "assets")

    found = explain(str(page))
    assert "is missing: no such file in" in found.stdout
    assert "--static PREFIX=DIRECTORY" in found.stderr
    assert "2 of 2 elements" in explain(str(page), "--static", f"/static/={moved}").stdout


def test_a_region_that_leaves_as_it_was_says_why(page: Path, static: Path) -> None:
    (static / "b.css").unlink()

    assert "was not bundled: '/static/b.css' is missing: no such file in" in explain(str(page)).stdout


def test_a_file_has_the_headers_that_are_given(page: Path) -> None:
    page.write_bytes(css_region("a.css", "b.css", marker="compress css inline"))
    utf8 = ("--header", "Content-Type: text/html; charset=utf-8")

    assert "inline mode needs a page with a declared encoding" in explain(str(page)).stdout
    assert "2 of 2 elements" in explain(str(page), *utf8).stdout
    assert "Content Security Policy" in explain(str(page), *utf8, "--header", "Content-Security-Policy:x").stdout


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Content-Type", "'Content-Type' is not NAME:VALUE"),
        ("Content-Type: text/html; charset=latin-1", "charset 'latin-1' in Content-Type is unknown to browsers"),
        ("Content-Type: text/plain", "is no page that may change: one is text/html in an encoding"),
        ("Cache-Control: no-transform", "and without no-transform"),
    ],
)
def test_headers_that_make_no_page_are_told(page: Path, header: str, expected: str) -> None:
    result = explain(str(page), "--header", header)

    assert result.exit_code != 0
    assert expected in result.stderr


def test_a_marker_that_is_none_is_told_with_its_line(page: Path) -> None:
    page.write_bytes(b"<p>\n" + css_region("a.css") + b"\n<!-- compress js --><script></script>")

    lines = explain(str(page)).stdout.splitlines()
    assert lines[0].startswith("Line 2, css file region: ")
    assert "Line 5, <!-- compress js --> begins no region: no end marker follows it" in lines


def test_exact_fidelity_can_be_asked_for(page: Path, write: Write) -> None:
    write("first.js", "Promise.resolve().then(f)")
    write("second.js", "g()")
    page.write_bytes(js_region("first.js", "second.js"))

    assert "microtasks" not in explain(str(page)).stdout
    assert "microtasks" in explain(str(page), "--exact").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.html"], "cannot read 'none.html': No such file or directory"),
        (["empty.html"], "empty.html has no region, such as <!-- compress css -->"),
        (["empty.html", "--static", "static"], "'static' is not PREFIX=DIRECTORY"),
        (["empty.html", "--static", "/static/=none"], "'/static/=none' is not PREFIX=DIRECTORY"),
        (["empty.html", "--static", "static=."], "has the prefix 'static'"),
        (["."], "'.' is no regular file"),
        (["ftp://127.0.0.1/"], "ftp: is no scheme that can be fetched"),
        (["HTTP://[::1/"], "cannot fetch HTTP://[::1/"),
        (["http://127.0.0.1:1/"], "cannot fetch http://127.0.0.1:1/"),
    ],
)
def test_what_cannot_be_explained_is_said(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.html").write_text("<p>")
    monkeypatch.chdir(tmp_path)
    result = explain(*arguments)

    assert result.exit_code != 0
    assert message in result.stderr


class Quiet(WSGIRequestHandler):
    """Keeps its log to itself."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(files: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serve *files*, path -> (media type, content)."""

    def app(environ: dict[str, str], start_response: object) -> list[bytes]:
        kind, content = files.get(environ["PATH_INFO"], ("", b""))
        status = "200 OK" if kind else "404 Not Found"
        start_response(status, [("Content-Type", kind or "text/plain")])  # type: ignore[operator]
        return [content]

    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_may_have_letters_that_no_url_has() -> None:
    files = {"/\xc3\xa9": ("text/html", css_region("a.css")), "/static/a.css": ("text/css", b"a{}")}  # as WSGI has it
    with served(files) as base:
        result = explain(f"{base}/é")

    assert "1 of 1 element" in result.stdout
    assert "Without --static every address of the server counts as a file" in result.stderr


def test_a_pages_files_are_asked_of_its_server() -> None:
    files = {
        "/page": ("text/html; charset=utf-8", css_region("a.css", "b.css") + js_region("none.js")),
        "/static/a.css": ("text/css", b"a{}"),
        "/static/b.css": ("text/css", b"b{}"),
    }
    with served(files) as base:
        output = explain(f"{base}/page").stdout

    assert "2 of 2 elements in 1 bundle" in output
    assert re.search(r"'/static/none\.js' cannot be fetched from http://[\w.:]+: 404 Not Found", output)


def test_what_is_no_page_is_said() -> None:
    with served({"/data": ("application/json", b"{}")}) as base:
        result = explain(f"{base}/data")

    assert f"{base}/data is no page that may change: application/json, status 200" in result.stderr


def test_the_module_is_the_command() -> None:
    command = [sys.executable, "-m", "pressmark", "--version"]

    assert subprocess.run(command, capture_output=True, check=True).stdout.decode().strip().endswith(VERSION)
