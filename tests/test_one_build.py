"""However many ask for a cold page at once, one builds it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.cold_page import main
from tests.conftest import Write
from tests.sources import ROOT, python_path


def make_sources(write: Write) -> None:
    for name in ("a", "b"):
        write(f"{name}.css", f".{name} {{ color: red }}\n" * 2000)
        write(f"{name}.js", f"var {name} = 1;\n" * 2000)


def ask_in_processes(static: Path, processes: int, threads: int) -> list[dict[str, Any]]:
    """Return what each of *processes* processes saw that began at once."""
    start = time.time() + 3
    command = [sys.executable, "-m", "tests.cold_page", str(static), str(threads), str(start)]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": python_path(ROOT)}, stdout=subprocess.PIPE)
        for _ in range(processes)
    ]
    return [json.loads(process.communicate(timeout=120)[0]) for process in running]


def built(reports: list[dict[str, Any]]) -> list[str]:
    return [message for report in reports for message in report["log"] if "was built for" in message]


def test_two_hundred_threads_cause_one_build_of_each_bundle(static: Path, write: Write) -> None:
    make_sources(write)

    report: Any = main(static, 200, 0.0)

    assert report["pages"] == 200
    assert len(report["distinct"]) == 1
    assert report["statuses"] == [200, 200]
    assert len(built([report])) == 2


def test_four_processes_of_fifty_threads_cause_one_build_of_each_bundle(static: Path, write: Write) -> None:
    make_sources(write)

    reports = ask_in_processes(static, processes=4, threads=50)

    assert [report["pages"] for report in reports] == [50] * 4
    assert len({digest for report in reports for digest in report["distinct"]}) == 1
    assert [report["statuses"] for report in reports] == [[200, 200]] * 4
    assert len(built(reports)) == 2
