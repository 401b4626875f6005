"""Programs and packages that pip does not bring: each is found, or the test fails and names the command to run.

A test that needs any bears a mark, by its folder (tests/conftest.py) or by a decorator, so that ``make quick`` leaves
it out. Without a mark it fails wherever it runs, and so does a module that asks on import: pytest collects without
all of this.
"""

from typing import TypeVar

MARKS = {
    "browser": "starts Chromium",
    "server": "starts a server process: a web server, or Redis",
    "fault": "starts processes whose calls of the system fail, by a C compiler",
    "npm": "reads or runs packages from npm",
    "migration": "starts a project that `make migration` installs",
}
FROM_DEBIAN = "{} is missing: run 'sh tools/ensure-debian-packages', which installs it"

Found = TypeVar("Found")


class Running:
    """The marks of the test that runs: none between tests, ``None`` outside of pytest."""

    marks: frozenset[str] | None = None


def found(mark: str, thing: Found | None, otherwise: str) -> Found:
    """Return *thing*, for which tests bear *mark*; fail with the words *otherwise* where there is none."""
    allow(mark)
    assert thing is not None, otherwise
    return thing


def allow(mark: str) -> None:
    """Fail where what runs is a test without any mark, or no test."""
    is_allowed = Running.marks is None or not Running.marks.isdisjoint(MARKS)
    assert is_allowed, f"a test that {MARKS[mark]} is marked with @pytest.mark.{mark}, and does so in no import"
