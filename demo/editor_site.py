"""An editor of some 50 modules, as native modules are loaded and at each level of Pressmark's.

Each level is a site of its own below ``/editor/``, which differs in one setting.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import anyio
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.shared import LEVELS, STATIC, TEMPLATES, cache_dir
from pressmark_starlette import PressmarkMiddleware


class Level(NamedTuple):
    """A value of the setting, and what it does to the page."""

    setting: Literal["named", "preload"] | bool
    what: str


MODULES = STATIC / "editor"
COUNT = sum(1 for _ in MODULES.rglob("*.js"))
DELAYS_MS = (0, 40, 100)
BY_NAME: Mapping[str, Level] = dict(
    zip(
        LEVELS,
        [
            Level(
                False,
                "The browser asks for main.js, reads it, asks for what it imports, reads that, and so on: "
                "a way to the server and back for each step.",
            ),
            Level(
                "preload",
                "The page names all modules, so that the browser asks for them at once, each at its own address.",
            ),
            Level(
                "named",
                "All at once too, but minified and compressed at best, each under a hash of its content, "
                "so that a browser keeps it until it changes.",
            ),
            Level(
                True,
                "All modules are functions in one file, and each still runs once, in its order, as if it came alone.",
            ),
        ],
        strict=True,
    )
)

_templates = Jinja2Templates(TEMPLATES)


class FirstVisit:
    """Lets nothing be kept, so that each visit is a first one, and answers late, as a server far away does.

    A cookie has the milliseconds.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_unkept(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await anyio.sleep(_delay_ms(Request(scope)) / 1000)
        await self._app(scope, receive, send_unkept)


def _delay_ms(request: Request) -> int:
    text = cookie_parser(request.headers.get("cookie", "")).get("delay", "")
    return next((each for each in DELAYS_MS if str(each) == text), DELAYS_MS[1])


def _site(name: str, level: Level) -> Starlette:
    async def page(request: Request) -> Response:
        return _templates.TemplateResponse(
            request,
            "editor.html",
            {
                "name": name,
                "what": level.what,
                "levels": LEVELS,
                "count": COUNT,
                "delays_ms": DELAYS_MS,
                "delay_ms": _delay_ms(request),
            },
        )

    app = Starlette(routes=[Route("/", page), Mount("/static", StaticFiles(directory=MODULES))])
    app.add_middleware(
        PressmarkMiddleware, modules=level.setting, cache_dir=cache_dir(f"editor-{name}"), build_wait=None
    )
    return app


async def _home(request: Request) -> Response:
    return RedirectResponse(f"{request.scope['root_path']}/linked/")


app = Starlette(routes=[Route("/", _home), *(Mount(f"/{name}", _site(name, level)) for name, level in BY_NAME.items())])
app.add_middleware(GZipMiddleware)  # what Pressmark compresses it leaves alone
app.add_middleware(FirstVisit)
