"""Installs the projects, each once for its versions: ``python -m tests.migration.installing``."""

import shutil
import subprocess
import sys

from tests.migration.projects import INSTALLED, PROJECTS, Project
from tests.sources import ROOT

PIP = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")


def install(project: Project) -> None:
    """Make the environment of *project*, and prepare its database and static files."""
    stamp = INSTALLED / f"{project.name}.stamp"
    wanted = repr((project.requirements, project.steps))
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {project.name} ...", flush=True)
    shutil.rmtree(INSTALLED / project.name, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", INSTALLED / project.name], check=True)
    project.folder.mkdir()
    # Its own requirements come first: Pressmark's are few, and have no upper limits but one.
    for words in (project.requirements, ("waitress==3.0.2", "-e", ROOT)):
        subprocess.run([project.python, *PIP, *words], check=True)
    with project.database():
        for step in project.steps:
            done = project.run(*step)
            if done.returncode:
                sys.exit(f"{project.name}: {' '.join(step)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    stamp.write_text(wanted)


if __name__ == "__main__":
    for each in PROJECTS.values():
        install(each)
