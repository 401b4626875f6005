"""The checkers can fail: each wrong middleware breaks the rule it was made to break, and right ones break none."""

import anyio
import pytest

from tests.protocol import inner_asgi, inner_wsgi, wrong_wsgi
from tests.protocol.asgi_cases import HTML, Case, body, plays, start
from tests.protocol.asgi_connection import Request
from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.pages import BUILDABLE, NO_REGION, PAGES
from tests.protocol.reference import ReferenceASGI
from tests.protocol.reference_wsgi import ReferenceWSGI
from tests.protocol.strict_asgi import App, Receive, Send, StrictApp, StrictServer
from tests.protocol.strict_wsgi import StrictApp as StrictWSGIApp
from tests.protocol.strict_wsgi import StrictServer as StrictWSGIServer
from tests.protocol.violations import BrokenRuleError
from tests.protocol.wrong_asgi import SENDS, Wrong
from tests.protocol.wrong_asgi_calls import CALLS
from tests.protocol.wrong_asgi_pages import REWRITES
from tests.protocol.wrong_wsgi_calls import CALLS as WSGI_CALLS
from tests.protocol.wrong_wsgi_pages import REWRITES as WSGI_REWRITES
from tests.protocol.wrong_wsgi_results import RESULTS as WSGI_RESULTS
from tests.protocol.wsgi_cases import Case as WSGICase
from tests.protocol.wsgi_connection import App as WSGIApp
from tests.protocol.wsgi_connection import Environ, StartResponse
from tests.protocol.wsgi_connection import Request as WSGIRequest

WRONG = {
    f"{name} ({table})": wrong
    for table, wrongs in {"send": SENDS, "call": CALLS, "page": REWRITES}.items()
    for name, wrong in wrongs.items()
}
WRONG_WSGI = {
    f"{name} ({table})": wrong
    for table, wrongs in {
        "send": wrong_wsgi.SENDS,
        "call": WSGI_CALLS,
        "result": WSGI_RESULTS,
        "page": WSGI_REWRITES,
    }.items()
    for name, wrong in wrongs.items()
}
VALIDATION = {"bare": False, "between validators": True}


def _does_nothing(app: App) -> App:
    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    return middleware


def _does_nothing_in_wsgi(app: WSGIApp) -> WSGIApp:
    def middleware(environ: Environ, start_response: StartResponse) -> object:
        return app(environ, start_response)

    return middleware


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_asgi_middleware_is_caught_by_the_rule_it_breaks(wrong: Wrong, backend: str) -> None:
    case, page = inner_asgi.CASES[wrong.case], PAGES[wrong.page]

    with pytest.raises(BrokenRuleError) as caught:
        inner_asgi.examine(case, page, wrong.middleware, backend, rewrites=wrong.rewrites)

    assert caught.value.rule == wrong.rule


@pytest.mark.parametrize("wrong", WRONG_WSGI.values(), ids=WRONG_WSGI.keys())
def test_a_wrong_wsgi_middleware_is_caught_by_the_rule_it_breaks(wrong: wrong_wsgi.Wrong) -> None:
    case, page = inner_wsgi.CASES[wrong.case], PAGES[wrong.page]

    with pytest.raises(BrokenRuleError) as caught:
        inner_wsgi.examine(case, page, wrong.middleware, rewrites=wrong.rewrites, validate=wrong.validate)

    assert caught.value.rule == wrong.rule


@pytest.mark.parametrize("name", inner_asgi.CASES)
def test_an_asgi_middleware_that_does_nothing_passes(name: str, backend: str) -> None:
    """It also proves that every inner application is legal."""
    case = inner_asgi.CASES[name]

    inner_asgi.examine(case, NO_REGION, _does_nothing, backend, times=2)


@pytest.mark.parametrize("validate", VALIDATION.values(), ids=VALIDATION.keys())
@pytest.mark.parametrize("name", inner_wsgi.CASES)
def test_a_wsgi_middleware_that_does_nothing_passes(name: str, validate: bool) -> None:
    """It also proves that every inner application is legal."""
    case = inner_wsgi.CASES[name]

    inner_wsgi.examine(case, NO_REGION, _does_nothing_in_wsgi, validate=validate and case.validates, times=2)


@pytest.mark.parametrize("name", inner_asgi.CASES)
def test_an_asgi_middleware_that_rewrites_rightly_passes(name: str) -> None:
    """The promises can be kept, all of them at once."""
    for page in PAGES.values():
        inner_asgi.examine(inner_asgi.CASES[name], page, ReferenceASGI, "asyncio")


@pytest.mark.parametrize("name", inner_wsgi.CASES)
def test_a_wsgi_middleware_that_rewrites_rightly_passes(name: str) -> None:
    """The promises can be kept, all of them at once."""
    for page in PAGES.values():
        inner_wsgi.examine(inner_wsgi.CASES[name], page, ReferenceWSGI)


def test_a_region_is_really_replaced_in_the_reference() -> None:
    """Else the promises about rewritten pages would be held against nothing."""
    case = inner_asgi.CASES["a page with Content-Length"]

    connection = inner_asgi.examine(case, BUILDABLE, ReferenceASGI, "asyncio")

    assert b"/pressmark/css/" in connection.sent[1]["body"]


def test_an_illegal_asgi_case_is_told_from_a_wrong_middleware(backend: str) -> None:
    """A table with a mistake must not read like a fault of the middleware."""
    case = Case(plays(lambda page: (start(HTML), start(HTML), body(page))))

    with pytest.raises(BrokenRuleError, match="a second start"):
        inner_asgi.examine(case, NO_REGION, ReferenceASGI, backend)


def test_an_asgi_application_is_driven_without_a_middleware(backend: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start(HTML))

    with pytest.raises(BrokenRuleError) as caught:
        inner_asgi.on(backend, lambda: StrictServer(app)(Request()))

    assert caught.value.rule == "incomplete"


def test_a_call_that_does_not_end_is_caught(backend: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            await receive()

    with pytest.raises(BrokenRuleError) as caught:
        inner_asgi.on(backend, lambda: StrictServer(app, deadline_s=0.01)(Request()))

    assert caught.value.rule == "deadlock"


def test_a_violation_that_is_swallowed_is_raised_at_the_end(backend: str) -> None:
    """A middleware that catches everything must not hide what it did."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = {"type": "http.response.body"}
        with anyio.CancelScope():
            try:
                await send(message)
            except AssertionError:
                return

    with pytest.raises(BrokenRuleError) as caught:
        inner_asgi.on(backend, lambda: StrictServer(app)(Request()))

    assert caught.value.rule == "event-order"


def test_a_wsgi_application_is_driven_without_a_middleware() -> None:
    def app(environ: Environ, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"1"]

    with pytest.raises(BrokenRuleError) as caught:
        StrictWSGIServer(app)(WSGIRequest())

    assert caught.value.rule == "content-length"


def test_an_asgi_middleware_that_answers_by_halves_is_caught(backend: str) -> None:
    """What a middleware answers by itself has no application's response to be held against."""

    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start(HTML))

    inner = StrictApp(answers)
    request = Request(reaches_app=False)

    with pytest.raises(BrokenRuleError) as caught:
        inner_asgi.on(backend, lambda: StrictServer(answers, inner)(request))

    assert caught.value.rule == "incomplete"


def test_a_wsgi_middleware_that_answers_by_halves_is_caught() -> None:
    def answers(environ: Environ, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"1", b"2"]

    request = WSGIRequest(reaches_app=False, leaves_after=1)

    with pytest.raises(BrokenRuleError) as caught:
        StrictWSGIServer(answers, StrictWSGIApp(answers))(request)

    assert caught.value.rule == "incomplete"


def test_a_response_that_breaks_off_is_not_complete() -> None:
    case = WSGICase(inner_wsgi.CASES["an exception before the end"].make)

    connection = inner_wsgi.examine(case, BUILDABLE, _does_nothing_in_wsgi, rewrites=False)

    assert not connection.is_complete
