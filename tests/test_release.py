"""Version, changelog and tag agree, and ``tools/release`` makes a release of a clean checkout, and of no other."""

import datetime
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.sources import ROOT
from tools import releasing
from tools.check_version import check, disagreements, version_of
from tools.releasing import ReleaseError, release

CHANGES = "\n### Fixed\n\n- A bug.\n"


def dated(text: str) -> str:
    """Return *text* with today's date as DATE; a test may begin on the day before."""
    today = datetime.date.today()
    days = [today.isoformat(), (today - datetime.timedelta(days=1)).isoformat()]
    return re.sub("|".join(days), "DATE", text)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Tests", "-c", "user.email=tests@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_version_changelog_and_tag_agree() -> None:
    assert check(ROOT) == []


@pytest.mark.parametrize(
    ("changelog", "tags", "found"),
    [
        ("## Unreleased\n", [], []),
        ("## 1.2.3 (2026-11-29)\n", ["v1.2.3", "other"], []),
        ("## Unreleased\n\n## 1.2.3 (2026-11-29)\n\n## 1.2.2 (2026-11-28)\n", [], []),
        ("## 1.2.2 (2026-11-28)\n", [], ["the version is '1.2.3', but the newest release of the changelog is '1.2.2'"]),
        ("## Unreleased\n", ["v1.2.4"], ["the version is '1.2.3', but the commit has the tag 'v1.2.4'"]),
        (
            "## Unreleased\n",
            ["v1.2.3"],
            ["the commit has the tag 'v1.2.3', but the changelog begins with 'Unreleased'"],
        ),
        ("## 1.2.3\n", [], ["the changelog's heading '1.2.3' is not of the form '1.2.3 (2026-12-31)'"]),
        ("## 1.2.3 (2026-11-29)\n## Unreleased\n", [], ["the changelog has 'Unreleased' below another heading"]),
    ],
)
def test_what_disagrees_is_told(changelog: str, tags: list[str], found: list[str]) -> None:
    assert disagreements("1.2.3", changelog, tags) == found


@pytest.fixture
def checkout(tmp_path: Path, template: Path) -> Path:
    """Return a repository of its own with the files of this one, one change in its changelog, and a virtualenv."""
    return Path(shutil.copytree(template, tmp_path / "pressmark"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("template")
    for name in git(ROOT, "ls-files", "--cached").splitlines():
        if (ROOT / name).is_file() and not name.startswith(("tests/", "demo/", "benchmarks/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (folder / ".venv" / "bin" / "python").chmod(0o755)
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## Unreleased\n{CHANGES}")
    git(folder, "init", "--quiet")
    for name, value in {"user.name": "Tests", "user.email": "tests@example.org"}.items():
        git(folder, "config", name, value)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")


def test_a_release_is_built_committed_and_tagged_and_told_how_to_publish(checkout: Path) -> None:
    first = version_of(checkout)
    command = [str(checkout / "tools" / "release"), first, "--test", "true"]
    done = subprocess.run(command, cwd=checkout.parent, check=False, capture_output=True, text=True)
    wheel = f"dist/pressmark-{first}-py3-none-any.whl"

    assert done.returncode == 0, done.stdout + done.stderr
    assert dated((checkout / "CHANGELOG.md").read_text()) == f"# Changelog\n\n## {first} (DATE)\n{CHANGES}"
    assert git(checkout, "log", "-1", "--format=%s") == f"Release {first}"
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "tag", "--points-at", "HEAD") == f"v{first}"
    assert check(checkout) == []
    assert done.stdout.rstrip().endswith(f"twine upload dist/pressmark-{first}.tar.gz {wheel}")
    assert modules_in(checkout / wheel) == modules_of(checkout)


def modules_in(wheel: Path) -> set[str]:
    """Return what a wheel holds beside its metadata."""
    with zipfile.ZipFile(wheel) as opened:
        return {name for name in opened.namelist() if ".dist-info/" not in name}


def modules_of(folder: Path) -> set[str]:
    """Return the files of the source folders as they are named in a wheel."""
    tracked = git(folder, "ls-files", "middleware", "adapters").splitlines()
    return {name.partition("/")[2] for name in tracked}


def test_the_next_release_has_the_version_that_was_asked_for(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "build", lambda root, version: [f"built {version_of(root)} as {version}"])
    date = "2020-01-01"
    changelog = f"# Changelog\n\n## Unreleased\n{CHANGES}\n## {version_of(checkout)} ({date})\n\n- The first.\n"
    (checkout / "CHANGELOG.md").write_text(changelog)
    commit(checkout)

    assert release(checkout, "99.1.0", ["true"]) == ["built 99.1.0 as 99.1.0"]
    first = re.findall("^## .*", (checkout / "CHANGELOG.md").read_text(), re.MULTILINE)[0]
    assert dated(first) == "## 99.1.0 (DATE)"


@pytest.mark.parametrize(
    ("change", "version", "test", "why"),
    [
        pytest.param("", "0.0.1", "true", "'0.0.1' does not follow", id="an older version"),
        pytest.param("", "1.2.x", "true", "'1.2.x' does not follow", id="no version"),
        pytest.param("", "", "false", "the tests fail: false", id="tests that fail"),
        pytest.param("touch new", "", "true", "these changes are not committed:\n.. new", id="files that are new"),
        pytest.param("echo >CHANGELOG.md && git commit -qam Empty", "", "true", "has nothing under", id="no changes"),
        pytest.param("git tag v{}", "", "true", "the changelog begins with 'Unreleased'", id="a tag of this commit"),
        pytest.param("", "", "touch CHANGELOG.md.rej", "the tests have changed files", id="tests that leave files"),
    ],
)
def test_no_release_is_made(checkout: Path, change: str, version: str, test: str, why: str) -> None:
    own = version_of(checkout)
    subprocess.run(["sh", "-c", change.format(own)], cwd=checkout, check=True)
    head, status = git(checkout, "rev-parse", "HEAD"), git(checkout, "diff")

    with pytest.raises(ReleaseError, match=why):
        release(checkout, version or own, test.split())

    assert (git(checkout, "rev-parse", "HEAD"), git(checkout, "diff")) == (head, status)
    assert not (checkout / "dist").exists()


def test_a_build_that_fails_leaves_everything_as_it_was(checkout: Path) -> None:
    (checkout / "LICENSE").unlink()
    with (checkout / "pyproject.toml").open("a") as file:
        file.write('\n[tool.hatch.build.hooks.custom]\npath = "none.py"\n')
    commit(checkout)

    with pytest.raises(ReleaseError, match="the build fails"):
        release(checkout, version_of(checkout), ["true"])

    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "tag") == ""
