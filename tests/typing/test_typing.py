"""The public face is typed: checkers take ``right.py``, and refuse each line of ``wrong.py``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from pressmark import Options, Settings
from tests.packages.installed import packages

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
PYRIGHT = {
    "include": [str(FOLDER)],
    "exclude": [str(FOLDER / "test_typing.py")],
    "extraPaths": [str(ROOT / name) for name in ("middleware", "adapters", ".")],
    "typeCheckingMode": "standard",
    "enableTypeIgnoreComments": False,
    "reportUnnecessaryTypeIgnoreComment": "error",
}


def test_mypy_takes_the_right_and_refuses_the_wrong() -> None:
    command = [sys.executable, "-m", "mypy", str(FOLDER / "right.py"), str(FOLDER / "wrong.py")]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    assert run.returncode == 0, run.stdout


@pytest.mark.npm
def test_pyright_takes_the_right_and_refuses_the_wrong(tmp_path: Path) -> None:
    config = tmp_path / "pyrightconfig.json"
    config.write_text(json.dumps(PYRIGHT))
    node, program = Path(sys.executable).with_name("node"), packages() / "pyright" / "index.js"
    command: list[Any] = [node, program, "--project", config, "--pythonpath", sys.executable, "--outputjson"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    found = json.loads(run.stdout)
    told = [
        f"{each['file']}:{each['range']['start']['line'] + 1}: {each['message']}"
        for each in found["generalDiagnostics"]
    ]

    assert found["summary"]["filesAnalyzed"] == 3
    assert told == []


def test_keyword_arguments_have_the_types_of_the_settings() -> None:
    assert get_type_hints(Options) == get_type_hints(Settings)
