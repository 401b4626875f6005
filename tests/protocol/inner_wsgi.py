"""All inner WSGI applications, and the examination of a middleware by one of them."""

from typing import Any, cast
from wsgiref.validate import validator

from tests.protocol.expectations import Response, judge
from tests.protocol.inner_wsgi_endings import ENDINGS
from tests.protocol.inner_wsgi_opaque import OPAQUE
from tests.protocol.inner_wsgi_pages import PAGES
from tests.protocol.inner_wsgi_streams import STREAMS
from tests.protocol.pages import Page
from tests.protocol.strict_wsgi import StrictApp, StrictServer
from tests.protocol.violations import BrokenRuleError
from tests.protocol.wsgi_cases import Case, headers_of
from tests.protocol.wsgi_connection import App, Connection, FileWrapper, Middleware

CASES: dict[str, Case] = PAGES | STREAMS | OPAQUE | ENDINGS


def examine(
    case: Case,
    page: Page,
    middleware: Middleware,
    *,
    validate: bool = False,
    rewrites: bool = True,
    times: int = 1,
) -> Connection:
    """Serve *case* *times* over through one instance of *middleware* and return the last connection.

    Raises BrokenRuleError where the middleware breaks a rule of WSGI or a promise of Pressmark.
    """
    dressed = case.dress(page)
    inner = StrictApp(case.make(dressed.raw), validate=validate)
    outside = cast(App, validator(cast(Any, inner))) if validate else inner
    server = StrictServer(middleware(outside), inner, validate=validate)
    for _ in range(times):
        connection = server(case.request)
        if case.request.reaches_app:
            _judge(connection, case, dressed, rewrites, by_identity=case.by_identity and not validate)
    return connection


def _judge(connection: Connection, case: Case, page: Page, rewrites: bool, *, by_identity: bool) -> None:
    if case.promise == "same":
        _require_the_same(connection, by_identity)
    complete = connection.is_complete
    said_complete = complete if connection.has_left else connection.app_ended and not _failed(connection)
    said = Response(
        connection.app_status,
        headers_of(connection.app_headers),
        b"".join(connection.app_sent),
        said_complete,
    )
    got = Response(connection.status, headers_of(connection.headers), connection.body, complete)
    if connection.has_left and (got.status is None or case.promise == "same"):
        return
    judge(said, got, case.promise, page, rewrites=rewrites)


def _failed(connection: Connection) -> bool:
    """Tell whether the application raised before it was asked to close."""
    return bool(connection.app_errors) and not connection.is_complete


def _require_the_same(connection: Connection, by_identity: bool) -> None:
    if by_identity and connection.result is not connection.app_result:
        raise BrokenRuleError("identity", f"{connection.result!r} is not the application's own result")
    given = connection.app_sent[: len(connection.sent)]
    is_file = isinstance(connection.app_result, FileWrapper)  # its pieces are the server's affair
    if connection.sent != given and not is_file:
        raise BrokenRuleError("same", f"the pieces {connection.sent!r} are not {given!r}")
    if not isinstance(connection.app_result, list | tuple) and connection.must_close:
        late = [at for at, pulled in enumerate(connection.pulled) if pulled > at + 1]
        if late and not by_identity:
            raise BrokenRuleError("same", f"the pieces {late!r} were held back")
