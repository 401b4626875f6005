"""The record of a build comes back from the store as it was, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from pressmark.model import Element, Text
from pressmark.regions.record import Record
from tests.conftest import Write
from tests.site import Site, css_region

RECORD = Record((b"<link\xff>", 1, b""), (("css", "0" * 32),), ("</a>; rel=preload",), {"/a.css": "ab", "/b.css": ""})


def test_a_record_comes_back_as_it_was() -> None:
    assert Record.from_bytes(RECORD.to_bytes()) == RECORD


def test_a_part_that_stays_has_the_bytes_of_the_page_at_hand() -> None:
    pieces = (Text(b"\n"), Element("link", (), "", b'<link nonce="new">'))

    assert RECORD.html(pieces) == b'<link\xff><link nonce="new">'


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"7", b'{"parts": []}', b'{"parts": [null]}', RECORD.to_bytes()[:-9]]
)
def test_bytes_that_are_no_record_are_an_error(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Record.from_bytes(raw)


OTHERS = replace(RECORD, files=(), digests={})
DAMAGED = {
    "half": b"{",
    "another region's": replace(OTHERS, parts=(99,)).to_bytes(),
    "an index from the end": replace(OTHERS, parts=(-1,)).to_bytes(),
}


@pytest.mark.parametrize("raw", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_is_built_again(
    static: Path, write: Write, monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    write("a.css", "a { color: red }")
    first = Site(static, css_region("a.css")).get()
    monkeypatch.setattr(Record, "to_bytes", lambda _: raw)
    write("a.css", "a { color: blue }")
    Site(static, css_region("a.css")).get()
    monkeypatch.undo()
    again = Site(static, css_region("a.css")).get()

    assert len(again.bundles) == 1
    assert again.bundles != first.bundles
