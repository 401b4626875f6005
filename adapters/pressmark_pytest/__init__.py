"""Pressmark for pytest: ``pytest --pressmark-record FILE`` records the regions of all pages that the tests render.

It imports nothing of Pressmark before the end, as every run of pytest loads it.
"""

import os
from pathlib import Path
from typing import Any

VARIABLE = "PRESSMARK_RECORD"


def pytest_addoption(parser: Any) -> None:
    """Add the option."""
    group = parser.getgroup("pressmark")
    group.addoption(
        "--pressmark-record",
        metavar="FILE",
        help=f"add every region that the tests meet to FILE, for `pressmark build --recorded FILE`; as {VARIABLE} does",
    )


def pytest_configure(config: Any) -> None:
    """Tell the application, here and in the processes of pytest-xdist, before the tests import it."""
    file = config.getoption("--pressmark-record")
    if file:
        os.environ[VARIABLE] = os.path.abspath(file)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was recorded."""
    file = os.environ.get(VARIABLE)
    if file:
        from pressmark.adapters.commands import summary_of  # noqa: PLC0415  # not at the start of every run

        terminalreporter.write_sep("-", "pressmark")
        terminalreporter.write_line(summary_of(Path(file)))
