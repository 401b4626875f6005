"""The public face is typed: checkers take ``right.py``, and refuse each line of ``wrong.py``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

from pressmark import Options, Settings
from tests.packages.installed import packages
from tests.sources import FOLDERS, ROOT
from tools.docs_tables import meanings

FOLDER = Path(__file__).parent
FILES = ("right.py", "wrong.py")
PYRIGHT = {
    "typeCheckingMode": "standard",
    "enableTypeIgnoreComments": False,
    "reportUnnecessaryTypeIgnoreComment": "error",
}


def test_mypy_takes_the_right_and_refuses_the_wrong() -> None:
    command = [sys.executable, "-m", "mypy", *(str(FOLDER / name) for name in FILES)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    assert run.returncode == 0, run.stdout


@pytest.mark.npm
def test_pyright_takes_the_right_and_refuses_the_wrong(tmp_path: Path) -> None:
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(PYRIGHT | {"extraPaths": [str(path) for path in FOLDERS]}))
    for name in FILES:  # alone, as a site that has Pressmark installed
        path = tmp_path / "tests" / "typing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((FOLDER / name).read_bytes())
    program = packages() / "pyright" / "index.js"
    node = Path(sys.executable).with_name("node")
    command = [str(node), str(program), "--pythonpath", sys.executable, "--outputjson"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    found = json.loads(run.stdout)
    told = [
        f"{each['file']}:{each['range']['start']['line'] + 1}: {each['message']}"
        for each in found["generalDiagnostics"]
    ]

    assert found["summary"]["filesAnalyzed"] == len(FILES)
    assert told == []


def test_keyword_arguments_have_the_types_of_the_settings() -> None:
    assert get_type_hints(Options) == get_type_hints(Settings)


def test_editors_show_the_same_meaning_of_a_keyword_argument_and_of_a_field() -> None:
    assert meanings(Options) == meanings(Settings)
    assert meanings(Options).keys() == get_type_hints(Options).keys()
