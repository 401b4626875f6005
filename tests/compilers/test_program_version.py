"""Two machines with the same program name its version by the same text, and another version by another."""

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from pressmark.compilers.program_version import version_of


def program(folder: Path, name: str, content: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return str(path)


def npm_program(folder: Path, package_version: str) -> str:
    """Return a program as npm installs it: a link from its folder of programs to a script of the package."""
    script = program(folder, "node_modules/less/bin/lessc", "#!/usr/bin/env node\nrequire('..')")
    program(folder, "node_modules/less/package.json", json.dumps({"name": "less", "version": package_version}))
    link = folder / "node_modules/.bin/lessc"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(script)
    return str(link)


def test_a_copy_at_another_place_and_time_has_the_same_version(tmp_path: Path) -> None:
    one, other = program(tmp_path, "a/sass", "1"), program(tmp_path, "b/sass", "1")
    os.utime(other, (0, 0))

    assert version_of(one) == version_of(other)
    assert version_of(one) != version_of(program(tmp_path, "c/sass", "2"))


def test_a_program_that_was_replaced_has_another_version(tmp_path: Path) -> None:
    before = version_of(program(tmp_path, "sass", "1"))

    assert version_of(program(tmp_path, "sass", "22")) != before


def test_an_interpreter_at_another_place_makes_no_other_version(tmp_path: Path) -> None:
    one = program(tmp_path, "a/sass", "#!/opt/one/bin/python\nrun()")
    other = program(tmp_path, "b/sass", "#!/srv/other/bin/python3\nrun()")

    assert version_of(one) == version_of(other)


def test_a_program_of_npm_has_the_version_of_its_package(tmp_path: Path) -> None:
    assert version_of(npm_program(tmp_path / "a", "4.6.4")) == version_of(npm_program(tmp_path / "b", "4.6.4"))
    assert version_of(npm_program(tmp_path / "c", "4.6.5")) == "less 4.6.5"


@pytest.mark.parametrize("package", ["{", "[]", "{}"])
def test_a_package_without_a_version_leaves_the_content_of_the_program(tmp_path: Path, package: str) -> None:
    path = npm_program(tmp_path, "1")
    (tmp_path / "node_modules/less/package.json").write_text(package)

    assert version_of(path) == version_of(program(tmp_path, "lessc", "#!node\nrequire('..')"))


def test_a_program_of_a_python_package_has_the_version_of_that() -> None:
    assert version_of(str(Path(sys.executable).parent / "pytest")) == f"pytest {version('pytest')}"


def test_a_program_that_is_gone_has_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        version_of(str(tmp_path / "gone"))
