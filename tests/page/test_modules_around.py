"""All of a page that bears on the modules of its regions is found."""

import pytest

from pressmark.model import ModulesAround, Region, Text
from pressmark.page.modules_around import has_modules, with_modules_around, without_modules_around
from pressmark.page.scanner import Scanner

MODULE = b'<script type="module" src="/static/a.js"></script>'


def region(body: bytes = MODULE) -> bytes:
    return b"<!-- compress js -->" + body + b"<!-- endcompress -->"


def events_of(page: bytes) -> tuple[Text | Region, ...]:
    scanner = Scanner()
    return (*scanner.feed(page), *scanner.finish())


def around(page: bytes, number: int = 0) -> ModulesAround:
    """Return what is around the modules of a region of *page*."""
    found = [each.around for each in with_modules_around(events_of(page)) if isinstance(each, Region) and each.around]
    return found[number]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<script type=module src=a.js></script>", True),
        (b"<SCRIPT TYPE='MODULE'>f()</SCRIPT>", True),
        (b'<script\ntype=" module "></script>', True),
        (b'<script type = "importmap">{}</script>', True),
        (b'<script async type="module" src=a.js></script>', True),
        (b'<script a=">" type="module"></script>', True),
        (b'<script src="module.js"></script>', False),
        (b'<script type="text/javascript">"module"</script>', False),
        (b'<link rel="modulepreload" href="a.js">', False),
        (b"", False),
    ],
)
def test_a_region_may_have_modules(body: bytes, expected: bool) -> None:
    assert has_modules(body) is expected


def test_the_modules_of_each_region_are_known() -> None:
    map_ = b'<script type="importmap">{}</script>'
    page = region(map_ + b"<script>f()</script>" + MODULE) + b"<p>" + region(b"<script src=b.js></script>") + region()

    assert around(page).bodies == (map_ + MODULE, MODULE)
    assert [around(page, number).number for number in (0, 1)] == [0, 1]


@pytest.mark.parametrize(
    "before",
    [
        b'<script type="importmap">{}</script>',
        b'<script type="module" src="b.js"></script>',
        b"<script type=module>f()</script>",
        b"<template><script type=module>f()</script></template>",
        b'<link rel="modulepreload" href="b.js">',
        b"<link href=b.js rel=' MODULEPRELOAD x'>",
        b"<script>import('b')</script>",
        b"<script>f(() => import ( 'b' ))</script>",
    ],
)
def test_what_comes_before_the_region_and_bars_a_map_is_found(before: bytes) -> None:
    assert around(before + region()).bars
    assert not around(region() + before).bars


@pytest.mark.parametrize(
    "before",
    [
        b'<script src="b.js"></script>',
        b"<script>f(important)</script>",
        b"<!-- <script type=module>f()</script> -->",
        b'<link rel="preload" href="modulepreload.js">',
        b'<script type="text/plain">f()</script>',
    ],
)
def test_what_comes_before_the_region_and_bars_nothing_is_no_harm(before: bytes) -> None:
    assert not around(before + region()).bars


def test_other_scripts_are_early_or_not() -> None:
    tag = '<script src="/{}.js"></script>'
    page = tag.format("a").encode() + region(tag.format("b").encode() + MODULE + tag.format("c").encode())
    found = around(page + tag.format("d").encode())

    assert (found.early, found.scripts) == (("/a.js", "/b.js"), ("/c.js", "/d.js"))


@pytest.mark.parametrize("src", ["/static/b.js", "b.js?c&amp;d", "/static/\u00e9.js"])
def test_a_module_outside_is_known_by_its_address(src: str) -> None:
    found = around(region() + f'<script type="module" src="{src}"></script>'.encode())

    assert found.modules == (src.replace("&amp;", "&"),)


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        (b"import './b.js'", ["./b.js"]),
        (b'import b from"c"', ["c"]),
        (b"import {b} from 'c'; export * from 'd'", ["c", "d"]),
        (b"import('b'); import ( `c` )", ["b", "c"]),
        (b"import(b)", []),
        ("import 'é'".encode(), ["é"]),
    ],
)
@pytest.mark.parametrize("is_inside", [True, False])
def test_what_inline_modules_ask_for_is_known(code: bytes, asked: list[str], is_inside: bool) -> None:
    script = b"<script type=module>" + code + b"</script>"
    page = region(MODULE + script) if is_inside else region() + script

    assert list(around(page).asked) == asked


def test_what_classic_scripts_ask_for_is_known() -> None:
    assert around(region() + b"<script>import('./b.js')</script>").asked == ("./b.js",)


@pytest.mark.parametrize(
    "code",
    [
        "document.scripts.length",
        "document.getElementsByTagName('script').length",
        "document.querySelectorAll('head > script')[0]",
        "import.meta.resolve('a')",
        "navigator.serviceWorker.register('a')",
        "s = document.createElement('script'); s.type = 'module'",
    ],
)
def test_code_that_module_addresses_bear_on_is_found(code: str) -> None:
    assert around(region() + f"<script>{code}</script>".encode()).said
    assert around(f"<script>{code}</script>".encode() + region()).said


def test_a_later_map_is_known() -> None:
    assert around(region() + b"<script type=importmap>{1}</script>").maps == (b"{1}",)


def test_a_page_without_modules_is_as_it_was() -> None:
    events = events_of(b"a" + region(b"<script src=b.js></script>"))

    assert with_modules_around(events) is events


def test_what_is_around_can_be_forgotten() -> None:
    events = events_of(b"a" + region())

    assert without_modules_around(with_modules_around(events)) == events
    assert without_modules_around(events) is events
