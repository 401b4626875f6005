"""Check that version, changelog and tag agree: ``python -m tools.check_version``."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
RELEASED = re.compile(r"(?P<version>\d\S*) \(\d{4}-\d\d-\d\d\)")
UNRELEASED = "Unreleased"


def version_of(root: Path) -> str:
    """Return the version of the checkout in *root*, read as hatch reads it."""
    path, pattern = hatch_version(root)
    [version] = re.findall(pattern, path.read_text(encoding="utf-8"))
    return str(version)


def hatch_version(root: Path) -> tuple[Path, str]:
    """Return the file that holds the version, and the pattern of the line in it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    hatch = project["tool"]["hatch"]["version"]
    return root / hatch["path"], hatch["pattern"]


def tags_of(root: Path) -> list[str]:
    """Return the tags of the checked out commit; an unpacked source distribution has none."""
    command = ["git", "-C", str(root), "tag", "--points-at", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()


def disagreements(version: str, changelog: str, tags: list[str]) -> list[str]:
    """Return what does not agree, a sentence each.

    The newest release of *changelog* is *version*, unless there is none yet. Above it only "Unreleased" may stand, and
    not in a commit with a tag "vVERSION".
    """
    found: list[str] = []
    headings = HEADING.findall(changelog)
    releases = [heading for heading in headings if heading != UNRELEASED]
    for heading in releases:
        if not RELEASED.fullmatch(heading):
            found.append(f"the changelog's heading {heading!r} is not of the form '1.2.3 (2026-12-31)'")
    newest = releases[0].partition(" ")[0] if releases else None
    if UNRELEASED in headings[1:]:
        found.append(f"the changelog has {UNRELEASED!r} below another heading")
    if newest not in (None, version):
        found.append(f"the version is {version!r}, but the newest release of the changelog is {newest!r}")
    for tag in tags:
        if re.match(r"v\d", tag) and tag != f"v{version}":
            found.append(f"the version is {version!r}, but the commit has the tag {tag!r}")
        elif tag == f"v{version}" and headings[:1] != releases[:1]:
            found.append(f"the commit has the tag {tag!r}, but the changelog begins with {''.join(headings[:1])!r}")
    return found


def check(root: Path) -> list[str]:
    """Return what does not agree in the checkout in *root*."""
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    return disagreements(version_of(root), changelog, tags_of(root))


if __name__ == "__main__":
    sys.exit("\n".join(check(ROOT)) or None)
