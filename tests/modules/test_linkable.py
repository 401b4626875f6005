"""Which modules can be in one file, and how each of them must be written there."""

import pytest

from pressmark.modules.linkable import UnlinkableError
from tests.modules.graphs import Files, linkable_of, linked


def live(files: Files) -> set[str]:
    return {key.address for key in linkable_of(files).live}


@pytest.mark.parametrize(
    "text",
    [
        "import {a} from './a.js'; a = 1",
        "export let x; for (x of []);",
        "import * as n from './a.js'; f(n)",
        "import * as n from './a.js'; n[1]",
        "import * as n from './a.js'; (n.a) = 1",
        "import * as n from './a.js'; export {n}",
        "export * as n from './a.js'",
        "import {n} from './spaces.js'; f(n)",
        "import * as n from './spaces.js'; f(n.n)",
        "export let x; eval('x = 1')",
        "import './m.js'; eval('')",
        "import './m.js'; f(() => arguments)",
        "//# sourceURL=a.js",
    ],
)
def test_what_is_no_function_cannot_be_linked(text: str) -> None:
    files = {
        "/m.js": text, "/a.js": "export let a; export function f() {}", "/raw.js": "using a = b", "/a.css": "",
        "/spaces.js": "export * as n from './a.js'",
    }  # fmt: skip

    with pytest.raises(UnlinkableError):  # some of it is seen when a module is written
        linked(files)


@pytest.mark.parametrize(
    "text",
    [
        "await 1; export const x = 1",
        "class A { [await 1]() {} } export const x = 1",
        "for await (const y of []); export const x = 1",
        "f(import.meta); export const x = 1",
        "using a = b; export const x = 1",
    ],
)
def test_what_is_no_function_keeps_its_place(text: str) -> None:
    files = {"/m.js": "import {x} from './n.js'; import './a.js'; f(x)", "/n.js": text, "/a.js": ""}
    found = linkable_of(files)

    assert [module.address for module in found.modules] == ["/a.js", "/m.js"]
    assert [key.address for key in found.natives] == ["/n.js"]
    assert {key.address: len(waits) for key, waits in found.waits.items()} == {"/a.js": 0, "/m.js": 1}


def test_a_cycle_with_one_that_waits_cannot_be_linked() -> None:
    with pytest.raises(UnlinkableError):
        linkable_of({"/m.js": "import './n.js'", "/n.js": "import './m.js'; await 1"})


def test_the_order_is_that_of_evaluation() -> None:
    files = {"/m.js": "import './a.js'; import './b.js'", "/a.js": "import './b.js'", "/b.js": ""}

    assert [module.address for module in linkable_of(files).modules] == ["/b.js", "/a.js", "/m.js"]


def test_only_what_is_assigned_to_later_is_mutable() -> None:
    files = {"/m.js": "export let a = 1, b = 2, c; export function f(a) { a = 1; b++ } { let c; c = 1 }"}

    assert [binding.local for binding in linkable_of(files).mutable] == ["b"]


def test_a_cycle_is_live_and_its_neighbours_are_not() -> None:
    files = {
        "/m.js": "import './a.js'",
        "/a.js": "import {b} from './b.js'; import {c} from './c.js'",
        "/b.js": "import './a.js'; export const b = 1",
        "/c.js": "export const c = 1",
    }

    assert live(files) == {"/a.js", "/b.js"}


CYCLE = {"/m.js": "import './a.js'", "/b.js": "import {a} from './a.js'; a()", "/c.js": "export function c() {}"}


@pytest.mark.parametrize(
    "text",
    [
        "import './b.js'; import {c} from './c.js'; export function a() { c() }",
        "import './b.js'; import * as n from './c.js'; export function a() { n.c() }",
        "import './b.js'; import {c} from './barrel.js'; export function a() { c() }",
        "import './b.js'; import * as n from './barrel.js'; export function a() { n.c() }",
        "import './b.js'; import * as n from './star.js'; export function a() { n.c() }",
        "import './b.js'; import {d} from './deeper.js'; export function a() { d() }",
    ],
    ids=["name", "member", "name of a barrel", "member of a barrel", "member of a star", "function of a function"],
)
def test_what_a_cycle_may_call_before_it_has_run_is_live(text: str) -> None:
    """Functions are hoisted: a member of a cycle that runs early reaches those of modules that run late."""
    others = {
        "/barrel.js": "export {c} from './c.js'",
        "/star.js": "export * from './c.js'",
        "/deeper.js": "import {c} from './c.js'; export function d() { c() }",
    }

    assert {"/a.js", "/b.js", "/c.js"} <= live({**CYCLE, **others, "/a.js": text})
