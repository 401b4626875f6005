"""Under gevent, builds run on threads of the operating system: parts that they share stop none of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import ROOT, python_path

PATIENCE_S = 120
PARTS = (
    "memory varying cached_regions bodies log background static_files guards commands imports pages foreign_code"
).split()


@pytest.mark.parametrize("part", PARTS)
def test_threads_that_use_a_part_at_once_all_come_to_an_end(part: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gevent.monkey", "--module", "tests.concurrency.contention", part, str(tmp_path)]
    done = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": python_path(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
