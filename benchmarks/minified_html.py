"""The cost and the gain of smaller HTML, beside django-htmlmin: ``python -m benchmarks.minified_html``.

Prints for pages of the demo and of Django's admin the milliseconds of processor time that each takes, the medians of
interleaved runs, and the bytes before and after, as they are and compressed with Brotli at quality 5.
"""

import time
from collections.abc import Callable
from statistics import median

import brotli
from htmlmin.minify import html_minify
from starlette.testclient import TestClient

from demo.asgi import app
from pressmark.page.html_minifying import minify_html

PATHS = ("/django/dashboard/", "/starlette/starter/", "/django/admin/", "/django/admin/auth/user/1/change/")
ROUNDS = 15


def django_htmlmin(page: bytes) -> bytes:
    """Return *page* as django-htmlmin makes it smaller, with its comments."""
    return str(html_minify(page.decode(), ignore_comments=False)).encode()


def pressmark(page: bytes) -> bytes:
    """Return *page* as Pressmark makes it smaller where it has read all stylesheets."""
    return minify_html(page, {".css": ()})


def main() -> None:
    """Measure and print."""
    tools: dict[str, Callable[[bytes], bytes]] = {"Pressmark": pressmark, "django-htmlmin": django_htmlmin}
    print(f"{'page':36}{'tool':16}{'ms':>8}{'ratio':>8}{'bytes':>9}{'Brotli':>8}")
    with TestClient(app) as client:
        pages = {path: client.get(path).content for path in PATHS}
    for path, page in pages.items():
        times: dict[str, list[float]] = {name: [] for name in tools}
        for _ in range(ROUNDS):
            for name, tool in tools.items():
                began = time.process_time()
                tool(page)
                times[name].append((time.process_time() - began) * 1000)
        ours = median(times["Pressmark"])
        print(f"{path:36}{'as it was':16}{'':>8}{'':>8}{len(page):>9,}{len(brotli.compress(page, quality=5)):>8,}")
        for name, tool in tools.items():
            made, spent = tool(page), median(times[name])
            size = len(brotli.compress(made, quality=5))
            print(f"{'':36}{name:16}{spent:>8.2f}{spent / ours:>8.1f}{len(made):>9,}{size:>8,}")


if __name__ == "__main__":
    main()
