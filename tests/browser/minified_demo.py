"""The demo, whose pages leave as smaller HTML if the query asks for it: for any ASGI server.

Their stylesheets count as known, though the demo's own Pressmark has bundled them: none shows white space there.
"""

from dataclasses import replace
from typing import Any

from demo.asgi import app as demo
from pressmark import ASGIMiddleware
from pressmark.page.html_minifying import KEY, minify_html
from pressmark.response.exchange import MinifyHtml

SHEETS = {".css": ()}

_small: Any = ASGIMiddleware(demo, endpoint="/small/", minify_html=True)
_small._core = replace(_small._core, minify_html=MinifyHtml(KEY, lambda page, _: minify_html(page, SHEETS)))


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer as the demo does."""
    is_small = scope["type"] == "http" and b"small" in scope["query_string"]
    await (_small if is_small else demo)(scope, receive, send)
