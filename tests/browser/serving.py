"""A site of one page, under Pressmark in a real server."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pressmark import ASGIMiddleware
from tests.servers.running import free_port


@contextmanager
def serving(page: str | Callable[[Request], Response], **options: Any) -> Iterator[str]:
    """Run a server until the context ends; give the site's URL. All its pages are *page*, or what it returns.

    *options* are settings; what their static directories hold is served.
    """

    async def answer(request: Request) -> Response:
        return HTMLResponse(page) if isinstance(page, str) else page(request)

    files = [Mount(prefix, StaticFiles(directory=folder)) for prefix, folder in options.get("static", {}).items()]
    app = ASGIMiddleware(Starlette(routes=[*files, Route("/{path:path}", answer)]), **options)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join()
