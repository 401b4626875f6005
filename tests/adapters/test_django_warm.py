"""A page of Django's that comes again leaves at once, and as it did before."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters import django_project

django_project.configure()

from django.http import HttpRequest, HttpResponse  # noqa: E402  # Django is configured now
from django.test import AsyncClient, Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402

import pressmark_django.middleware as middleware_module  # noqa: E402
from pressmark.adapters import begin  # noqa: E402
from tests.site import TAG  # noqa: E402

COMMON = "django.middleware.common.CommonMiddleware"
OURS = "pressmark_django.middleware.PressmarkMiddleware"

Ask = Callable[..., Any]
said: dict[str, Any] = {}


def view(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(django_project.page_text() + said.get("text", ""), headers=said.get("headers", {}))
    response.set_cookie("visit", said.get("cookie", "1"))
    return response


urlpatterns = [path("", view), path("other/", view)]


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ask]:
    said.clear()
    ours = {"cache_dir": tmp_path, "build_wait": None, "refresh": 60}
    with override_settings(MIDDLEWARE=[OURS, COMMON], ROOT_URLCONF=__name__, PRESSMARK=ours):
        client: Any = Client() if request.param == "sync" else AsyncClient()

        async def awaited(path: str) -> Any:
            return await client.get(path)

        yield lambda path="/": client.get(path) if request.param == "sync" else asyncio.run(awaited(path))


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list of the exchanges that began, by their status."""
    found: list[int] = []

    def noted(core: Any, visit: Any, status: int, headers: Any, **more: Any) -> Any:
        found.append(status)
        return begin(core, visit, status, headers, **more)

    monkeypatch.setattr(middleware_module, "begin", noted)
    return found


def test_a_page_that_comes_again_needs_no_exchange_and_is_the_same(ask: Ask, begun: list[int]) -> None:
    answers = [ask() for _ in range(6)]

    assert len(TAG.findall(answers[0].content)) == 1
    assert len({(answer.content, tuple(sorted(answer.items()))) for answer in answers}) == 1
    assert answers[-1]["Content-Length"] == str(len(answers[-1].content))
    assert len(begun) < 4


@pytest.mark.parametrize(
    "change", [{"text": "x"}, {"headers": {"X-Frame-Options": "DENY"}}, {"headers": {"Vary": "A"}}]
)
def test_a_page_or_head_that_is_another_is_no_page_that_came(
    ask: Ask, begun: list[int], change: dict[str, Any]
) -> None:
    [ask() for _ in range(6)]
    begun.clear()
    said.update(change)
    answer = ask()

    assert begun == [200]
    assert answer.content.endswith(change.get("text", "page").encode())
    assert all(answer[name] == value for name, value in change.get("headers", {}).items())
    assert ask("/other/").content == answer.content
    assert begun == [200, 200]


def test_what_a_view_says_beside_the_page_is_kept(ask: Ask, begun: list[int]) -> None:
    [ask() for _ in range(6)]
    begun.clear()
    said["cookie"] = "2"

    assert ask().cookies["visit"].value == "2"
    assert begun == []


def test_headers_of_a_page_that_changes_become_the_same_again(ask: Ask, begun: list[int]) -> None:
    said["headers"] = {"ETag": '"view"', "Digest": "x", "Accept-Ranges": "bytes"}
    first = ask()
    [ask() for _ in range(5)]
    begun.clear()
    last = ask()

    assert begun == []
    assert sorted(last.items()) == sorted(first.items())
    assert last["ETag"] != '"view"'
    assert "Accept-Ranges" not in last
