"""What an examination has found, line by line, for people and programs."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from pressmark.report.text_table import aligned, counted

Level = Literal["ok", "note", "bad"]


class Finding(NamedTuple):
    """A finding on a *subject*: "ok", a "note" on what may be meant so, or "bad", with what to do in the *text*."""

    level: Level
    subject: str
    text: str


def lines_of(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield a line for each finding, and one for all."""
    yield from aligned([(each.level, each.subject, each.text) for each in findings])
    bad = sum(each.level == "bad" for each in findings)
    yield f"{counted(len(findings), 'check')}, {bad or 'none'} failed"
