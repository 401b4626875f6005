"""The exchange by itself, sans I/O: heads and chunks in, events out, and no server anywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pressmark import Settings
from pressmark.assembly import assemble
from pressmark.compilers import found
from pressmark.response.exchange import MAX_HELD_BYTES, Cold, Core, Event, Exchange, Head, begin
from pressmark.response.visit import Location
from pressmark.stores.memory import MemoryStore
from tests.conftest import Write
from tests.site import TAG, Site, css_region

HTML = ("Content-Type", "text/html; charset=utf-8")
TAGGED = ("ETag", '"v1"')
REGION = css_region("a.css")


@dataclass
class Visit:
    """A request."""

    method: str = "GET"
    query: str = ""
    condition: str | None = None
    located: list[Location] = field(default_factory=list)

    def locate(self) -> Location:
        self.located.append(Location("", "/"))
        return self.located[-1]


@pytest.fixture
def core(static: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Core:
    monkeypatch.setattr(found, "KNOWN", ())  # a machine without compilers
    write("a.css", "a { color: red }")
    settings = Settings(static={"/static/": str(static)}, build_wait=None, debug_toggle="plain")
    return assemble(settings, store=MemoryStore())


def test_a_region_without_a_source_stays_where_pressmark_is_off(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }")
    region = css_region("a.css")
    headers = [("Content-Length", str(len(region))), ("ETag", '"v1"')]
    answer = Site(static, region, {"enabled": False}, page_headers=headers).get()

    assert answer.body == region
    assert (answer.headers["ETag"], answer.headers["Content-Length"]) == ('"v1"', str(len(region)))


def opened(core: Core, *headers: tuple[str, str], visit: Visit | None = None, **facts: Any) -> Exchange:
    found = begin(core, visit or Visit(), 200, [HTML, *headers], **facts)
    assert isinstance(found, Exchange)
    return found


def carried_out(exchange: Exchange, *chunks: bytes, is_last: bool = True) -> list[Event]:
    """Return the events of *chunks*, each cold region waited for."""
    events: list[Event] = []
    for number, chunk in enumerate(chunks, 1):
        for event in exchange.feed(chunk, is_last=is_last and number == len(chunks)):
            events.append(event)
            if isinstance(event, Cold):
                event.future.result(30)
    return events


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def body(events: list[Event]) -> bytes:
    return b"".join(event for event in events if isinstance(event, bytes))


def test_a_response_that_is_no_page_is_its_own_headers_and_nobody_is_asked_where_it_is(core: Core) -> None:
    headers, visit = [("Content-Type", "application/json")], Visit()

    assert begin(core, visit, 200, headers) is headers
    assert visit.located == []


def test_a_whole_page_is_one_head_and_its_bytes_after_the_cold_region(core: Core) -> None:
    events = carried_out(opened(core, ("Content-Length", str(len(REGION)))), REGION)

    assert kinds(events) == ["Cold", "Head", "bytes"]
    assert isinstance(events[1], Head)
    assert dict(events[1].headers)["Content-Length"] == str(len(body(events)))
    assert TAG.search(body(events))


def test_a_warm_region_is_not_waited_for(core: Core) -> None:
    carried_out(opened(core), REGION)

    assert kinds(carried_out(opened(core), REGION)) == ["Head", "bytes"]


def test_a_stream_is_a_head_without_a_length_before_its_first_bytes(core: Core) -> None:
    events = carried_out(opened(core, ("Content-Length", "99")), b"<p>early", REGION, is_last=False)

    assert kinds(events) == ["Head", "bytes", "Cold", "bytes"]
    assert events[0] == Head(200, [HTML])
    assert events[1] == b"<p>early"


def test_an_empty_chunk_decides_nothing(core: Core) -> None:
    exchange = opened(core, ("Content-Length", str(len(REGION))))

    assert carried_out(exchange, b"", is_last=False) == []
    assert kinds(carried_out(exchange, REGION, is_last=False)) == ["Cold"]
    assert kinds(carried_out(exchange, b"")) == ["Head", "bytes"]


def test_a_page_with_a_tag_is_held_and_its_tag_is_longer(core: Core) -> None:
    exchange = opened(core, TAGGED)
    events = carried_out(exchange, b"<p>", REGION, is_last=False)
    events += carried_out(exchange, b"")

    assert kinds(events) == ["Cold", "Head", "bytes"]
    assert isinstance(events[1], Head)
    assert dict(events[1].headers)["ETag"].startswith('"v1-cc.')


def test_more_than_may_be_held_is_a_stream(core: Core) -> None:
    chunk = b" " * (MAX_HELD_BYTES // 2 + 1)

    assert kinds(carried_out(opened(core, TAGGED), chunk, chunk, is_last=False)) == ["Head", "bytes"]


def test_a_client_that_has_the_page_gets_304_and_no_bytes(core: Core) -> None:
    first = next(event for event in carried_out(opened(core, TAGGED), REGION) if isinstance(event, Head))
    again = carried_out(opened(core, TAGGED, visit=Visit(condition=dict(first.headers)["ETag"])), REGION)

    assert kinds(again) == ["Head"]
    assert isinstance(again[0], Head)
    assert (again[0].status, dict(again[0].headers)["ETag"]) == (304, dict(first.headers)["ETag"])


def test_the_answer_to_head_loses_its_length_unless_its_body_is_there(core: Core) -> None:
    headers = [HTML, ("Content-Length", str(len(REGION)))]

    assert begin(core, Visit("HEAD"), 200, headers) == [HTML]
    assert isinstance(begin(core, Visit("HEAD"), 200, headers, has_body=True), Exchange)


def test_a_page_without_a_marker_passes_under_its_own_head(core: Core) -> None:
    assert opened(core).passes(b"<p>")
    assert not opened(core).passes(REGION)
    assert not opened(core, visit=Visit(condition='"v1"')).passes(b"<p>")


@pytest.mark.parametrize(
    ("headers", "is_early"), [((), True), ((TAGGED,), False), ((("Content-Length", "9"),), False)], ids=str
)
def test_a_head_is_early_if_nothing_says_where_the_page_ends(core: Core, headers: Any, is_early: bool) -> None:
    assert (opened(core, *headers).early_head() is not None) is is_early


def test_giving_up_lets_go_of_all_that_is_held(core: Core) -> None:
    exchange = opened(core, TAGGED)
    carried_out(exchange, b"<p>one<!-- comp", is_last=False)

    assert list(exchange.give_up()) == [Head(200, [HTML, TAGGED]), b"<p>one<!-- comp"]


@pytest.mark.parametrize("end", [lambda each: list(each.feed(b"<p>", is_last=True)), lambda each: each.passes(b"<p>")])
def test_an_exchange_that_has_ended_gives_no_second_head(core: Core, end: Callable[[Exchange], object]) -> None:
    exchange = opened(core)
    end(exchange)

    assert [event for event in exchange.give_up() if isinstance(event, Head)] == []


def test_a_page_that_is_switched_off_is_its_own_headers(core: Core) -> None:
    headers = [HTML]

    assert begin(core, Visit(query="plain=1"), 200, headers) is headers
