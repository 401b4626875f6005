"""A depfile is a rule of make."""

import pytest

from pressmark.compilers.depfile import read_depfile


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("out.css: a.scss b.scss\n", ("/site/a.scss", "/site/b.scss")),
        ("out.css: a.scss \\\n  b.scss \\\r\n  /lib/c.scss", ("/site/a.scss", "/site/b.scss", "/lib/c.scss")),
        ("out.css:\n", ()),
        ("out.css: ../lib/a.scss a.scss a.scss", ("/lib/a.scss", "/site/a.scss")),
        ("out.css: with\\ blank.scss \\#1.scss $$x.scss", ("/site/with blank.scss", "/site/#1.scss", "/site/$x.scss")),
        ("# made by x\nout.css: a.scss\n\nother: b.scss\n", ("/site/a.scss",)),
        ("C:\\out.css: a.scss", ("/site/a.scss",)),
        ("out.css:a.scss", ("/site/a.scss",)),
        ("# made by: x\nout.css: a.scss # the first\n", ("/site/a.scss",)),
    ],
    ids=[
        "one line",
        "several lines",
        "none",
        "the same twice",
        "escapes",
        "a comment and another rule",
        "a drive",
        "no blank",
        "comments",
    ],
)
def test_the_files_of_the_first_rule_are_read(text: str, paths: tuple[str, ...]) -> None:
    assert read_depfile(text, "/site") == paths


@pytest.mark.parametrize("text", ["", "a.scss b.scss\n", "{}"])
def test_a_text_without_a_rule_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="holds no rule"):
        read_depfile(text, "/site")
