"""Each script is read in its own encoding (HTML, 4.12.1.1; Encoding, 6)."""

from tests.behaviour.hazard import LOG, Hazard, html, js

GREEK = "log.push('\u03bb\u03cc\u03b3\u03bf\u03c2')"
LATIN = "log.push('\xe9t\xe9', '\u20ac')"


def page_in(
    claim: str,
    encoding: str,
    *scripts: bytes,
    bundles: int | None = 1,
    elements: str = "",
    files: dict[str, str | bytes] | None = None,
) -> Hazard:
    """Return a page that is served in *encoding*."""
    kind = f"text/html; charset={encoding}"
    return js(claim, *scripts, content_type=kind, bundles=bundles, elements=elements, files=files)


def charset(claim: str, label: str, script: bytes, bundles: int | None = 1) -> Hazard:
    """Return a page in UTF-8 whose second script is in the encoding called *label*."""
    elements = f'<script src="1.js"></script><script src="2.js" charset="{label}"></script>'
    return js(claim, elements=elements, files={"1.js": "log.push('\xfc')", "2.js": script}, bundles=bundles)


HAZARDS = (
    page_in(
        "a script of a Western page is read in the page's encoding",
        "windows-1252",
        LATIN.encode("cp1252"),
        b"log.push(2)",
    ),
    page_in(
        "a script of a page that says Latin is read as Western",
        "iso-8859-1",
        LATIN.encode("cp1252"),
        b"log.push('two')",
    ),
    page_in(
        "a script of a Greek page is read in the page's encoding",
        "iso-8859-7",
        GREEK.encode("iso8859-7"),
        b"log.push(2)",
    ),
    page_in(
        "a script of a Cyrillic page is read in the page's encoding",
        "windows-1251",
        "log.push('\u0436')".encode("cp1251"),
        b"log.push(2)",
    ),
    page_in(
        "a script of a Japanese page is read in the page's encoding",
        "shift_jis",
        "log.push('\u8868')".encode("shift_jis"),
        b"log.push(2)",
    ),
    page_in(
        "a script of a Chinese page is read in the page's encoding",
        "gbk",
        "log.push('\u8aed')".encode("gbk"),
        b"log.push(2)",
    ),
    page_in(
        "a script of a Korean page is read in the page's encoding",
        "euc-kr",
        "log.push('\ud55c')".encode("euc-kr"),
        b"log.push(2)",
    ),
    page_in(
        "a mark at the start of a script tells of its encoding in a Western page",
        "windows-1252",
        LATIN.encode("cp1252"),
        b"\xef\xbb\xbf" + LATIN.encode(),
    ),
    page_in(
        "code in a Western page keeps its letters beside a file",
        "windows-1252",
        LATIN.encode("cp1252"),
        elements="<script>log.push('&')</script><script src='1.js'></script>",
        bundles=None,
    ),
    charset("a script that is said to be Western is read so", "windows-1252", LATIN.encode("cp1252")),
    charset("a script that is said to be Latin is read as Western", "LATIN1", LATIN.encode("cp1252")),
    charset("a script that is said to be Greek is read so", "greek", GREEK.encode("iso8859-7")),
    charset("a script that is said to be Japanese is read so", "sjis", "log.push('\u8868')".encode("shift_jis")),
    charset("a script that is said to be wide is read so", "utf-16le", "log.push('wide')".encode("utf-16-le"), None),
    charset("a mark at the start of a script beats what is said of it", "greek", b"\xef\xbb\xbf" + GREEK.encode()),
    charset("a mark of wide letters beats what is said of a script", "greek", GREEK.encode("utf-16"), None),
    page_in(
        "a script that is said to be in no known encoding is read as the page",
        "windows-1252",
        elements="<script src=1.js charset=klingon></script><script src=2.js></script>",
        bundles=None,
        files={"1.js": LATIN.encode("cp1252"), "2.js": b"log.push(2)"},
    ),
    js(
        "a script with a mark of wide letters is read so",
        "log.push(1)",
        "\ufefflog.push('wide \u03bb')".encode("utf-16-le"),
        bundles=None,
    ),
    js(
        "a script with a mark of wide letters in the other order is read so",
        "log.push(1)",
        "\ufefflog.push('wide \u03bb')".encode("utf-16-be"),
        bundles=None,
    ),
    js(
        "bytes that are no letters are each one sign",
        b"log.push('a\xffb\xe2\x82c'.length); throw new Error('x')",
        b"log.push('\xf0\x9f\x98'.length)",
    ),
    js(
        "a mark inside a string is a letter",
        "log.push('\ufeffa'.length); throw new Error('x')",
        "\ufefflog.push('\ufeff'.length)",
        bundles=1,
    ),
    js(
        "a return without a line feed ends a comment",
        "log.push(1) // one\rlog.push('after'); throw new Error('x')",
        "log.push(2) // two\rlog.push('after')",
        bundles=1,
    ),
    js(
        "a line separator ends a comment and no string",
        "log.push(1) // one\u2028log.push('a\u2028b'.length)\u2029throw new Error('x')",
        "log.push(2) // two\u2029log.push('\u2029'.length)",
    ),
    js(
        "a line separator ends a statement",
        "var a = 1\u2028var b = a\u2029log.push(b)\u2028throw new Error('x')",
        "var c = 1\u2028++c\u2029log.push(c)",
        bundles=1,
    ),
    js(
        "letters beyond the first plane keep their length",
        "log.push('\U0001f600'.length, /^.$/u.test('\U0001f600')); throw new Error('x')",
        "var \U00020bb7 = 2; log.push(\U00020bb7)",
        bundles=1,
    ),
    html(
        "a Western page that says so in itself has Western scripts",
        f"<!DOCTYPE html><html><head><meta charset=windows-1252>{LOG}</head><body>\n"
        "<!-- compress js --><script src=1.js></script><script src=2.js></script><!-- endcompress --></body></html>",
        {"1.js": LATIN.encode("cp1252"), "2.js": "log.push(2)"},
        content_type="text/html",
        bundles=1,
    ),
    html(
        "a Western page that says so in the old way has Western scripts",
        f"<!DOCTYPE html><html><head><meta http-equiv=Content-Type content='text/html;charset=latin1'>{LOG}</head>\n"
        "<!-- compress js --><script src=1.js></script><script src=2.js></script><!-- endcompress -->",
        {"1.js": LATIN.encode("cp1252"), "2.js": "log.push(2)"},
        content_type="text/html",
        bundles=1,
    ),
    html(
        "a page whose header and element disagree follows the header",
        f"<!DOCTYPE html><html><head><meta charset=greek>{LOG}</head><body>\n"
        "<!-- compress js --><script src=1.js></script><script src=2.js></script><!-- endcompress --></body></html>",
        {"1.js": LATIN.encode("cp1252"), "2.js": "log.push(2)"},
        content_type="text/html; charset=windows-1252",
        bundles=1,
    ),
    html(
        "a page that says nothing of its encoding has scripts in the browser's",
        f"<!DOCTYPE html><html><head>{LOG}</head><body>\n"
        "<!-- compress js --><script src=1.js></script><script src=2.js></script><!-- endcompress --></body></html>",
        {"1.js": LATIN.encode("cp1252"), "2.js": "log.push(2)"},
        content_type="text/html",
    ),
    html(
        "code in a Western page keeps its letters in a region of files",
        (
            f"<!DOCTYPE html><html><head>{LOG}</head><body>\n<p>\xe9</p><!-- compress js --><script>{LATIN}</script>\n"
            "<script src=1.js></script><!-- endcompress --></body></html>"
        ).encode("cp1252"),
        {"1.js": "log.push(2)"},
        content_type="text/html; charset=windows-1252",
        bundles=1,
    ),
)
