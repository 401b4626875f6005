"""Carry out the events of an exchange upon a response of Django's: wait for cold regions, write head and body."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import wait
from typing import Any

from pressmark.adapters import Cold, Event, Exchange, Head, HeaderList, wait_async


def finished(response: Any, exchange: Exchange, events: list[Head | bytes]) -> Any:
    """Return *response* with the head and body of *events*, which are all of the page, the head first."""
    head, *pieces = events
    if exchange.is_changed or not pieces:
        response.content = b"".join(pieces)  # type: ignore[arg-type]  # after the head there are bytes only
    return with_head(response, head)


def with_head(response: Any, head: Any) -> Any:
    """Return *response* with that *head*."""
    if head.status != response.status_code:
        response.status_code, response.reason_phrase = head.status, None
    set_headers(response, head.headers)
    return response


def set_headers(response: Any, headers: HeaderList) -> None:
    """Give *response* these headers and no others."""
    before, kept = dict(response.items()), dict(headers)
    for name in before.keys() - kept.keys():
        del response[name]
    for name, value in headers:
        if before.get(name) != value:
            response[name] = value


def streamed(response: Any, exchange: Exchange) -> Any:
    """Return *response* with its stream fed through the exchange, as soon as the head is known."""
    events = _stream(exchange, response.streaming_content)
    head = exchange.early_head() or next(events)
    response.streaming_content = events
    return with_head(response, head)


async def streamed_async(response: Any, exchange: Exchange) -> Any:
    """Do the same for an asynchronous stream."""
    events = _stream_async(exchange, response.streaming_content)
    head = exchange.early_head() or await anext(events)
    response.streaming_content = events
    return with_head(response, head)


def passed_on_async(response: Any, exchange: Exchange) -> Any:
    """Do the same for a synchronous stack, which cannot read an asynchronous iterator before it answers."""
    response.streaming_content = _stream_async(exchange, response.streaming_content)
    return with_head(response, exchange.early_head(is_forced=True))


def _stream(exchange: Exchange, chunks: Any) -> Iterator[Any]:
    for chunk in chunks:
        yield from carried_out(exchange.feed(chunk))
    yield from carried_out(exchange.feed(b"", is_last=True))


async def _stream_async(exchange: Exchange, chunks: Any) -> AsyncIterator[Any]:
    async for chunk in chunks:
        async for event in carried_out_async(exchange.feed(chunk)):
            yield event
    async for event in carried_out_async(exchange.feed(b"", is_last=True)):
        yield event


def carried_out(events: Iterator[Event]) -> Iterator[Head | bytes]:
    """Yield the heads and bytes of *events*, after waiting for each cold region."""
    for event in events:
        if isinstance(event, Cold):
            wait((event.future,), event.timeout_s)
        else:
            yield event


async def carried_out_async(events: Iterator[Event]) -> AsyncIterator[Head | bytes]:
    """Yield the heads and bytes of *events*, after waiting for each cold region."""
    for event in events:
        if isinstance(event, Cold):
            await wait_async(event.future, event.timeout_s)
        else:
            yield event
