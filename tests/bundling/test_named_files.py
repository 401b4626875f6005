"""A script that another script of the region names by its file stays: that may look for it, or load it by itself."""

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.site import Site, js_region


@pytest.fixture
def site(static: Path, write: Write) -> Site:
    write("a.js", "one()")
    write("b.js", "two()")
    write("c.js", "three()")
    return Site(static, js_region("a.js", "b.js", "c.js"))


def stays(site: Site, name: str) -> bool:
    return f'src="/static/{name}"'.encode() in site.get().body


@pytest.mark.parametrize("namer", ["a.js", "c.js"], ids=["before it", "after it"])
def test_a_named_script_stays(site: Site, write: Write, namer: str) -> None:
    write(namer, 'need("/static/b.js")')

    assert stays(site, "b.js")
    assert not stays(site, namer)


def test_a_script_may_name_itself(site: Site, write: Write) -> None:
    write("b.js", 'register("b.js")')

    assert not stays(site, "b.js")


def test_a_script_that_stays_itself_names_as_well(static: Path, write: Write) -> None:
    write("a.js", "one()")
    write("b.js", "document.querySelectorAll('script[src]').length || need('a.js')")
    page = Site(static, js_region("a.js", "b.js")).get()

    assert page.bundles == []


def test_inline_code_that_stays_names_as_well(static: Path, write: Write) -> None:
    write("a.js", "one()")
    write("b.js", "two()")
    region = js_region("a.js", "b.js").replace(b"<!-- endc", b"<script id=x>need('b.js')</script><!-- endc")
    body = Site(static, region).get().body

    assert b'src="/static/b.js"' in body
    assert b'src="/static/a.js"' not in body


def test_the_reason_names_the_file(site: Site, write: Write) -> None:
    write("a.js", 'need("b.js")')
    why = Site(site.static, site.page, {"debug_toggle": "plain"}).get("/?plain=why").body

    assert b"named: another script names b.js" in why
