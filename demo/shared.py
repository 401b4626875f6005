"""What the three sites share: pages, templates, third-party libraries and cache directories."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
ADMIN_TEMPLATES = HERE / "admin_templates"
STATIC = HERE / "static"

FRAMEWORKS = {"django": "Django", "flask": "Flask", "starlette": "Starlette"}
PAGES = {"starter": "Starter", "dashboard": "Dashboard"}
MORE = {
    "/django/admin/auth/user/1/change/": "Django's own admin, in whose templates three blocks were marked",
    "/starlette/made/": "A page whose stylesheets and script only views of the application make",
}
"""Pages that one of the frameworks has."""
LEVELS = {"as-written": "as written", "preloaded": "preloaded", "named": "named", "linked": "linked"}
"""The levels of the editor's modules, by their part of the address."""

# A name for use in URLs -> installed package and the folder in it whose files the pages use.
LIBRARIES = {
    "admin": ("django.contrib.admin", "static/admin"),
    "rest_framework": ("rest_framework", "static/rest_framework"),
    "bootstrap_datepicker": ("xstatic.pkg.bootstrap_datepicker", "data"),
}


def library_dir(name: str) -> Path:
    """Return the directory of the library's static files, found without running the package itself."""
    package, folder = LIBRARIES[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the demo needs {package!r}: pip install -e . --group demo", name=package)
    return Path(spec.origin).parent / folder


def cache_dir(framework: str) -> str:
    """Return the framework's own directory for generated files."""
    return str(_cache_root() / framework)


@cache
def _cache_root() -> Path:
    configured = os.environ.get("DEMO_CACHE_DIR")
    if configured:
        return Path(configured).resolve()
    made = Path(tempfile.mkdtemp(prefix="pressmark-demo-"))
    atexit.register(_remove, made, os.getpid())
    return made


def _remove(directory: Path, owner: int) -> None:
    # A forked worker inherits this hook; only the process that made the directory may remove it.
    if os.getpid() == owner:
        shutil.rmtree(directory, ignore_errors=True)
