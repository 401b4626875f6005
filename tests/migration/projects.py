"""The projects that move from django-compressor, each with an environment of its own and versions that go together."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.real.running import serving
from tests.migration.postgres import postgres
from tests.sources import ROOT

SIDES = ("plain", "compressor", "pressmark")
INSTALLED = ROOT / ".venv" / "migration"
DJANGO = ("-m", "django")


@dataclass(frozen=True)
class Project:
    """A project of PyPI: what pip installs, what Python runs once to prepare it, and the paths that are tried.

    After a path and a space a page may have the cookie with which it is asked for.
    """

    name: str
    requirements: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    pages: tuple[str, ...]
    has_postgres: bool = False
    scheme: str = "http"
    """What the server in front of it is asked by: Chromium keeps cookies of https from this host by http, too."""

    @property
    def folder(self) -> Path:
        """The folder of what the project writes: its database, its static files."""
        return INSTALLED / self.name / "site"

    @property
    def python(self) -> Path:
        """The Python of its environment."""
        return INSTALLED / self.name / "bin" / "python"

    def environment(self, side: str) -> Mapping[str, str]:
        """Return the variables by which the settings are those of *side*."""
        return {
            "DJANGO_SETTINGS_MODULE": f"tests.migration.sites.{self.name}_site",
            "MIGRATION_FOLDER": str(self.folder),
            "MIGRATION_SIDE": side,
        }

    def run(self, *arguments: str, side: str = "compressor") -> "subprocess.CompletedProcess[str]":
        """Run Python in the project's environment."""
        return subprocess.run(
            [self.python, *arguments],
            cwd=ROOT, env=os.environ | self.environment(side), capture_output=True, text=True, check=False,
        )  # fmt: skip

    @contextmanager
    def database(self) -> Iterator[None]:
        """Run its database, if that is a server, until the context ends."""
        with ExitStack() as stack:
            if self.has_postgres:
                stack.enter_context(postgres(self.folder / "postgres", self.name))
            yield

    @contextmanager
    def serving(self, folder: Path) -> Iterator[dict[str, str]]:
        """Serve all sides until the context ends, with logs in *folder*; give the URL of each."""
        words = ["waitress", "--listen=127.0.0.1:{port}", f"--url-scheme={self.scheme}"]
        words.append("tests.migration.sites.serving:app")
        with self.database(), ExitStack() as stack:
            urls = dict[str, str]()
            for side in SIDES:
                # Bundles of an earlier run are those of other code.
                more = {**self.environment(side), "MIGRATION_BUNDLES": str(folder / "bundles")}
                urls |= stack.enter_context(serving({side: words}, folder, python=self.python, more=more))
            yield urls


COLLECT = (*DJANGO, "collectstatic", "--no-input")
PROJECTS = {
    project.name: project
    for project in (
        Project(
            "mezzanine",
            ("Mezzanine==6.1.1", "Django==4.2.30", "django-compressor==4.6.0"),
            (("-m", "tests.migration.sites.mezzanine_layout"), (*DJANGO, "createdb", "--noinput"), COLLECT),
            ("/", "/blog/"),
        ),
        Project(
            "pretix",
            ("pretix==2026.8.0", "Django==5.2.19", "django-compressor==4.6.0"),
            ((*DJANGO, "migrate"), ("-m", "tests.migration.sites.pretix_content")),
            ("/control/login", "/library/", "/library/reading/"),
            scheme="https",  # its pages load again and again until they have a cookie of https
        ),
        Project(
            "weblate",
            # A newer django-otp lacks what this Weblate calls; a newer PyGObject needs a newer GLib than Debian 12 has.
            (
                "Weblate[postgres]==5.14.3",
                "Django==5.2.19",
                "django-compressor==4.6.0",
                "django-otp==1.6.3",
                "PyGObject==3.50.2",
            ),
            ((*DJANGO, "migrate"), COLLECT),
            ("/", "/accounts/login/"),
            has_postgres=True,
        ),
        Project(
            "horizon",
            ("horizon==27.0.0", "Django==5.2.19", "django-compressor==4.6.0"),
            (COLLECT,),
            ("/auth/login/", "/auth/login/ theme=material", "/no/such/page/"),
        ),
    )
}
