"""Make a release: ``tools/release VERSION`` tests, builds, commits and tags in the checkout, and uploads nothing.

Everything that can fail comes before the commit; where it fails, version and changelog are as they were before.
"""

import datetime
import re
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from packaging.version import InvalidVersion, Version

from tools.check_version import RELEASED, UNRELEASED, check, hatch_version, version_of

ROOT = Path(__file__).parent.parent


class ReleaseError(Exception):
    """The reason for which no release is made."""


def main() -> None:
    """Make the release that the command line names."""
    parser = ArgumentParser(prog="tools/release", description=__doc__)
    parser.add_argument("version", help="the version to release, such as 1.2.3")
    parser.add_argument("--test", default="make test", metavar="COMMAND", help="the tests that must pass: %(default)s")
    arguments = parser.parse_args()
    try:
        built = release(ROOT, arguments.version, arguments.test.split())
    except ReleaseError as error:
        sys.exit(f"no release: {error}")
    print(f"\nReleased here, and nowhere else. To publish {arguments.version}:\n")
    print(f"  git push origin HEAD v{arguments.version}")
    print(f"  .venv/bin/python -m twine upload {' '.join(built)}")


def release(root: Path, version: str, tests: list[str]) -> list[str]:
    """Make the release *version* of the checkout in *root* if *tests* pass; return the files that it is made of."""
    may_follow(root, version)
    run(root, *tests, failure="the tests fail")
    if changes := git(root, "status", "--porcelain"):
        raise ReleaseError(f"the tests have changed files:\n{changes}")
    path, pattern = hatch_version(root)
    changelog = root / "CHANGELOG.md"
    before = {each: each.read_text(encoding="utf-8") for each in (path, changelog)}
    try:
        path.write_text(with_version(before[path], pattern, version), encoding="utf-8")
        changelog.write_text(dated(before[changelog], version, datetime.date.today()), encoding="utf-8")
        built = build(root, version)
        git(root, "commit", "--quiet", "--message", f"Release {version}", "--", *map(str, before))
    except BaseException:
        for each, text in before.items():
            each.write_text(text, encoding="utf-8")
        raise
    git(root, "tag", "--annotate", "--message", f"Pressmark {version}", f"v{version}")
    if found := check(root):
        raise ReleaseError("; ".join(found))
    return built


def may_follow(root: Path, version: str) -> None:
    """Raise ReleaseError where *version* cannot be the next release of the checkout in *root*."""
    if changes := git(root, "status", "--porcelain"):
        raise ReleaseError(f"these changes are not committed:\n{changes}")
    if found := check(root):
        raise ReleaseError("; ".join(found))
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if not unreleased(changelog):
        raise ReleaseError(f"the changelog has nothing under {UNRELEASED!r}")
    try:
        is_next = str(Version(version)) == version and (
            version == version_of(root)
            if not RELEASED.search(changelog)
            else Version(version) > Version(version_of(root))
        )
    except InvalidVersion:
        is_next = False
    if not is_next:
        raise ReleaseError(f"{version!r} does not follow {version_of(root)!r}")
    if git(root, "tag", "--list", f"v{version}"):
        raise ReleaseError(f"there is a tag 'v{version}' already")


def unreleased(changelog: str) -> str:
    """Return what *changelog* tells under "Unreleased"."""
    found = re.search(rf"^## {UNRELEASED}\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def dated(changelog: str, version: str, day: datetime.date) -> str:
    """Return *changelog* with *version* and *day* in the place of "Unreleased"."""
    return re.sub(rf"^## {UNRELEASED}$", f"## {version} ({day.isoformat()})", changelog, count=1, flags=re.MULTILINE)


def with_version(text: str, pattern: str, version: str) -> str:
    """Return the *text* of the file that holds the version with another *version* where *pattern* finds it."""
    found = re.search(pattern, text)
    if found is None:
        raise ReleaseError(f"no version is found by {pattern!r}")
    start, end = found.span("version")
    return text[:start] + version + text[end:]


def build(root: Path, version: str) -> list[str]:
    """Build the source distribution and, from it, the wheel, and have twine check them; return their names."""
    run(root, sys.executable, "-m", "build", "--no-isolation", failure="the build fails")
    names = [f"dist/pressmark-{version}.tar.gz", f"dist/pressmark-{version}-py3-none-any.whl"]
    run(root, sys.executable, "-m", "twine", "check", "--strict", *names, failure="twine finds faults")
    return names


def git(root: Path, *arguments: str) -> str:
    """Return the output of git."""
    command = ["git", "-C", str(root), *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise ReleaseError(f"{' '.join(command)} fails:\n{answer.stderr}")
    return answer.stdout.strip()


def run(root: Path, *command: str, failure: str) -> None:
    """Run *command* with its output shown; raise ReleaseError with the words *failure* where it fails."""
    try:
        subprocess.run(command, cwd=root, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ReleaseError(f"{failure}: {' '.join(command)}") from error


if __name__ == "__main__":
    main()
