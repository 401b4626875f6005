"""A page whose stylesheets and script only the application itself can serve: its views make them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

LAYOUT = """\
body { margin: 0; font: 1.1rem/1.6 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 4rem 1.25rem; }
h1 { font-size: 2.2rem; line-height: 1.2; }
.hues { display: flex; gap: .5rem; }
.hues i { flex: 1; height: 4rem; border-radius: .5rem; }
"""


async def palette(request: Request) -> Response:
    """Return a stylesheet of five colours around the hue that the query names, in degrees."""
    digits = request.query_params.get("hue", "")
    hue = int(digits) % 360 if digits.isascii() and digits.isdigit() else 0
    rules = [f".hues i:nth-child({n}) {{ background: hsl({hue + 12 * n} 60% {35 + 8 * n}%); }}" for n in range(1, 6)]
    head = f"h1 {{ color: hsl({hue} 65% 40%); }}"
    return Response("\n".join([head, *rules]), media_type="text/css")


async def layout(request: Request) -> Response:
    """Return the stylesheet of the page's layout."""
    return Response(LAYOUT, media_type="text/css")


async def greeting(request: Request) -> Response:
    """Return a script that says where it comes from."""
    where = request.scope.get("root_path", "") or "/"
    return Response(f"var greeting = 'Served by the application at {where}.';\n", media_type="text/javascript")


routes = [
    Route("/made/palette.css", palette),
    Route("/made/layout.css", layout),
    Route("/made/greeting.js", greeting),
]
