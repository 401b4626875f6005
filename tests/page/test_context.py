"""What the page around a region makes of its URLs, its bytes and its bundle."""

import pytest

from pressmark.http.security_policy import allows_bundle
from pressmark.model import Kind, Page
from pressmark.page.context import Context, read_context
from pressmark.page.lexer import BOM
from pressmark.syntax.charsets import is_readable

PAGE = Page("/app", "/app/blog/post", "site.example")


def base_of(*head: bytes, page: Page = PAGE) -> str:
    return read_context(page, head).base


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param((), "/app/blog/post", id="none"),
        pytest.param((b"<base href=/a/>",), "/a/", id="absolute path"),
        pytest.param((b"<base href=a/>",), "/app/blog/a/", id="relative"),
        pytest.param((b"<base href='../a/'>",), "/app/a/", id="parent"),
        pytest.param((b"<base href='https://cdn.example/a/'>",), "https://cdn.example/a/", id="another host"),
        pytest.param((b"<base href='//cdn.example/a/'>",), "//cdn.example/a/", id="another host without a scheme"),
        pytest.param((b"<BASE HREF='&#47;a/'>",), "/a/", id="entities and upper case"),
        pytest.param((b"<base href=' /a/ '>",), "/a/", id="blanks"),
        pytest.param((b"<meta charset=utf-8>",), "/app/blog/post", id="another tag"),
        pytest.param((b"<base href=/a/>", b"<base href=/b/>"), "/a/", id="the first of two"),
        pytest.param((b"<base target=href>", b"<base href=/b/>"), "/b/", id="the first with a reference"),
        pytest.param((b"<base data-href=/a/>", b"<base href=/b/>"), "/b/", id="a name that ends alike"),
        pytest.param((b"<base href>", b"<base href=/b/>"), "/app/blog/post", id="an empty reference"),
    ],
)
def test_the_base_is_the_page_or_what_its_base_says(head: tuple[bytes, ...], expected: str) -> None:
    assert base_of(*head) == expected


@pytest.mark.parametrize("href", ["data:text/html,", "javascript:void(0)", "DATA:,", " data:,"])
def test_a_base_that_html_forbids_does_not_count(href: str) -> None:
    """A base of data or javascript falls back to the page itself, whatever follows (HTML, 4.2.3)."""
    assert base_of(f'<base href="{href}">'.encode(), b"<base href=/a/>") == "/app/blog/post"


@pytest.mark.parametrize("href", ["mailto:a@b/c", "blob:https://site.example/a", "about:blank"])
def test_under_a_base_without_a_path_nothing_is_ours(href: str) -> None:
    context = read_context(PAGE, (f'<base href="{href}">'.encode(),))

    assert not context.resolve("x.css").startswith("/")


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param("a.css", "/app/blog/a.css", id="relative"),
        pytest.param("/a.css", "/a.css", id="absolute path"),
        pytest.param("/a.css?v=1#x", "/a.css?v=1#x", id="query and fragment"),
        pytest.param("https://site.example/a.css", "/a.css", id="own host"),
        pytest.param("HTTPS://Site.Example/a.css", "/a.css", id="own host in upper case"),
        pytest.param("//site.example/a.css", "/a.css", id="own host without a scheme"),
        pytest.param("https://site.example:8443/a.css", "https://site.example:8443/a.css", id="another port"),
        pytest.param("https://cdn.example/a.css", "https://cdn.example/a.css", id="another host"),
        pytest.param("//cdn.example/a.css", "//cdn.example/a.css", id="another host without a scheme"),
        pytest.param(
            "https://site.example.evil/a.css", "https://site.example.evil/a.css", id="a host that begins alike"
        ),
        pytest.param("//a@site.example/a.css", "//a@site.example/a.css", id="a name before the host"),
        pytest.param("ftp://site.example/a.css", "ftp://site.example/a.css", id="another scheme"),
        pytest.param("data:text/css,a", "data:text/css,a", id="data"),
        pytest.param("/\\cdn.example/a.css", "/\\cdn.example/a.css", id="a backslash that is a slash"),
    ],
)
def test_a_reference_to_the_own_host_is_a_path(reference: str, expected: str) -> None:
    assert read_context(PAGE, ()).resolve(reference) == expected


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://cdn.example/x/", "https://cdn.example/x/a.css"),
        ("//cdn.example/x/", "//cdn.example/x/a.css"),
        ("https://site.example/x/", "/x/a.css"),
        ("//site.example:80/x/", "//site.example:80/x/a.css"),
    ],
    ids=["another host", "another host without a scheme", "own host", "another port"],
)
def test_under_a_base_a_reference_goes_where_the_base_is(base: str, expected: str) -> None:
    assert read_context(PAGE, (f"<base href='{base}'>".encode(),)).resolve("a.css") == expected


def test_without_a_host_every_origin_is_foreign() -> None:
    assert Context("/", None).resolve("//site.example/a.css") == "//site.example/a.css"


@pytest.mark.parametrize(
    ("header", "head", "expected"),
    [
        pytest.param(None, (), None, id="nothing"),
        pytest.param("latin-1", (), "latin-1", id="header"),
        pytest.param(None, (b"<meta charset=utf-8>",), "utf-8", id="meta"),
        pytest.param("latin-1", (b"<meta charset=utf-8>",), "latin-1", id="header before meta"),
        pytest.param("latin-1", (BOM, b"<meta charset=koi8-r>"), "utf-8", id="byte order mark before both"),
        pytest.param(None, (b"<meta charset=koi8-r>", b"<meta charset=utf-8>"), "koi8-r", id="the first meta"),
        pytest.param(None, (b"<meta charset=utf-16>",), "utf-8", id="UTF-16 cannot be true"),
        pytest.param(None, (b"<meta charset=utf-16le>",), "utf-8", id="nor with a byte order"),
        pytest.param(None, (b"<meta charset=no-such>", b"<meta charset=utf-8>"), "utf-8", id="an unknown label"),
        pytest.param(None, (b"<meta charset=latin1>",), "windows-1252", id="a label that means another"),
        pytest.param(None, (b"<meta charset=' UTF8 '>",), "utf-8", id="blanks and upper case"),
        pytest.param(
            None, (b"<meta http-equiv=Content-Type content='text/html; charset=UTF-8'>",), "utf-8", id="http-equiv"
        ),
        pytest.param(
            None, (b"<meta http-equiv=content-type content='text/html;charset=\"utf-8\"'>",), "utf-8", id="quotes"
        ),
        pytest.param(
            None, (b"<meta http-equiv=content-type content='text/html; charset = utf-8'>",), "utf-8", id="blanks inside"
        ),
        pytest.param(None, (b"<meta http-equiv=content-type content=text/html>",), None, id="http-equiv without one"),
        pytest.param(None, (b"<meta name=a content='charset=utf-8'>",), None, id="another meta"),
    ],
)
def test_the_charset_is_what_is_said_most_loudly(
    header: str | None, head: tuple[bytes, ...], expected: str | None
) -> None:
    page = Page("", "/", charset=header)

    assert read_context(page, head).charset == expected


@pytest.mark.parametrize(
    ("charset", "expected"),
    [(None, "ascii"), ("utf-8", "utf-8"), ("latin1", "cp1252"), ("no-such", "ascii"), ("gbk", "gbk")],
)
def test_a_charset_has_a_codec(charset: str | None, expected: str) -> None:
    assert Context("/", charset).encoding == expected


@pytest.mark.parametrize(
    ("charset", "expected"),
    [
        (None, True), ("utf-8", True), ("latin1", True), ("shift_jis", True), ("gbk", True), ("big5", True),
        ("euc-jp", True), ("utf-16", False), ("utf-16be", False), ("utf-32", False), ("utf-7", False),
        ("iso-2022-jp", False), ("iso-2022-kr", False), ("hz-gb-2312", False), ("latin-1", False), ("no-such", False),
    ],
)  # fmt: skip
def test_a_charset_is_readable_if_a_sign_is_always_a_sign(charset: str | None, expected: bool) -> None:
    assert is_readable(charset) is expected


def test_policies_come_from_headers_and_from_meta() -> None:
    page = Page("", "/", policies=("default-src 'self'",))
    head = (b"<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\">",)

    assert read_context(page, head).policies == ("default-src 'self'", "style-src 'none'")


def test_the_page_s_own_values_are_kept() -> None:
    assert read_context(PAGE, ()) == Context("/app/blog/post", None, "/app", "site.example", ())


CDN = "https://cdn.example/"
ALLOWED: dict[str, tuple[tuple[str, ...], Kind, str | None]] = {
    "no policy": ((), "css", None),
    "no policy and another host": ((), "css", CDN),
    "an unrelated policy": (("img-src 'none'",), "css", None),
    "self": (("style-src 'self'",), "css", None),
    "self in upper case": (("STYLE-SRC 'SELF'",), "css", None),
    "self and more": (("script-src 'self' 'unsafe-inline' https://x.example",), "js", None),
    "self and a hash": (("script-src 'self' 'sha256-abc'",), "js", None),
    "star": (("style-src *",), "css", None),
    "star and another host": (("style-src *",), "css", CDN),
    "self by default": (("default-src 'self'",), "js", None),
    "a directive before the default": (("default-src 'none'; style-src 'self'",), "css", None),
    "elements before all": (("script-src 'none'; script-src-elem 'self'",), "js", None),
    "the other kind": (("script-src 'none'",), "css", None),
    "the first of two directives": (("style-src 'self'; style-src 'none'",), "css", None),
    "two policies": (("style-src 'self'", "default-src *"), "css", None),
    "a path as public URL": (("style-src 'self'",), "css", "/static/"),
    "an empty policy": (("",), "css", None),
}


@pytest.mark.parametrize(("policies", "kind", "public_url"), ALLOWED.values(), ids=ALLOWED)
def test_a_policy_surely_allows_a_bundle(policies: tuple[str, ...], kind: Kind, public_url: str | None) -> None:
    assert allows_bundle(policies, kind, public_url)


FORBIDDEN: dict[str, tuple[tuple[str, ...], Kind, str | None]] = {
    "none": (("style-src 'none'",), "css", None),
    "no source": (("style-src",), "css", None),
    "a host": (("style-src https://x.example",), "css", None),
    "a scheme": (("style-src https:",), "css", None),
    "a path": (("style-src site.example/static/",), "css", None),
    "a nonce": (("script-src 'nonce-abc'",), "js", None),
    "a hash": (("style-src 'sha256-abc'",), "css", None),
    "unsafe-inline only": (("style-src 'unsafe-inline'",), "css", None),
    "strict-dynamic": (("script-src 'self' 'strict-dynamic' 'nonce-a'",), "js", None),
    "none by default": (("default-src 'none'",), "js", None),
    "the first of two directives": (("style-src 'none'; style-src 'self'",), "css", None),
    "elements before all": (("style-src 'self'; style-src-elem 'none'",), "css", None),
    "the second of two policies": (("style-src 'self'", "style-src 'none'"), "css", None),
    "the second policy of a header": (("style-src 'self', style-src 'none'",), "css", None),
    "self and another host": (("style-src 'self'",), "css", CDN),
    "self and another host without a scheme": (("style-src 'self'",), "css", "//cdn.example/"),
    "self without quotes": (("style-src self",), "css", None),
    "a star in a host": (("style-src *.example",), "css", None),
}


@pytest.mark.parametrize(("policies", "kind", "public_url"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_policy_may_not_allow_a_bundle(policies: tuple[str, ...], kind: Kind, public_url: str | None) -> None:
    assert not allows_bundle(policies, kind, public_url)
