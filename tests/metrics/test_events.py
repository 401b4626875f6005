"""What the middleware does is told to whoever measures it, and whatever that does costs no page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pressmark import Event, FileServed, RegionBuilt, RegionRendered, SettingsError, StoreCalled
from pressmark.adapters import Settings, check_plugins
from pressmark.metrics.find_observer import find_observer
from tests.conftest import Write
from tests.site import Site, css_region, js_region
from tests.stores.engines import Engine, redis_engine

PAGE = css_region("a.css", "b.css")


@dataclass
class Heard:
    """The events so far, without their seconds."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def site(static: Path, write: Write, heard: Heard) -> Site:
    write("a.css", "a { color: red }" * 50)
    write("b.css", "b { color: red }" * 50)
    return Site(static, PAGE, {"on_event": heard})


def test_a_region_is_cold_and_then_warm(site: Site, heard: Heard) -> None:
    for _ in range(3):
        site.get()

    assert heard.of(RegionRendered) == [RegionRendered("css", "cold"), *[RegionRendered("css", "warm")] * 2]
    (built,) = heard.of(RegionBuilt)
    assert (built.kind, built.files) == ("css", 1)
    assert 0 < built.seconds < 60


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (css_region("missing.css"), "AssetNotFoundError"),
        (css_region("//elsewhere/a.css").replace(b"/static/", b""), "NothingToBundle"),
        (b"<base href=//elsewhere>" + css_region("a.css"), "RegionError"),
    ],
)
def test_a_region_that_is_kept_tells_why(site: Site, heard: Heard, page: bytes, reason: str) -> None:
    site.page = page
    site.get()
    site.get()

    assert heard.of(RegionRendered) == [RegionRendered("css", "kept", reason)] * 2


def test_a_region_on_an_error_page_is_kept(site: Site, heard: Heard) -> None:
    site.get_404("/nowhere")

    assert heard.of(RegionRendered) == [RegionRendered("css", "kept", "ErrorPage")]


def test_a_page_that_does_not_wait_is_told(static: Path, write: Write, heard: Heard) -> None:
    write("a.css", "a { color: red }")
    site = Site(static, css_region("a.css"), {"on_event": heard, "build_wait": 0})
    site.get()

    assert heard.of(RegionRendered) == [RegionRendered("css", "kept", "WaitedTooLong")]


def test_what_is_served_is_told_with_its_coding_and_bytes(site: Site, heard: Heard) -> None:
    (url,) = site.get().bundles
    whole = site.get(url)
    encoded = site.get(url, HTTP_ACCEPT_ENCODING="br")
    site.get(url, HTTP_IF_NONE_MATCH=whole.headers["ETag"])
    site.get("/pressmark/css/" + "0" * 32 + ".css")
    site.get("/pressmark/nothing")

    assert heard.of(FileServed) == [
        FileServed("css", 200, "identity", len(whole.body)), FileServed("css", 200, "br", len(encoded.body)),
        FileServed("css", 304, "identity", 0), FileServed("css", 404, "identity", len(b"Not Found\n")),
        FileServed("", 404, "identity", len(b"Not Found\n")),
    ]  # fmt: skip


def test_an_answer_with_503_is_told(site: Site, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline: Any = site.app._core.pipeline
    monkeypatch.setattr(pipeline._endpoint, "reply", None)
    site.get("/pressmark/css/" + "0" * 32 + ".css")

    assert heard.of(FileServed) == [FileServed("", 503, "identity", 0)]


def test_an_observer_that_fails_costs_nothing_but_one_line(
    site: Site, static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: Event) -> None:
        raise ValueError("no room")

    failing = Site(static, PAGE, {"on_event": fail, "cache_dir": static.parent / "other"})
    plain = [site.get() for _ in range(3)]

    assert [failing.get().body for _ in range(3)] == [answer.body for answer in plain]
    assert failing.get(plain[0].bundles[0]).status == 200
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith("the function of on_event failed on RegionBuilt(kind='css'")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with redis_engine() as engine:
        yield engine


@pytest.mark.server
def test_calls_of_the_store_are_told_with_their_failures(
    static: Path, write: Write, heard: Heard, engine: Engine
) -> None:
    for name in ("a", "b", "c", "d"):
        write(f"{name}.css", f"{name} {{ color: red }}")
    site = Site(static, css_region("a.css"), {"on_event": heard, "store": engine.url})
    site.get()
    engine.stop()
    for name in ("b", "c", "d"):
        site.page = css_region(f"{name}.css")
        site.get()

    calls = heard.of(StoreCalled)
    assert {(event.call, event.outcome) for event in calls} >= {
        ("create", "done"), ("lock", "done"), ("unlock", "done"), ("lock", "failed"), ("create", "skipped"),
    }  # fmt: skip
    assert {event.store for event in calls} == {engine.url}
    assert all((event.seconds > 0) == (event.outcome != "skipped") for event in calls)


@pytest.mark.server
def test_a_warm_page_makes_no_call_of_the_store(static: Path, write: Write, heard: Heard, engine: Engine) -> None:
    write("a.css", "a { color: red }")
    site = Site(static, css_region("a.css"), {"on_event": heard, "store": engine.url, "refresh": 60})
    site.get()
    heard.events.clear()
    for _ in range(50):
        site.get()

    assert heard.events == [RegionRendered("css", "warm")] * 50


def test_an_observer_that_no_package_has_is_told_at_start() -> None:
    with pytest.raises(SettingsError, match="the setting 'on_event' is 'statsd'; there are opentelemetry, prometheus"):
        check_plugins(Settings(on_event="statsd"))
    with pytest.raises(SettingsError, match="setting 'on_event' is 7; it must be None, a function, or a name"):
        Settings(on_event=7)  # type: ignore[arg-type]


def test_a_name_stands_for_one_observer_of_the_process() -> None:
    first, second = find_observer("prometheus"), find_observer("prometheus")

    assert first._on_event is second._on_event  # type: ignore[union-attr]


def test_there_may_be_none(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }")

    assert find_observer(None) is None
    assert Site(static, js_region()).get().status == 200
