"""What is remembered of pages changes nothing about what is found in them."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.model import Region
from pressmark.page.scanned_pages import MAX_BEGINNINGS, MAX_BYTES, ScannedPages, size_of
from pressmark.page.scanner import Scanner
from tests.page.fragments import CLOSING, OPENING, chunks, pages, scan
from tests.profiles import marathon

REGION = f"{OPENING}<link rel=stylesheet href=/a.css>{CLOSING}".encode()


def scan_again(memory: ScannedPages, page: bytes) -> list[object]:
    """Return the events of *page* as a response finds them."""
    known = memory.peek(page)
    if known is not None:
        return list(known)
    scanner = Scanner(memory.known_regions)
    return [*memory.scan(page, scanner), *scanner.finish()]


def remember(memory: ScannedPages, *pages: bytes) -> None:
    """Have each of *pages* come twice."""
    for page in pages:
        scan_again(memory, page)
        scan_again(memory, page)


def joined(events: Iterable[object]) -> list[object]:
    """Return the regions of *events*, and the bytes between them."""
    found: list[object] = [b""]
    for event in events:
        if isinstance(event, Region):
            found += [event, b""]
        else:
            found[-1] += event.raw  # type: ignore[attr-defined]
    return found


@settings(max_examples=marathon(1000))
@given(st.lists(pages, min_size=1, max_size=3), st.lists(pages, min_size=1, max_size=3))
def test_a_page_whose_beginning_is_known_is_read_like_any_other(heads: list[bytes], bodies: list[bytes]) -> None:
    memory = ScannedPages()
    for page in [head + REGION + body for head in heads for body in bodies] * 3:
        assert joined(scan_again(memory, page)) == joined(scan(page))


@settings(max_examples=marathon(300))
@given(pages, pages, pages, st.integers(1, 40))
def test_more_may_follow_what_was_thought_to_be_a_page(head: bytes, body: bytes, more: bytes, size: int) -> None:
    memory = ScannedPages()
    for _ in range(2):
        scanner = Scanner(memory.known_regions)
        first = memory.scan(head + REGION + body, scanner)
        events = [*first, *(e for chunk in chunks(more, size) for e in scanner.feed(chunk)), *scanner.finish()]

        assert joined(events) == joined(scan(head + REGION + body + more))


@settings(max_examples=marathon(200))
@given(st.lists(pages, min_size=1, max_size=4), st.integers(1, 300))
def test_a_region_that_is_known_is_found_where_it_is_one_and_nowhere_else(parts: list[bytes], size: int) -> None:
    memory = ScannedPages()
    for page in [b"<title>a</title>" + REGION + REGION.join(parts), REGION.join(reversed(parts)) + REGION]:
        scanner = Scanner(memory.known_regions)
        events = [*(e for chunk in chunks(page, size) for e in scanner.feed(chunk)), *scanner.finish()]

        assert joined(events) == joined(scan(page))


def test_a_page_of_the_same_length_and_ends_is_another() -> None:
    memory = ScannedPages()
    one, other = (b"<p>" * 40 + REGION + middle + b"<p>" * 40 for middle in (b"one", b"two"))
    remember(memory, one)

    assert memory.peek(one) is not None
    assert memory.peek(other) is None


def test_pages_of_the_same_length_that_differ_in_many_rows_are_remembered_side_by_side() -> None:
    memory = ScannedPages()
    pages = [REGION + b"<p>%04d %07d</p>" * 500 % tuple(range(number, number + 1000)) for number in range(20)]
    remember(memory, *pages)

    assert len({len(page) for page in pages}) == 1
    assert all(memory.peek(page) for page in pages)


def test_only_so_much_is_remembered() -> None:
    memory = ScannedPages()
    for number in range(MAX_BEGINNINGS + 10):
        scan_again(memory, b"%d" % number + REGION)

    assert len(memory._beginnings) == MAX_BEGINNINGS


def test_pages_are_remembered_as_long_as_their_bytes_have_room() -> None:
    memory = ScannedPages()
    pages = [b"%d" % number + REGION + b"x" * 100_000 for number in range(60)]
    remember(memory, *pages)

    kept = [page for page in pages if memory.peek(page) is not None]
    events = memory.peek(pages[-1])
    assert events is not None
    assert kept == pages[-(MAX_BYTES // size_of(pages[-1], events)) :]


def test_a_page_that_comes_once_takes_no_room() -> None:
    memory = ScannedPages()
    hot = REGION + b"hot" + b"x" * 50_000
    remember(memory, hot)
    for number in range(500):
        scan_again(memory, REGION + b"token %06d " % number + b"x" * 50_000)

    assert memory.peek(hot) is not None
    assert len(memory._pages) < 10  # a few tokens have the same few bytes by which pages are told apart


def test_one_page_has_no_more_than_a_quarter_of_the_room() -> None:
    memory = ScannedPages()
    small, large = REGION + b"x" * (MAX_BYTES // 13), REGION + b"x" * (MAX_BYTES // 11)
    remember(memory, small, large)

    assert memory.peek(small) is not None
    assert memory.peek(large) is None


def test_a_page_without_a_region_is_not_remembered() -> None:
    memory = ScannedPages()
    remember(memory, b"<p>endcompress>")

    assert memory.peek(b"<p>endcompress>") is None
    assert memory._beginnings == {}
