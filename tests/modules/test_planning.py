"""The level of a page's modules is the highest that is proved."""

import pytest

from pressmark.bundling.builder import name_of
from pressmark.modules.graph import Root
from pressmark.modules.planning import LEVELS, Level, Limits, ModulePlan, plan_modules
from tests.modules.graphs import Files, graph_of, new_analyses

APP = {
    "/m.js": "import {a} from './a.js'; import './b.js'; a()",
    "/a.js": "import './b.js'; export function a() {}",
    "/b.js": "f()",
}


def plan(files: Files, *roots: str | Root, limits: Limits | None = None, import_map: str = "{}") -> ModulePlan:
    graph = graph_of(files, *roots, import_map=import_map)
    return plan_modules(graph, limits or Limits(), name_of, new_analyses())


def with_m(text: str, **others: str) -> dict[str, str]:
    """Return an application of which one module has another *text*, and *others*, ``c`` for ``/c.js``."""
    return {**APP, "/m.js": f"{APP['/m.js']};{text}", **{f"/{name}.js": other for name, other in others.items()}}


def test_modules_are_linked_into_one_file() -> None:
    found = plan(APP)

    assert (found.level, found.reason, found.count) == ("linked", "", 3)
    assert set(found.targets) == set(APP)
    assert found.preloads == (next(each for each in found.preloads if "/" not in each), found.targets["/m.js"])
    assert len(found.files) == 2


def test_the_same_modules_have_the_same_files() -> None:
    assert plan(APP) == plan(dict(reversed(list(APP.items()))), "/m.js")


def test_what_others_ask_for_is_preloaded_too() -> None:
    found = plan(APP, limits=Limits(asked=frozenset(("/b.js", "/none.js"))))

    assert set(found.preloads[1:]) == {found.targets["/b.js"], found.targets["/m.js"]}


def test_what_an_inline_module_asks_for_is_preloaded() -> None:
    found = plan(APP, Root("", "import './m.js'; import './b.js'"))

    assert set(found.preloads[1:]) == {found.targets["/b.js"], found.targets["/m.js"]}
    assert set(found.targets) == set(APP)


@pytest.mark.parametrize(
    "text",
    ["import * as n from './a.js'; f(n)", "export let x; for (x of []);", "import './m.js'; eval('')"],
)
def test_modules_that_cannot_be_linked_are_named(text: str) -> None:
    found = plan(with_m(text, c="using a = b"))

    assert (found.level, found.reason != "") == ("named", True)
    assert set(found.targets) == set(APP)
    assert len(found.preloads) == 3


@pytest.mark.parametrize(
    "text",
    ["import './nowhere.js'", "import './c.js'", "import {x} from './a.js'", "import 'bare'", "return",
     "import.meta.resolve('a')", "import('./d.js')"],
)  # fmt: skip
def test_modules_that_do_not_link_or_ask_for_addresses_are_preloaded(text: str) -> None:
    found = plan(with_m(text, c="return", d="import.meta.resolve('a')"))

    assert (found.level, found.reason != "", dict(found.targets)) == ("preload", True, {})


def test_nothing_is_preloaded_that_may_not_be_there() -> None:
    """An error event of a preload could be seen."""
    found = plan(with_m("import './nowhere.js'; import './c.js'; import 'https://cdn.example/a.js'", c="using a = b"))

    assert found.preloads == ("/b.js", "/a.js", "/c.js", "/m.js")


@pytest.mark.parametrize("highest", LEVELS[:-1])
def test_no_level_is_higher_than_it_may_be(highest: Level) -> None:
    found = plan(APP, limits=Limits(highest, "because"))

    assert (found.level, found.reason) == (highest, "because")


def test_few_modules_are_named() -> None:
    assert plan({"/m.js": "f()"}).level == "named"
    assert plan({"/m.js": "import './a.js'", "/a.js": ""}).level == "named"
    assert plan({"/m.js": "import './a.js'", "/a.js": f"f('{'x' * 10_000}')"}).level == "linked"


def test_a_page_without_files_is_kept() -> None:
    assert plan({}, Root("", "f()")).level == "kept"


def test_what_only_a_dynamic_import_reaches_is_named_and_not_preloaded() -> None:
    found = plan(with_m("import('./c.js')", c="import './d.js'; import './b.js'", d=""))

    assert found.level == "linked"
    assert set(found.targets) == {*APP, "/c.js", "/d.js"}
    assert not {found.targets["/c.js"], found.targets["/d.js"]} & set(found.preloads)


def test_a_dynamic_import_of_what_is_missing_changes_nothing() -> None:
    found = plan(with_m("import('./nowhere.js'); import('./c.js'); import('bare')", c="import './nowhere.js'"))

    assert (found.level, set(found.targets)) == ("linked", set(APP))


def test_two_queries_have_two_targets() -> None:
    for limits in (Limits(), Limits("named")):
        found = plan({**APP, "/b.js?2": "f()", "/m.js": "import './a.js'; import './b.js?2'"}, limits=limits)

        assert len(set(found.targets.values())) == 4


def test_on_another_host_modules_are_linked_or_keep_their_addresses() -> None:
    away = Limits(keeps_origin=False)

    assert plan(APP, limits=away).level == "linked"
    assert plan(with_m("await 1"), limits=away).level == "preload"
    assert plan(with_m("import('./c.js')", c=""), limits=away).level == "preload"


@pytest.mark.parametrize(
    ("imports", "text", "written"),
    [
        ('{"x": "/a.js", "/a.js": "/b.js", "/b.js": "/a.js"}', "import 'x'; await 1", 'import "x"; await 1'),
        ('{"/": "/v2/"}', "import './raw.js'; await 1", 'import "/raw.js"; await 1'),
        ('{"/b.js": "/a.js"}', "import './b.js'; await 1", 'import "/a.js"; await 1'),
    ],
    ids=["two addresses that change places", "a folder in itself", "one address"],
)
def test_a_specifier_is_written_so_that_the_map_leads_to_the_same(imports: str, text: str, written: str) -> None:
    """The map is looked up once: an address that stands for a specifier must not be led on."""
    files = {"/m.js": text, "/a.js": "f()", "/b.js": "g()", "/raw.js": "using a = b", "/v2/raw.js": "using a = b"}
    found = plan(files, "/m.js", import_map=f'{{"imports": {imports}}}')

    assert found.level == "named"
    assert found.files[found.targets["/m.js"].removesuffix(".js")].decode().startswith(written)


def test_a_long_chain_of_stars_is_planned() -> None:
    files = {f"/{n}.js": f"export * from './{n + 1}.js'; export let x{n}" for n in range(1200)} | {"/1200.js": ""}
    found = plan({**files, "/m.js": "import {x1199} from './0.js'"}, "/m.js", limits=Limits("named"))

    assert "import map" in found.reason  # which would be too large, and nothing else
