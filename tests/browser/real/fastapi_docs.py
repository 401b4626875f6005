"""FastAPI's documentation of an API, Swagger UI from local files, in regions: an ASGI application for any server."""

import re

from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel

from demo.shared import cache_dir
from pressmark_starlette import PressmarkMiddleware

FILES = "/static-offline-docs"


class Book(BaseModel):
    """A schema for the page to show."""

    title: str
    pages: int = 0


app = FastAPIOffline(title="Library", docs_url=None, redoc_url=None)  # its files without its page
app.add_middleware(PressmarkMiddleware, cache_dir=cache_dir("fastapi"), debug_toggle="plain", build_wait=None)


@app.get("/books", tags=["books"])
async def books(author: str | None = None) -> list[Book]:
    """Return the books of an author, or all."""
    return [Book(title=author or "Notes", pages=12)]


@app.post("/books", tags=["books"])
async def add(book: Book) -> Book:
    """Add a book."""
    return book


@app.get("/docs/{mode}", include_in_schema=False)
async def docs(mode: str) -> HTMLResponse:
    """Return the page as FastAPI writes it, its stylesheet and its scripts in regions of *mode*."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Library",
        swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{FILES}/swagger-ui.css",
        swagger_favicon_url=f"{FILES}/favicon.png",
    )
    html = bytes(page.body).decode()
    html = re.sub(r'<link type="text/css".*?>', rf"<!-- compress css {mode} -->\g<0><!-- endcompress -->", html)
    html = re.sub(r"<script src.*</script>", rf"<!-- compress js {mode} -->\g<0><!-- endcompress -->", html, flags=re.S)
    return HTMLResponse(html)
