"""The texts of one response come back into its HTML, and the page knows how much it grew."""

from dataclasses import replace

from pressmark.model import Page, Region, Rendered
from pressmark.page.nonces import STAND_IN
from pressmark.response.substitution import Substitution

PAGE = Page("", "/", policies=("script-src 'nonce-abc'",))


def region(text: str, kind: str = "js") -> Region:
    return Region("js" if kind == "js" else "css", "file", "", text.encode(), text.encode())


def test_a_nonce_is_the_same_to_all_that_look_at_the_region_and_the_page() -> None:
    substitution = Substitution(PAGE)
    taken = substitution.take_out(region('<script nonce="abc" src="/a.js"></script>'))

    assert STAND_IN.encode() in taken.raw
    assert substitution.page.policies == (f"script-src 'nonce-{STAND_IN}'",)


def test_the_html_that_leaves_has_the_nonce_of_its_response() -> None:
    substitution = Substitution(PAGE)
    taken = substitution.take_out(region('<script nonce="abc" src="/a.js"></script>'))
    html = substitution.put_back(taken, Rendered(f'<script nonce="{STAND_IN}" src="/b.js"></script>'.encode()))

    assert html == b'<script nonce="abc" src="/b.js"></script>'
    assert substitution.growth == 0
    assert substitution.is_changed


def test_data_comes_back_where_it_was() -> None:
    text = '<script type="application/json">{"token": 7}</script>'
    substitution = Substitution(PAGE)
    taken = substitution.take_out(region(text))

    assert b"token" not in taken.raw
    assert substitution.put_back(taken, Rendered(taken.raw)) == text.encode()
    assert not substitution.is_changed


def test_the_next_region_has_no_data_of_the_one_before() -> None:
    substitution = Substitution(PAGE)
    substitution.take_out(region('<script type="application/json">{"token": 7}</script>'))
    taken = substitution.take_out(region("<script>f()</script>"))

    assert substitution.put_back(taken, Rendered(b"<b>")) == b"<b>"


def test_growth_counts_the_bytes_of_the_page_not_those_of_stand_ins() -> None:
    substitution = Substitution(PAGE)
    text = '<script nonce="abc" src="/a.js"></script>'
    taken = substitution.take_out(region(text))
    html = substitution.put_back(taken, Rendered(f'<script nonce="{STAND_IN}"></script>'.encode()))

    assert substitution.growth == len(html) - len(text)


def test_a_digest_changes_with_every_region_and_its_order() -> None:
    digests = set()
    for texts in ([b"a", b"b"], [b"b", b"a"], [b"ab"], [b"a"]):
        substitution = Substitution(replace(PAGE, policies=()))
        for text in texts:
            substitution.replace(b"", text)
        digests.add(substitution.digest())

    assert len(digests) == 4


def test_links_are_named_once_in_their_order() -> None:
    substitution = Substitution(PAGE)
    for links in (("</b>", "</a>"), ("</a>", "</c>")):
        substitution.put_back(region("x"), Rendered(b"y", links=links))

    assert list(substitution.links) == ["</b>", "</a>", "</c>"]
