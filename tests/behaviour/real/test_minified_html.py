"""The HTML of real pages is minified, and html5lib makes the same trees of it."""

import pytest

from pressmark.page.html_minifying import minify_html
from tests.behaviour.real import written
from tests.behaviour.real.site import NAMES, page_text
from tests.page.test_html_minifying import same, understands
from tests.profiles import IS_ALL


@pytest.mark.parametrize("name", NAMES if IS_ALL else written.names())
def test_a_real_page_keeps_its_tree(name: str) -> None:
    page = page_text(name)
    made = minify_html(page)

    assert len(made) <= len(page)
    assert not understands(page) or same(page, made)
