"""Which URL paths are plainly the name of a file."""

import pytest

from pressmark.assets.url_paths import read_segments


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("a.css", ("a.css",), id="name"),
        pytest.param("a/b/c.css", ("a", "b", "c.css"), id="folders"),
        pytest.param("a%20b.css", ("a b.css",), id="escaped blank inside"),
        pytest.param("%61.css", ("a.css",), id="escaped letter"),
        pytest.param("caf%C3%A9.css", ("café.css",), id="escaped UTF-8"),
        pytest.param("café.css", ("café.css",), id="plain UTF-8"),
        pytest.param("a..b.css", ("a..b.css",), id="dots inside"),
        pytest.param("a+b&c=d,e;f@g!.css", ("a+b&c=d,e;f@g!.css",), id="signs"),
        pytest.param("~a.css", ("~a.css",), id="tilde"),
        pytest.param("100%25.css", ("100%.css",), id="escaped percent"),
        pytest.param("%252e%252e/a.css", ("%2e%2e", "a.css"), id="escaped twice is a name of percent signs"),
        pytest.param("console.css", ("console.css",), id="a name that begins like a device"),
        pytest.param("falcon.css", ("falcon.css",), id="a name that ends like a device"),
        pytest.param("com10.css", ("com10.css",), id="a name that is no device"),
        pytest.param("a.con.css", ("a.con.css",), id="a device as an ending"),
        pytest.param("\uff0e\uff0e/a.css", ("\uff0e\uff0e", "a.css"), id="fullwidth dots are a name"),
    ],
)
def test_a_plain_path_has_segments(path: str, expected: tuple[str, ...]) -> None:
    assert read_segments(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        ".hidden.css", "...a.css", ".git/a.css", "a/.b/c.css", "%2ea.css",
        "", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a", "%2e%2e/a", ".%2E/a", "%2e", "a%2fb",
        "a%2Fb", "a%5cb", "a%5Cb", "a\\b", "a%00", "a\0", "a%", "a%2", "a%zz", "%u002e", "%ff", "%c0%ae", "%ed%a0%80",
        "%e0%80%af", "a:b", "a%3ab", "C:", "a*", "a%2a", "a%3f", "a|b", "a%7cb", "a<b", "a%3cb", "a\"b", "a%22b", "a'b",
        "a`b", "a{b", "a^b", "a b", "a\tb", "a%0ab", "a%7f", "a\x7f", "a.", "a ", "a%20", "a%2e", "a. /b", "a./b",
        "con", "CON", "con.css", "Con.min.css", "a/nul/b", "aux", "prn.js", "com1", "lpt9.css", "com¹.css", "com%C2%B9",
        "conin$", "CONOUT$.css", "nul .css", "nul%20.css", "con.", "...", "....", "a/...", "\ud800", "a/\udc80.css",
    ],
)  # fmt: skip
def test_another_path_has_none(path: str) -> None:
    assert read_segments(path) is None
