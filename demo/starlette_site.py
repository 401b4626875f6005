"""The demo's pages made by Starlette, each library's files in a StaticFiles mount."""

from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from demo import made
from demo.shared import LIBRARIES, PAGES, STATIC, TEMPLATES, cache_dir
from pressmark_starlette import PressmarkMiddleware

templates = Jinja2Templates(TEMPLATES)


@pass_context
def asset(context: Mapping[str, Any], library: str, path: str) -> str:
    """Return the URL path of a library's static file."""
    request: Request = context["request"]
    # url_for has scheme and host in it, and these are wrong behind a proxy that ends TLS.
    return request.url_for(library, path=path).path


templates.env.globals["asset"] = asset


async def home(request: Request) -> Response:
    """Return a redirect to the first page."""
    return RedirectResponse(request.url_for("page", name="starter").path)


async def page(request: Request) -> Response:
    """Return the page that the path names."""
    name = request.path_params["name"]
    if name not in PAGES:
        return Response("Not found", status_code=404, media_type="text/plain")
    return templates.TemplateResponse(request, f"{name}.html")


async def made_page(request: Request) -> Response:
    """Return the page whose files the application makes."""
    return templates.TemplateResponse(request, "made.html")


app = Starlette(
    routes=[
        Route("/", home),
        *(
            Mount(f"/static/{library}", StaticFiles(packages=[package]), name=library)
            for library, package in LIBRARIES.items()
        ),
        Mount("/static", StaticFiles(directory=STATIC), name="demo"),
        Route("/made/", made_page),
        *made.routes,
        Route("/{name}/", page, name="page"),
    ]
)
app.add_middleware(
    PressmarkMiddleware,
    cache_dir=cache_dir("starlette"),
    debug_toggle="plain",
    build_wait=None,
    resolve="app",  # for the page whose files the application makes
)
