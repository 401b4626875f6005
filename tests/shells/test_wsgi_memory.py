"""A page is let go as soon as it has left: no garbage collection need free it."""

import gc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pressmark import WSGIMiddleware
from pressmark.response.exchange import Exchange

PAGE = b"<!doctype html><title>x</title><!-- compress css --><link rel=stylesheet href=/s/a.css><!-- endcompress -->"


class Framework:
    """The body of a response that is no list, as a framework's is."""

    def __init__(self) -> None:
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield PAGE

    def close(self) -> None:
        self.is_closed = True


def unannounced() -> Iterator[bytes]:
    yield PAGE[:60]
    yield PAGE[60:]


BODIES: dict[str, Callable[[], Iterable[bytes]]] = {
    "a list": lambda: [PAGE],
    "a framework's": Framework,
    "a stream": unannounced,
    "without regions": lambda: [b"<p>x"],
}


def exchanges() -> list[Exchange]:
    """Return those that are alive. Not by isinstance(), which has lazy objects of Django's set themselves up."""
    return [each for each in gc.get_objects() if type(each) is Exchange]


@pytest.fixture
def others() -> Iterator[list[Exchange]]:
    """Return the exchanges that other tests have left, and let no garbage be collected meanwhile."""
    gc.collect()
    gc.disable()
    yield exchanges()
    gc.enable()


@pytest.mark.parametrize("kind", BODIES)
def test_no_exchange_outlives_its_page(kind: str, others: list[Exchange], tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a { color: red }")

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        body = BODIES[kind]()
        length = [] if kind == "a stream" else [("Content-Length", str(sum(map(len, body))))]
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *length])
        return body

    site = WSGIMiddleware(app, static={"/s/": tmp_path}, cache_dir=tmp_path / "cache", build_wait=None)
    for _ in range(5):
        result = site({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": ""}, lambda *_: len)
        body = b"".join(result)
        getattr(result, "close", lambda: None)()
        del result
        assert (b"pressmark" in body) == (kind != "without regions")

    assert [each for each in exchanges() if each not in others] == []
