"""Pressmark among the middleware that projects have: caches in a real Redis, compression, conditions, policies."""

import asyncio
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from csp.constants import NONCE

from tests.adapters import django_project
from tests.stores.engines import redis_engine

django_project.configure()

from django.core.cache import caches  # noqa: E402  # Django is configured now
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import AsyncClient, Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.cache import cache_page  # noqa: E402

from pressmark_django.checks import check_configuration  # noqa: E402
from tests.site import TAG  # noqa: E402

pytestmark = pytest.mark.server

OURS = "pressmark_django.middleware.PressmarkMiddleware"
GZIP = "django.middleware.gzip.GZipMiddleware"
CONDITIONS = "django.middleware.http.ConditionalGetMiddleware"
UPDATE, FETCH = (f"django.middleware.cache.{name}CacheMiddleware" for name in ("Update", "FetchFrom"))
CSP = "csp.middleware.CSPMiddleware"

made: list[str] = []


def view(request: HttpRequest) -> HttpResponse:
    made.append(request.path)
    return HttpResponse(django_project.page_text() + "text " * 200)


def nonced(request: HttpRequest) -> HttpResponse:
    tag = f'<script src="/static/admin/js/theme.js" nonce="{request.csp_nonce}"></script>'
    return HttpResponse(f"<!doctype html><title>x</title><!-- compress js -->{tag}<!-- endcompress -->")


urlpatterns = [path("", view), path("kept/", cache_page(60)(view)), path("nonced/", nonced)]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with redis_engine() as engine:
        yield engine.url


Ask = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def stack(request: pytest.FixtureRequest, server: str, tmp_path: Path) -> Iterator[Callable[..., Ask]]:
    """Return a function that makes a stack of middleware, and gives what asks it."""
    made.clear()
    cache = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": server}}
    redis.Redis.from_url(server).flushall()
    overrides: list[Any] = []

    def make(*middleware: str, **settings: Any) -> Ask:
        override = override_settings(
            MIDDLEWARE=middleware,
            CACHES=cache,
            ROOT_URLCONF=__name__,
            PRESSMARK={"cache_dir": tmp_path, "build_wait": None},
            **settings,
        )
        override.enable()
        overrides.append(override)
        client = Client() if request.param == "sync" else AsyncClient()

        def ask(path: str = "/", **headers: str) -> Any:
            response = client.get(path, headers=headers)
            return response if request.param == "sync" else asyncio.run(_awaited(response))

        return ask

    yield make
    caches.close_all()
    for override in overrides:
        override.disable()


async def _awaited(response: Any) -> Any:
    return await response


def test_the_cache_of_the_whole_site_keeps_bundled_pages(stack: Callable[..., Ask], server: str) -> None:
    ask = stack(UPDATE, OURS, FETCH)
    first, second = ask(), ask()

    assert len(TAG.findall(first.content)) == 1
    assert second.content == first.content
    assert made == ["/"]
    assert any(b"cache_page" in key for key in redis.Redis.from_url(server).scan_iter())


def test_the_cache_of_one_view_keeps_its_page_as_it_was_and_each_visitor_gets_it_bundled(
    stack: Callable[..., Ask],
) -> None:
    ask = stack(GZIP, OURS)
    first, second = ask("/kept/"), ask("/kept/")

    assert len(TAG.findall(first.content)) == len(TAG.findall(second.content)) == 1
    assert made == ["/kept/"]


def test_a_cache_inside_of_pressmark_keeps_pages_as_they_were(stack: Callable[..., Ask]) -> None:
    ask = stack(OURS, UPDATE, FETCH)

    assert ask().content == ask().content
    assert len(TAG.findall(ask().content)) == 1
    assert made == ["/"]


def test_a_page_is_compressed_after_it_was_bundled(stack: Callable[..., Ask]) -> None:
    ask = stack(UPDATE, GZIP, OURS, FETCH)
    for response in (ask(accept_encoding="gzip"), ask(accept_encoding="gzip")):
        assert response["Content-Encoding"] == "gzip"
        assert len(TAG.findall(gzip.decompress(response.content))) == 1


@pytest.mark.parametrize("middleware", [(CONDITIONS, OURS), (OURS, CONDITIONS), (GZIP, CONDITIONS, OURS)])
def test_a_page_that_is_the_same_is_not_sent_again(stack: Callable[..., Ask], middleware: tuple[str, ...]) -> None:
    ask = stack(*middleware)
    first = ask()
    again = ask(if_none_match=first["ETag"])

    assert (first.status_code, len(TAG.findall(first.content))) == (200, 1)
    assert (again.status_code, again.content) == (304, b"")
    assert ask(if_none_match='"other"').status_code == 200


def test_a_policy_that_allows_our_own_files_lets_pages_be_bundled(stack: Callable[..., Ask]) -> None:
    response = stack(OURS, CSP, CONTENT_SECURITY_POLICY={"DIRECTIVES": {"default-src": ["'self'"]}})()

    assert response["Content-Security-Policy"] == "default-src 'self'"
    assert len(TAG.findall(response.content)) == 1


def test_a_policy_that_forbids_our_files_leaves_pages_as_they_were(stack: Callable[..., Ask]) -> None:
    response = stack(OURS, CSP, CONTENT_SECURITY_POLICY={"DIRECTIVES": {"style-src": ["https://cdn.example"]}})()

    assert TAG.findall(response.content) == []


def test_a_nonce_is_carried_onto_the_bundle(stack: Callable[..., Ask]) -> None:
    directives = {"DIRECTIVES": {"script-src": ["'strict-dynamic'", NONCE]}}
    response = stack(OURS, CSP, CONTENT_SECURITY_POLICY=directives)("/nonced/")
    nonce = response["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]

    assert nonce
    assert f'nonce="{nonce}"' in response.content.decode()
    assert len(TAG.findall(response.content)) == 1


def test_the_checks_tell_of_policies_that_pressmark_does_not_see() -> None:
    with override_settings(MIDDLEWARE=[CSP, OURS]):
        assert [message.id for message in check_configuration(None)] == ["pressmark.W009"]
    with override_settings(MIDDLEWARE=[OURS, CSP]):
        assert check_configuration(None) == []
