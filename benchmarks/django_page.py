"""What a whole request to Django costs with warm regions: ``python -m benchmarks.django_page``.

One project, one process: the same page of 50 KB is rendered by templates that differ in their regions only, through
handlers that differ in their middleware only. They take turns, and each figure is the median of a batch's process CPU
time over the plain page's. The peer is django-compressor with ``COMPRESS_OFFLINE``, whose pages only look up a
manifest; the floor of a page without regions is a middleware that does nothing but search it from behind.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.http import HttpResponse, JsonResponse
from django.template import Context, loader
from django.urls import path

from benchmarks.report.tables import Table, publish
from pressmark import WSGIMiddleware

REGIONS = 4
FILES_PER_REGION = 3
PAGE_BYTES = 50_000
VARIANTS = 600
"""How many pages differ: more than Pressmark remembers."""
BATCH = 40
ROUNDS = 60
OURS = "pressmark_django.middleware.PressmarkMiddleware"
AGAIN, NEW, UNMARKED, JSON = "the same again", "half of its lines new", "no regions", "JSON"
NOTHING, SEARCH = "nothing", "a middleware that only searches"
COMPRESSOR, OFFLINE = "django-compressor, in the request", "django-compressor, offline"
GZIP = "Django's GZipMiddleware"
HEAVY = (COMPRESSOR, GZIP)
MIDDLEWARE, WRAPPER = "Pressmark, Django's middleware", "Pressmark, WSGI wrapper"

Case = tuple[str, str]
"""A way, and what is asked for."""


def configure(root: Path, **more: Any) -> None:
    """Set Django up with a project in *root*, and *more* settings."""

    found: dict[str, Any] = {
        "SECRET_KEY": "x",
        "DEBUG": False,
        "ALLOWED_HOSTS": ["*"],
        "ROOT_URLCONF": sys.modules[__name__],
        "STATIC_URL": "/static/",
        "STATIC_ROOT": str(root / "static"),
        "INSTALLED_APPS": ["django.contrib.staticfiles", "compressor"],
        "TEMPLATES": [{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "DIRS": [str(root / "templates")],
        }],
        "STATICFILES_FINDERS": ["compressor.finders.CompressorFinder"],
        "COMPRESS_ENABLED": True,
        "COMPRESS_OFFLINE": True,
        "PRESSMARK": {"cache_dir": str(root / "cache")},
        "LOGGING_CONFIG": None,
    }  # fmt: skip
    settings.configure(**found | more)

    django.setup()


class Page:
    """The view of one template; each request gets the next of *fillings*."""

    def __init__(self, template: str, fillings: list[str]) -> None:
        self.template, self.fillings = template, cycle(fillings)

    def __call__(self, request: Any) -> Any:
        """Return the page, or a file of JSON for a view without a template."""

        if not self.template:
            return JsonResponse({"a": 1})
        return HttpResponse(loader.get_template(self.template).template.render(_context(next(self.fillings))))


def _context(filling: str) -> Any:

    return Context({"filling": filling}, autoescape=False)


urlpatterns: list[Any] = []


def rows(variant: int, size: int) -> str:
    """Return rows of a table of about *size* bytes; every other one is the *variant*'s own."""
    rng, length = random.Random(size), 0
    found: list[str] = []
    while length < size:
        words = " ".join(rng.choice(("lorem", "ipsum", "dolor", "sit")) for _ in range(8))
        number = len(found) if len(found) % 2 else len(found) * 1000 + variant
        found.append(f'<div class="row" id="r{number:07}"><a href="/item/{number:07}">{words}</a></div>\n')
        length += len(found[-1])
    return "".join(found)


def links(region: int) -> str:
    """Return the elements of a region."""
    numbers = range(region * FILES_PER_REGION, (region + 1) * FILES_PER_REGION)
    return "".join(f'<link rel="stylesheet" href="/static/{number}.css">\n' for number in numbers)


def write_site(root: Path) -> None:
    """Write the static files and one template for each way to mark a region."""
    (root / "static").mkdir()
    (root / "templates").mkdir()
    for number in range(REGIONS * FILES_PER_REGION):
        (root / "static" / f"{number}.css").write_text(f".a{number} {{ color: red }}\n" * 50)
    ways = {
        "plain": ("", "", ""),
        "compressor": ("{% load compress %}", "{% compress css %}\n", "{% endcompress %}\n"),
        "marked": ("", "<!-- compress css -->\n", "<!-- endcompress -->\n"),
    }
    for name, (load, opening, closing) in ways.items():
        regions = [opening + links(number) + closing for number in range(REGIONS)]
        (root / "templates" / f"{name}.html").write_text(
            f"{load}<!doctype html><html><head><meta charset=utf-8><title>Site</title>\n{regions[0]}{regions[1]}</head>"
            f"<body>{{{{ filling }}}}\n{''.join(regions[2:])}</body></html>\n"
        )
    (root / "templates" / "unmarked.html").write_text(
        "<!doctype html><html><head><meta charset=utf-8><title>Site</title></head><body>{{ filling }}</body></html>\n"
    )


def searching(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Do nothing but look from behind for what only a region holds: middleware of Django's."""

    def middleware(request: Any) -> Any:
        response = get_response(request)
        response.content.rfind(b"compress")
        return response

    return middleware


def caller(middleware: list[str], path: str, *, wrapped: bool = False) -> Callable[[], bytes]:
    """Return the call of one request for *path* through *middleware*, or through our WSGI wrapper."""

    # It gives each page its length, and is in every project that Django makes.
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware", *middleware]
    application: Any = WSGIHandler()
    if wrapped:
        folders = {"/static/": settings.STATIC_ROOT}
        application = WSGIMiddleware(application, static=folders, cache_dir=settings.PRESSMARK["cache_dir"] + "2")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "example.org",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "example.org", "wsgi.url_scheme": "http",
        "HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_ENCODING": "gzip, br", "HTTP_COOKIE": "sessionid=0123456789abcdef",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64)", "wsgi.multiprocess": False,
    }  # fmt: skip

    def call() -> bytes:
        given: dict[str, Any] = environ | {"wsgi.input": BytesIO()}
        result = application(given, lambda *_: None)
        body = b"".join(result)
        close = getattr(result, "close", None)
        if close is not None:
            close()
        return body

    return call


def measured(calls: dict[Case, Callable[[], bytes]], rounds: int = ROUNDS) -> dict[Case, float]:
    """Return the median microseconds of CPU time of each call, the calls taken in turn, each time in another order."""
    times: dict[Case, list[float]] = {case: [] for case in calls}
    for number in range(rounds + 5):
        for case, call in random.Random(number).sample(list(calls.items()), len(calls)):
            started = time.process_time_ns()
            for _ in range(BATCH):
                call()
            if number >= 5:
                times[case].append((time.process_time_ns() - started) / 1000 / BATCH)
    return {case: statistics.median(found) for case, found in times.items()}


def compressing(call: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return *call* with django-compressor at work in the request, as it is without ``COMPRESS_OFFLINE``."""

    def compressing_call() -> bytes:
        settings.COMPRESS_OFFLINE = False
        try:
            return call()
        finally:
            settings.COMPRESS_OFFLINE = True

    return compressing_call


def all_calls() -> dict[Case, Callable[[], bytes]]:
    """Return the calls."""
    size = PAGE_BYTES - 200
    fillings = {"": [rows(0, size)], "-new": [rows(number, size) for number in range(VARIANTS)]}
    for template in ("plain", "compressor", "marked", "unmarked"):
        for suffix, filling in fillings.items():
            urlpatterns.append(path(template + suffix, Page(f"{template}.html", filling)))
    urlpatterns.append(path("json", Page("", [])))
    calls: dict[Case, Callable[[], bytes]] = {}
    for case, suffix in ((AGAIN, ""), (NEW, "-new")):
        calls |= {
            (NOTHING, case): caller([], f"/plain{suffix}"),
            (COMPRESSOR, case): compressing(caller([], f"/compressor{suffix}")),
            (OFFLINE, case): caller([], f"/compressor{suffix}"),
            (MIDDLEWARE, case): caller([OURS], f"/marked{suffix}"),
            (WRAPPER, case): caller([], f"/marked{suffix}", wrapped=True),
            (GZIP, case): caller(["django.middleware.gzip.GZipMiddleware"], f"/plain{suffix}"),
        }
    for case, url in ((UNMARKED, "/unmarked"), (JSON, "/json")):
        calls |= {
            (NOTHING, case): caller([], url),
            (MIDDLEWARE, case): caller([OURS], url),
            (WRAPPER, case): caller([], url, wrapped=True),
        }
    calls[SEARCH, UNMARKED] = caller([f"{__name__}.searching"], "/unmarked")
    for (way, case), call in calls.items():
        for _ in range(3):
            body = call()
        is_joined = "compressor" in way or ("Pressmark" in way and case in {AGAIN, NEW})
        has_links = body.startswith(b"<") and case != UNMARKED
        assert not has_links or (body.count(b"stylesheet") == REGIONS) == is_joined, (way, case, body[:500])
    return calls


def tables() -> tuple[Table]:
    """Return what each way costs over the page itself."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_site(root)
        configure(root)
        call_command("compress", force=True, verbosity=0)
        calls = all_calls()
        heavy = {case: call for case, call in calls.items() if case[0] in (*HEAVY, NOTHING)}
        light = {case: call for case, call in calls.items() if case[0] not in HEAVY}
        # Apart from those that take long: what comes after them finds the processor's caches full of other things.
        found, found_heavy = measured(light), measured(heavy, ROUNDS // 5)
    cases = (AGAIN, NEW, UNMARKED, JSON)
    ways = (COMPRESSOR, OFFLINE, GZIP, SEARCH, MIDDLEWARE, WRAPPER)
    table = {way: [_over(found_heavy if way in HEAVY else found, way, case) for case in cases] for way in ways}
    about = (
        f"A page of {PAGE_BYTES // 1000} KB with {REGIONS} regions of {FILES_PER_REGION} files each, asked of Django "
        f"again and again: CPU time over that of the page itself, which takes {found[NOTHING, AGAIN]:.0f} µs. "
        "GZipMiddleware does other work, and is there as a measure."
    )
    return (Table("A warm page", about, "microseconds", cases, table, "bars"),)


def _over(found: dict[Case, float], way: str, case: str) -> float | None:
    return found[way, case] - found[NOTHING, case] if (way, case) in found else None


if __name__ == "__main__":
    publish(*tables())
