"""What no directory holds the application itself is asked for, and only what is the same for everybody is used."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from pressmark.assets import from_application as application
from pressmark.assets.from_application import (
    CHANGES_S,
    HANG_S,
    MAX_ANSWER_BYTES,
    MAX_CHANGES,
    MAX_FRESH_S,
    MAX_HANG_S,
    MAX_LOST_THREADS,
    MAX_QUERIES,
    RETRY_S,
    SUBREQUEST_THREADS,
    ApplicationResolver,
)
from pressmark.assets.from_directories import DirectoryResolver
from pressmark.concurrency import single_flight
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.model import Asset, Page, Reply, Source

CSS = (("Content-Type", "text/css"),)


@dataclass
class App:
    """An application that gives *reply*, and keeps what it was asked."""

    reply: Reply = field(default_factory=lambda: Reply(200, CSS, b"a{}"))
    asked: list[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=list)

    def ask(self, target: str, headers: tuple[tuple[str, str], ...]) -> Reply:
        self.asked.append((target, headers))
        return self.reply

    def page(self, mount: str = "", host: str = "example.com") -> Page:
        return Page(mount, f"{mount}/", host, subrequest=self.ask)

    def answers(self, body: bytes = b"a{}", status: int = 200, **headers: str) -> None:
        fields = {"Content-Type": "text/css"} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.reply = Reply(status, tuple(fields.items()), body)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def resolver(tmp_path: Path, clock: Clock) -> ApplicationResolver:
    (tmp_path / "a.css").write_text("file{}")
    return ApplicationResolver(DirectoryResolver((("/static/", (str(tmp_path),)),)), SingleFlight(), clock)


def source_of(asset: Asset | None) -> Source:
    assert asset
    return asset.sources[0]


def test_a_file_is_not_asked_for(resolver: ApplicationResolver, app: App) -> None:
    asset = resolver.read("/static/a.css", app.page())

    assert asset
    assert (asset.content, app.asked) == (b"file{}", [])


def test_an_answer_is_an_asset(resolver: ApplicationResolver, app: App) -> None:
    asset = resolver.read("/theme.css?dark#x", app.page())

    assert asset == Asset("/theme.css?dark#x", "text/css", b"a{}", (source_of(asset),))
    assert app.asked == [("/theme.css?dark", ())]


@pytest.mark.parametrize("type_", ["text/javascript", "application/javascript; charset=utf-8", "Text/JScript"])
def test_scripts_are_known_by_their_types_not_by_their_names(
    resolver: ApplicationResolver, app: App, type_: str
) -> None:
    app.answers(Content_Type=type_)
    asset = resolver.read("/jsi18n/", app.page())

    assert asset
    assert asset.media_type == "text/javascript"


def test_an_encoding_in_the_header_comes_before_all_others(resolver: ApplicationResolver, app: App) -> None:
    app.answers('@charset "latin1";é'.encode(), Content_Type="text/css; charset=utf-8")
    asset = resolver.read("/a.css", app.page())

    assert asset
    assert asset.content == '\ufeff@charset "latin1";é'.encode()


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.example/a.css",
        "//cdn.example/a.css",
        "/\\cdn.example/a.css",
        "data:text/css,a{}",
        "/ap/a.css",
        "/app/../a.css",
        "/app/%2e%2E/a.css",
        "/app/./a.css",
        "/app/a b.css",
        "/app//a.css",
    ],
)
def test_another_site_and_another_application_are_not_asked(resolver: ApplicationResolver, app: App, url: str) -> None:
    assert resolver.read(url, app.page("/app")) is None
    assert app.asked == []


def test_nothing_is_asked_where_there_is_nobody_to_ask(resolver: ApplicationResolver) -> None:
    assert resolver.read("/a.css", Page("", "/")) is None


@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        ({"status": 404}, "with status 404"),
        ({"status": 302, "Location": "/login"}, "with status 302"),
        ({"status": 206}, "with status 206"),
        ({"Content_Type": "text/html"}, "with text/html"),
        ({"Content_Type": "image/png"}, "with image/png"),
        ({"Content_Type": ""}, "with no type"),
        ({"Set_Cookie": "a=1"}, "with a cookie"),
        ({"Cache_Control": "max-age=9, private"}, "with Cache-Control: max-age=9, private"),
        ({"Cache_Control": "No-Store"}, "with Cache-Control: No-Store"),
        ({"Cache_Control": 'private="x"'}, 'with Cache-Control: private="x"'),
        ({"Vary": "Accept-Encoding, Cookie"}, "with Vary: Accept-Encoding, Cookie"),
        ({"Vary": "*"}, "with Vary: *"),
        ({"Vary": "Accept-Language"}, "with Vary: Accept-Language"),
        ({"Content_Encoding": "gzip"}, "encoded (gzip)"),
        ({"body": b"x" * (MAX_ANSWER_BYTES + 1)}, f"with more than {MAX_ANSWER_BYTES} bytes"),
        ({"body": b"\xe9", "Content_Type": "text/css; charset=latin1"}, "in latin1"),
    ],
)
def test_what_is_not_the_same_for_everybody_is_not_used(
    resolver: ApplicationResolver, app: App, answer: dict[str, str], flaw: str
) -> None:
    app.answers(**answer)  # type: ignore[arg-type]
    asset = resolver.read("/a.css", app.page())

    assert asset
    assert (asset.flaw, asset.content) == (flaw, b"")


@pytest.mark.parametrize(
    "answer",
    [
        {"Vary": "accept-encoding"},
        {"Vary": "Origin, Accept-Encoding"},
        {"Cache_Control": "public, max-age=60"},
        {"Content_Encoding": "identity"},
    ],
)
def test_what_only_caches_look_at_is_no_flaw(resolver: ApplicationResolver, app: App, answer: dict[str, str]) -> None:
    app.answers(**answer)  # type: ignore[arg-type]
    asset = resolver.read("/a.css", app.page())

    assert asset
    assert asset.flaw == ""


def test_a_type_that_the_page_gives_is_believed_but_for_an_error_page(resolver: ApplicationResolver, app: App) -> None:
    app.answers(Content_Type="text/plain")
    assert resolver.read("/a.scss", app.page(), "text/x-scss") == Asset(
        "/a.scss", "text/x-scss", b"a{}", (source_of(resolver.read("/a.scss", app.page(), "text/x-scss")),)
    )

    app.answers(Content_Type="text/html")
    asset = resolver.read("/a.scss", app.page(), "text/x-scss")
    assert asset
    assert asset.flaw == "with text/html"


def test_an_application_that_fails_is_no_failure_of_the_page(resolver: ApplicationResolver, app: App) -> None:
    def fail(target: str, headers: object) -> Reply:
        raise RuntimeError("no")

    asset = resolver.read("/a.css", replace(app.page(), subrequest=fail))

    assert asset
    assert asset.flaw == "with RuntimeError('no')"


@dataclass
class HangingApp(App):
    """An application that answers no question until *end*."""

    end: threading.Event = field(default_factory=threading.Event)

    def ask(self, target: str, headers: tuple[tuple[str, str], ...]) -> Reply:
        self.asked.append((target, headers))
        self.end.wait(60)
        return self.reply


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[HangingApp]:
    monkeypatch.setattr(application, "TIMEOUT_S", 0.05)
    monkeypatch.setattr(application, "GRACE_S", 0.0)
    app = HangingApp()
    yield app
    app.end.set()


def test_an_application_that_does_not_answer_is_not_waited_for(
    resolver: ApplicationResolver, app: App, hanging: HangingApp
) -> None:
    flaws = [flaw_of(resolver.read(f"/{number}.css", hanging.page())) for number in range(2 * SUBREQUEST_THREADS)]

    assert set(flaws) == {"not within 0.05 seconds"}
    assert flaw_of(resolver.read("/a.css", app.page())) == ""
    assert flaw_of(resolver.read("/0.css", app.page())) == "not within 0.05 seconds, of late"


def test_a_path_that_is_not_answered_is_asked_for_once_whatever_the_host_and_query(
    resolver: ApplicationResolver, hanging: HangingApp
) -> None:
    """A visitor can make up both."""
    for number in range(10):
        resolver.read(f"/a.css?{number}", hanging.page(host=f"{number}.example"))

    assert len(hanging.asked) == 1


def test_the_threads_that_wait_for_answers_are_bounded(
    app: App, hanging: HangingApp, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_flight, "IDLE_S", 0.01)
    subrequests = SingleFlight[Reply](threads=SUBREQUEST_THREADS)
    resolver = ApplicationResolver(DirectoryResolver(()), subrequests, clock)
    before = set(threading.enumerate())
    for number in range(2 * MAX_LOST_THREADS):
        resolver.read(f"/{number}.css", hanging.page())

    assert len(hanging.asked) == MAX_LOST_THREADS
    assert flaw_of(resolver.read("/a.css", app.page())) == f"not at all, with {MAX_LOST_THREADS} answers overdue"
    hanging.end.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
    assert flaw_of(resolver.read("/a.css", app.page())) == ""


def test_questions_at_once_that_are_not_answered_hold_back_no_later_one(
    app: App, hanging: HangingApp, clock: Clock
) -> None:
    resolver = ApplicationResolver(DirectoryResolver(()), SingleFlight(threads=1), clock)
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda number: resolver.read(f"/{number}.css", hanging.page()), range(5)))

    assert flaw_of(resolver.read("/a.css", app.page())) == ""


def test_an_application_that_never_answers_is_asked_less_and_less(
    resolver: ApplicationResolver, app: App, clock: Clock
) -> None:
    asked_at: list[float] = []

    def end_late(target: str, headers: object) -> Reply:
        asked_at.append(clock.now)
        raise TimeoutError

    for _ in range(24 * 12 * 3):
        resolver.read("/a.css", replace(app.page(), subrequest=end_late))
        clock.now += HANG_S
    intervals = [later - earlier for earlier, later in pairwise(asked_at)]

    assert intervals[:3] == [HANG_S, 2 * HANG_S, 4 * HANG_S]
    assert intervals[-1] == MAX_HANG_S


def test_an_answer_that_comes_in_time_is_asked_for_as_ever(
    resolver: ApplicationResolver, app: App, clock: Clock
) -> None:
    def end_late(target: str, headers: object) -> Reply:
        raise TimeoutError

    for page in (replace(app.page(), subrequest=end_late), app.page(), replace(app.page(), subrequest=end_late)):
        resolver.read("/a.css", page)
        clock.now += HANG_S

    assert flaw_of(resolver.read("/a.css", app.page())) == ""


def flaw_of(asset: Asset | None) -> str:
    assert asset
    return asset.flaw


# Freshness


def test_a_file_is_looked_at_as_ever(resolver: ApplicationResolver, app: App) -> None:
    source = source_of(resolver.read("/static/a.css", app.page()))

    assert not resolver.is_current(source, app.page())  # too young
    assert app.asked == []


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ({"ETag": '"1"', "Last_Modified": "Sat, 01 Jan 2000 00:00:00 GMT"}, ("If-None-Match", '"1"')),
        (
            {"Last_Modified": "Sat, 01 Jan 2000 00:00:00 GMT"},
            ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"),
        ),
    ],
)
def test_an_answer_is_asked_for_again_by_its_validator(
    resolver: ApplicationResolver, app: App, header: dict[str, str], asked: tuple[str, str]
) -> None:
    app.answers(**header)  # type: ignore[arg-type]
    source = source_of(resolver.read("/a.css", app.page()))
    app.answers(b"", 304)

    assert resolver.is_current(source, app.page())
    assert app.asked[-1] == ("/a.css", (asked,))


@pytest.mark.parametrize(("body", "is_current"), [(b"a{}", True), (b"b{}", False)])
def test_without_a_validator_the_bytes_are_compared(
    resolver: ApplicationResolver, app: App, body: bytes, *, is_current: bool
) -> None:
    source = source_of(resolver.read("/a.css", app.page()))
    app.answers(body)

    assert resolver.is_current(source, app.page()) is is_current


@pytest.mark.parametrize(
    ("age", "control", "is_asked"),
    [
        (59, "max-age=60", False),
        (61, "max-age=60", True),
        (MAX_FRESH_S + 1, "max-age=31536000", True),
        (1, "public", True),
    ],
)
def test_an_answer_counts_as_unchanged_as_long_as_it_says(
    resolver: ApplicationResolver, app: App, clock: Clock, age: float, control: str, *, is_asked: bool
) -> None:
    app.answers(Cache_Control=control)
    source = source_of(resolver.read("/a.css", app.page()))
    clock.now += age

    assert resolver.is_current(source, app.page())
    assert len(app.asked) == 1 + is_asked


def test_an_answer_that_may_not_be_used_is_asked_for_again_after_a_while(
    resolver: ApplicationResolver, app: App, clock: Clock
) -> None:
    app.answers(status=503)
    source = source_of(resolver.read("/a.css", app.page()))
    app.answers()

    assert resolver.is_current(source, app.page())
    clock.now += RETRY_S + 1
    assert not resolver.is_current(source, app.page())


def test_an_answer_gone_bad_is_not_current(resolver: ApplicationResolver, app: App) -> None:
    source = source_of(resolver.read("/a.css", app.page()))
    app.answers(status=500)

    assert not resolver.is_current(source, app.page())


def test_a_source_is_of_the_host_that_was_asked(resolver: ApplicationResolver, app: App) -> None:
    paths = {source_of(resolver.read("/a.css", app.page(host=host))).path for host in ("a.example", "b.example")}

    assert paths == {"app:a.example /a.css", "app:b.example /a.css"}


def test_many_addresses_do_not_fill_the_memory(
    resolver: ApplicationResolver, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "MAX_KNOWN", 10)
    for number in range(50):
        resolver.read(f"/{number}.css", app.page())

    assert len(resolver._answers) == 10


def test_what_differs_each_time_stays_from_then_on(
    resolver: ApplicationResolver, app: App, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Each would be a bundle of its own, which every visitor loads anew."""
    flaws = []
    for number in range(30):
        app.answers(b"%d{}" % number)
        asset = resolver.read("/a.css", app.page())
        flaws.append(asset.flaw if asset else "")
        clock.now += 1
    app.answers(b"still{}")
    clock.now += 100_000
    asset = resolver.read("/a.css", app.page())

    assert flaws == [""] * MAX_CHANGES + ["with another text each time"] * (30 - MAX_CHANGES)
    assert asset
    assert asset.flaw
    assert len(caplog.records) == 1


def test_what_changes_now_and_then_is_used(resolver: ApplicationResolver, app: App, clock: Clock) -> None:
    for number in range(3 * MAX_CHANGES):
        app.answers(b"%d{}" % number)
        clock.now += CHANGES_S / 10
        asset = resolver.read("/a.css", app.page())
        assert asset
        assert not asset.flaw


def test_a_path_with_ever_new_queries_is_not_asked_for_each(resolver: ApplicationResolver, app: App) -> None:
    flaws = [getattr(resolver.read(f"/a.css?v={number}", app.page()), "flaw", "") for number in range(MAX_QUERIES + 2)]

    assert flaws == [""] * MAX_QUERIES + [f"under more than {MAX_QUERIES} queries"] * 2
    assert len(app.asked) == MAX_QUERIES
    assert getattr(resolver.read("/a.css?v=0", app.page()), "flaw", "") == ""
