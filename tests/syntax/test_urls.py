"""Where a reference leads when it is moved to another file: to the very same place."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.syntax.urls import clean, file_name, is_ambiguous, is_relative, join, origin_of
from tests.profiles import marathon
from tests.syntax.browser import resolve

SITE = "https://site.example"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param(" a.png ", "a.png", id="blanks around"),
        pytest.param("a\nb\tc\r.png", "abc.png", id="line ends and tabs inside"),
        pytest.param("\0\x1fa\x01", "a", id="controls around"),
        pytest.param("a b", "a b", id="a blank inside stays"),
        pytest.param("\xa0a", "\xa0a", id="a no-break space stays"),
        pytest.param("\x7fa", "\x7fa", id="DEL stays"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_the_url_parser_drops_is_dropped(reference: str, expected: str) -> None:
    assert clean(reference) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param("a.png", True, id="name"),
        pytest.param("../a.png", True, id="parent"),
        pytest.param("./a.png", True, id="this folder"),
        pytest.param("?x", True, id="query"),
        pytest.param("a:b/c"[2:], True, id="folder"),
        pytest.param("./a:b", True, id="a colon in a later segment"),
        pytest.param("1a:b", True, id="a colon after what is no scheme"),
        pytest.param("#x", False, id="fragment"),
        pytest.param("", False, id="nothing"),
        pytest.param("/a.png", False, id="absolute path"),
        pytest.param("\\a.png", False, id="absolute path with a backslash"),
        pytest.param("//h/a", False, id="another host"),
        pytest.param("data:,a", False, id="data"),
        pytest.param("HTTPS://h/a", False, id="upper-case scheme"),
        pytest.param("about:blank", False, id="about"),
        pytest.param("x-y+z.1:a", False, id="an odd scheme"),
    ],
)
def test_a_reference_is_relative_if_its_folder_matters(reference: str, expected: bool) -> None:
    assert is_relative(reference) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://h/a", "https://h", id="scheme and host"),
        pytest.param("https://h:8/a", "https://h:8", id="port"),
        pytest.param("//h/a", "//h", id="host only"),
        pytest.param("https://h?x", "https://h", id="a query ends the host"),
        pytest.param("https://h#x", "https://h", id="a fragment ends the host"),
        pytest.param("https://h\\a", "https://h", id="a backslash ends the host"),
        pytest.param("/a//b", "", id="path"),
        pytest.param("data:,//a", "", id="data"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_url_names_its_origin(url: str, expected: str) -> None:
    assert origin_of(url) == expected


@pytest.mark.parametrize(
    ("base", "reference", "expected"),
    [
        pytest.param("/a/b.css", "c.png", "/a/c.png", id="name"),
        pytest.param("/a/b.css", "./c.png", "/a/c.png", id="this folder"),
        pytest.param("/a/b/c.css", "../d.png", "/a/d.png", id="parent"),
        pytest.param("/a/b.css", "../../../c.png", "/c.png", id="above the root"),
        pytest.param("/a/b.css", "c/./../d.png", "/a/d.png", id="dots inside"),
        pytest.param("/a/b.css", "..", "/", id="parent alone"),
        pytest.param("/a/b.css", ".", "/a/", id="this folder alone"),
        pytest.param("/a/b.css", "c/..", "/a/", id="parent at the end"),
        pytest.param("/b.css", "c.png", "/c.png", id="at the root"),
        pytest.param("/a/b.css", "/c.png", "/c.png", id="absolute path"),
        pytest.param("/a/b.css", "//h/c", "//h/c", id="another host"),
        pytest.param("/a/b.css", "\\\\h\\c", "\\\\h\\c", id="another host with backslashes"),
        pytest.param("/a/b.css", "data:,c", "data:,c", id="data"),
        pytest.param("/a/b.css", "https://h/../c", "https://h/../c", id="absolute URL"),
        pytest.param("/a/b.css", "?x", "/a/b.css?x", id="query"),
        pytest.param("/a/b.css?v=1", "?x", "/a/b.css?x", id="query in place of a query"),
        pytest.param("/a/b.css?v=1", "#x", "/a/b.css?v=1#x", id="fragment after a query"),
        pytest.param("/a/b.css?v=/x/y", "c.png", "/a/c.png", id="a slash in the base's query"),
        pytest.param("/a/b.css#/x/y", "c.png", "/a/c.png", id="a slash in the base's fragment"),
        pytest.param("/a/b.css", "", "/a/b.css", id="nothing"),
        pytest.param("/a/b.css", " \n", "/a/b.css", id="blanks"),
        pytest.param("/a/b.css", "c?../d", "/a/c?../d", id="dots in a query"),
        pytest.param("/a/b.css", "c#../d", "/a/c#../d", id="dots in a fragment"),
        pytest.param("/a/b.css", "c?%2e\\x#%7Ey", "/a/c?%2e\\x#%7Ey", id="query and fragment stay as they are"),
        pytest.param("/a/b.css", "é%e9%20 ", "/a/é%e9%20", id="nothing is encoded or decoded"),
        pytest.param("https://h/a/b.css", "c.png", "https://h/a/c.png", id="absolute base"),
        pytest.param("https://h/a/b.css", "/c.png", "https://h/c.png", id="absolute base, absolute path"),
        pytest.param("https://h/a/b.css", "?x", "https://h/a/b.css?x", id="absolute base, query"),
        pytest.param("https://h", "c.png", "https://h/c.png", id="absolute base without a path"),
        pytest.param("https://h?x/y", "c.png", "https://h/c.png", id="absolute base with a query only"),
        pytest.param("https://h/a", "../../c", "https://h/c", id="above the root of an absolute base"),
        pytest.param("//h/a/b.css", "c.png", "//h/a/c.png", id="base without a scheme"),
    ],
)
def test_a_reference_is_joined_to_its_base(base: str, reference: str, expected: str) -> None:
    assert join(base, reference) == expected


SEGMENTS = ["a", "b.css", ".", "..", "", "%2e", "%2E%2e", ".%2e", "...", "é", "a:b", "x\\y", "\\", "%5c"]
SUFFIXES = ["", "?q", "#f", "?q#f", "?../x", "#../x", "?"]
BASES = [
    "/", "/a", "/a/", "/a/b.css", "/a/b/c.css", "/a//b.css", "/a/b.css?q/r", "/é/b.css", "https://h", "https://h/a/b",
    "//h/a/b",
]  # fmt: skip
UNTIDY_BASES = ["/a/../b/c.css", "/a/b/../", "/a/./b", "/a\\b/c.css", "\\a\\b\\c.css", "/a/%2e%2e/b"]

paths = st.lists(st.sampled_from(SEGMENTS), max_size=5).map("/".join)
references = st.builds(str.__add__, paths, st.sampled_from(SUFFIXES))


@settings(max_examples=marathon(1500))
@given(st.sampled_from(BASES), references)
def test_a_joined_reference_leads_to_the_same_place_from_everywhere(base: str, reference: str) -> None:
    direct = resolve(resolve(SITE + "/page/", base), reference)

    assert resolve(SITE + "/pressmark/css/", join(base, reference)) == direct


@pytest.mark.parametrize("reference", ["x", "../x", ".", "..", "?x", "#x", "/x", "%2e%2e/x"])
@pytest.mark.parametrize("base", UNTIDY_BASES)
def test_a_base_may_hold_dots_and_backslashes_itself(base: str, reference: str) -> None:
    direct = resolve(resolve(SITE + "/page/", base), reference)

    assert resolve(SITE + "/pressmark/css/", join(base, reference)) == direct


@pytest.mark.parametrize("base", ["/b.css", "/a/b.css"])
@pytest.mark.parametrize("reference", [".//c.png", "..//c.png", "../..//c.png", "c/..//d.png"])
def test_an_empty_segment_does_not_become_a_host(base: str, reference: str) -> None:
    joined = join(base, reference)

    assert urlsplit(resolve(SITE + "/x/y.css", joined)).netloc == "site.example"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("https:c.png", True),
        ("HTTP:", True),
        ("https://h/", False),
        ("https:\\\\h", False),
        ("data:x", False),
        ("c", False),
    ],
)
def test_a_scheme_without_a_host_means_what_the_page_makes_of_it(reference: str, expected: bool) -> None:
    """A special scheme that is the base's own and has no slashes after it is skipped (URL standard, 4.4)."""
    assert is_ambiguous(reference) is expected


@settings(max_examples=marathon(300))
@given(
    st.from_regex(re.compile(r"(?:\.\./|\./|[a-z]{1,3}/){0,5}[a-z]{0,3}(?:\?[a-z/]{1,4})?", re.ASCII), fullmatch=True)
)
def test_plain_references_are_joined_as_the_standard_library_joins_them(reference: str) -> None:
    expected = urljoin("https://h/a/b/c.css", reference)

    assert join("https://h/a/b/c.css", reference) == expected


@pytest.mark.parametrize(
    ("url", "name"),
    [("/static/b.js?v=1", "b.js"), ("https://h/b.js#x", "b.js"), ("/a%20b.js", "a b.js"), ("", ""), ("/static/", "")],
)
def test_a_url_has_the_name_of_its_file(url: str, name: str) -> None:
    assert file_name(url) == name
