"""A strict WSGI server and a strict WSGI application, to stand on both sides of a middleware.

`StrictServer` drives whatever it is given as a server would and checks all that comes out; `StrictApp` is
wrapped around the application under the middleware and checks all that the middleware hands in. Both write
into one `Connection`. With *validate*, `wsgiref.validate.validator` stands on both sides as well; it hides
the identity of what passes through it, so that is looked at without it.
"""

from collections.abc import Callable
from typing import Any, cast
from wsgiref.validate import validator

from tests.protocol.violations import BrokenRuleError, is_by_design
from tests.protocol.wsgi_connection import (
    APP_SET,
    SERVER_SET,
    App,
    ClientLeftError,
    Connection,
    Environ,
    Request,
    StartResponse,
    Write,
)
from tests.protocol.wsgi_traced import inside, traced

# What a middleware may take out of a copied environ (RFC 9110, 13.2.2 and 14.2).
CONDITIONAL = frozenset(("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE"))
REQUIRED = (
    *("REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.version", "wsgi.url_scheme"),
    *("wsgi.input", "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once"),
)


class StrictApp:
    """Checks what a middleware hands to the application inside it."""

    def __init__(self, app: App, *, validate: bool = False) -> None:
        self.connection: Connection | None = None
        self.is_validated = validate
        self._app = app

    def __call__(self, environ: Environ, start_response: StartResponse, /) -> Any:
        connection = self._find()
        connection.calls += 1
        self._check_call(connection, environ)
        APP_SET.set(connection)
        with inside(connection):
            result = self._app(environ, _start(connection, start_response))
        connection.app_result = traced(connection, result)
        return connection.app_result

    def _find(self) -> Connection:
        """Return the connection of this call; several may be open at once."""
        own = SERVER_SET.get()
        connection = own if isinstance(own, Connection) and own.calls == 0 else self.connection
        assert connection is not None, "StrictApp works below a StrictServer only"
        return connection

    def _check_call(self, connection: Connection, environ: Environ) -> None:
        ledger, outer = connection.ledger, connection.snapshot
        ledger.require(connection.calls == 1, "call-count", "the application was called twice")
        connection.check_thread("the application")
        same = SERVER_SET.get() is connection
        ledger.require(same, "context", "the application does not see the server's context variables")
        ledger.require(type(environ) is dict, "environ", f"environ is a {type(environ).__name__}")
        for key in REQUIRED:
            ledger.require(key in environ, "environ", f"environ has no {key!r}")
        hidden = CONDITIONAL | ({"wsgi.input", "wsgi.errors"} if self.is_validated else set())
        was = {key: value for key, value in outer.items() if key not in hidden}
        now = {key: value for key, value in environ.items() if key not in hidden}
        ledger.require(was == now, "environ", f"{was.items() ^ now.items() if was.keys() != now.keys() else now}")


def _start(connection: Connection, start_response: StartResponse) -> StartResponse:
    """Return the `start_response` that the application gets."""

    def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Write:
        copy = list(headers)
        connection.app_starts += 1
        write = _call_start(connection, start_response, status, headers, exc_info)
        connection.ledger.require(headers == copy, "mutation", f"the application's {copy!r} became {headers!r}")
        connection.ledger.require(callable(write), "write", f"start_response returned {write!r}")
        connection.app_lists.append((headers, copy))
        connection.app_status, connection.app_headers = status, copy

        def recorded(piece: bytes) -> None:
            connection.app_sent.append(piece)
            write(piece)

        return recorded

    return start


def _call_start(
    connection: Connection, start_response: StartResponse, status: str, headers: Any, rest: tuple[Any, ...]
) -> Write:
    ledger = connection.ledger
    error = rest[0][1] if rest and rest[0] is not None else None
    has_output = any(connection.app_sent)
    again = connection.app_starts > 1
    try:
        write = start_response(status, headers, *rest)
    except BrokenRuleError:
        raise
    except BaseException as raised:
        mine = raised is error or (again and error is None)
        foreign = isinstance(raised, AssertionError) and not mine
        ledger.require(not foreign, "wsgiref.validate", str(raised))
        if error is not None:
            ledger.require(raised is error, "exc_info", f"start_response raised {raised!r} for {error!r}")
            ledger.require(has_output, "exc_info", "re-raised though nothing had been put out")
        ledger.require(error is not None or again, "start_response", f"start_response raised {raised!r}")
        connection.second_start = raised
        raise
    ledger.require(error is None or not has_output, "exc_info", "not re-raised after output")
    ledger.require(error is not None or not again, "start_response", "a second call went through")
    return write


class StrictServer:
    """Drives an application as a server would. *inner* is the StrictApp inside it, if there is one."""

    def __init__(self, application: App, inner: StrictApp | None = None, *, validate: bool = False) -> None:
        self._application = cast(App, validator(cast(Any, application))) if validate else application
        self._is_validated = validate
        self._inner = inner

    def __call__(self, request: Request) -> Connection:
        """Serve one request and return the record of it. Raises BrokenRuleError, and nothing of the application.

        An AssertionError of `wsgiref.validate` becomes a BrokenRuleError of that name.
        """
        connection = Connection(request)
        if self._inner is not None:
            self._inner.connection = connection
        SERVER_SET.set(connection)
        APP_SET.set(None)
        self._guarded(connection, lambda: self._run(connection))
        connection.phase = "closing"
        close = getattr(connection.result, "close", None)
        if close is not None:
            self._guarded(connection, close)
        connection.phase = "over"
        self._conclude(connection)
        return connection

    def _run(self, connection: Connection) -> None:
        result = self._application(connection.environ, connection.start_response)
        connection.result = result
        fits = result is not None and not isinstance(result, str | bytes)
        connection.ledger.require(fits, "result", f"the application returned {result!r}")
        if connection.has_left:
            return
        connection.phase = "iterating"
        for piece in result:
            connection.send(piece)
            if connection.has_left:
                return
        connection.is_complete = True

    @staticmethod
    def _guarded(connection: Connection, step: Callable[[], object]) -> None:
        try:
            step()
        except BrokenRuleError:
            return
        except Exception as error:
            connection.errors.append(error)

    def _conclude(self, connection: Connection) -> None:
        ledger = connection.ledger
        connection.own_ledger.settle()
        ledger.settle()
        for error in connection.app_errors:
            known = isinstance(error, ClientLeftError) or error is connection.second_start
            if not known and not is_by_design(error):
                raise error  # The application itself is broken, or a checker: not the middleware's fault.
        for error in connection.errors:
            if isinstance(error, AssertionError) and error not in connection.app_errors:
                ledger.report("wsgiref.validate", str(error))
        hidden = {"wsgi.input", "wsgi.errors"} if self._is_validated else set()
        was = {key: value for key, value in connection.snapshot.items() if key not in hidden}
        now = {key: value for key, value in connection.environ.items() if key not in hidden}
        ledger.require(was == now, "environ", "the server's environ was changed in place")
        number = int((connection.status or "0")[:3])
        if connection.is_complete:
            started = connection.status is not None or (self._inner is not None and not connection.app_starts)
            ledger.require(started, "start_response", "never called")
            if connection.request.method != "HEAD" and number != 304:
                connection.check_length(ended=True)
        if self._inner is not None:
            self._compare(connection)

    @staticmethod
    def _compare(connection: Connection) -> None:
        """Hold what the server saw against what the application did."""
        ledger, request = connection.ledger, connection.request
        calls = int(request.reaches_app)
        ledger.require(connection.calls == calls, "call-count", f"{connection.calls} calls, not {calls}")
        if not request.reaches_app:
            ledger.require(not connection.errors, "exception", f"raised {connection.errors!r}")
            ledger.require(connection.is_complete, "incomplete", "no complete response")
            return
        same = APP_SET.get() is connection
        ledger.require(same, "context", "the server does not see the application's context variables")
        said = f"the application raised {connection.app_errors!r}, the middleware {connection.errors!r}"
        raised = [id(error) for error in connection.app_errors]
        ledger.require([id(error) for error in connection.errors] == raised, "exception", said)
        if connection.must_close:
            ledger.require(connection.closes == 1, "close", f"closed {connection.closes} times")
        for headers, copy in connection.app_lists:
            ledger.require(headers == copy, "mutation", f"the application's {copy!r} became {headers!r}, late")
        ended = connection.app_ended or bool(connection.app_errors)
        ledger.require(ended or not connection.is_complete, "looks-complete", "the application was not done")
