"""ASGI applications of the protocols that are none of Pressmark's business."""

from tests.protocol.asgi_cases import AppError, Case, Factory
from tests.protocol.asgi_connection import Request
from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.strict_asgi import App, Receive, Send

CONNECT: Message = {"type": "websocket.connect"}
STARTUP: Message = {"type": "lifespan.startup"}
SHUTDOWN: Message = {"type": "lifespan.shutdown"}
DENIAL = "websocket.http.response"


def answers(*messages: Message | None, raises: bool = False) -> Factory:
    """Return a factory of applications that send the *messages*; ``None`` stands for a receive."""

    def make(_page: bytes) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for message in messages:
                if message is None:
                    await receive()
                else:
                    await send(dict(message))
            if raises:
                raise AppError("by design")

        return app

    return make


def websocket(make: Factory, *incoming: Message, leaves_after: int | None = None) -> Case:
    """Return the case of a WebSocket."""
    request = Request(
        type="websocket",
        incoming=(CONNECT, *incoming),
        extensions=(DENIAL, DENIAL + ".start", DENIAL + ".body"),
        leaves_after=leaves_after,
    )
    return Case(make, "same", request)


def lifespan(make: Factory) -> Case:
    """Return the case of a lifespan."""
    return Case(make, "same", Request(type="lifespan", incoming=(STARTUP, SHUTDOWN)))


def _echo(_page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send(ACCEPT)
        while (message := await receive())["type"] == "websocket.receive":
            await send(message | {"type": "websocket.send"})
        scope["state"]["code"] = message["code"]

    return app


def _denies(page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        headers = [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(page))]
        await send({"type": DENIAL + ".start", "status": 401, "headers": headers})
        await send({"type": DENIAL + ".body", "body": page[:50], "more_body": True})
        await send({"type": DENIAL + ".body", "body": page[50:]})

    return app


def _keeps_state(_page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        scope["state"]["pool"] = object()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        del scope["state"]["pool"]
        await send({"type": "lifespan.shutdown.complete"})

    return app


def _speaks_telnet(_page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "telnet.end":
            await send({"type": "telnet.line", "text": message["text"].upper()})

    return app


ACCEPT: Message = {"type": "websocket.accept", "subprotocol": "chat", "headers": [(b"x-one", b"1")]}
CLOSE: Message = {"type": "websocket.close", "code": 4000, "reason": "enough"}
TEXT: Message = {"type": "websocket.receive", "text": "<!-- compress css -->"}
RAW: Message = {"type": "websocket.receive", "bytes": b"\0\xff", "text": None}
GONE: Message = {"type": "websocket.disconnect", "code": 1001, "reason": "going away"}
STARTED: Message = {"type": "lifespan.startup.complete"}
TELNET = Request(type="telnet", incoming=({"type": "telnet.line", "text": "who"}, {"type": "telnet.end"}), path="/x")

PROTOCOLS = {
    "a WebSocket that echoes": websocket(_echo, TEXT, RAW, TEXT, GONE),
    "a WebSocket that the application closes": websocket(answers(None, ACCEPT, CLOSE)),
    "a WebSocket that is refused": websocket(answers(None, CLOSE)),
    "a WebSocket that is denied with a page": websocket(_denies),
    "a WebSocket whose application raises": websocket(answers(None, ACCEPT, raises=True)),
    "a WebSocket whose application raises at once": websocket(answers(raises=True)),
    "a WebSocket whose application returns at once": websocket(answers()),
    "a WebSocket whose client leaves": websocket(_echo, TEXT, TEXT, leaves_after=2),
    "a lifespan": lifespan(answers(None, STARTED, None, {"type": "lifespan.shutdown.complete"})),
    "a lifespan with state": lifespan(_keeps_state),
    "a lifespan that the application does not know": lifespan(answers(raises=True)),
    "a lifespan that raises after its startup event": lifespan(answers(None, raises=True)),
    "a lifespan that raises while it runs": lifespan(answers(None, STARTED, None, raises=True)),
    "a lifespan that returns at once": lifespan(answers()),
    "a failed startup": lifespan(answers(None, {"type": "lifespan.startup.failed", "message": "no disk"})),
    "a failed shutdown": lifespan(answers(None, STARTED, None, {"type": "lifespan.shutdown.failed"})),
    "a protocol nobody knows": Case(_speaks_telnet, "same", TELNET),
    "a protocol nobody knows, whose application raises": Case(answers(None, raises=True), "same", TELNET),
}
