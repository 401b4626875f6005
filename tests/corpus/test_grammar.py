"""Two parsers that agree may both be wrong: a third is asked about thousands of small scripts of awkward words."""

import random
from itertools import product
from pathlib import Path

import pytest

from tests.corpus.judged import Judgement, ask_acorn, our_judgement

SEED = 20261129
COUNT = 12_000
WORDS = """
    let const var async await of static yield get set using class function if else for do while return
    a b = ( ) { } [ ] ; , . ... => : ? ! + - * / ++ 0 'use\\x20strict' `x` #a #b in instanceof new delete typeof null
""".split()
GAPS = (" ", "\n", " ", "/**/", "/*\n*/")
# Forms that random words hardly ever come to.
FORMS = [
    *("{}let{}a{}={}1;b".format(*each) for each in product(("", ";", "b\n"), GAPS, ("", "\n"), ("", "\n"))),
    *(f"let{gap}{name} = 1" for gap in GAPS for name in ("a", "[a]", "{a}", "of", "async", "yield", "await", "static")),
    *(f"if (1) let{gap}a" for gap in GAPS),
    *(f"class A {{ {member} }}" for member in (
        "#a; [this.#a] = 1", "[this.#a] = 1", "#a; b() { this.#b }", "#a; b() { class C { c() { this.#a } } }",
        "static #a() {} b() { #a in this }", "get #a() {} set #a(b) {}", "#a() {} #a() {}",
        "b() { return class { #a } } c() { this.#a }",
    )),
    "class A extends (b.#a) { #a }", "(class { [self.#f] = 1 })", "class A { #a } b.#a",
    "class A { b = () => this.#c }",
    "for (let of of a) ;", "for (let\nof of a) ;", "for (async of a) ;", "async\nfunction a() {}", "await\na",
    "yield\na", "var let\na", "let // c\na = 1", "let /* c\n */ // d\n[a] = b", "using\na", "using /**/ \n a = 1",
]  # fmt: skip


def scripts() -> dict[str, str]:
    """Return the scripts by names; each is its own."""
    rng = random.Random(SEED)
    texts = list(FORMS)
    while len(texts) < COUNT:
        words = rng.choices(WORDS, k=rng.randint(2, 7))
        texts.append("".join(word + rng.choice(GAPS) for word in words))
    return {f"{number}.js": text for number, text in enumerate(dict.fromkeys(texts))}


Both = dict[str, tuple[str, Judgement, Judgement]]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Return each script with our judgement and that of acorn."""
    folder: Path = tmp_path_factory.mktemp("grammar")
    texts, paths = scripts(), {}
    for name, text in texts.items():
        paths[name] = folder / name
        paths[name].write_text(text, encoding="utf-8", newline="")
    theirs = ask_acorn(paths)
    return {name: (texts[name], our_judgement(path), theirs[name]) for name, path in paths.items()}


def test_there_are_scripts_of_both_sorts(judged: Both) -> None:
    parse = [theirs.parses for _, _, theirs in judged.values()]

    assert sum(parse) > 400
    assert parse.count(False) > 400


def test_nothing_is_taken_for_a_script_that_is_none(judged: Both) -> None:
    assert [text for text, ours, theirs in judged.values() if ours.parses and not theirs.parses] == []


def test_declared_names_and_strictness_are_agreed_on(judged: Both) -> None:
    differing = [
        text
        for text, ours, theirs in judged.values()
        if ours.parses and theirs.parses and _facts(ours) != _facts(theirs)
    ]

    assert differing == []


def _facts(judgement: Judgement) -> tuple[object, ...]:
    return judgement.is_strict, judgement.functions, judgement.variables, judgement.lexical
