"""Elements are judged once by what they are, and the candidates travel."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pressmark.bundling import candidates
from pressmark.bundling.candidates import Candidate, read_candidates
from pressmark.model import Element, Text
from pressmark.page.context import Context
from pressmark.scripts import script_analysis
from pressmark.verdicts.catalogue import Rule
from tests.conftest import Write
from tests.site import Site, js_region

CONTEXT = Context("/page/", "utf-8")


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Counter[str]:
    """Return a count of the calls of a function of *module*."""
    calls: Counter[str] = Counter()
    function = getattr(module, name)

    def counting(*args: Any, **options: Any) -> Any:
        calls[name] += 1
        return function(*args, **options)

    monkeypatch.setattr(module, name, counting)
    return calls


def region(*scripts: str) -> bytes:
    return "\n".join(("<!-- compress js -->", *scripts, "<!-- endcompress -->")).encode()


def test_each_element_of_a_cold_region_is_judged_once(
    static: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.js", "f()")
    write("b.js", "g()")
    calls = counted(monkeypatch, candidates, "refuse_attributes")

    assert Site(static, js_region("a.js", "b.js")).get().bundles
    assert calls["refuse_attributes"] == 2


@pytest.mark.parametrize("attribute", ["", " id=x"], ids=["by its code", "by an attribute"])
def test_an_inline_script_that_stays_is_parsed_once(
    static: Path, monkeypatch: pytest.MonkeyPatch, attribute: str
) -> None:
    calls = counted(monkeypatch, script_analysis, "parse")
    site = Site(static, region(f"<script{attribute}>let a; document.currentScript</script>"))

    assert site.get().body == site.page
    assert calls["parse"] == 1


def test_a_candidate_has_its_url_resolved_and_the_attributes_of_its_tag() -> None:
    element = Element("link", (("rel", "stylesheet"), ("href", "a.css"), ("media", "print")), "", b"<link>")
    pieces = (Text(b"\n"), element)

    assert read_candidates(pieces, "css", CONTEXT) == (
        pieces[0],
        Candidate(element, None, "a.css", "/page/a.css", tag_attrs=(("media", "print"),)),
    )


def test_a_blank_in_a_url_is_what_browsers_make_of_it() -> None:
    element = Element("link", (("rel", "stylesheet"), ("href", " my file.css\n")), "", b"<link>")
    [candidate] = read_candidates([element], "css", CONTEXT)

    assert isinstance(candidate, Candidate)
    assert candidate.url == "/page/my%20file.css"


def test_an_element_that_stays_whatever_its_source_is_has_the_reason() -> None:
    element = Element("script", (("src", "/a.js"), ("onload", "f()")), "", b"")
    [candidate] = read_candidates([element], "js", CONTEXT)

    assert isinstance(candidate, Candidate)
    assert candidate.refusal is not None
    assert candidate.refusal.rule is Rule.ATTRIBUTE
    assert candidate.traits == (("stays", "script"),)
