"""The demo, whose pages leave as smaller HTML if the query asks for it: for any ASGI server."""

from typing import Any

from demo.asgi import app as demo
from pressmark import ASGIMiddleware

_small: Any = ASGIMiddleware(demo, endpoint="/small/", minify_html=True)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer as the demo does."""
    is_small = scope["type"] == "http" and b"small" in scope["query_string"]
    await (_small if is_small else demo)(scope, receive, send)
