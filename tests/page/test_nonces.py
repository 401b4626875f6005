"""A region's nonce, and what takes its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.model import Page, Region
from pressmark.page.nonces import STAND_IN, nonce_of, page_for, restored, stood_in


def region_of(body: str, *head: str) -> Region:
    raw = f"<!-- compress js -->{body}<!-- endcompress -->".encode()
    return Region("js", "file", "", body.encode(), raw, tuple(tag.encode() for tag in head))


@pytest.mark.parametrize(
    ("body", "nonce"),
    [
        pytest.param('<script src="/a" nonce="abc"></script>', b"abc", id="one"),
        pytest.param("<script nonce='aB+/_-9=='>", b"aB+/_-9==", id="every character, single quotes"),
        pytest.param('<script nonce="a"><script NONCE="a"><link nonce="a">', b"a", id="the same thrice"),
        pytest.param('<script nonce="a"><script nonce="b">', b"", id="two"),
        pytest.param("<script>", b"", id="none"),
        pytest.param('<script nonce="">', b"", id="empty"),
        pytest.param("<script nonce=a>", b"", id="without quotes"),
        pytest.param('<script nonce="a b">', b"", id="with a blank"),
        pytest.param("<script nonce=\"a'>", b"", id="with quotes that differ"),
        pytest.param('<script data-nonce="a">', b"", id="another attribute"),
        pytest.param(f'<script nonce="a" class="{STAND_IN}">', b"", id="beside what would stand in for it"),
    ],
)
def test_the_nonce_is_the_only_one(body: str, nonce: bytes) -> None:
    assert nonce_of(region_of(body)) == nonce


def test_the_stand_in_is_the_same_for_every_nonce() -> None:
    regions = [region_of(f'<script src="/a" nonce="{n}"></script>', f"<meta content=\"'nonce-{n}'\">") for n in "ab"]

    assert stood_in(regions[0], b"a") == stood_in(regions[1], b"b")
    page = page_for(Page("", "/", policies=("script-src 'nonce-a'",)), b"a")
    assert page.policies == (f"script-src 'nonce-{STAND_IN}'",)


PARTS = ['<script nonce="a">', "<link nonce='a'>", "nonce=a", "a", "<p>", '" nonce="']


@given(
    st.lists(
        st.sampled_from(['<script nonce="a">', "<link nonce='a'>", "nonce=a", "a", "<p>", '" nonce="']), max_size=8
    )
)
def test_what_leaves_as_it_was_is_what_it_was(parts: list[str]) -> None:
    region = region_of("".join(parts))
    nonce = nonce_of(region)
    stand_in = stood_in(region, nonce) if nonce else region

    assert (restored(stand_in.raw, nonce) if nonce else stand_in.raw) == region.raw
    assert (restored(stand_in.body, nonce) if nonce else stand_in.body) == region.body
