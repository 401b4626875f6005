"""What became of a region, told to people."""

import re

from pressmark.errors import AssetNotFoundError, RegionError
from pressmark.model import Bundle, Element, Region
from pressmark.report.explanation import Explanation, Note, comment_of, table_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason

REGION = Region("css", "file", "main", b"", b"")
LINK = Element("link", (("rel", "stylesheet"), ("href", "a.css")), "", b'<link rel="stylesheet"\n href=a.css>')


def test_a_region_without_elements_is_one_line() -> None:
    assert table_of(Explanation(REGION)) == "css file main region: 0 of 0 elements in 0 bundles, 0 bytes become 0"


def test_a_refused_region_says_why() -> None:
    assert table_of(Explanation(REGION, error=RegionError("too large"))) == (
        "css file main region was not bundled: too large"
    )


def test_each_element_has_a_line_in_columns() -> None:
    notes = (
        Note(LINK, "/a.css", 1234, 0, None),
        Note(LINK, "", 0, None, Reason(Rule.REL, "is odd")),
        Note(LINK, "/b.css", 5, 1, Reason(Rule.IMPORT, "keeps one", (3, 7))),
    )
    bundles = (Bundle("0" * 32, "css", b"12345"), Bundle("f" * 32, "css", b"1"))

    assert table_of(Explanation(REGION, notes, bundles)).splitlines() == [
        "css file main region: 2 of 3 elements in 2 bundles, 1,239 bytes become 6",
        "  element                               bytes  becomes          why",
        "  /a.css                                1,234  1: 00000000.css",
        '  <link rel="stylesheet" href="a.css">         stays            rel: is odd',
        "  /b.css                                    5  2: ffffffff.css  import: keeps one (line 3, column 7)",
    ]


def test_a_long_url_is_cut_in_its_middle_so_that_rows_fit_a_terminal() -> None:
    url = "/static/" + "long/" * 60 + "site.css?v=1"
    notes = (Note(LINK, url, 1234, 0, None), Note(LINK, "/a.css", 5, None, Reason(Rule.REL, "is odd")))
    lines = table_of(Explanation(REGION, notes, (Bundle("0" * 32, "css", b"1"),))).splitlines()

    assert lines[2] == "  /static/long/long/long.../long/long/site.css?v=1  1,234  1: 00000000.css"
    assert max(map(len, lines)) <= 100


def test_nothing_in_a_comment_ends_it() -> None:
    notes = (Note(LINK, "/--><script>--!>é", 0, None, None),)
    comment = comment_of(Explanation(REGION, notes))

    assert (comment[:16], comment[-4:]) == (b"<!-- pressmark: ", b"\n-->")
    assert not re.search(b"--", comment[4:-3])


def test_a_comment_does_not_say_where_files_lie() -> None:
    comment = comment_of(Explanation(REGION, error=AssetNotFoundError("/a.css", ("/srv/site/static",))))

    assert b"'/a.css' is not there or not readable" in comment
    assert b"/srv" not in comment
