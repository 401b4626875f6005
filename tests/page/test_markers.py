"""A page that may hold a marker is told by a search from one that leaves unread."""

import pytest

from pressmark.page.scanner import HEAD_BYTES, may_hold_marker


@pytest.mark.parametrize("at", [0, 1, HEAD_BYTES - 9, HEAD_BYTES - 8, HEAD_BYTES - 4, HEAD_BYTES, 2 * HEAD_BYTES])
def test_a_marker_is_seen_wherever_it_stands(at: int) -> None:
    assert may_hold_marker(b"x" * at + b"compress" + b"x" * HEAD_BYTES)
    assert not may_hold_marker(b"x" * at + b"compres" + b"x" * HEAD_BYTES)
