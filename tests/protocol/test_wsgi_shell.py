"""Pressmark's WSGI middleware between a strict server and strict applications."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from pressmark import WSGIMiddleware
from pressmark.compilers import found
from tests.protocol.expectations import Promise
from tests.protocol.inner_wsgi import CASES, examine
from tests.protocol.inner_wsgi_endings import ENDINGS
from tests.protocol.pages import BUILDABLE, NO_REGION, PAGES, twice_far_apart
from tests.protocol.strict_wsgi import StrictApp, StrictServer
from tests.protocol.wsgi_cases import HTML, AppError, Case, answers, fail, halves, whole
from tests.protocol.wsgi_connection import App, Connection, Environ, Request, StartResponse

ODD_PAGES = {name: page for name, page in PAGES.items() if page not in (NO_REGION, BUILDABLE)}
Wrap = Callable[[App], Any]
VALIDATED = [
    pytest.param(name, validate, id=f"{name}, {'between validators' if validate else 'bare'}")
    for name, case in CASES.items()
    for validate in (False, True)
    if case.validates or not validate
]


class Switch:
    """An application that is another for each test, so that all of them can share one Pressmark."""

    def __init__(self) -> None:
        self.app: App | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        assert self.app is not None
        return self.app(environ, start_response)


def _pressmark(static: Path, cache: Path, **options: Any) -> Wrap:
    switch = Switch()
    pressmark = WSGIMiddleware(cast(Any, switch), static={"/static/": static}, cache_dir=cache, **options)

    def wrap(app: App) -> Any:
        switch.app = app
        return pressmark

    return wrap


@pytest.fixture(scope="module")
def pressmark(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Wrap:
    """Pressmark, which waits for its builds. A plain page has had all regions: for an error page nothing is built."""
    wrap = _pressmark(static, tmp_path_factory.mktemp("cache"), build_wait=None)
    for page in PAGES.values():
        examine(CASES["a page with Content-Length"], page, wrap)
    return wrap


@pytest.fixture(scope="module")
def impatient(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Wrap:
    """Pressmark that waits for no build."""
    return _pressmark(static, tmp_path_factory.mktemp("cache"), build_wait=0)


@pytest.fixture(scope="module")
def off(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wrap]:
    """Pressmark, switched off, on a machine without compilers: those run still."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found, "KNOWN", ())
        yield _pressmark(static, tmp_path_factory.mktemp("cache"), enabled=False)


@pytest.mark.parametrize(("name", "validate"), VALIDATED)
def test_a_response_without_a_region_leaves_lawfully(name: str, validate: bool, pressmark: Wrap) -> None:
    examine(CASES[name], NO_REGION, pressmark, validate=validate)


@pytest.mark.parametrize("name", CASES)
def test_a_response_with_regions_leaves_lawfully_when_they_are_new(
    name: str, pressmark: Wrap, serial: Iterator[int]
) -> None:
    examine(CASES[name], BUILDABLE.renewed(next(serial)), pressmark)


@pytest.mark.parametrize(("name", "validate"), VALIDATED)
def test_a_response_with_regions_leaves_lawfully_when_they_are_known(
    name: str, validate: bool, pressmark: Wrap
) -> None:
    examine(CASES[name], BUILDABLE, pressmark, validate=validate, times=2)


@pytest.mark.parametrize("name", CASES)
def test_a_response_with_an_odd_region_leaves_lawfully(name: str, pressmark: Wrap, serial: Iterator[int]) -> None:
    for page in ODD_PAGES.values():
        examine(CASES[name], page.renewed(next(serial)), pressmark, times=2)


@pytest.mark.parametrize("name", CASES)
def test_a_response_that_does_not_wait_for_its_regions_leaves_lawfully(
    name: str, impatient: Wrap, serial: Iterator[int]
) -> None:
    """The original goes out, or the new: what it says of itself is true of what it is."""
    case = CASES[name]
    promise: Promise = case.promise if case.promise in ("same", "head") else "either"

    examine(replace(case, promise=promise), BUILDABLE.renewed(next(serial)), impatient)


@pytest.mark.parametrize("name", CASES)
def test_what_is_switched_off_changes_nothing(name: str, off: Wrap) -> None:
    examine(replace(CASES[name], promise="same"), BUILDABLE, off)


def test_a_page_cut_in_two_anywhere_is_rewritten(pressmark: Wrap) -> None:
    """A marker, a tag and a region may each arrive in two pieces."""
    for at in range(len(BUILDABLE.raw) + 1):
        case = Case(answers(lambda page, at=at: [page[:at], page[at:]], HTML))  # type: ignore[misc]

        examine(case, BUILDABLE, pressmark)


@pytest.mark.parametrize("name", [name for name in ENDINGS if name.startswith("an exception in")])
def test_a_response_that_failed_does_not_look_complete(name: str, pressmark: Wrap) -> None:
    """A client and a cache must be able to tell half a page from a page."""
    connection = examine(ENDINGS[name], BUILDABLE, pressmark)

    assert not connection.is_complete


def test_the_first_page_of_all_is_rewritten(static: Path, tmp_path: Path) -> None:
    """The cache directory is still empty."""
    examine(CASES["a page with Content-Length"], BUILDABLE, _pressmark(static, tmp_path, build_wait=None))


def test_twenty_clients_at_once_are_answered_lawfully(pressmark: Wrap, serial: Iterator[int]) -> None:
    """They meet a region that is built while they wait, and nothing of one response is in another's."""
    page = BUILDABLE.renewed(next(serial))
    inner = StrictApp(answers(halves, HTML)(page.raw))
    server = StrictServer(pressmark(inner), inner)

    with ThreadPoolExecutor(20) as threads:
        connections = list(threads.map(server, [Request()] * 20))

    assert [page.is_rewritten_as(connection.body) for connection in connections] == [True] * 20


def test_a_page_beyond_all_bounds_leaves_lawfully(pressmark: Wrap) -> None:
    """A tagged page is held to its end, but not for ever."""
    make = answers(_megabytes, HTML, ("ETag", '"v1"'), sized=True)

    examine(Case(make, "either", dress=twice_far_apart), BUILDABLE, pressmark)


def _megabytes(page: bytes) -> list[bytes]:
    return [page[at : at + 1_000_000] for at in range(0, len(page), 1_000_000)]


def _after_a_page(pressmark: Wrap, request: Callable[[str], Request]) -> Connection:
    """Return the answer to *request*, made of the path of a bundle that a page has just named."""
    inner = StrictApp(whole(HTML)(BUILDABLE.raw))
    server = StrictServer(pressmark(inner), inner)
    page = server(Request()).body.decode()
    at = page.index("/pressmark/css/")
    return server(request(page[at : page.index('"', at)]))


@pytest.mark.parametrize(("method", "status"), [("GET", "200 OK"), ("HEAD", "200 OK"), ("OPTIONS", "204 No Content")])
def test_a_bundle_is_served_lawfully(method: str, status: str, pressmark: Wrap) -> None:
    connection = _after_a_page(pressmark, lambda path: Request(method=method, path=path, reaches_app=False))

    assert connection.status == status


@pytest.mark.parametrize(
    ("key", "value", "statuses"),
    [
        pytest.param("HTTP_IF_NONE_MATCH", "*", ("304",), id="not modified"),
        pytest.param("HTTP_RANGE", "bytes=0-3", ("200", "206"), id="a range"),
        pytest.param("HTTP_RANGE", "bytes=99999-", ("200", "416"), id="a range beyond the end"),
        pytest.param("HTTP_ACCEPT_ENCODING", "br, gzip", ("200",), id="encoded"),
    ],
)
def test_a_bundle_asked_for_with_conditions_is_served_lawfully(
    key: str, value: str, statuses: tuple[str, ...], pressmark: Wrap
) -> None:
    connection = _after_a_page(pressmark, lambda path: Request(path=path, extra=((key, value),), reaches_app=False))

    assert connection.status is not None
    assert connection.status[:3] in statuses


@pytest.mark.parametrize("validate", [False, True], ids=["bare", "between validators"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/pressmark/css/" + "0" * 32 + ".css", "404", id="an unknown bundle"),
        pytest.param("HEAD", "/pressmark/css/" + "0" * 32 + ".css", "404", id="HEAD of an unknown bundle"),
        pytest.param("GET", "/pressmark/", "404", id="no bundle at all"),
        pytest.param("GET", "/pressmark/../x", "404", id="a way out"),
        pytest.param("GET", "/pressmark/css/\0\xff\xe2\x82", "404", id="odd letters"),
        pytest.param("POST", "/pressmark/css/" + "0" * 32 + ".css", "405", id="another method"),
    ],
)
def test_a_bundle_that_is_not_there_is_refused_lawfully(
    method: str, path: str, status: str, validate: bool, pressmark: Wrap
) -> None:
    request = Request(method=method, path=path, reaches_app=False)

    connection = examine(Case(_never_asked, request=request), NO_REGION, pressmark, validate=validate)

    assert connection.status is not None
    assert connection.status[:3] == status


def _never_asked(_page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> object:
        raise AssertionError("the application has no business with bundles")

    return app


def _fails_late(*pieces: bytes) -> App:
    """Return an application whose head is JSON's until its body is asked for, and then an error page's."""

    def app(environ: Environ, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])

        def body() -> Iterator[bytes]:
            yield from pieces
            try:
                fail()
            except AppError:
                start_response("500 Oh No", [HTML], sys.exc_info())
            yield BUILDABLE.raw

        return body()

    return app


def test_an_error_page_that_comes_late_takes_the_place_of_what_was_no_page(pressmark: Wrap) -> None:
    started: list[Any] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], object]:
        started.append(status)
        return print

    body = b"".join(pressmark(_fails_late())({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, start))

    assert (started, body) == (["200 OK", "500 Oh No"], BUILDABLE.raw)


def test_an_error_page_that_comes_too_late_is_the_servers_to_refuse(pressmark: Wrap) -> None:
    def start(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], object]:
        if exc_info:  # the head is out
            raise exc_info[1]
        return print

    with pytest.raises(AppError):
        b"".join(pressmark(_fails_late(b"{", b"}"))({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, start))


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_body_of_other_bytes_is_taken_for_bytes(kind: Callable[[bytes], Any], pressmark: Wrap) -> None:
    """PEP 3333 allows bytes alone; a page goes out even so."""

    def app(environ: Environ, start_response: StartResponse) -> list[Any]:
        start_response("200 OK", [HTML])
        return [kind(BUILDABLE.raw)]

    body = b"".join(pressmark(app)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: print))

    assert BUILDABLE.is_rewritten_as(body)


def test_a_path_that_only_begins_like_the_endpoint_is_the_applications(pressmark: Wrap) -> None:
    case = Case(whole(HTML), "page", Request(path="/pressmarked/"))

    examine(case, BUILDABLE, pressmark)
