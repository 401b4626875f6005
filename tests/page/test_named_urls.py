"""HTML names a host or a file however its URL is spelled, and its bytes alone tell so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.model import Page
from pressmark.page.context import Context, read_context
from pressmark.page.elements import read_tag
from pressmark.page.named_urls import names_file, names_host
from pressmark.syntax.urls import as_asked

PAGE = Page("/app", "/app/blog/post", "site.example")

NAMES_HOST = {
    "with a scheme": "https://Site.example/a.css",
    "without a scheme": "//site.example/a.css",
    "a query": "//site.example?a",
    "a fragment": "//site.example#a",
    "nothing behind it": "//site.example",
    "slashes as numbers": "https:&#x2F;&#47;site.example&#x2F;a.css",
    "slashes as names": "https:&sol;&sol;site.example&sol;a.css",
    "a letter as a number": "//s&#105;te.example/a.css",
    "a point as a name": "//site&period;example/a.css",
    "line ends inside": "/\n/site.exa\r\nmple/a.css",
}
NAMES_NO_HOST = {
    "a path": "/site.example/a.css",
    "a longer host": "//site.example.evil/a.css",
    "another port": "//site.example:8443/a.css",
    "the end of a host": "//www.site.example/a.css",
    "a name before it": "//a@site.example/a.css",
}


@pytest.mark.parametrize("around", ['<link href="{}">', "<link href='{}' rel=a>"])
@pytest.mark.parametrize("url", NAMES_HOST.values(), ids=NAMES_HOST)
def test_bytes_name_the_own_host_however_it_is_spelled(url: str, around: str) -> None:
    raw, parts = around.format(url).encode(), ("s", "site", "example", "site.exampl", "", "site.example/a.css")

    assert names_host(raw, "SITE.example")
    assert not any(names_host(raw, part) for part in parts)


@pytest.mark.parametrize("raw", [b"<base href=//site.example>", b"<base href=//site.example\ntarget=a>"])
def test_bytes_name_a_host_without_quotes(raw: bytes) -> None:
    assert names_host(raw, "site.example")


@pytest.mark.parametrize("url", NAMES_NO_HOST.values(), ids=NAMES_NO_HOST)
def test_bytes_that_name_another_host_do_not_name_the_own(url: str) -> None:
    assert not names_host(f'<link href="{url}">'.encode(), "site.example")


@pytest.mark.parametrize("url", [*NAMES_HOST.values(), *NAMES_NO_HOST.values()], ids=[*NAMES_HOST, *NAMES_NO_HOST])
def test_a_reference_is_one_to_the_own_host_only_if_its_bytes_name_it(url: str) -> None:
    raw = f'<link href="{url}">'.encode()
    reference = read_tag(raw, "utf-8")["href"]
    is_own = read_context(PAGE, ()).resolve(reference) != read_context(replace(PAGE, host=""), ()).resolve(reference)

    assert names_host(raw, PAGE.host) is is_own


NAMES_FILE = [
    ("/s/a.css", "/s/a.css"),
    ("/s/a b.css", "/s/a%20b.css"),
    ("/s/a&amp;b.css", "/s/a&b.css"),
    ("/s/&#97;.css", "/s/a.css"),
    ("/s/a.\ncss", "/s/a.css"),
    ("/s/\u00e9.css", "/s/%C3%A9.css"),
    ("/s/x/../a.css", "/s/a.css"),
    ("\\s\\a.css", "/s/a.css"),
    ("/s/x/..", "/s/"),
    ("?a", "/app/blog/post?a"),
]


@pytest.mark.parametrize(("written", "address"), NAMES_FILE)
def test_html_names_a_file_in_any_spelling(written: str, address: str) -> None:
    assert names_file(f'<link href="{written}">'.encode(), address.encode())


@pytest.mark.parametrize("address", ["/s/b.css", "/a.css/s.css", "/s/aa.css", "/s/b.css?/a.css"])
def test_html_does_not_name_another_file(address: str) -> None:
    assert not names_file(b'<link href="/s/a.css">', address.encode())


ALIKE = [
    ("a", "&#97;"), ("b",), ("C3",), (".", "&period;"), ("..",), ("x/../", ""), (" ", "%20"), ("%",), ("&amp;", "&"),
    ("\u00e9", "%C3%A9", "&eacute;"), ("/", "\\", "&sol;"), ("?",), ("#",), ("\t", "&Tab;", ""), ("%2e",), ("2",),
]  # fmt: skip
SPELLINGS = st.lists(
    st.sampled_from(ALIKE).flatmap(lambda each: st.tuples(st.sampled_from(each), st.sampled_from(each))), max_size=7
)


@given(SPELLINGS)
def test_a_file_that_two_spellings_ask_for_is_always_named(parts: list[tuple[str, str]]) -> None:
    """Else a region would be taken for the same with a preload and without."""
    context, (written, address) = Context("/a/b", "utf-8"), ("".join(part[side] for part in parts) for side in (0, 1))
    raw, tag = f'<link href="{written}">'.encode(), f'<link href="{address}">'.encode()
    urls = [as_asked(context.resolve(read_tag(each, "utf-8").get("href", ""))) for each in (raw, tag)]

    assert names_file(raw, address.encode()) or urls[0] != urls[1]
