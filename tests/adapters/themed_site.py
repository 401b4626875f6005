"""A Django site with a theme for each visitor, whose filters of django-compressor ask the thread for it."""

import atexit
import contextvars
import json
import re
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

TEXT = (
    "{% compress css %}"
    '<link rel="stylesheet" type="text/themed" href="/static/site.themed">{% endcompress %}'
    '{% compress js %}<script src="/static/a.js"></script><script src="/static/b.js"></script>{% endcompress %}'
)
THREAD = threading.local()
TENANT: contextvars.ContextVar[str] = contextvars.ContextVar("tenant")
COMPILED: list[tuple[str, str]] = []


def theme_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep the theme of the visitor's cookie in the thread, and the tenant in the context, while a view runs."""

    def answer(request: HttpRequest) -> HttpResponse:
        THREAD.theme, THREAD.request = request.COOKIES.get("theme", "none"), request
        token = TENANT.set(request.COOKIES.get("tenant", "none"))
        try:
            return get_response(request)
        finally:
            del THREAD.theme, THREAD.request
            TENANT.reset(token)

    return answer


class Base:
    """What django-compressor's FilterBase gives."""

    def __init__(self, content: str, **_: Any) -> None:
        self.content = content

    def input(self, **_: Any) -> str:
        """Return the text of a file."""
        raise NotImplementedError

    def output(self, **_: Any) -> str:
        """Return the text after all other work."""
        raise NotImplementedError


class ThemeCompiler(Base):
    """Names the theme and the tenant of the request in which it is called."""

    def input(self, **_: Any) -> str:
        """Return a rule for the visitor."""
        theme, tenant = getattr(THREAD, "theme", "lost"), TENANT.get("lost")
        COMPILED.append((theme, tenant))
        return f".{theme} {{ content: '{tenant}' }}"


class CacheableCompiler(ThemeCompiler):
    """Says that it asks nothing of a request."""

    cacheable = True


class ThemeFilter(Base):
    """Names the theme in scripts."""

    def output(self, **_: Any) -> str:
        """Return the script for the visitor."""
        return f"{self.content}\nvar theme = '{getattr(THREAD, 'theme', 'lost')}';"


def page(request: HttpRequest) -> HttpResponse:
    """Return the page, by the template engine that the path names."""
    engine = request.path.strip("/")
    return HttpResponse(
        engines[engine].from_string("{% load compress %}" + TEXT if engine == "django" else TEXT).render({}, request)
    )


urlpatterns = [path("django/", page), path("jinja2/", page)]


def start(compiler: str, cacheable: tuple[str, ...]) -> None:
    """Begin with *compiler*, and with types that are *cacheable*."""
    root = Path(mkdtemp(prefix="pressmark-themed-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    static = root / "static"
    static.mkdir()
    for name, text in {"site.themed": "theme", "a.js": "var a = 1;", "b.js": "var b = 2;"}.items():
        (static / name).write_text(text)
    module = "tests.adapters.themed_site"
    settings.configure(
        DEBUG=True,
        SECRET_KEY="unused",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=module,
        INSTALLED_APPS=["django.contrib.staticfiles", "pressmark_django"],
        MIDDLEWARE=["pressmark_django.middleware.PressmarkMiddleware", f"{module}.theme_middleware"],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates"},
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "OPTIONS": {"extensions": ["pressmark_django.jinja2.CompressExtension"]},
            },
        ],
        STATIC_URL="/static/",
        STATICFILES_DIRS=[static],
        COMPRESS_PRECOMPILERS=(("text/themed", f"{module}.{compiler}"),),
        COMPRESS_CACHEABLE_PRECOMPILERS=cacheable,
        COMPRESS_FILTERS={"css": [], "js": [f"{module}.ThemeFilter"]},
        PRESSMARK={"cache_dir": str(root / "cache"), "build_wait": None},
    )
    django.setup()


def visit(engine: str, **cookies: str) -> list[str]:
    """Return the texts of the bundles that a visitor with *cookies* gets."""
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    html = client.get(f"/{engine}/").content.decode()
    texts = []
    for url in re.findall(r'(?:href|src)="(/pressmark/[^"]+)"', html):
        answer: Any = client.get(url)
        texts.append(b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode())
    return texts


def main(compiler: str, *cacheable: str) -> None:
    """Print what visitors get, and how often the compiler was called, as JSON."""
    start(compiler, cacheable)
    visits = {
        engine: [
            visit(engine, theme="dark", tenant="a"),
            visit(engine, theme="light", tenant="a"),
            visit(engine, theme="light", tenant="b"),
            visit(engine, theme="dark", tenant="a"),
        ]
        for engine in ("django", "jinja2")
    }
    print(json.dumps({"visits": visits, "compiled": COMPILED}))


if __name__ == "__main__":
    from tests.adapters import themed_site  # noqa: PLW0406  # its classes are known by this name

    themed_site.main(*sys.argv[1:])
