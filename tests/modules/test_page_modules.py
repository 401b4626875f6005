"""The modules of a page are read from its regions, with what limits their level."""

import pytest

from pressmark.errors import AssetError
from pressmark.model import Asset, ModulesAround
from pressmark.modules.graph import Root
from pressmark.modules.page_modules import Doubts, PageModules, graph_of, lower, read_page_modules
from pressmark.modules.planning import Level, Limits
from pressmark.page.context import Context
from pressmark.page.nonces import STAND_IN
from tests.modules.graphs import as_it_is, new_analyses

CONTEXT = Context("/shop/", "utf-8", host="site.example")
MODULE = '<script type="module" src="/static/m.js"></script>'
FILES = {
    "/static/m.js": "import './a.js'",
    "/static/a.js": "",
    "/static/import.js": "import ('/static/a.js')",
    "/static/counts.js": "document.scripts.length",
    "/static/resolves.js": "import.meta.resolve('a')",
    "/static/maker.js": "s = document.createElement('script'); s.type = 'module'",
}


def read(url: str, media_type: str | None) -> Asset:
    if url not in FILES:
        raise AssetError(url, "is missing")
    return Asset(url, media_type or "text/javascript", FILES[url].encode(), (), "utf-8")


def page(*bodies: str, context: Context = CONTEXT) -> PageModules:
    return read_page_modules([body.encode() for body in bodies], context)


def limits(
    around: ModulesAround | None = ModulesAround((), 0),  # noqa: B008  # it is frozen
    *,
    body: str = MODULE,
    highest: Level = "linked",
    context: Context = CONTEXT,
    has_links: bool = False,
    is_exact: bool = True,
) -> Limits:
    found = page(body, context=context)
    graph = graph_of(
        found, context, read=read, prepare=as_it_is, analyses=new_analyses()
    )  # fmt: skip
    return Doubts(context, read, highest, is_exact).limits(found, around, graph, has_links=has_links)


def test_files_and_texts_of_all_regions_are_roots() -> None:
    found = page(
        MODULE + "<script type=module>f()</script>", "<script type=module src=b.js?c#></script><script></script>"
    )

    assert found.roots[:2] == (Root("/static/m.js"), Root("", "f()"))
    assert found.roots[2].address.startswith("/shop/b.js?c")
    assert "/static/m.js" in found.entries


def test_an_element_that_is_there_twice_is_one_root() -> None:
    assert page(MODULE, MODULE).roots == (Root("/static/m.js"),)


def test_addresses_are_those_that_browsers_ask_for() -> None:
    body = "<script type=module src='é a.js'></script><script type=module src=https://site.example/b.js></script>"

    assert [root.address for root in page(body).roots] == ["/shop/%C3%A9%20a.js", "/b.js"]


@pytest.mark.parametrize(
    "attribute", ["integrity=sha384-a", "crossorigin=use-credentials", "crossorigin='USE-CREDENTIALS'", "nomodule"]
)
def test_an_element_that_binds_its_file_is_fixed_wherever_else_it_is(attribute: str) -> None:
    found = page(MODULE + MODULE.replace("<script", f"<script {attribute}"))

    assert (set(found.fixed), found.entries) == ({"/static/m.js"}, frozenset())


def test_a_hash_in_the_map_fixes_an_address() -> None:
    found = page('<script type=importmap>{"integrity": {"/static/m.js": "sha384-a"}}</script>' + MODULE)

    assert (set(found.fixed), found.entries) == ({"/static/m.js"}, frozenset())


def test_the_map_is_read_with_the_base_of_the_page() -> None:
    found = page('<script type=importmap>{"imports": {"a": "./b.js"}}</script>' + MODULE)

    assert found.flaws == ()
    assert found.import_map.imports.exact == {"a": "/shop/b.js"}


@pytest.mark.parametrize(
    "body",
    [
        "<script type=importmap>{}</script><script type=importmap>{}</script>",
        MODULE + "<script type=importmap>{}</script>",
        "<script type=importmap src=a></script>",
        "<script type=importmap>{</script>",
        "<script type=importmap>" + "[" * 100_000 + "</script>",
        MODULE + "<script type=module nonce=a></script>",
        "<script type=importmap nonce=a>{}</script>" + MODULE,
    ],
)
def test_a_map_that_is_void_or_would_be_is_a_flaw(body: str) -> None:
    assert page(body).flaws


@pytest.mark.parametrize(("attribute", "nonce"), [("", None), (" nonce=a", "a"), (" nonce", "")])
def test_the_nonce_is_that_of_all(attribute: str, nonce: str | None) -> None:
    assert page(MODULE.replace("<script", f"<script{attribute}")).nonce == nonce


@pytest.mark.parametrize(
    "around",
    [
        None,
        ModulesAround((), 0, bars=("a map stands before",)),
        ModulesAround((), 0, said=("counts scripts",)),
        ModulesAround((), 0, modules=("/static/a.js",)),
        ModulesAround((), 0, modules=("../static/./a.js",)),
        ModulesAround((), 0, modules=("//site.example/static/a.js",)),
        ModulesAround((), 0, early=("/static/import.js",)),
        ModulesAround((), 0, scripts=("/static/counts.js",)),
        ModulesAround((), 0, scripts=("/static/maker.js",)),
        ModulesAround((), 0, maps=(b'{"imports": {"/static/a.js": "/b.js"}}',)),
        ModulesAround((), 0, maps=(b'{"imports": {"/static/": "/b/"}}',)),
        ModulesAround((), 0, maps=(b'{"scopes": {"/": {"/static/a.js": "/b.js"}}}',)),
    ],
)
def test_a_doubt_leaves_addresses_as_they_are(around: ModulesAround | None) -> None:
    found = limits(around)

    assert (found.highest, found.reason != "") == ("preload", True)


@pytest.mark.parametrize(
    "around",
    [
        ModulesAround((), 0),
        ModulesAround((), 0, modules=("/static/other.js", "https://cdn.example/static/a.js", "/static/a.js?2")),
        ModulesAround((), 0, scripts=("/static/import.js", "/nowhere.js", "https://cdn.example/a.js")),
        ModulesAround((), 0, early=("/static/a.js", "/nowhere.js")),
        ModulesAround((), 0, maps=(b'{"imports": {"react": "/r.js"}}', b"{", b"\xff")),
    ],
)
def test_what_bears_on_no_module_of_the_graph_is_no_doubt(around: ModulesAround) -> None:
    assert limits(around) == Limits("linked")


def test_a_link_header_bars_a_map() -> None:
    assert limits(has_links=True).highest == "preload"


def test_a_module_that_counts_scripts_is_a_doubt() -> None:
    assert limits(body="<script type=module src=/static/counts.js></script>").highest == "preload"


@pytest.mark.parametrize(
    ("policy", "nonce", "expected"),
    [
        ("script-src 'self'", "", "preload"),
        ("script-src 'self' 'unsafe-inline'", "", "linked"),
        ("script-src 'unsafe-inline' 'nonce-x'", "", "preload"),
        ("style-src 'self'", "", "linked"),
        (f"script-src 'nonce-{STAND_IN}'", STAND_IN, "linked"),
        (f"script-src 'nonce-{STAND_IN}'", "other", "preload"),
        ("script-src 'nonce-other'", STAND_IN, "preload"),
    ],
)
def test_a_policy_must_allow_the_map(policy: str, nonce: str, expected: str) -> None:
    body = MODULE.replace("<script", f"<script nonce={nonce}") if nonce else MODULE

    assert limits(body=body, context=Context("/", "utf-8", policies=(policy,))).highest == expected


def test_what_code_of_the_page_asks_for_is_known_by_address() -> None:
    around = ModulesAround((), 0, asked=("/static/a.js", "./b.js", "bare", "https://site.example/c.js"))

    assert limits(around).asked == {"/static/a.js", "/shop/b.js", "/c.js"}


@pytest.mark.parametrize("highest", ["kept", "preload", "named"])
def test_a_setting_limits_the_level(highest: Level) -> None:
    found = limits(highest=highest)

    assert (found.highest, found.reason) == (highest, "the setting modules says so")


def test_a_limit_is_only_made_lower() -> None:
    assert lower(Limits("preload", "a"), "named", "b") == Limits("preload", "a")
    assert lower(Limits("named", "a"), "kept", "b") == Limits("kept", "b")


def test_a_specifier_with_the_origin_of_the_page_is_asked_of_the_map() -> None:
    """Its key in the map is the same address."""
    text = "import 'https://site.example/static/x.js'"
    map_ = '<script type=importmap>{"imports": {"https://site.example/static/x.js": "/static/a.js"}}</script>'
    found = page(f"{map_}<script type=module>{text}</script>")
    graph = graph_of(
        found, CONTEXT, read=read, prepare=as_it_is, analyses=new_analyses()
    )  # fmt: skip
    (root,) = graph.roots

    assert [key and key.address for key in graph.modules[root].requests] == ["/static/a.js"]
