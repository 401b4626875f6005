"""WSGI middlewares with one fault each: how they call the application, and what they hand to it."""

from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from tests.protocol.wrong_wsgi import Wrong
from tests.protocol.wrong_wsgi_results import elsewhere
from tests.protocol.wsgi_connection import App, Environ, Headers, Middleware, StartResponse, Write

Call = Callable[[App, Environ, StartResponse], Any]


def calling(call: Call) -> Middleware:
    """Return the middleware that calls ``call(app, environ, start_response)``."""

    def middleware(app: App) -> App:
        return lambda environ, start_response: call(app, environ, start_response)

    return middleware


def _twice(app: App, environ: Environ, start_response: StartResponse) -> Any:
    app(environ, start_response)
    return app(environ, start_response)


def _never(app: App, environ: Environ, start_response: StartResponse) -> Any:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"mine"]


def _swallows(app: App, environ: Environ, start_response: StartResponse) -> Any:
    try:
        return app(environ, start_response)
    except Exception:
        return []


def _reads_input(app: App, environ: Environ, start_response: StartResponse) -> Any:
    environ["wsgi.input"].read(1)
    return app(environ, start_response)


def _changes_environ(app: App, environ: Environ, start_response: StartResponse) -> Any:
    result = app(environ, start_response)
    environ["PATH_INFO"] = "/x"
    return result


def _renames(app: Any, environ: Environ, start_response: StartResponse) -> Any:
    return app(environ=environ, start_response=start_response)


def _forgets_exc_info(app: App, environ: Environ, start_response: StartResponse) -> Any:
    return app(environ, lambda status, headers, exc_info=None: start_response(status, headers))


def _has_no_exc_info(app: App, environ: Environ, start_response: StartResponse) -> Any:
    def start(status: str, headers: Headers) -> Write:
        return start_response(status, headers)

    return app(environ, start)


def _always_reraises(app: App, environ: Environ, start_response: StartResponse) -> Any:
    def start(status: str, headers: Headers, exc_info: Any = None) -> Write:
        if exc_info is not None:
            raise exc_info[1]
        return start_response(status, headers)

    return app(environ, start)


def _raises_another(app: App, environ: Environ, start_response: StartResponse) -> Any:
    def start(status: str, headers: Headers, exc_info: Any = None) -> Write:
        if exc_info is not None:
            raise RuntimeError("too late")
        return start_response(status, headers)

    return app(environ, start)


def _never_reraises(app: App, environ: Environ, start_response: StartResponse) -> Any:
    """Holds a page and forgets that what it swallowed counts as output for the application."""
    heads: list[Any] = []

    def start(*args: Any) -> Write:
        heads.append(args[:2])
        return lambda piece: None

    held = list(app(environ, start))
    start_response(*heads[-1])
    return held


def _takes_a_second_start(app: App, environ: Environ, start_response: StartResponse) -> Any:
    return _never_reraises(app, environ, start_response)


def _changes_headers(app: App, environ: Environ, start_response: StartResponse) -> Any:
    def start(status: str, headers: Headers, *exc_info: Any) -> Write:
        headers.append(("X-By", "me"))
        return start_response(status, headers, *exc_info)

    return app(environ, start)


def _changes_headers_later(app: App, environ: Environ, start_response: StartResponse) -> Any:
    lists: list[Headers] = []

    def start(status: str, headers: Headers, *exc_info: Any) -> Write:
        lists.append(headers)
        return start_response(status, headers, *exc_info)

    result = app(environ, start)
    lists[0].clear()
    return result


def with_environ(change: Callable[[Environ], Any]) -> Middleware:
    """Return a middleware that hands in another environ."""
    return calling(lambda app, environ, start_response: app(change(environ), start_response))


class _Odd(dict[str, Any]):
    pass


CALLS = {
    "calls in another thread": Wrong(
        calling(lambda app, environ, start: elsewhere(lambda: app(environ, start))), "thread"
    ),
    "calls in another context": Wrong(
        calling(lambda app, environ, start: copy_context().run(app, environ, start)), "context"
    ),
    "calls the application twice": Wrong(calling(_twice), "call-count"),
    "does not call the application": Wrong(calling(_never), "call-count"),
    "calls the application by keyword": Wrong(calling(_renames), "call-count"),
    "calls by keyword what `wsgiref.validate` guards": Wrong(calling(_renames), "wsgiref.validate", validate=True),
    "swallows exceptions": Wrong(calling(_swallows), "exception", "an exception after start_response"),
    "reads the request": Wrong(calling(_reads_input), "read-ahead"),
    "changes the environ in place": Wrong(calling(_changes_environ), "environ"),
    "hands in another path": Wrong(with_environ(lambda environ: environ | {"PATH_INFO": "/x"}), "environ"),
    "adds to the environ": Wrong(with_environ(lambda environ: environ | {"x.y": 1}), "environ"),
    "hands in another input": Wrong(with_environ(lambda environ: environ | {"wsgi.input": None}), "environ"),
    "hides the file wrapper": Wrong(
        with_environ(lambda environ: {k: v for k, v in environ.items() if k != "wsgi.file_wrapper"}), "environ"
    ),
    "hides the server's name": Wrong(
        with_environ(lambda environ: {k: v for k, v in environ.items() if k != "SERVER_NAME"}), "environ"
    ),
    "hands in an odd dict": Wrong(with_environ(_Odd), "environ"),
    "forgets exc_info": Wrong(calling(_forgets_exc_info), "exc_info", "an error page instead of a page"),
    "does not take exc_info": Wrong(calling(_has_no_exc_info), "exc_info", "an error page instead of a page"),
    "raises exc_info before any output": Wrong(
        calling(_always_reraises), "exc_info", "an error page instead of a page"
    ),
    "raises another exception than exc_info": Wrong(
        calling(_raises_another), "exc_info", "a page started anew after output"
    ),
    "does not raise exc_info after output": Wrong(
        calling(_never_reraises), "exc_info", "a page started anew after output"
    ),
    "does not raise exc_info after write": Wrong(
        calling(_never_reraises), "exc_info", "a page started anew after write"
    ),
    "takes a second start_response": Wrong(calling(_takes_a_second_start), "start_response", "a page started twice"),
    "changes the application's headers": Wrong(calling(_changes_headers), "mutation"),
    "changes the application's headers later": Wrong(calling(_changes_headers_later), "mutation"),
}
