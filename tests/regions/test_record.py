"""The record of a build comes back from the store as it was, or not at all."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pressmark.regions.record import Loading, Member, Record
from tests.conftest import Write
from tests.site import Site, css_region

LOADING = Loading("css", "0" * 32, (("media", "print"), ("nonce", None)), b"\n\xe9", b"<link>", 7, "sha384-x")
RECORD = Record(
    (b"<link\xff>", 1, b"", LOADING),
    (("css", "0" * 32),),
    {"/a.css": "ab", "/b.css": ""},
    (Member("/a.css", 7, None, "type", "is none"),),
)


def test_a_record_comes_back_as_it_was() -> None:
    assert Record.from_bytes(RECORD.to_bytes()) == RECORD


def test_what_stays_has_the_bytes_of_the_page_at_hand_and_a_bundle_the_address_of_its_server(static: Path) -> None:
    """A record is read where another server has built it."""
    (static / "a.css").write_text("a { color: red }")
    page = css_region("a.css").replace(b"<!-- endcompress", b'<link rel="icon" href="/?%d"><!-- endcompress')
    first = Site(static, page % 1).get().body
    second = Site(static, page % 2, {"endpoint": "/other/", "integrity": True}).get(mount="/app").body

    changed = first.replace(b"/?1", b"/?2").replace(b"/pressmark/css/", b"/app/other/css/")
    assert re.sub(rb' integrity="sha384-[^"]{64}" crossorigin="anonymous"', b"", second) == changed
    assert len(second) > len(changed)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"7", b'{"parts": []}', b'{"parts": [null]}', b'{"parts": [{}]}', RECORD.to_bytes()[:-9]]
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
