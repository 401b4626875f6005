"""A page that left before leaves at once, and as it would have left otherwise."""

from pathlib import Path
from typing import Any

import pytest

from pressmark.response.warm_pages import MAX_BYTES, WarmPages
from tests.conftest import Write
from tests.site import Answer, Site, css_region

HTML = "<!doctype html><title>x</title>{}<p>{}</p>{}"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list that grows with each look for a page: whether it was remembered and is the same now."""
    looks: list[bool] = []
    find = WarmPages.find

    def noted(self: WarmPages, *args: Any) -> Any:
        warm = find(self, *args)
        looks.append(warm is not None)
        return warm

    monkeypatch.setattr(WarmPages, "find", noted)
    return looks


def pass_time(site: Site, seconds: float) -> None:
    """Let *seconds* pass for *site*."""
    warm = site.app._core.warm_pages
    assert warm is not None
    now = warm._freshness.now
    warm._freshness.now = lambda: now() + seconds


@pytest.fixture
def page(write: Write) -> bytes:
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    return HTML.format(css_region("a.css").decode(), "y", css_region("b.css").decode()).encode()


def test_a_page_that_comes_again_leaves_at_once_as_before(static: Path, page: bytes, found: list[bool]) -> None:
    site = Site(static, page, {"refresh": 60}, page_headers=[("Content-Length", str(len(page))), ("ETag", '"a"')])

    answers = [site.get() for _ in range(5)]

    assert found == [False, False, False, True, True]
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0].bundles) == 2
    assert answers[0].headers["Content-Length"] == str(len(answers[0].body))
    assert answers[0].headers["ETag"] != '"a"'


def test_a_page_with_another_head_or_at_another_place_is_not_the_same(
    static: Path, page: bytes, found: list[bool]
) -> None:
    site = Site(static, page, {"refresh": 60})
    [site.get() for _ in range(4)]
    assert found.pop()

    site.page_headers = [("Set-Cookie", "a=1")]
    assert site.get().headers["Set-Cookie"] == "a=1"
    site.page_headers = [("Content-Security-Policy", "style-src 'none'")]
    assert site.get().body == page
    site.page_headers = []
    site.get("/other/")
    site.get_404("/")
    site.get(HTTP_IF_NONE_MATCH='"b-cc.0123456789abcdef"')

    assert not any(found)


def test_what_one_response_does_to_its_head_reaches_no_other(static: Path, page: bytes) -> None:
    site = Site(static, page, {"refresh": 60})
    heads: list[list[tuple[str, str]]] = []
    for _ in range(4):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": ""}
        list(site.app(environ, lambda _, headers, exc_info=None: heads.append(headers)))  # type: ignore[arg-type,return-value]
        heads[-1].append(("X-More", "1"))

    assert [len(head) for head in heads] == [2, 2, 2, 2]


def test_a_change_of_a_source_is_seen_after_the_usual_time(
    static: Path, page: bytes, write: Write, found: list[bool]
) -> None:
    site = Site(static, page, {"refresh": 60})
    before = [site.get() for _ in range(4)][-1]
    write("b.css", "b { color: blue }")

    pass_time(site, 61)
    after = site.get()

    assert found == [False, False, False, True, False]
    assert after.bundles[0] == before.bundles[0]
    assert after.bundles[1] != before.bundles[1]


def test_a_page_whose_sources_are_looked_at_each_time_is_never_remembered(
    static: Path, page: bytes, found: list[bool]
) -> None:
    site = Site(static, page, {"refresh": 0})
    [site.get() for _ in range(5)]

    assert not any(found)


def test_a_page_with_a_region_that_failed_or_a_lost_marker_is_read_each_time(
    static: Path, page: bytes, found: list[bool], caplog: pytest.LogCaptureFixture
) -> None:
    for text in (page.replace(b"b.css", b"missing.css"), page + b"<!-- endcompress -->"):
        site = Site(static, text, {"refresh": 60})
        answers = [site.get().body for _ in range(5)]

        assert answers == [answers[0]] * 5
    assert not any(found)
    assert caplog.records


def test_a_page_during_which_a_region_has_changed_is_not_remembered(
    static: Path, page: bytes, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(static, page, {"refresh": 60})
    [site.get() for _ in range(2)]
    remember = WarmPages.remember

    def late(self: WarmPages, *args: Any) -> None:
        monkeypatch.undo()
        write("a.css", "a { color: blue }")
        pass_time(site, 61)
        changed.append(site.get())  # as another thread would
        remember(self, *args)

    changed: list[Answer] = []
    monkeypatch.setattr(WarmPages, "remember", late)
    before = site.get()

    assert changed[0].bundles != before.bundles
    assert site.get().bundles == changed[0].bundles


def test_a_page_that_is_large_is_not_remembered(static: Path, page: bytes, found: list[bool]) -> None:
    site = Site(static, page + b"x" * (MAX_BYTES // 11), {"refresh": 60})
    [site.get() for _ in range(4)]

    assert not any(found)


def test_only_so_many_pages_are_remembered(static: Path, page: bytes, found: list[bool]) -> None:
    site = Site(static, page, {"refresh": 60})
    pages = [page + b"%03d" % number + b"x" * (MAX_BYTES // 50) for number in range(30)]
    for site.page in pages:
        [site.get() for _ in range(3)]
    found.clear()
    for site.page in (pages[-1], pages[0]):
        site.get()

    assert found == [True, False]


@pytest.mark.parametrize(
    "options",
    [{"early_hints": True}, {"debug_toggle": "plain"}, {"resolve": "app"}, {"minify_html": True}, {"enabled": False}],
    ids=lambda options: next(iter(options)),
)
def test_where_more_bears_on_a_page_none_is_remembered(static: Path, page: bytes, options: dict[str, Any]) -> None:
    assert Site(static, page, options).app._core.warm_pages is None
