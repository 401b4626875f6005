"""The whole demo as one ASGI application, for any server on asyncio or trio."""

import anyio.from_thread
import anyio.to_thread
from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from demo.bridge import Answer, WsgiInAsgi, call_asgi, get_scope
from demo.django_site import app as django_app
from demo.editor_site import app as editor_app
from demo.flask_site import app as flask_app
from demo.index import render
from demo.measure import Measurements
from demo.starlette_site import app as starlette_app


async def index(request: Request) -> HTMLResponse:
    """Return the demo's first page."""
    # A limiter of its own: measuring waits for Django and Flask, which need threads of the common limiter.
    status, html = await anyio.to_thread.run_sync(render, measurements, limiter=CapacityLimiter(1))
    return HTMLResponse(html, status)


def _fetch(target: str) -> Answer:
    return anyio.from_thread.run(call_asgi, app, get_scope(target))


measurements = Measurements(_fetch)

app = Starlette(
    routes=[
        Route("/", index),
        Mount("/django", WsgiInAsgi(django_app)),
        Mount("/flask", WsgiInAsgi(flask_app)),
        Mount("/starlette", starlette_app),
        Mount("/editor", editor_app),
    ]
)
