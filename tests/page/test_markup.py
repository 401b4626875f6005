"""The elements that are written into pages, and which texts may stand in one."""

import base64
import hashlib

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.model import Kind
from pressmark.page.elements import read_tag
from pressmark.page.markup import (
    can_inline,
    has_integrity,
    inline_for,
    integrity_of,
    preload_for,
    tag_for,
    with_attribute,
)
from tests.profiles import marathon

RIGHT = integrity_of(b"f()")
RIGHT_256 = "sha256-" + base64.b64encode(hashlib.sha256(b"f()").digest()).decode()


@pytest.mark.parametrize(
    ("integrity", "expected"),
    [
        (RIGHT, True),
        (RIGHT.replace("sha384", "SHA384"), True),
        (RIGHT.rstrip("="), True),
        (RIGHT + "?ct=a", True),
        (RIGHT_256, True),
        (f"{RIGHT} sha384-AAAA", True),
        (f"sha256-AAAA {RIGHT}", True),
        (f"{RIGHT_256} sha384-AAAA", False),
        (RIGHT.replace("sha384", "sha512"), False),
        ("sha384-AAAA", False),
        ("md5-AAAA", False),
        (f"{RIGHT} md5-AAAA", False),
        ("", False),
        ("x", False),
    ],
)
def test_a_file_has_its_strongest_hash(integrity: str, expected: bool) -> None:
    assert has_integrity(b"f()", integrity) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("css", '<link rel="stylesheet" href="/a">'), ("js", '<script src="/a"></script>')],
)
def test_a_bundle_is_loaded_by_an_element_of_its_kind(kind: Kind, expected: str) -> None:
    assert tag_for(kind, "/a", ()) == expected


def test_attributes_follow_in_their_order() -> None:
    expected = '<script src="/a" defer nonce="b"></script>'

    assert tag_for("js", "/a", (("defer", None), ("nonce", "b"))) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("css", '<link rel="preload" href="/a" as="style" media="print">'),
        ("js", '<link rel="preload" href="/a" as="script" media="print">'),
    ],
)
def test_a_preload_names_what_it_is_for_and_keeps_what_the_element_must_match(kind: Kind, expected: str) -> None:
    assert preload_for(kind, "/a", (("defer", None), ("media", "print"))) == expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("css", '<style media="print">a&b</style>'), ("js", '<script media="print">a&b</script>')]
)
def test_a_text_stands_in_an_element_as_it_is(kind: Kind, expected: str) -> None:
    assert inline_for(kind, "a&b", (("media", "print"),)) == expected


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=("Cs", "Cc", "Cn"))))
def test_a_value_reads_as_it_was_written(value: str) -> None:
    tag = tag_for("css", value, (("media", value),))

    assert read_tag(tag.encode(), "utf-8") == {"rel": "stylesheet", "href": value, "media": value}


@pytest.mark.parametrize("value", ['"><script>', "'", "&quot;", "<!--", "a&copy=b"])
def test_a_hostile_value_stays_a_value(value: str) -> None:
    document = html5lib.parseFragment(tag_for("js", value, ()), namespaceHTMLElements=False)

    assert [(node.tag, node.attrib) for node in document] == [("script", {"src": value})]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("css", "a{}", id="plain css"),
        pytest.param("css", "a{b:'<!--'}", id="a comment's start in css"),
        pytest.param("css", "/*</script>*/", id="the other kind's end in css"),
        pytest.param("css", "a{b:'<\\/style>'}", id="an escaped end"),
        pytest.param("js", "a < b", id="plain js"),
        pytest.param("js", "'</style>'", id="the other kind's end in js"),
        pytest.param("js", "'<\\/script>'", id="an escaped end in js"),
        pytest.param("js", "a < scripts", id="a word after a sign"),
        pytest.param("js", "a--> b", id="a comment's end"),
        pytest.param("js", "", id="nothing"),
    ],
)
def test_a_harmless_text_can_be_inlined(kind: Kind, text: str) -> None:
    assert can_inline(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("css", "/*</style>*/", id="the end of a style"),
        pytest.param("css", "</STYLE", id="in upper case and cut"),
        pytest.param("css", "a\0", id="NUL in css"),
        pytest.param("js", "'</script>'", id="the end of a script"),
        pytest.param("js", "'</Script x'", id="with more behind it"),
        pytest.param("js", "'<script>'", id="the start of a script"),
        pytest.param("js", "'<SCRIPT '", id="the start in upper case"),
        pytest.param("js", "'<!--'", id="the start of a comment"),
        pytest.param("js", "a<!--b", id="a comment of HTML"),
        pytest.param("js", "'\0'", id="NUL in js"),
    ],
)
def test_a_text_that_html_reads_otherwise_cannot(kind: Kind, text: str) -> None:
    assert not can_inline(kind, text)


@settings(max_examples=marathon(300))
@given(
    st.sampled_from(["css", "js"]),
    st.lists(st.sampled_from(["</style>", "</script>", "<script", "<!--", "-->", "a", " ", ">", "</", "<", "\0"])),
)
def test_what_can_be_inlined_is_read_back(kind: Kind, parts: list[str]) -> None:
    text = "".join(parts)

    document = html5lib.parseFragment(inline_for(kind, text, ()) + "<p>", namespaceHTMLElements=False)

    assert not can_inline(kind, text) or [(node.text or "") for node in document] == [text, ""]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'<script src="a.js"></script>', b'<script src="/b?c&amp;d"></script>'),
        (b"<script src='a.js' async>", b'<script src="/b?c&amp;d" async>'),
        (b"<script src=a.js>", b'<script src="/b?c&amp;d">'),
        (b"<SCRIPT type=module SRC = 'a'\nid=x></SCRIPT>", b'<SCRIPT type=module src="/b?c&amp;d"\nid=x></SCRIPT>'),
        (b'<script data-src="a" x-src=b src="c">', b'<script data-src="a" x-src=b src="/b?c&amp;d">'),
        (b"<script a=\"src='x'\" src=y>", b'<script a="src=\'x\'" src="/b?c&amp;d">'),
        (b'<script src="a" src="b">', b'<script src="/b?c&amp;d" src="b">'),
        (b"<script src>", b'<script src="/b?c&amp;d">'),
        (b"<script/src=a/b>", b'<script/src="/b?c&amp;d">'),
        (b"<script>src='a'</script>", b"<script>src='a'</script>"),
        (b"<script id=a>f(' src=b')</script>", b"<script id=a>f(' src=b')</script>"),
    ],
)
def test_only_the_value_of_an_attribute_changes(raw: bytes, expected: bytes) -> None:
    assert with_attribute(raw, b"src", "/b?c&d") == expected


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=10))
def test_an_attribute_has_the_value_that_was_written(value: str) -> None:
    changed = with_attribute(b'<script id="a" src="b" nonce=c></script>', b"src", value)

    assert read_tag(changed, "ascii") == {"id": "a", "src": value, "nonce": "c"}
