"""A Django project of one file: settings, URLs and views."""

import atexit
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import mkdtemp

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import path

ROOT = Path(mkdtemp(prefix="pressmark-django-"))
atexit.register(shutil.rmtree, ROOT, ignore_errors=True)
PAGE = (
    "<!doctype html><title>é</title><!-- compress css -->"
    '<link rel="stylesheet" href="{static}own.css"><link rel="stylesheet" href="{static}admin/css/base.css">'
    "<!-- endcompress --><p>page"
)


def page_text() -> str:
    return PAGE.format(static=settings.STATIC_URL)


def page(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(page_text())
    response["ETag"] = '"view"'
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


def reason(request: HttpRequest) -> HttpResponse:
    return HttpResponse(page_text(), reason="Fine", headers={"ETag": '"reason"'})


def long_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(page_text() + "text " * 1000)


def form(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(page_text() + get_token(request))
    response["ETag"] = '"form"'
    return response


async def async_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(page_text())


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        raw = page_text().encode()
        yield from (raw[i : i + 7] for i in range(0, len(raw), 7))

    return StreamingHttpResponse(chunks())


async def async_streamed(request: HttpRequest) -> StreamingHttpResponse:
    return async_stream()


def async_stream() -> StreamingHttpResponse:
    async def chunks() -> AsyncIterator[bytes]:
        raw = page_text().encode()
        for i in range(0, len(raw), 7):
            yield raw[i : i + 7]

    return StreamingHttpResponse(chunks())


def tagged(request: HttpRequest) -> StreamingHttpResponse:
    response = streamed(request)
    response["ETag"] = '"stream"'
    return response


async def async_tagged(request: HttpRequest) -> StreamingHttpResponse:
    response = async_stream()
    response["ETag"] = '"stream"'
    return response


def long(request: HttpRequest) -> StreamingHttpResponse:
    response = StreamingHttpResponse([page_text().encode(), *[b" " * (1 << 20)] * 6])
    response["ETag"] = '"long"'
    return response


def data(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"html": page_text()})


def compressed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(page_text(), headers={"Content-Encoding": "x-custom"})


def themed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<!doctype html><!-- compress css --><link rel="stylesheet" href="/theme.css?dark"><!-- endcompress -->'
    )


def theme(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"a {{ b: {request.META['QUERY_STRING']} }}", content_type="text/css")


def hashed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        f'<!doctype html><!-- compress css --><link rel="stylesheet" href="{static("own.css")}"><!-- endcompress -->'
    )


def query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{page_text()}<p>{request.META['QUERY_STRING']} {' '.join(request.GET)}")


urlpatterns = [
    path("query/", query),
    path("hashed/", hashed),
    path("themed/", themed),
    path("theme.css", theme),
    path("", page),
    path("reason/", reason),
    path("long-page/", long_page),
    path("form/", form),
    path("async/", async_page),
    path("streamed/", streamed),
    path("async-streamed/", async_streamed),
    path("tagged/", tagged),
    path("async-tagged/", async_tagged),
    path("long/", long),
    path("data/", data),
    path("compressed/", compressed),
]


def configure() -> None:
    """Set Django up, once for all tests of this process."""
    if settings.configured:
        return
    own = ROOT / "own"
    own.mkdir()
    (own / "own.css").write_text("a { background: url(a.png) }")
    settings.configure(
        DEBUG=True,
        SECRET_KEY="not a secret",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="tests.adapters.django_project",
        INSTALLED_APPS=["django.contrib.staticfiles", "django.contrib.admin", "django.contrib.auth",
                        "django.contrib.contenttypes", "pressmark_django"],
        MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", "django.middleware.common.CommonMiddleware",
                    "pressmark_django.middleware.PressmarkMiddleware"],
        STATIC_URL="/static/",
        STATICFILES_DIRS=[own, ("prefixed", own)],
        PRESSMARK={"cache_dir": ROOT / "cache", "build_wait": None, "debug_toggle": "plain"},
        USE_TZ=True,
    )  # fmt: skip
    django.setup()
