"""Pressmark in Django's own middleware stack, synchronous and asynchronous."""

import asyncio
import gzip
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressmark.errors import SettingsError
from tests.adapters import django_project
from tests.site import TAG

django_project.configure()

from django.conf import settings  # noqa: E402  # Django must be configured first
from django.core.management import call_command  # noqa: E402
from django.test import AsyncClient, Client, RequestFactory, override_settings  # noqa: E402

from pressmark_django.configuration import read_settings, static_roots  # noqa: E402
from pressmark_django.middleware import PressmarkMiddleware  # noqa: E402

Get = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def get(request: pytest.FixtureRequest) -> Get:
    """Return a function that asks a stack for a path; the response has its whole content."""
    if request.param == "sync":
        return lambda path, method="GET", **options: Client().generic(method, path, **options)

    def ask(path: str, method: str = "GET", **options: Any) -> Any:
        async def response() -> Any:
            answer: Any = await AsyncClient().generic(method, path, **options)
            if answer.streaming:
                chunks = answer.streaming_content
                parts = [part async for part in chunks] if answer.is_async else list(chunks)
                answer.content_read = b"".join(parts)
            return answer

        return asyncio.run(response())

    return ask


def content_of(response: Any) -> bytes:
    if hasattr(response, "content_read"):
        return bytes(response.content_read)
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


@pytest.mark.parametrize("path", ["/", "/async/", "/streamed/"])
def test_a_page_is_bundled_from_the_finders_directories(get: Get, path: str) -> None:
    body = content_of(get(path))

    assert len(TAG.findall(body)) == 1
    assert body.startswith("<!doctype html><title>é</title><link ".encode())
    assert body.endswith(b"<p>page")


def test_an_asynchronous_stream_is_bundled() -> None:
    async def body() -> bytes:
        response: Any = await AsyncClient().get("/async-streamed/")
        return b"".join([part async for part in response.streaming_content])

    assert len(TAG.findall(asyncio.run(body()))) == 1


def test_an_asynchronous_stream_passes_a_synchronous_stack() -> None:
    """One middleware that is only synchronous makes the whole stack so, whatever the views give."""
    middleware = PressmarkMiddleware(lambda request: django_project.async_stream())
    response: Any = middleware(RequestFactory().get("/"))

    async def body() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    assert len(TAG.findall(asyncio.run(body()))) == 1


def test_a_stream_with_an_entity_tag_is_held_until_its_tag_is_known(get: Get) -> None:
    answer = get("/tagged/")
    [url] = TAG.findall(content_of(answer))
    tag = answer["ETag"]

    assert re.fullmatch(r'"stream-cc\.[0-9a-f]{16}"', tag)
    assert url
    repeated = get("/tagged/", headers={"If-None-Match": tag})
    assert (repeated.status_code, content_of(repeated), repeated["ETag"]) == (304, b"", tag)


def test_an_asynchronous_stream_with_an_entity_tag_is_held_as_well() -> None:
    async def ask(**headers: str) -> tuple[int, str, bytes]:
        answer: Any = await AsyncClient().get("/async-tagged/", headers=headers)
        parts = [part async for part in answer.streaming_content] if answer.status_code == 200 else []
        return answer.status_code, answer["ETag"], b"".join(parts)

    _, tag, body = asyncio.run(ask())
    assert len(TAG.findall(body)) == 1
    assert asyncio.run(ask(**{"If-None-Match": tag}))[:2] == (304, tag)


def test_a_stream_too_long_to_be_held_loses_its_tag(get: Get) -> None:
    answer = get("/long/")

    assert not answer.has_header("ETag")
    assert len(TAG.findall(content_of(answer))) == 1


@pytest.mark.parametrize("path", ["/", "/async/"])
def test_head_has_the_headers_of_get(get: Get, path: str) -> None:
    """A view makes its whole page for HEAD, and what stands outside of Pressmark measures it."""
    page = get(path)
    head = get(path, method="HEAD")

    assert content_of(head) == b""
    assert head["Content-Length"] == page["Content-Length"]
    assert head.get("ETag") == page.get("ETag")


def test_a_page_from_djangos_cache_is_no_page_that_comes_encoded(caplog: pytest.LogCaptureFixture) -> None:
    """It was compressed outside of Pressmark, and comes back from within."""
    names = ("cache.UpdateCacheMiddleware", "gzip.GZipMiddleware", "cache.FetchFromCacheMiddleware")
    middleware = [f"django.middleware.{name}" for name in names]
    middleware.insert(2, "pressmark_django.middleware.PressmarkMiddleware")
    with override_settings(MIDDLEWARE=middleware):
        client = Client()
        pages = [client.get("/long-page/", headers={"Accept-Encoding": "gzip"}) for _ in range(2)]

    assert [page["Content-Encoding"] for page in pages] == ["gzip", "gzip"]
    assert len(TAG.findall(gzip.decompress(pages[1].content))) == 1
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_304_has_djangos_own_reason(get: Get) -> None:
    tag = get("/reason/")["ETag"]

    assert get("/reason/", headers={"If-None-Match": tag}).reason_phrase == "Not Modified"


def test_a_304_has_no_content_type(get: Get) -> None:
    url = TAG.findall(content_of(get("/")))[0].decode()
    response = get(url, headers={"If-None-Match": "*"})

    assert (response.status_code, response.get("Content-Type")) == (304, None)


def test_the_bundle_is_served_below_the_endpoint(get: Get) -> None:
    url = TAG.findall(content_of(get("/")))[0].decode()
    response = get(url)

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b'url("../../static/a.png")' in response.content
    assert b"--primary" in response.content


def test_after_the_first_request_its_lock_is_never_taken() -> None:
    middleware = PressmarkMiddleware(django_project.page)
    page: Any = middleware(RequestFactory().get("/"))
    url = TAG.findall(page.content)[0].decode()
    with middleware._lazy_core._lock:
        first, second = (middleware(RequestFactory().get(url)) for _ in range(2))

    assert first.content == second.content  # type: ignore[union-attr]


def test_an_unknown_bundle_is_not_found(get: Get) -> None:
    response = get(f"/pressmark/css/{'0' * 32}.css")

    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")


def test_a_changed_page_keeps_its_cookies_and_has_a_tag_of_its_own(get: Get) -> None:
    response = get("/")

    assert set(response.cookies) == {"a", "b"}
    assert re.fullmatch(r'"view-cc\.[0-9a-f]{16}"', response["ETag"])
    assert int(response["Content-Length"]) == len(response.content)
    assert get("/", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_gzip_middleware_around_it_compresses_the_changed_page(get: Get) -> None:
    response = get("/", headers={"Accept-Encoding": "gzip"})
    plain = gzip.decompress(response.content) if response.get("Content-Encoding") == "gzip" else response.content

    assert len(TAG.findall(plain)) == 1


@pytest.mark.parametrize("path", ["/data/", "/compressed/"])
def test_what_is_no_plain_page_passes(get: Get, path: str) -> None:
    assert b"endcompress" in get(path).content


def test_development_finds_files_as_the_finders_do() -> None:
    roots = static_roots()

    assert str(django_project.ROOT / "own") in roots["/static/"]
    assert any(root.endswith("admin/static") for root in roots["/static/"])
    assert roots["/static/prefixed/"] == (str(django_project.ROOT / "own"),)


def test_production_reads_what_was_collected(tmp_path: Path) -> None:
    with override_settings(DEBUG=False, STATIC_ROOT=tmp_path):
        assert static_roots() == {"/static/": (str(tmp_path),)}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"cache_dri": "x"}, "did you mean 'cache_dir'"),
        ("x", "must be a dict"),
        ({"endpoint": "x"}, "setting 'endpoint'"),
    ],
)
def test_wrong_settings_are_refused_at_start(value: object, message: str) -> None:
    with override_settings(PRESSMARK=value), pytest.raises(SettingsError, match=message):
        Client().get("/")


def test_without_settings_there_are_the_defaults() -> None:
    with override_settings():
        del settings.PRESSMARK

        assert read_settings().endpoint == "/pressmark/"


def test_the_app_is_labelled_pressmark() -> None:
    from django.apps import apps  # noqa: PLC0415

    assert apps.get_app_config("pressmark").name == "pressmark_django"


def test_the_debug_toggle_can_ask_why(get: Get) -> None:
    assert b"<!-- pressmark: css file region: 2 of 2 elements" in content_of(get("/?plain=why"))


def test_a_page_names_its_bundle_and_the_server_is_told_early() -> None:
    """Under WSGI: an asynchronous stack has no way to the server."""
    told: list[Any] = []
    environ: dict[str, Any] = {"wsgi.early_hints": told.append, "HTTP_SEC_FETCH_MODE": "navigate"}
    with override_settings(PRESSMARK={**settings.PRESSMARK, "early_hints": True, "debug_toggle": "plain"}):
        middleware = PressmarkMiddleware(django_project.page)
        first: Any = middleware(RequestFactory().get("/", **environ))
        assert told == []

        second: Any = middleware(RequestFactory().get("/", **environ))
        assert told == [[("Link", first["Link"])]]
        assert second["Link"] == first["Link"]

        plain: Any = middleware(RequestFactory().get("/?plain", **environ))
        assert (len(told), "Link" in plain) == (1, False)


def test_an_asynchronous_page_names_its_bundle(get: Get) -> None:
    with override_settings(PRESSMARK={**settings.PRESSMARK, "early_hints": "link"}):
        assert re.fullmatch(r"</pressmark/css/[0-9a-f]{32}\.css>; rel=preload; as=style", get("/")["Link"])


def test_a_stylesheet_that_a_view_makes_is_bundled_where_the_project_may_be_asked(get: Get, tmp_path: Path) -> None:
    with override_settings(PRESSMARK={"cache_dir": tmp_path, "build_wait": None, "resolve": "app"}):
        body = content_of(get("/themed/"))

    assert len(TAG.findall(body)) == 1


def test_hashed_names_of_the_manifest_storage_are_found(get: Get, tmp_path: Path) -> None:
    manifest = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
    source, root = tmp_path / "source", tmp_path / "root"
    source.mkdir()
    (source / "own.css").write_text("a { background: url(a.png) }")
    (source / "a.png").write_bytes(b"\x89PNG")
    ours = {"cache_dir": tmp_path / "cache", "build_wait": None}
    with override_settings(DEBUG=False, STORAGES=manifest, STATIC_ROOT=root, STATICFILES_DIRS=[source], PRESSMARK=ours):
        call_command("collectstatic", interactive=False, verbosity=0)
        [url] = TAG.findall(content_of(get("/hashed/")))
        bundle = content_of(get(url.decode()))

    assert re.fullmatch(rb'a\{background:url\("\.\./\.\./static/a\.[0-9a-f]{12}\.png"\)\}', bundle)


def test_in_debug_mode_a_change_shows_at_once(tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("a{}")
    ours = {"cache_dir": tmp_path / "cache", "build_wait": None}
    with override_settings(STATICFILES_DIRS=[tmp_path], PRESSMARK=ours):
        client = Client()
        before = client.get("/").content
        (tmp_path / "own.css").write_text("b{}")

        assert client.get("/").content != before


@pytest.mark.parametrize(("debug", "ours", "refresh"), [(True, {}, 0), (False, {}, 1.0), (True, {"refresh": 3}, 3)])
def test_outside_of_debug_mode_files_are_looked_at_once_a_second(
    ours: dict[str, Any], refresh: float, *, debug: bool
) -> None:
    with override_settings(DEBUG=debug, PRESSMARK=ours):
        assert read_settings().refresh == refresh


@pytest.mark.parametrize(("query", "seen"), [("plain", ""), ("a=b&plain=why", "a=b"), ("a=b", "a=b")])
def test_the_toggle_is_kept_from_the_view(get: Get, query: str, seen: str) -> None:
    body = content_of(get(f"/query/?{query}")).decode()

    assert body.endswith(f"<p>{seen} {seen.partition('=')[0]}")
    assert bool(TAG.findall(body.encode())) is (query != "plain")


@pytest.mark.parametrize(("debug", "ours", "seconds"), [(True, {}, None), (True, {"build_wait": 3}, 3), (False, {}, 2)])
def test_in_debug_mode_a_page_waits_for_its_bundles(
    ours: dict[str, Any], *, debug: bool, seconds: float | None
) -> None:
    with override_settings(DEBUG=debug, PRESSMARK=ours):
        assert read_settings().build_wait == seconds
