"""A machine with the manifest and the bundles of Django's admin, and without any source, serves all its pages."""

import json
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.offline.machines import Machine
from tests.stores.engines import seaweed_engine


def admin(folder: Path, **environ: object) -> Machine:
    """Return a machine that has the project, with a database."""
    return Machine(folder, DJANGO_SETTINGS_MODULE="tests.offline.admin_site", ADMIN_MACHINE=folder, **environ)


def visit(machine: Machine, paths: list[str]) -> dict[str, Any]:
    """Return what became of each of *paths* on *machine*."""
    found: dict[str, Any] = json.loads(machine.run("-m", "tests.offline.admin_server", given="\n".join(paths)))
    return found


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return the machine that builds: it alone has the static files."""
    machine = admin(tmp_path_factory.mktemp("admin") / "builder")
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
    machine = admin(tmp_path / "server", ADMIN_MANIFEST=out / "manifest.json")
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
    native, shipped = visit(builder, paths), visit(server, paths)

    assert {path: page["urls"] for path, page in shipped.items()} == {
        path: page["urls"] for path, page in native.items()
    }
    assert sum(len(page["bundles"]) for page in shipped.values()) > len(paths)
    assert {status for page in shipped.values() for status in page["served"]} == {200}
    assert not (server.folder / "static").exists()


@pytest.mark.server
@pytest.mark.parametrize("where", ["directory", "bucket"])
def test_it_is_deployed_once(builder: Machine, result: dict[str, Any], tmp_path: Path, where: str) -> None:
    with ExitStack() as stack:
        bucket = stack.enter_context(seaweed_engine(tmp_path / "weed")).url if where == "bucket" else ""
        there = bucket or str(tmp_path / "there")
        command = ("-m", "pressmark", "deploy", there, "static", "out=pressmark/", "--json")
        first, again = (json.loads(builder.run(*command)) for _ in range(2))

    assert first["sent"] == first["files"] > 150
    assert (again["sent"], again["is_new"], again["id"]) == (0, False, first["id"])
