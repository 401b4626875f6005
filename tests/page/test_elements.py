"""The elements of a region: what html5lib reads in them, and what stays as it is."""

import html5lib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pressmark.errors import RegionError
from pressmark.model import Element, Text
from pressmark.page.elements import read_elements, read_tag
from tests.page.fragments import CLOSING, COMMENTS, FOREIGN, OPENING, RAW, TEXTS, regions
from tests.profiles import marathon

LINK = '<link rel="stylesheet" href="/a.css">'
PARTS = [
    LINK, "<link href='b'/>", "<LINK rel=stylesheet\nhref=c>", "<style>a{}</style>", "<script>b()</script>",
    "<script src=d></script>", "<script><!--", "<table>", "</table>", "<div>", "</div>", "<p title='", "'>", " ", "\n",
]  # fmt: skip

bodies = st.lists(st.sampled_from(PARTS * 2 + COMMENTS + RAW + TEXTS + FOREIGN), max_size=10).map("".join)


def tags(body: str) -> list[str]:
    """Return the tags of the elements, text left out."""
    return [piece.tag for piece in read_elements(body.encode(), "utf-8") if isinstance(piece, Element)]


def only(body: str) -> Element:
    """Return the one piece of *body*."""
    [piece] = read_elements(body.encode(), "utf-8")
    assert isinstance(piece, Element)
    return piece


@settings(max_examples=marathon(500))
@given(bodies)
def test_the_pieces_add_up_to_the_body(body: str) -> None:
    pieces = read_elements(body.encode(), "utf-8")

    assert b"".join(piece.raw for piece in pieces) == body.encode()


@settings(max_examples=marathon(1000))
@given(bodies)
def test_an_element_is_none_that_html5lib_does_not_see(body: str) -> None:
    """Markup that is text, a comment or inert to a browser must not become a stylesheet or script."""
    assume(not any(word in body for word in ("<noscript", "<template", "<select", "<frameset")))
    assume(regions(f"{OPENING}{body}{CLOSING}".encode()))  # other bodies never come from the scanner
    document = html5lib.parse(body, namespaceHTMLElements=False)
    seen = [node.attrib.get("href") for node in document.iter("link")]

    pieces = read_elements(body.encode(), "utf-8")
    ours = [dict(piece.attrs).get("href") for piece in pieces if isinstance(piece, Element) and piece.tag == "link"]

    assert all(ours.count(href) <= seen.count(href) for href in ours)


@pytest.mark.parametrize(
    ("body", "attrs"),
    [
        pytest.param("<link>", (), id="none"),
        pytest.param('<link rel="a" href="b">', (("rel", "a"), ("href", "b")), id="double quotes"),
        pytest.param("<link rel='a'>", (("rel", "a"),), id="single quotes"),
        pytest.param("<link rel=a/>", (("rel", "a/"),), id="a slash at the end of an unquoted value"),
        pytest.param("<link rel=a />", (("rel", "a"),), id="a slash after a blank"),
        pytest.param("<LINK REL=A>", (("rel", "A"),), id="upper case"),
        pytest.param("<link rel=a rel=b REL=c>", (("rel", "a"),), id="the first of several"),
        pytest.param("<link disabled>", (("disabled", ""),), id="no value"),
        pytest.param("<link href=''>", (("href", ""),), id="empty value"),
        pytest.param("<link href = a>", (("href", "a"),), id="blanks around the sign"),
        pytest.param("<link\n\thref=a\f/rel=b>", (("href", "a"), ("rel", "b")), id="every separator"),
        pytest.param("<link href='a'rel='b'>", (("href", "a"), ("rel", "b")), id="no separator"),
        pytest.param("<link href='a>b'>", (("href", "a>b"),), id="a sign in a value"),
        pytest.param("<link href='a&amp;b&lt;'>", (("href", "a&b<"),), id="entities"),
        pytest.param("<link href='?a&copy=1&b'>", (("href", "?a&copy=1&b"),), id="what is no entity in a value"),
        pytest.param("<link href='&#47;a&#x2F;'>", (("href", "/a/"),), id="numbers of characters"),
        pytest.param("<link href=é>", (("href", "é"),), id="beyond ASCII"),
        pytest.param("<link =a>", (("=a", ""),), id="a sign that begins a name"),
        pytest.param("<link 'a>", (("'a", ""),), id="a quote that begins a name"),
        pytest.param("<link href=a\r\n>", (("href", "a"),), id="a line end of Windows"),
    ],
)
def test_attributes_are_read_as_browsers_read_them(body: str, attrs: tuple[tuple[str, str], ...]) -> None:
    assert only(body) == Element("link", attrs, "", body.encode())


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("<script>a < b</script>", "a < b", id="a sign"),
        pytest.param("<script></script>", "", id="empty"),
        pytest.param("<script src=a></script>", "", id="with a source"),
        pytest.param("<script>&amp;</script>", "&amp;", id="entities stay"),
        pytest.param("<script>'<!--'</script>", "'<!--'", id="an opened comment"),
        pytest.param("<script>/*<!--*/ a /*-->*/</script>", "/*<!--*/ a /*-->*/", id="a comment"),
        pytest.param("<script>'</scriptx>'</script>", "'</scriptx>'", id="a tag that begins alike"),
        pytest.param("<script>a\r\nb\rc</script>", "a\nb\nc", id="line ends"),
        pytest.param("<script>a</script\n>", "a", id="a blank in the end tag"),
        pytest.param("<SCRIPT>a</Script>", "a", id="mixed case"),
        pytest.param("<script/>a</script>", "a", id="a slash closes nothing"),
    ],
)
def test_a_script_has_its_text(body: str, text: str) -> None:
    element = only(body)

    assert (element.tag, element.text) == ("script", text)


@pytest.mark.parametrize(
    "text", ["a > b{}", "</styl>", "<!-- a{} -->", "</script>", "<link>", "a{b:'\\3c/style'}"]
)  # fmt: skip
def test_a_style_has_its_text(text: str) -> None:
    assert only(f"<style>{text}</style>").text == text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "<script>'</script>'</script>", ["script", "#text", "#markup"], id="an end tag in a string ends it"
        ),
        pytest.param("<script><!--<script></script>-->" + LINK, ["#markup"], id="a script that hides its end"),
        pytest.param("<script>a" + LINK, ["#markup"], id="a script without an end"),
        pytest.param("<script>a</script x>" + LINK, ["#markup"], id="an end tag with an attribute"),
        pytest.param("<style>a{}" + LINK, ["#markup"], id="a style without an end"),
    ],
)
def test_a_script_ends_where_browsers_end_it_or_not_at_all(body: str, expected: list[str]) -> None:
    assert tags(body) == expected


def test_blanks_and_plain_comments_are_no_elements() -> None:
    body = b" \n<!-- a --><!--><!---><!-- b --!>\t"

    assert all(isinstance(piece, Text) for piece in read_elements(body, "utf-8"))


@pytest.mark.parametrize(
    "words",
    [
        "Bootstrap 5.3 (https://getbootstrap.com)",
        "===== Styles & Scripts =====",
        "don't move: jquery@3.7.1 first, then 'ui'; see issue #12!",
        "/ head-end / 50% * done",
        "Größe, 中文",
        "--- vendor ---",
        "! required",
        "",
    ],
)
def test_a_comment_of_words_is_no_element(words: str) -> None:
    (piece,) = read_elements(f"<!-- {words} -->".encode(), "utf-8")

    assert isinstance(piece, Text)


@pytest.mark.parametrize(
    "content",
    [
        '#include virtual="/x.html" ',
        " #include file='x'",
        '#if expr="$a" ',
        "esi <p>a</p>",
        "ESI text",
        " <script src=/static/a.js></script> ",
        "?php echo 1 ?",
        " ?lit$123$",
        " {{ slot }} ",
        " {% include 'a' %} ",
        " {# note #} ",
        " <%= a %> ",
        " %= a ",
        " ${a} ",
        "$",
        " @@include('a') ",
        " @include ",
        " [[ a ]] ",
        " [endif] ",
        " inject:css ",
        " build:js /all.js ",
        ' include virtual="/x" ',
        " weight=ignore ",
        " a `b` ",
        " a \\ b ",
        " ko if: shown ",
        " /ko ",
        " mfunc rand() ",
        " mclude x.php ",
        "\x00",
    ],
)
def test_a_comment_that_may_instruct_somebody_is_an_element(content: str) -> None:
    """A server, a cache or a script puts something else in its place, or before, behind it."""
    (piece,) = read_elements(f"<!--{content}-->".encode(), "utf-8")

    assert isinstance(piece, Element)
    assert piece.tag == ("#comment" if "endif" in content else "#markup")


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        pytest.param("<!--[if IE]>" + LINK + "<![endif]-->", "#comment", id="conditional comment"),
        pytest.param("<!-- [IF IE]> a <![endif]-->", "#comment", id="conditional comment in upper case"),
        pytest.param("<!--[if !IE]> -->", "#comment", id="start of a revealed one"),
        pytest.param("<!-- <![endif]-->", "#comment", id="end of a revealed one"),
        pytest.param("text", "#text", id="text"),
        pytest.param("&nbsp;", "#text", id="a blank that is text"),
        pytest.param("<noscript>" + LINK + "</noscript>", "#markup", id="noscript"),
        pytest.param("<template>" + LINK + "</template>", "#markup", id="template"),
        pytest.param("<svg><style>a{}</style></svg>", "#markup", id="svg"),
        pytest.param("<math>" + LINK + "</math>", "#markup", id="math"),
        pytest.param("<textarea>" + LINK + "</textarea>", "#markup", id="textarea"),
        pytest.param("<title>" + LINK + "</title>", "#markup", id="title"),
        pytest.param("<iframe>" + LINK + "</iframe>", "#markup", id="iframe"),
        pytest.param("<xmp>" + LINK + "</xmp>", "#markup", id="xmp"),
        pytest.param("<select>" + LINK + "</select>", "#markup", id="select"),
        pytest.param("<table>" + LINK + "</table>", "#markup", id="table"),
        pytest.param("<object>" + LINK + "</object>", "#markup", id="object"),
        pytest.param("<template><template></template>" + LINK + "</template>", "#markup", id="template in a template"),
        pytest.param("<noscript>" + LINK, "#markup", id="noscript without an end"),
        pytest.param("<template>" + LINK, "#markup", id="template without an end"),
        pytest.param("<p title='" + LINK + "'>", "#markup", id="attribute"),
        pytest.param("<NoScript\n>" + LINK + "</NOSCRIPT >", "#markup", id="mixed case"),
        pytest.param(
            "<textarea>" + "</textareax>" + LINK + "</textarea>", "#markup", id="an end tag that begins alike"
        ),
        pytest.param("<iframe title='</iframe>'>" + LINK + "</iframe>", "#markup", id="an end tag in an attribute"),
        pytest.param("<?x " + LINK.replace('"', ""), "#markup", id="an instruction around a link"),
    ],
)
def test_what_is_no_element_of_ours_is_one_barrier(body: str, tag: str) -> None:
    element = only(body)

    assert element.tag[0] == "#"
    assert element.tag == tag or tag == "#markup"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<?x " + LINK, id="instruction"),
        pytest.param("</ " + LINK, id="end tag without a name"),
        pytest.param("<!x " + LINK, id="declaration"),
        pytest.param("<!doctype " + LINK, id="doctype"),
        pytest.param("<![CDATA[ " + LINK, id="section"),
        pytest.param("<table><textarea></table>" + LINK + "</textarea>", id="textarea in a table"),
        pytest.param("<svg><style></svg>" + LINK + "</style></svg>", id="style in svg"),
        pytest.param("<p title=" + LINK, id="unquoted attribute"),
    ],
)
def test_a_link_inside_of_something_else_is_no_link(body: str) -> None:
    assert "link" not in tags(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<div>" + LINK + "</div>", ["#markup", "link", "#markup"], id="in an element"),
        pytest.param("a" + LINK, ["#text", "link"], id="after text"),
        pytest.param("<!--[if IE]>a<![endif]-->" + LINK, ["#comment", "link"], id="after a conditional comment"),
        pytest.param("<noscript>a</noscript>" + LINK, ["#markup", "link"], id="after noscript"),
        pytest.param("a < b" + LINK, ["#text", "link"], id="after a sign"),
        pytest.param("<links>" + LINK, ["#markup", "link"], id="after a tag that begins alike"),
        pytest.param("<scripty>" + LINK, ["#markup", "link"], id="after another"),
    ],
)
def test_a_barrier_does_not_hide_what_follows(body: str, expected: list[str]) -> None:
    assert tags(body) == expected


@pytest.mark.parametrize(
    "tag",
    [
        "<base href=/a/>",
        "<META charset=a>",
        "<base\n>",
        "<meta/http-equiv=a>",
        "<meta name=a",
        "<noscript><base href=/a/></noscript>",
        "<noscript><meta name=a><meta charset=a></noscript>",
        "<table><meta name=a></table><base>",
        "<template><meta charset=a>",
        "<table><meta content='<meta charset=a>",
        "<table><meta content='<meta content=\"'>charset=a\">",
        "<script>a()</script <base>",
    ],
)
def test_a_tag_that_changes_its_neighbours_is_refused(tag: str) -> None:
    with pytest.raises(RegionError, match="a <base>, or a <meta> of an encoding or policy"):
        read_elements((LINK + tag).encode(), "utf-8")


@pytest.mark.parametrize(
    "tag",
    [
        "<basefont>",
        "<metadata>",
        "<meta name=viewport content=a>",
        "<meta/name=a>",
        "<meta " * 100_000 + ">",
        "<p title='<base href=a>'>",
        "<?a <base href=a>",
    ],
    ids=lambda tag: tag[:30],
)
def test_another_is_a_barrier(tag: str) -> None:
    assert tags(tag + LINK) == ["#markup", "link"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<script>a('<base href=/b/>')</script>", ["script"], id="script"),
        pytest.param("<style>/* <meta charset=a> */</style>", ["style"], id="style"),
        pytest.param("<!-- <base href=/b/> -->", ["#markup"], id="comment"),
        pytest.param("<!--[if IE]><meta http-equiv=a><![endif]-->", ["#comment"], id="conditional comment"),
    ],
)
def test_a_text_that_speaks_of_such_a_tag_is_none(body: str, expected: list[str]) -> None:
    assert tags(body + LINK) == [*expected, "link"]


def test_many_of_them_where_they_may_be_text_are_looked_at_once() -> None:
    """Each by itself, to the end of the tag that it may be, would take minutes."""
    assert tags("<table>" + "<meta name=a>" * 100_000) == ["#markup"]
    with pytest.raises(RegionError):
        read_elements(b"<table>" + b"<meta " * 100_000 + b">", "utf-8")


def test_a_region_may_have_many_elements() -> None:
    assert len(tags(LINK * 1000)) == 1000


@pytest.mark.parametrize(
    "body", [b"<link href=\xff>", b"<style>\xff</style>", b"<script>\xc3</script>"], ids=["link", "style", "script"]
)
def test_bytes_that_are_not_in_the_encoding_are_refused(body: bytes) -> None:
    with pytest.raises(RegionError, match="not in the page's encoding 'utf-8'"):
        read_elements(body, "utf-8")


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [("utf-8", b"\xc3\xa9"), ("cp1252", b"\xe9"), ("iso8859-2", b"\xe9"), ("gb18030", b"\xa8\xa6")],
)
def test_bytes_are_read_in_the_encoding(encoding: str, raw: bytes) -> None:
    [element] = read_elements(b"<link href=" + raw + b">", encoding)

    assert element == Element("link", (("href", "é"),), "", b"<link href=" + raw + b">")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b'<base href="/a?b&amp;c">', {"href": "/a?b&c"}, id="base"),
        pytest.param(b"<META Charset=UTF-8>", {"charset": "UTF-8"}, id="meta"),
        pytest.param(b"a", {}, id="no tag"),
    ],
)
def test_a_tag_by_itself_has_attributes(raw: bytes, expected: dict[str, str]) -> None:
    assert read_tag(raw, "latin-1") == expected
