"""What Pressmark promises about a response, given what the application said. Knows neither WSGI nor ASGI."""

import re
from dataclasses import dataclass
from typing import Literal

from tests.protocol.pages import Page
from tests.protocol.violations import BrokenRuleError

# "same": not one byte changes. "page": HTML in one piece. "stream": HTML in pieces. "head": HEAD of HTML.
# "either": HTML of which each region may be replaced, or left alone.
Promise = Literal["same", "page", "stream", "head", "either"]
Pairs = tuple[tuple[bytes, bytes], ...]

LENGTH = frozenset((b"content-length",))
# What goes stale when the bytes of a page change (RFC 9110, 8.8 and 14.3; RFC 9530).
STALE = frozenset(b"etag last-modified accept-ranges content-md5 digest content-digest repr-digest".split())
# What may change with what a page could become the next time.
TAGS = frozenset((b"etag", b"last-modified"))
ETAG = re.compile(rb'(W/)?"[!\x23-\x7e\x80-\xff]*"')


@dataclass(frozen=True)
class Response:
    """A response as far as it went. *status* is a number (ASGI) or the whole status line (WSGI)."""

    status: int | str | None
    headers: Pairs
    body: bytes
    is_complete: bool


def judge(said: Response, got: Response, promise: Promise, page: Page, *, rewrites: bool) -> None:
    """Raise BrokenRuleError where *got* is not what the server should see of *said*.

    *rewrites* says that the middleware is one that replaces regions.
    """
    if got.is_complete != said.is_complete:
        raise BrokenRuleError("looks-complete", f"complete: {got.is_complete}, said: {said.is_complete}")
    if got.status is None and not said.is_complete:
        return  # A response that failed may be held back as a whole: the server then makes its own.
    if got.status != said.status:
        raise BrokenRuleError("status", f"{got.status!r}, not {said.status!r}")
    if promise == "same":
        _require_equal(said, got)
        return
    replaced = _judge_body(said, got, promise, page, rewrites)
    _judge_headers(said, got, promise, page, replaced)


def _require_equal(said: Response, got: Response) -> None:
    if got.headers != said.headers:
        raise BrokenRuleError("headers", f"{got.headers!r}, not {said.headers!r}")
    if got.body != said.body:
        raise BrokenRuleError("body", f"{got.body!r}, not {said.body!r}")


def _judge_body(said: Response, got: Response, promise: Promise, page: Page, rewrites: bool) -> bool:
    """Tell whether regions were replaced. Raises where the bytes are not what they should be."""
    if not got.is_complete or promise == "head":
        # Anything may be missing at the end, nothing in between.
        if not said.body.startswith(page.restored(got.body)):
            raise BrokenRuleError("body", f"{got.body!r} is no beginning of {said.body!r}")
        return rewrites and page.builds
    if promise == "either":
        if page.restored(got.body) != said.body:
            raise BrokenRuleError("body", f"{got.body!r} is not what {said.body!r} may become")
        return got.body != said.body
    must = rewrites and page.builds and said.body == page.raw
    if must and page.is_rewritten_as(got.body):
        return True
    if got.body != said.body:
        raise BrokenRuleError("body", f"{got.body!r} is not what {said.body!r} should become")
    if must:
        raise BrokenRuleError("not-rewritten", f"the regions are still there in {got.body!r}")
    return False


def _judge_headers(said: Response, got: Response, promise: Promise, page: Page, replaced: bool) -> None:
    droppable: frozenset[bytes] = frozenset()
    if promise != "page":
        droppable = LENGTH | STALE
    elif replaced:
        droppable = STALE
    elif page.regions:
        droppable = TAGS
    length = len(got.body) if got.is_complete and promise != "head" else None
    left = list(got.headers)
    for name, value in said.headers:
        key = name.lower()
        if left and left[0] == (name, value):
            if length is not None and replaced:
                _judge_kept(key, value, length)
            left.pop(0)
        elif left and left[0][0] == name and key in (STALE | LENGTH if replaced else TAGS if page.regions else ()):
            _judge_changed(key, value, left.pop(0)[1], length)
        elif key not in droppable:
            raise BrokenRuleError("headers", f"{(name, value)!r} is not where it was in {got.headers!r}")
    if left:
        raise BrokenRuleError("headers", f"{left!r} came from nowhere")


def _judge_kept(key: bytes, value: bytes, length: int) -> None:
    if key == b"content-length" and value != b"%d" % length:
        raise BrokenRuleError("content-length", f"{value!r} for {length} bytes")
    if key in STALE and (key, value.lower()) != (b"accept-ranges", b"none"):
        raise BrokenRuleError("stale", f"{key!r} is still {value!r}")


def _judge_changed(key: bytes, old: bytes, new: bytes, length: int | None) -> None:
    if key == b"content-length" and length is not None and new != b"%d" % length:
        raise BrokenRuleError("content-length", f"{new!r} for {length} bytes")
    if key == b"etag" and not ETAG.fullmatch(new):
        raise BrokenRuleError("stale", f"{new!r} is no entity tag")
    if key == b"etag" and old.startswith(b"W/") and not new.startswith(b"W/"):
        raise BrokenRuleError("stale", f"the weak {old!r} became the strong {new!r}")
