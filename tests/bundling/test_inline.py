"""A bundle's text inside a page: escaped where that says the same, refused elsewhere."""

import pytest

from pressmark.bundling.inline import inlined
from pressmark.model import Kind


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("js", "f('</script>')", "f('\\x3c/script>')"),
        ("js", 'é = "<SCRIPT" + "<!--"', 'é = "\\x3cSCRIPT" + "\\x3c!--"'),
        ("js", r"f('\<script>', '\\<!--')", r"f('\x3cscript>', '\\\x3c!--')"),
        ("js", "f('<p>', 1 < 2)", "f('<p>', 1 < 2)"),
        ("js", "f('<p>');g('</script>')", "f('<p>');g('\\x3c/script>')"),
        ("css", "a{content:'</style>'}", "a{content:'<\\/style>'}"),
        ("css", "a{b:c}", "a{b:c}"),
        ("css", "a{--b:'</style>'}", None),
        ("css", "a{b:url(</style>)}", None),
        ("css", "/*! </style> */", None),
        ("js", "/<\\/script>|<script/.test(a)", None),
        ("js", "a = `</script>`", None),
        ("js", "/*! <!-- */", None),
        ("js", "if (a<!--b) f()", None),
        ("js", "f('\0')", None),
        ("js", "f('</script>'", None),
    ],
)
def test_only_strings_are_written_otherwise(kind: Kind, text: str, expected: str | None) -> None:
    assert inlined(kind, text) == expected
