"""A stylesheet is made able to stand between others, or is kept from it."""

import pytest

from pressmark.errors import RegionError
from pressmark.stylesheets.sheet_reading import MAX_SHEET_BYTES, Sheet, read_sheet
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Placement, UnmovableError
from tests.bundling.sources import Sources

MAIN = "/static/css/main.css"


def read(text: str | bytes, charset: str | None = "utf-8", **others: str | bytes) -> Sheet:
    """Return *text* at /static/css/main.css as a sheet; *others* lie beside it, NAME standing for NAME.css."""
    files = {f"/static/css/{name}.css": content for name, content in others.items()} | {MAIN: text}
    sources = Sources(files, charset)
    return read_sheet(sources.asset(MAIN), sources.read)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(b"\xef\xbb\xbfa{}", "a{}", id="a UTF-8 byte order mark goes"),
        pytest.param("\ufeffé{}".encode("utf-16-le"), "é{}", id="UTF-16 with a byte order mark is decoded"),
        pytest.param("\ufeffé{}".encode("utf-16-be"), "é{}", id="so is the other UTF-16"),
        pytest.param('@charset "utf-8";é{}'.encode(), "é{}", id="a charset pattern goes"),
        pytest.param('@charset "utf-16";é{}'.encode(), "é{}", id="utf-16 in a charset pattern means utf-8"),
        pytest.param(b"@charset 'utf-8';a{}", "a{}", id="a charset rule that is no pattern goes as well"),
        pytest.param(b'@charset "utf-8";@namespace x;', "@namespace x;", id="a charset goes from a sheet alone, too"),
        pytest.param(b"a\0{}", "a\ufffd{}", id="NUL is U+FFFD"),
        pytest.param(b"a{}\r\nb{}\rc{}\fd{}", "a{}\nb{}\nc{}\nd{}", id="line ends are LF"),
        pytest.param(b"a\xff{}", "a\ufffd{}", id="invalid bytes are U+FFFD"),
    ],
)
def test_the_bytes_mean_what_a_browser_reads_in_them(content: bytes, text: str) -> None:
    assert read(content).text == text


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        pytest.param("é{}".encode(), None, id="no declaration anywhere"),
        pytest.param("é{}".encode("latin-1"), "iso-8859-1", id="a page in latin-1"),
        pytest.param(
            '@charset "iso-8859-1";é{}'.encode("latin-1"), "utf-8", id="a charset pattern of another encoding"
        ),
    ],
)
def test_a_sheet_whose_encoding_the_server_may_overrule_stays(content: bytes, charset: str | None) -> None:
    with pytest.raises(UnmovableError, match="save it as UTF-8"):
        read(content, charset)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        pytest.param("a{b:c", "a{b:c}", id="block"),
        pytest.param("@media x{a{b:c", "@media x{a{b:c}}", id="nested blocks"),
        pytest.param('a{b:"c', 'a{b:"c"}', id="string"),
        pytest.param("a{b:url(/c", "a{b:url(/c)}", id="url"),
        pytest.param("a{b:f([c", "a{b:f([c])}", id="function and bracket"),
        pytest.param("a{}/* b", "a{}/* b*/", id="comment"),
        pytest.param("a{/* b *", "a{/* b */}", id="comment that ends in a star"),
        pytest.param("a{}b", "a{}", id="selector without a block"),
        pytest.param("a{}b,", "a{}", id="selector that ends in a comma"),
        pytest.param("a{}b{c:d}e:not(", "a{}b{c:d}", id="selector that ends in a function"),
        pytest.param("@layer a", "@layer a;", id="statement without a semicolon"),
        pytest.param("a{b:c}}", "a{b:c}", id="a stray closing brace at the end"),
    ],
)
def test_what_the_end_of_the_file_closes_is_closed(text: str, closed: str) -> None:
    assert read(text).text == closed


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('a{b:"c\nd}e{}', id="bad string"),
        pytest.param("a{b:url(c d)}e{}", id="bad url"),
        pytest.param("a{b:c\\", id="escaped end of the file"),
        pytest.param("@namespace svg url(http://www.w3.org/2000/svg);a{}", id="namespace"),
        pytest.param('a{}@import "b.css";', id="import after a rule"),
        pytest.param('@import "b.css";@layer a;@import "b.css";', id="layer between imports"),
    ],
)
def test_a_sheet_that_would_not_survive_neighbours_ships_alone(text: str) -> None:
    sheet = read(text, b="b{}")

    assert sheet.placement is Placement.ALONE


def test_a_namespace_is_a_name_and_not_a_reference() -> None:
    text = "@namespace x url(relative);a{}"

    assert read(text).text == text


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        pytest.param("url(x.png)", 'url("/static/css/x.png")', id="unquoted"),
        pytest.param("url( 'x.png' )", 'url( "/static/css/x.png" )', id="quoted with blanks"),
        pytest.param('URL("../x.png")', 'URL("/static/x.png")', id="upper case, parent folder"),
        pytest.param("u\\72l(x.png)", 'url("/static/css/x.png")', id="escaped function name"),
        pytest.param("url(x.eot?#iefix&v=4)", 'url("/static/css/x.eot?#iefix&v=4")', id="query and fragment"),
        pytest.param("url(?v=1)", 'url("/static/css/main.css?v=1")', id="query alone"),
        pytest.param("url(a\\)b)", 'url("/static/css/a)b")', id="escaped parenthesis"),
        pytest.param("url(%C3%A9.png)", 'url("/static/css/%C3%A9.png")', id="percent escapes stay"),
        pytest.param('image-set("x.png" 1x)', 'image-set("/static/css/x.png" 1x)', id="string in image-set"),
        pytest.param('src("x.png")', 'src("/static/css/x.png")', id="string in src"),
    ],
)
def test_a_relative_reference_becomes_one_from_the_root(written: str, moved: str) -> None:
    assert read(f"a{{b:{written}}}").text == f"a{{b:{moved}}}"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("url(#a)", id="fragment"),
        pytest.param("url()", id="empty"),
        pytest.param('url("")', id="empty string"),
        pytest.param("url(data:image/png;base64,AAAA)", id="data"),
        pytest.param("url(DATA:x)", id="data in upper case"),
        pytest.param("url(about:blank)", id="about"),
        pytest.param("url(https://h/x)", id="scheme"),
        pytest.param("url(//h/x)", id="other host"),
        pytest.param("url(/x.png)", id="from the root"),
        pytest.param("url(\\9 //h/x)", id="other host behind a tab"),
        pytest.param('"x.png"', id="string that is none"),
        pytest.param("/* url(x.png) */c", id="in a comment"),
        pytest.param("progid:x(src='x.png')", id="old IE filter"),
        pytest.param('attr(data-x url, "y.png")', id="string in another function"),
    ],
)
def test_what_is_no_relative_reference_stays_to_the_byte(value: str) -> None:
    text = f"a{{b:{value}}}"

    assert read(text).text == text


def test_a_url_that_depends_on_the_pages_scheme_keeps_the_sheet_where_it_is() -> None:
    with pytest.raises(UnmovableError, match="without a host"):
        read("a{b:url(https:x.png)}")


def test_a_selector_that_looks_like_a_reference_stays() -> None:
    text = '[href="url(x.png)"]{a:b}'

    assert read(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a{--x:url(x.png)}", id="url"),
        pytest.param('a{--x:image-set("x.png" 1x)}', id="image-set"),
        pytest.param('a{--\\78 : foo url("x.png")}', id="escaped name"),
    ],
)
def test_a_relative_url_in_a_custom_property_keeps_the_sheet_where_it_is(text: str) -> None:
    with pytest.raises(UnmovableError) as raised:
        read(text)

    assert raised.value.taints_custom_properties


@pytest.mark.parametrize("value", ["url(/x.png)", "url(data:x)", "url(#a)", "red", '"x.png"', "url(https://h/x.png)"])
def test_a_custom_property_that_is_the_same_everywhere_moves(value: str) -> None:
    assert read(f"a{{--x:{value}}}").text == f"a{{--x:{value}}}"


def test_a_registered_property_of_urls_keeps_the_sheet_where_it_is() -> None:
    with pytest.raises(UnmovableError, match="URLs or images") as raised:
        read('@property --x{syntax:"<url>";inherits:false;initial-value:url(/a)}a{--y:url(a.png)}')

    assert raised.value.taints_custom_properties


@pytest.mark.parametrize(
    ("text", "rule", "at"),
    [
        pytest.param("a{}\n\n b{c:'\n}", "bad-token", (3, 6), id="a broken string"),
        pytest.param("a{}\nb{}\\", "bad-token", (2, 4), id="a backslash at the end"),
        pytest.param('@charset "utf-8";@namespace x;', "namespace", (1, 18), id="a namespace after a charset"),
        pytest.param('\ufeff@import "b.css";@import "https://h/";', "import", (1, 17), id="an import of another host"),
        pytest.param('a{}\r\n @import "b.css";', "import", (2, 2), id="a misplaced import"),
    ],
)
def test_the_reason_says_where_the_sheet_gives_it(text: str, rule: str, at: tuple[int, int]) -> None:
    reason = read(text, b="b{}").reason

    assert reason is not None
    assert (reason.rule, reason.at) == (rule, at)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("a{}\nb{c:d;\n  --x:url(x.png)}", (3, 3), id="a custom property"),
        pytest.param('\n@property --x{syntax:"<url>"}', (2, 1), id="a registered property"),
        pytest.param("a{} @function --f(){result:url(a.png)}", (1, 5), id="the result of a function"),
        pytest.param("a{b:image-set(\nvar(--a) 1x)}", (2, 1), id="a string in an image set"),
        pytest.param("a{}\nb{c:url(https:x.png)}", (2, 5), id="a URL without a host"),
        pytest.param('\n@import "b.css";', (2, 1), id="a sheet that it imports"),
    ],
)
def test_the_reason_to_stay_says_where_the_sheet_gives_it(text: str, at: tuple[int, int]) -> None:
    with pytest.raises(UnmovableError) as raised:
        read(text, b="\n\n  b{--x:url(x.png)}")

    assert raised.value.reason.at == at


def test_a_reason_of_an_imported_sheet_names_it() -> None:
    with pytest.raises(UnmovableError, match=r"^imports /static/css/b\.css, which has a relative URL in"):
        read('@import "b.css";', b="b{--x:url(x.png)}")


@pytest.mark.parametrize(
    ("rule", "flattened"),
    [
        pytest.param('@import "b.css";', "b{}\n", id="string"),
        pytest.param("@import url(b.css);", "b{}\n", id="url"),
        pytest.param('@IMPORT URL("b.css");', "b{}\n", id="upper case"),
        pytest.param('@\\69mport"b.css"', "b{}\n", id="escaped, no blank, no semicolon"),
        pytest.param("@import url( 'b.css' );", "b{}\n", id="string with spaces in a url"),
        pytest.param('@import/**/"b.css"/**/;', "b{}\n", id="comments"),
        pytest.param('@import "b.css" screen;', "@media screen{\nb{}\n}\n", id="media"),
        pytest.param('@import "b.css" layer;', "@layer {\nb{}\n}\n", id="nameless layer"),
        pytest.param('@import "b.css" layer(x.y);', "@layer x.y{\nb{}\n}\n", id="layer"),
        pytest.param('@import "b.css" supports(a:b);', "@supports (a:b){\nb{}\n}\n", id="supports"),
        pytest.param(
            '@import "b.css" layer(x) supports(not (a:b)) print and (c:d), e;',
            "@media print and (c:d), e{\n@supports (not (a:b)){\n@layer x{\nb{}\n}\n}\n}\n",
            id="all of them",
        ),
        pytest.param('@import "b.css" (min-width:1px', "@media (min-width:1px){\nb{}\n}\n", id="condition left open"),
    ],
)
def test_an_import_becomes_what_it_imports(rule: str, flattened: str) -> None:
    sheet = read(rule, b="b{}")

    assert sheet.placement is Placement.ANYWHERE
    assert sheet.text == flattened


def test_imports_of_imports_resolve_each_against_its_own_sheet() -> None:
    sources = Sources(
        {
            MAIN: '@import "../lib/a.css";',
            "/static/lib/a.css": '@import "deep/b.css";a{x:url(a.png)}',
            "/static/lib/deep/b.css": "b{x:url(b.png)}",
        }
    )
    text = read_sheet(sources.asset(MAIN), sources.read).text

    assert text.split() == ['b{x:url("/static/lib/deep/b.png")}', 'a{x:url("/static/lib/a.png")}']


@pytest.mark.parametrize(
    "rule", ['@import "b.css', "@import url(b.css", "@import url('b.css", '@import "b.css" screen /* x'], ids=repr
)
def test_an_import_that_the_file_breaks_off_is_one(rule: str) -> None:
    assert "b{}" in read(rule, b="b{}").text


@pytest.mark.parametrize("value", ["url(y", 'url("y', 'image-set("y', "url( y "], ids=repr)
def test_a_reference_that_the_file_breaks_off_is_closed_once(value: str) -> None:
    text = read(f"a{{b:{value}").text

    assert text.count(")") == text.count("(") == 1
    assert '"/static/css/y"' in text


def test_a_comment_in_a_condition_parts_words() -> None:
    assert read('@import "b.css" screen/**/and (c:d);', b="b{}").text.startswith("@media screen and (c:d){")


def test_a_tainted_import_keeps_its_importer_where_it_is() -> None:
    with pytest.raises(UnmovableError) as raised:
        read('@import "b.css";', b="b{--x:url(x.png)}")

    assert raised.value.taints_custom_properties


def test_an_imports_use_of_variables_is_its_importers() -> None:
    assert read('@import "b.css";', b="b{c:var(--x)}").custom_properties.is_user


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        pytest.param(b'@charset "iso-8859-1";@import "b.css";', "utf-8", id="declared by the sheet"),
        pytest.param(b'@import "b.css";', "iso-8859-1", id="declared by the page"),
        pytest.param(b'@namespace x "y";@import "b.css";', None, id="declared by nothing, beside a namespace"),
        pytest.param('\ufeff@import "b.css";'.encode("utf-16-le"), "utf-8", id="UTF-16 by its mark"),
    ],
)
def test_an_import_that_would_inherit_the_bundles_encoding_keeps_its_sheet(text: bytes, charset: str | None) -> None:
    with pytest.raises(UnmovableError, match="imports a sheet and is declared as"):
        read(text, charset, b="b{c:'é'}")


def test_an_imported_sheet_inherits_the_encoding_of_a_byte_order_mark() -> None:
    assert read("\ufeff@import 'b.css';", "iso-8859-1", b="b{c:'é'}").text == "b{c:'é'}\n"


def test_imports_that_lie_too_deep_are_an_error() -> None:
    files: dict[str, str | bytes] = {f"/static/{n}.css": f'@import "{n + 1}.css";' for n in range(50)}
    sources = Sources(files | {"/static/50.css": "a{}"})

    with pytest.raises(RegionError, match="deeper than"):
        read_sheet(sources.asset("/static/0.css"), sources.read)


def test_imports_that_are_too_large_together_are_kept_and_read_no_further() -> None:
    large = "a{}" + "/*" + "x" * (1 << 20) + "*/"
    sources = Sources({"/static/main.css": "@import 'b.css';" * 50 + "c{}", "/static/b.css": large})
    sheet = read_sheet(sources.asset("/static/main.css"), sources.read)

    assert sheet.text.count("@import") == 50
    assert sheet.reason
    assert (sheet.reason.rule, "or 4 MiB of them" in sheet.reason.text) == (Rule.BUDGET, True)
    assert len(sources.read_urls) < 6


def test_the_same_file_imported_twice_is_there_twice() -> None:
    assert read('@import "b.css";@import "b.css";', b="b{}").text == "b{}\nb{}\n"


def test_a_sheet_that_imports_itself_ends() -> None:
    assert read('@import "main.css";@import "b.css";a{}', b='@import "main.css";b{}').text.split() == ["b{}", "a{}"]


def test_an_empty_import_is_one_of_the_sheet_itself() -> None:
    assert read('@import "";a{}').text.split() == ["a{}"]


def test_layer_statements_before_an_import_stay_before_it() -> None:
    assert read('@layer x,y;@import "b.css" layer(y);', b="b{}").text == "@layer x,y;@layer y{\nb{}\n}\n"


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param('@import "missing.css";', id="missing"),
        pytest.param('@import "https://h/b.css";', id="foreign"),
        pytest.param('@import "//h/b.css";', id="other host"),
        pytest.param('@import "data:text/css,b{}";', id="data"),
        pytest.param('@import "b.js";', id="wrong type"),
        pytest.param('@import "namespaced.css";', id="imports a namespace"),
        pytest.param('@import src("b.css");', id="a function that browsers do not know"),
        pytest.param('@import "b.css" layer();', id="a layer function without a name"),
        pytest.param('@import "b.css" layer(x{});', id="a layer that is no name"),
        pytest.param('@import "late.css";', id="imports a sheet with a void import"),
        pytest.param('@import "stray.css" screen;', id="a stray brace would end the block around it"),
        pytest.param('@import "cdo.css" screen;', id="a CDO would be part of a selector in a block"),
    ],
)
def test_an_import_that_cannot_be_flattened_stays_and_comes_first(rule: str) -> None:
    others = {"namespaced": "@namespace x y;", "late": 'q{}@import "b.css";', "stray": "}q{}r{}", "cdo": "<!--q{}-->"}
    sheet = read(rule + "a{}", b="b{}", **others)

    assert sheet.placement is Placement.FIRST
    assert sheet.text.endswith("a{}")
    assert "@import" in sheet.text


def test_an_import_that_stays_is_made_absolute() -> None:
    assert read('@import "missing.css" screen;').text == '@import "/static/css/missing.css" screen;'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("@function --f(){result:url(a.png)}", id="the result of a function"),
        pytest.param(
            "@media all{@F\\55nction --f(--a:url('a.png')){result:var(--a)}}", id="the default of an argument"
        ),
        pytest.param("a{background:image-set(var(--a) 1x)}", id="a string in an image set"),
        pytest.param("a{--b:-webkit-image-set(--f() 1x)}", id="the result of a function in an image set"),
    ],
)
def test_what_becomes_a_url_where_it_is_used_keeps_its_sheet(text: str) -> None:
    with pytest.raises(UnmovableError) as raised:
        read(text)

    assert raised.value.taints_custom_properties


@pytest.mark.parametrize("value", ["var(--a)", "--f()", "inherit(--a)"])
def test_a_value_from_elsewhere_counts_as_a_variable(value: str) -> None:
    assert read(f"a{{b:{value}}}").custom_properties.is_user


def test_an_absolute_url_in_a_function_may_move() -> None:
    assert read("@function --f(){result:url(/a.png)}").placement is Placement.ANYWHERE


@pytest.mark.parametrize(
    "text",
    ['a{b:"@import"}', "/* @import */a{b:c}", "a{b:c!important}", "@media x{@import 'b.css';a{b:c}}"],
    ids=["string", "comment", "important", "in a block"],
)
def test_what_only_looks_like_an_import_is_none(text: str) -> None:
    sheet = read(text)

    assert (sheet.text, sheet.placement) == (text, Placement.ANYWHERE)


def test_all_files_that_went_into_a_sheet_are_its_sources() -> None:
    sources = Sources({MAIN: '@import "b.css";', "/static/css/b.css": "b{}"})
    read_sheet(sources.asset(MAIN), sources.read)

    assert sources.read_urls == ["/static/css/b.css"]


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        ("a{background:var(--x)}", {"--x"}),
        ("a{BACKGROUND-image : linear-gradient(red, blue), var( --x , none)}", {"--x"}),
        ("a{--y:var(--x);cursor:var(--y), auto}", {"--x", "--y"}),
        ("a{--y:var(--y);mask:var(--y)}", {"--y"}),
        ("a{color:var(--x);background-color:var(--x)}", set()),
        ("a{--y:var(--x)}", set()),
        ("a{background:red}", set()),
    ],
)
def test_variables_are_followed_to_what_loads_their_urls(text: str, loaded: set[str]) -> None:
    assert read(text).custom_properties.loaded == loaded


def test_two_line_ends_are_two_however_they_are_written() -> None:
    """CR CR LF is what is left of a file that was written as text twice; after a backslash one of them is escaped."""
    assert read('b{content:"x\\\r\r\ny";color:red}').placement is Placement.ALONE
    assert read('b{content:"x\\\r\ny";color:red}').placement is Placement.ANYWHERE


@pytest.mark.parametrize("comment", ["/*# sourceMappingURL=a.css.map */", "/*@ sourceMappingURL=a.css.map*/\n"])
def test_the_name_of_a_files_own_map_goes(comment: str) -> None:
    """Developer tools would take it for the map of the bundle."""
    assert read(f"a{{}}\n{comment}").text.rstrip() == "a{}"


@pytest.mark.parametrize("text", ['a{b:"/*# sourceMappingURL=x*/"}', "a{}/*# sourceMappingURL=x*/b{}", "a{}/* b */"])
def test_what_only_looks_like_the_name_of_a_map_stays(text: str) -> None:
    assert read(text).text == text


def test_a_sheet_beyond_its_budget_stays() -> None:
    with pytest.raises(UnmovableError, match="more than 2 MiB") as caught:
        read("a{}" * (MAX_SHEET_BYTES // 3 + 1))

    assert caught.value.reason.rule is Rule.BUDGET
    assert caught.value.taints_custom_properties


def test_declarations_nested_without_end_keep_their_sheet() -> None:
    with pytest.raises(UnmovableError, match="declarations inside each other") as caught:
        read("a{" + "--a:{" * 9 + "}" * 10)

    assert caught.value.reason.rule is Rule.BUDGET


def test_sheets_that_import_each_other_without_end_are_not_flattened() -> None:
    """Each doubles the number of imports: eleven small files would be more than two thousand."""
    others = {f"s{n}": f"@import 's{n + 1}.css';@import 's{n + 1}.css?';" for n in range(12)} | {"s12": "a{}"}
    sheet = read("@import 's0.css';", **others)

    assert (sheet.placement, sheet.text) == (Placement.FIRST, '@import "/static/css/s0.css";')
    assert sheet.reason is not None
    assert sheet.reason.rule is Rule.BUDGET


def test_a_sheet_that_closes_nothing_stays() -> None:
    with pytest.raises(UnmovableError, match="more than 256 brackets open"):
        read("a{b:" + "(" * 257)
