"""Stylesheets tell in which elements white space is shown as it is written."""

import pytest

from pressmark.page.white_space import EVERYTHING, shown_selectors


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("a { color: red }", ()),
        (".nowrap { white-space: nowrap } b { white-space: normal }", ()),
        (".code { white-space: pre }", (".code",)),
        (".code{color:red;white-space:pre-wrap}", (".code",)),
        ("#log { white-space: pre-line !important }", ("#log",)),
        ("kbd { WHITE-SPACE : BREAK-SPACES }", ("kbd",)),
        (".a, .b > .c, nav li.d { white-space: pre }", (".a", ".c", ".d")),
        ("p.x#y:hover::before { white-space: pre }", ("#y",)),
        (".a:not(.b) { white-space: pre }", (".a",)),
        ('.a[title="x,y"] { white-space: pre }', (".a",)),
        ('.a[title="}"] { white-space: pre }', (".a",)),
        (".a { @media (width > 9px) { white-space: pre } }", (".a",)),
        (".card { .x { color: red } white-space: pre }", (".card",)),
        (".card { .x { white-space: pre } }", (".x",)),
        (".a { white-space: var(--ws) }", (".a",)),
        (".a { white-space/* : */: pre }", (".a",)),
        (".a { content: '/*' } .b { white-space: pre } .c { content: '*/' }", (".b",)),
        ("div:has(:not(.x) .b) { white-space: pre }", ("div",)),
        (":is(.a, .b) { white-space: pre }", (EVERYTHING,)),
        (".a > * { white-space: pre }", (EVERYTHING,)),
        (".a { --white-space: pre }", ()),
        (".a { white-space: inherit } .b { white-space: nowrap !important }", ()),
        ("@import 'x.css'; a { color: red }", (EVERYTHING,)),
        ("@keyframes k { to { white-space: pre } } .a { white-space: pre }", (EVERYTHING, ".a")),
        ("@media print { .p { white-space: pre } }", (".p",)),
        (".a { color: red } /* } */ .b { white-space: pre }", (".b",)),
        (".a { white-space-collapse: preserve }", (".a",)),
        ("[data-code] { white-space: pre }", (EVERYTHING,)),
        ("* { white-space: pre }", (EVERYTHING,)),
        (".a { .b & { white-space: pre } }", (EVERYTHING,)),
        (r".sm\:pre { white-space: pre }", (".sm:pre",)),
        ("white-space: pre", (EVERYTHING,)),
    ],
)
def test_the_elements_are_told_by_a_name_a_class_or_an_id(css: str, found: tuple[str, ...]) -> None:
    assert shown_selectors(css) == found
