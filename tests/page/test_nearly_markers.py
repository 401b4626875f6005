"""An end marker without a start names the comment before it that was perhaps meant for one."""

import pytest

from pressmark.model import Text
from pressmark.page.scanner import NEARLY, UNBEGUN
from tests.page.fragments import CLOSING, scan


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("<!-- compress js trust file main -->", "<!-- compress js trust file main -->"),
        ("<!-- compress JS -->", "<!-- compress JS -->"),
        ("<!--compress javascript-->", "<!-- compress javascript -->"),
    ],
)
def test_an_end_marker_without_a_start_names_the_comment_that_is_nearly_one(comment: str, told: str) -> None:
    page = f"<!-- compress js -->{CLOSING}{comment}<script src=a.js></script>{CLOSING}{CLOSING}".encode()
    flaws = [event.flaw for event in scan(page) if isinstance(event, Text) and event.flaw]

    assert flaws == [NEARLY.format(told), UNBEGUN]


@pytest.mark.parametrize("comment", ["<!-- compressed -->", "<!-- a compress css -->", "<!-- x -->"])
def test_other_comments_are_not_taken_for_markers_with_a_mistake(comment: str) -> None:
    [flaw] = [event.flaw for event in scan(f"{comment}{CLOSING}".encode()) if isinstance(event, Text) and event.flaw]

    assert flaw == UNBEGUN
