"""What data blocks hold does not part one page's region from another's, and leaves as it was."""

from pathlib import Path

import pytest

from pressmark.model import Kind, Region
from pressmark.page.data_blocks import data_put_back, data_taken_out
from tests.conftest import Write
from tests.site import Site

JSON = '<script type="application/json" id="token">{"csrf": "%s"}</script>'
SCRIPT = '<script src="/static/a.js"></script>'


def region(body: str, kind: Kind = "js") -> Region:
    raw = f"<!-- compress {kind} -->{body}<!-- endcompress -->"
    return Region(kind, "file", "", body.encode(), raw.encode())


@pytest.mark.parametrize(
    "start",
    [
        '<script type="application/json">',
        "<SCRIPT id=x TYPE = 'Application/LD+JSON' data-a>",
        "<script type=application/json>",
    ],
)
def test_two_texts_make_one_region_and_come_back(start: str) -> None:
    one, other = (region(f"{SCRIPT}{start}{text}</script>") for text in ("[1]", '["a < <b>"]'))

    assert data_taken_out(one)[0] == data_taken_out(other)[0] != one
    for each in (one, other):
        stood_in, texts = data_taken_out(each)
        assert data_put_back(stood_in.raw, texts) == each.raw
        assert data_put_back(stood_in.body, texts) == each.body


def test_each_block_has_its_own_text() -> None:
    found = region(JSON % "a" + SCRIPT + JSON % "b")
    stood_in, texts = data_taken_out(found)

    assert texts == (b'{"csrf": "a"}', b'{"csrf": "b"}')
    assert data_put_back(stood_in.raw, texts) == found.raw


@pytest.mark.parametrize(
    "body",
    [
        "<script>var a = 1</script>",
        '<script type="text/javascript">var json = "/json"</script>',
        """<script>var s = "<script type='application/json'>" + x</script>""",
        "<script>var s = '<script type=\"application/json\">[1]<\\/script>'</script>",
        '<!-- <script type="application/json">[1]</script> -->',
        '<script type="application/json">{"a": "<script>"}</script>',
        '<script data-type="application/json">f()</script>',
        '<script type="application/json5">[1]</script>',
        '<script type="application/json">pressmark-8d07e6b14c5f4a92-data-0-</script>',
    ],
    ids=[
        "code",
        "word",
        "start in code",
        "element in code",
        "comment",
        "markup",
        "other name",
        "other type",
        "stand-in",
    ],
)
def test_what_may_be_code_or_no_element_stays_in_view(body: str) -> None:
    found = region(f"{body}/json")

    assert data_taken_out(found) == (found, ())


def test_stylesheets_are_left_alone() -> None:
    """What looks like a data block may be a string there."""
    found = region(JSON % "a", "css")

    assert data_taken_out(found) == (found, ())


def test_a_page_with_a_new_token_is_as_warm_as_any(static: Path, write: Write) -> None:
    write("a.js", "f()")
    site = Site(static, b"")
    bodies = []
    for number in range(30):  # more than inline code may show
        site.page = region(SCRIPT + JSON % f"token-{number}").raw
        bodies.append(site.get().body.decode())

    assert all(f'{{"csrf": "token-{number}"}}' in body for number, body in enumerate(bodies))
    assert len({body.partition("<script type")[0] for body in bodies}) == 1
    assert len(site.app._core.pipeline._cached_regions._regions) == 1


def test_a_region_that_stays_has_its_own_data(static: Path) -> None:
    site = Site(static, region('<script src="/static/gone.js"></script>' + JSON % "secret").raw)

    assert site.get().body == site.page
