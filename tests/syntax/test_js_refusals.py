"""A script that would cost too much to read is refused before it is read, and told apart from one that is none."""

from itertools import count

import pytest

from pressmark.syntax import js_tree
from pressmark.syntax.js_refusals import MAX_NAMES, MAX_SCRIPT_BYTES, MAX_SIGNS, CostlyScriptError
from pressmark.syntax.js_tree import parse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("/*" + "x" * MAX_SCRIPT_BYTES + "*/", "more than 2 MiB", id="bytes"),
        pytest.param(";" * (MAX_SIGNS + 1), "more than 524288 signs", id="signs"),
        pytest.param("".join(f"var v{n};" for n in range(MAX_NAMES + 1)), "more than 10000 names", id="variables"),
        pytest.param("".join(f"let v{n};" for n in range(MAX_NAMES + 1)), "more than 10000 names", id="lets"),
        pytest.param("".join(f"function f{n}(){{}}" for n in range(MAX_NAMES + 1)), "10000 names", id="functions"),
        pytest.param(
            "class A{" + "".join(f"#p{n};" for n in range(MAX_NAMES + 1)) + "}", "private names", id="private names"
        ),
    ],
)
def test_a_script_beyond_its_budget_is_refused(text: str, message: str) -> None:
    with pytest.raises(CostlyScriptError, match=message):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("/*" + "x" * (MAX_SCRIPT_BYTES - 4) + "*/", id="bytes"),
        pytest.param("".join(f"var v{n};" for n in range(MAX_NAMES)), id="variables"),
        pytest.param("(function(){" + "".join(f"var v{n};" for n in range(2 * MAX_NAMES)) + "})()", id="local names"),
    ],
)
def test_a_script_within_its_budget_is_read(text: str) -> None:
    parse(text)


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(js_tree, "thread_time", count().__next__)
    tree = parse("f(" + "a, " * (8 * js_tree.NODES_WITHOUT_LOOK) + "b)")

    with pytest.raises(CostlyScriptError, match="takes more than 5 s to read"):
        list(tree.find(js_tree._WORD))
