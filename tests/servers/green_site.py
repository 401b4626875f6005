"""A site for greenlets: a page of 4 MB of scripts, one that needs a compiler, one whose files the application makes."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pressmark import WSGIMiddleware

CACHE = Path(os.environ["DEMO_CACHE_DIR"])
STATIC = CACHE / "static"
SCRIPTS = 14
COMPILED = "<link rel=stylesheet type=text/up href=/static/a.up>"
FUNCTION = (
    "function f{n}_{i}(a, b) {{ if (a > b) return [a, b].map(function (c) {{ return c * {i} }}); return null }}\n"
)


def write_sources() -> None:
    """Write the static files: scripts of 290 KB each, and a stylesheet for the compiler."""
    STATIC.mkdir(parents=True, exist_ok=True)
    for n in range(SCRIPTS):
        text = "(function () {\n" + "".join(FUNCTION.format(n=n, i=i) for i in range(2700)) + "})()\n"
        (STATIC / f"{n}.js").write_text(text)
    (STATIC / "a.up").write_text("a{}")


def site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/css" if path.endswith(".css") else "text/html; charset=utf-8")]
    start_response("200 OK", headers)
    scripts = "".join(f"<script src=/static/{n}.js></script>" for n in range(SCRIPTS))
    return [
        {
            "/scripts/": f"<!-- compress js -->{scripts}<!-- endcompress -->",
            "/compiled/": f"<!-- compress css -->{COMPILED}<!-- endcompress -->",
            "/made/": "<!-- compress css --><link rel=stylesheet href=/made.css><!-- endcompress -->",
            "/made.css": "b { color: red }",
        }.get(path, "fine").encode()
    ]


write_sources()
upper = [sys.executable, "-c", "import sys; print(sys.stdin.read().upper())"]
app = WSGIMiddleware(
    site, static={"/static/": STATIC}, cache_dir=CACHE / "cache", precompilers={"text/up": upper}, resolve="app"
)
