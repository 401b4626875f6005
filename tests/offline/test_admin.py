"""A machine with the manifest and the bundles of Django's admin, and without any source, serves all its pages."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sources import ROOT, python_path


class Machine:
    """A machine that has the project, with a database; *environ* are its variables."""

    def __init__(self, folder: Path, **environ: object) -> None:
        self.folder = folder
        folder.mkdir()
        self._environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.offline.admin_site",
            "ADMIN_MACHINE": str(folder),
            "PYTHONPATH": python_path(ROOT),
            **{name: str(value) for name, value in environ.items()},
        }

    def run(self, *arguments: str, given: str = "") -> str:
        """Return what a Python process prints."""
        done = subprocess.run(
            [sys.executable, *arguments], check=False, cwd=ROOT, env=self._environ, input=given, text=True,
            capture_output=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """Return what a command of the project prints."""
        return self.run("-m", "django", *arguments)

    def visit(self, paths: list[str]) -> dict[str, Any]:
        """Return what became of each of *paths*."""
        found: dict[str, Any] = json.loads(self.run("-m", "tests.offline.admin_server", given="\n".join(paths)))
        return found


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return the machine that builds: it alone has the static files."""
    machine = Machine(tmp_path_factory.mktemp("admin") / "builder")
    machine.manage("migrate", "-v", "0")
    users = "import django; django.setup(); from django.contrib.auth.models import User as U; "
    machine.run("-c", users + "U.objects.create_superuser('ann'); U.objects.create_user('bob')")
    machine.manage("collectstatic", "--no-input", "-v", "0")
    return machine


@pytest.fixture(scope="module")
def result(builder: Machine) -> dict[str, Any]:
    """Return the result of a build that follows all links of the admin."""
    out = builder.folder / "out"
    found: dict[str, Any] = json.loads(
        builder.manage("compress", "/admin/", "--follow", "--user", "ann", "--output", str(out), "--json")
    )
    return found


@pytest.fixture
def server(builder: Machine, result: dict[str, Any], tmp_path: Path) -> Machine:
    """Return a machine that has what was built, and neither the static files nor the cache of the builder."""
    out = shutil.copytree(builder.folder / "out", tmp_path / "shipped")
    machine = Machine(tmp_path / "server", ADMIN_MANIFEST=out / "manifest.json")
    shutil.copy(builder.folder / "db.sqlite3", machine.folder)
    return machine


def test_all_pages_behind_the_login_were_rendered(builder: Machine, result: dict[str, Any]) -> None:
    pages = {page["path"]: page["status"] for page in result["pages"]}

    assert pages["/admin/"] == pages["/admin/auth/user/1/change/"] == pages["/admin/auth/group/add/"] == 200
    assert len(pages) > 10
    assert result["not_built"] == []
    sessions = "import django; django.setup(); from django.contrib.sessions.models import Session as S; "
    assert builder.run("-c", f"{sessions} print(S.objects.count())") == "0\n"


def test_a_machine_without_sources_serves_every_page_as_one_with_them_does(
    builder: Machine, result: dict[str, Any], server: Machine
) -> None:
    paths = [page["path"] for page in result["pages"] if page["status"] == 200]
    native, shipped = builder.visit(paths), server.visit(paths)

    assert {path: page["urls"] for path, page in shipped.items()} == {
        path: page["urls"] for path, page in native.items()
    }
    assert sum(len(page["bundles"]) for page in shipped.values()) > len(paths)
    assert {status for page in shipped.values() for status in page["served"]} == {200}
    assert not (server.folder / "static").exists()
