"""Specifiers mean in a page what browsers take them for (HTML, 8.1.6.2)."""

import json
import posixpath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.modules.import_map import ImportMap, Names, is_own, read_map
from tests.modules.graphs import ORIGIN, to_address
from tests.profiles import marathon

BASE = "/static/app.js"


def resolved(table: object, specifier: str, base: str = BASE, page: str = "/") -> str | None:
    return read_map(json.dumps(table), page, to_address).resolve(specifier, base, to_address)


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("./a.js", "/static/a.js"),
        ("../a.js", "/a.js"),
        ("../../../a.js", "/a.js"),
        ("/a.js", "/a.js"),
        ("./a.js?b=/../c", "/static/a.js?b=/../c"),
        ("./a.js#b", "/static/a.js#b"),
        ("./x/../a.js", "/static/a.js"),
        ("./x/./a.js", "/static/x/a.js"),
        (".//a.js", "/static//a.js"),
        ("./", "/static/"),
        ("./é b.js", "/static/%C3%A9%20b.js"),
        ("./%C3%A9%20b.js", "/static/%C3%A9%20b.js"),
        ("https://cdn.example/a.js", "https://cdn.example/a.js"),
        (" https://cdn.example/a.js", "https://cdn.example/a.js"),
        (f"{ORIGIN}/static/a.js", "/static/a.js"),
        ("data:text/javascript,0", "data:text/javascript,0"),
        ("a.js", None),
        ("a/b.js", None),
        ("@a/b", None),
        (".a.js", None),
        ("...", None),
        (".", None),
        ("..", None),
        (" ./a.js", None),
        ("?a", None),
        ("#a", None),
        ("", None),
    ],
)
def test_a_specifier_without_a_map_is_a_url_or_nothing(specifier: str, expected: str | None) -> None:
    assert resolved({}, specifier) == expected


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("/static/x/../a.js", "/static/a.js"),
        ("/static/./a.js", "/static/a.js"),
        (f"{ORIGIN}/static/x/../a.js", "/static/a.js"),
        ("https://cdn.example/x/../a.js", "https://cdn.example/a.js"),
        ("https://CDN.example:443/a.js", "https://cdn.example/a.js"),
        ("./%2e%2e/a.js", "/a.js"),
        ("./a.js?b={c}", "/static/a.js?b={c}"),
    ],
)
def test_all_spellings_of_an_address_are_one(specifier: str, expected: str) -> None:
    """A browser knows a module by the URL that its parser has written: another address would be run once more."""
    assert resolved({}, specifier) == expected


@pytest.mark.parametrize(
    ("imports", "specifier", "expected"),
    [
        ({"a": "./b.js"}, "a", "/b.js"),
        ({"a": "./b.js"}, "a/c", None),
        ({"a/": "/b/"}, "a/c.js", "/b/c.js"),
        ({"a/": "/b/"}, "a/", "/b/"),
        ({"a/": "/b/"}, "a", None),
        ({"a/": "/b/", "a/c": "/d.js"}, "a/c", "/d.js"),
        ({"a/": "/b/", "a/c/": "/d/"}, "a/c/e", "/d/e"),
        ({"a/": "/b/", "a/c/": None}, "a/c/e", None),
        ({"a/": "/b/"}, "a/c/../d.js", "/b/d.js"),
        ({"a/": "/b/"}, "a/./d.js?e#f", "/b/d.js?e#f"),
        ({"a": "b", "b": "/c.js"}, "a", None),
        ({"a": "/b.js", "/b.js": "/c.js"}, "a", "/b.js"),
        ({"./a.js": "./b.js"}, "../a.js", "/b.js"),
        ({"/static/a.js": "/b.js"}, "./a.js", "/b.js"),
        ({"/static/a.js": None}, "./a.js", None),
        ({"/static/": "/b/"}, "./a.js", "/b/a.js"),
        ({"/static/a.js": "/b.js"}, "./a.js?c", "/static/a.js?c"),
        ({f"{ORIGIN}/static/a.js": "/b.js"}, "./a.js", "/b.js"),
        ({"https://cdn.example/": "/b/"}, "https://cdn.example/a.js", "/b/a.js"),
        ({"a": f"{ORIGIN}/b.js"}, "a", "/b.js"),
        ({"a": "https://cdn.example/a.js"}, "a", "https://cdn.example/a.js"),
        ({"a/": "https://cdn.example/a/"}, "a/b.js", "https://cdn.example/a/b.js"),
        ({"a": None}, "a", None),
        ({"a": 1}, "a", None),
        ({"a": ["/b.js"]}, "a", None),
        ({"a": "bare"}, "a", None),
        ({"a/": "/b.js"}, "a/c", None),
        ({"": "/b.js"}, "", None),
        ({"A": "/b.js"}, "a", None),
    ],
)
def test_a_map_gives_bare_names_and_urls_an_address_once(
    imports: dict[str, Any], specifier: str, expected: str | None
) -> None:
    assert resolved({"imports": imports}, specifier) == expected


@pytest.mark.parametrize(
    "specifier", ["a/../c.js", "a/../../c.js", "a//c.js", "a/https://cdn.example/c.js", "a/c/../../d"]
)
def test_nothing_leads_out_of_the_folder_of_a_name(specifier: str) -> None:
    """What is above the address of a prefix is refused (HTML, 8.1.6.2, resolve an imports match)."""
    assert resolved({"imports": {"a/": "/static/a/"}}, specifier) is None


SCOPES = {
    "imports": {"a": "/top.js", "b": "/b.js"},
    "scopes": {
        "/static/": {"a": "/static.js"},
        "/static/x/": {"a": "/x.js", "b": None},
        "/static/x/y.js": {"a": "/y.js"},
        "/static/z": {"a": "/never.js"},
    },
}


@pytest.mark.parametrize(
    ("base", "specifier", "expected"),
    [
        ("/app.js", "a", "/top.js"),
        ("/static/app.js", "a", "/static.js"),
        ("/static/app.js", "b", "/b.js"),
        ("/static/x/app.js", "a", "/x.js"),
        ("/static/x/app.js", "b", None),
        ("/static/x/y.js", "a", "/y.js"),
        ("/static/x/y.js", "b", None),
        ("/static/z.js", "a", "/static.js"),
    ],
)
def test_the_longest_scope_of_a_module_counts_first(base: str, specifier: str, expected: str | None) -> None:
    assert resolved(SCOPES, specifier, base) == expected


def test_a_map_is_relative_to_its_page() -> None:
    table = {"imports": {"a": "./b.js", "./c.js": "../d.js"}, "scopes": {"./e/": {"a": "f.js"}}}
    found = read_map(json.dumps(table), "/shop/cart/", to_address)

    assert found == ImportMap(
        Names({"a": "/shop/cart/b.js", "/shop/cart/c.js": "/shop/d.js"}), {"/shop/cart/e/": Names({"a": None})}, {}
    )


def test_hashes_are_by_addresses() -> None:
    text = json.dumps({"integrity": {"./a.js": "sha384-a", "bare": "sha384-b", "/c.js": 1}})

    assert read_map(text, "/x/", to_address).integrity == {"/x/a.js": "sha384-a"}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '"a"', '{"imports": []}', '{"imports": null}', '{"scopes": {"a": []}}', '{"integrity": 1}',
     '{"imports": {"a": NaN}}', "\ufeff{}", '{"imports": {}} 1'],
)  # fmt: skip
def test_a_void_map_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of several kinds
        read_map(text, "/", to_address)


def test_unknown_keys_are_no_harm() -> None:
    assert read_map('{"depcache": 1, "imports": {"a": "/b.js"}}', "/", to_address).imports == Names({"a": "/b.js"})


@pytest.mark.parametrize(
    ("address", "expected"), [("/a.js", True), ("//a/b.js", False), ("https://a/b.js", False), ("data:,", False)]
)
def test_an_address_is_own_or_not(address: str, expected: bool) -> None:
    assert is_own(address) is expected


PARTS = st.sampled_from(["a", "b", "c"])
KEYS = st.lists(PARTS, min_size=1, max_size=3).map("/".join).flatmap(lambda key: st.sampled_from([key, f"{key}/"]))
TABLES = st.dictionaries(
    KEYS.flatmap(lambda key: st.sampled_from([key, f"/{key}"])), st.none() | KEYS.map("/{}".format)
)
SPECIFIERS = st.lists(PARTS, min_size=1, max_size=4).map("/".join).flatmap(lambda it: st.sampled_from([it, f"/{it}"]))


def match(table: dict[str, str | None], name: str) -> tuple[bool, str | None]:
    """Return what a table says of *name*, after the letter of the standard, for names without dots."""
    for key in sorted(table, reverse=True):
        target = table[key]
        if target is not None and key.endswith("/") and not target.endswith("/"):
            target = None
        if key == name:
            return True, target
        if key.endswith("/") and name.startswith(key):
            return True, None if target is None else posixpath.join(target, name[len(key) :])
    return False, None


@given(TABLES, st.dictionaries(KEYS.map("/{}".format), TABLES, max_size=3), SPECIFIERS, SPECIFIERS.map("/{}".format))
@settings(max_examples=marathon(500))
def test_a_map_resolves_by_the_letter_of_the_standard(
    imports: dict[str, str | None], scopes: dict[str, dict[str, str | None]], specifier: str, base: str
) -> None:
    base = base.replace("//", "/")
    expected: tuple[bool, str | None] = (False, None)
    for prefix in sorted(scopes, reverse=True):
        if not expected[0] and (prefix == base or (prefix.endswith("/") and base.startswith(prefix))):
            expected = match(scopes[prefix], specifier)
    if not expected[0]:
        expected = match(imports, specifier)
    fallback = specifier if specifier.startswith("/") else None

    assert resolved({"imports": imports, "scopes": scopes}, specifier, base) == (
        expected[1] if expected[0] else fallback
    )
