"""What was found out about a file is found out once, wherever that was."""

from dataclasses import dataclass

import pytest

from pressmark.errors import StoreFullError
from pressmark.model import Asset
from pressmark.scripts import script_analysis as js
from pressmark.scripts.joining import Script
from pressmark.scripts.script_analysis import ScriptAnalysis
from pressmark.scripts.script_reading import read_script
from pressmark.stores.memory import MemoryStore
from pressmark.stylesheets import analysis_cache as sheets
from pressmark.stylesheets.analysis_cache import read_sheet_once
from pressmark.syntax.js_refusals import PARSERS
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import UnmovableError
from tests.bundling.sources import Sources


@dataclass(frozen=True)
class Found:
    """Something that was found out."""

    names: list[str]
    at: list[int] | None = None


class FullStore(MemoryStore):
    """A store that takes nothing more."""

    def write_record(self, recipe: str, record: bytes) -> None:
        raise StoreFullError("full")


def script(text: str) -> Asset:
    return Asset("/static/a.js", "text/javascript", text.encode(), (), "utf-8")


def test_what_is_kept_comes_back() -> None:
    analyses = Analyses(MemoryStore())
    analyses.write("k", Found(["é"], [1, 2]))

    assert analyses.read("k", Found) == Found(["é"], [1, 2])
    assert analyses.read("other", Found) is None


@pytest.mark.parametrize("record", [b"{", b"[]", b'{"names": [], "extra": 1}', b"{}", b"\xff"])
def test_a_record_that_is_not_ours_counts_as_none(record: bytes) -> None:
    store = MemoryStore()
    store.write_record("k", record)

    assert Analyses(store).read("k", Found) is None


def test_a_full_store_only_costs_time() -> None:
    Analyses(FullStore()).write("k", Found([]))


def test_a_key_tells_apart_what_its_parts_run_together() -> None:
    keys = {key_of("a", "b", "c"), key_of("a", "bc"), key_of("ab", "c"), key_of("a", "b", b"c", "")}

    assert len(keys) == 4


@pytest.mark.parametrize("text", ["var a = 1", "let a", "function f() {}", "'use strict'; Promise"])
def test_a_script_is_parsed_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    analyses = Analyses(MemoryStore())
    first = read_script(script(text), analyses)
    monkeypatch.setattr(js, "parse", None)
    second = read_script(script(text), analyses)

    assert described(second) == described(first)


def described(script: Script) -> object:
    analysis = {name: getattr(script.analysis, name) for name in ScriptAnalysis.__dataclass_fields__}
    plain = {name: list(map(_plain, value)) if isinstance(value, tuple) else value for name, value in analysis.items()}
    return script.text, script.isolated, script.placement, script.reason, plain


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("text", ["f(", "f(document.currentScript)"])
def test_a_script_that_stays_is_parsed_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    analyses = Analyses(MemoryStore())
    with pytest.raises(UnmovableError) as first:
        read_script(script(text), analyses)
    monkeypatch.setattr(js, "parse", None)
    with pytest.raises(UnmovableError) as second:
        read_script(script(text), analyses)

    assert second.value.reason == first.value.reason


@pytest.mark.parametrize(
    "reason",
    ['{"rule": "of tomorrow", "text": "", "at": null}', '{"rule": "syntax", "text": "", "at": [1]}', "{}", '"no"'],
    ids=["an unknown rule", "half a place", "no rule", "no reason"],
)
def test_a_script_whose_reason_cannot_be_read_is_parsed_again(reason: str) -> None:
    store = MemoryStore()
    key = key_of("script 4", PARSERS, "f(")
    store.write_record(key, b'{"stays": false, "reason": %s}' % reason.encode())

    with pytest.raises(UnmovableError) as caught:
        read_script(script("f("), Analyses(store))

    assert caught.value.reason.rule is Rule.SYNTAX


@pytest.mark.parametrize("text", ["a{background:url(x.png)}", "@namespace x;a{}", "a{--i:url(data:,);mask:var(--i)}"])
def test_a_sheet_is_read_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Sources({"/static/a.css": text})
    analyses = Analyses(MemoryStore())
    first = read_sheet_once(files.asset("/static/a.css"), files.read, analyses)
    monkeypatch.setattr(sheets, "read_sheet", None)

    assert read_sheet_once(files.asset("/static/a.css"), files.read, analyses) == first


def test_a_sheet_that_stays_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Sources({"/static/a.css": "a{\n--x:url(a.png)}"})
    analyses = Analyses(MemoryStore())
    with pytest.raises(UnmovableError) as first:
        read_sheet_once(files.asset("/static/a.css"), files.read, analyses)
    monkeypatch.setattr(sheets, "read_sheet", None)
    with pytest.raises(UnmovableError) as second:
        read_sheet_once(files.asset("/static/a.css"), files.read, analyses)

    assert (second.value.reason, second.value.taints_custom_properties) == (first.value.reason, True)


def test_a_sheet_that_imports_follows_from_more_than_itself() -> None:
    files = Sources({"/static/a.css": "@import 'b.css';a{}", "/static/b.css": "b{}"})
    analyses = Analyses(MemoryStore())
    read_sheet_once(files.asset("/static/a.css"), files.read, analyses)
    files.files["/static/b.css"] = "c{}"

    assert read_sheet_once(files.asset("/static/a.css"), files.read, analyses).text == "c{}\na{}"


def test_one_content_at_two_urls_is_two_sheets() -> None:
    text = "a{background:url(x.png)}"
    files = Sources({"/static/a.css": text, "/static/sub/a.css": text})
    analyses = Analyses(MemoryStore())
    texts = {read_sheet_once(files.asset(url), files.read, analyses).text for url in files.files}

    assert len(texts) == 2
