"""Write the pages of applications without a build, their modules, and what esbuild makes of them."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.browsing.servers import with_files
from pressmark import WSGIMiddleware
from tests.behaviour.module_apps.apps import APPS
from tests.behaviour.module_apps.import_maps import import_map
from tests.packages.installed import packages
from tests.site import Site

NAMES = ("tiptap", "shoelace", "codemirror", "lit", "three")
LEVELS: dict[str, Any] = {"native": False, "preloaded": "preload", "named": "named", "linked": True}
"""The setting ``modules`` of each server."""
BUNDLED = {
    "esbuild": ("--bundle", "--format=esm", "--minify-whitespace"),
    "esbuild, all kept": (
        "--bundle",
        "--format=esm",
        "--minify-whitespace",
        "--tree-shaking=false",
        "--ignore-annotations",
    ),
}
"""esbuild's arguments for each bundle, which the native server sends."""
FORMS = (*LEVELS, *BUNDLED)
_PRELOADED = re.compile(rb'rel="modulepreload" href="/static/([^"]+)"')
_HEAD = '<!DOCTYPE html><html><head><script>var log = []</script></head><body><p id="one"></p><div id="two"></div>\n'


class ModuleApp(NamedTuple):
    """An application: its *page*, and the paths of its modules below the folder of static files."""

    name: str
    page: bytes
    modules: tuple[str, ...]


def path_of(name: str, form: str) -> str:
    """Return the path of the page of an application in a form."""
    return f"/{name}/{list(BUNDLED).index(form) if form in BUNDLED else 'page'}"


def make_site(folder: Path, names: tuple[str, ...] = NAMES) -> list[ModuleApp]:
    """Write the applications into *folder*, each file in Brotli as well."""
    static = folder / "static"
    apps = [_made(folder, name) for name in names]
    subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", str(static)], check=True)
    return apps


def _made(folder: Path, name: str) -> ModuleApp:
    """Write one application."""
    own, text = folder / "static" / name, f'{APPS[name]}\nperformance.mark("done");\n'
    own.mkdir(parents=True)
    (own / "app.js").write_text(text, encoding="utf-8")
    imports = import_map(text, packages(), "/static/npm/")
    page = (
        f'{_HEAD}<!-- compress js {name} -->\n<script type="importmap">{json.dumps({"imports": imports}, indent=1)}'
        f'</script>\n<script type="module" src="/static/{name}/app.js"></script>\n<!-- endcompress -->\n</body></html>'
    ).encode()
    modules = _modules(folder, page)
    for path in modules:
        _copy(path, folder / "static")
    pages = folder / "pages" / name
    pages.mkdir(parents=True)
    (pages / "page").write_bytes(page)
    for number, arguments in enumerate(BUNDLED.values()):
        _bundle(own, imports, f"{number}.js", arguments)
        tag = f'<script type="module" src="/static/{name}/{number}.js"></script>'
        (pages / str(number)).write_text(f"{_HEAD}{tag}\n</body></html>", encoding="utf-8")
    return ModuleApp(name, page, modules)


def _modules(folder: Path, page: bytes) -> tuple[str, ...]:
    """Return the paths of all modules of *page*, as the level "preload" tells them."""
    static = {"/static/": folder / "static", "/static/npm/": packages()}
    site = Site(folder / "static", page, {"static": static, "modules": "preload", "cache_dir": folder / "cache"})
    return tuple(path.decode() for path in _PRELOADED.findall(site.get().body))


def _copy(path: str, static: Path) -> None:
    """Copy the module at *path* from its package, with what esbuild asks about its folders."""
    inner = Path(path.removeprefix("npm/"))
    if path == str(inner) or (static / path).exists():
        return
    (static / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(packages() / inner, static / path)
    for folder in list(inner.parents)[:-1]:
        about = packages() / folder / "package.json"
        if about.is_file():
            shutil.copy(about, static / "npm" / folder)


def _bundle(own: Path, imports: dict[str, str], name: str, arguments: tuple[str, ...]) -> None:
    """Write the bundle *name* of the application in the folder *own*, by the names of its import map."""
    paths = {key: [f"../{target.removeprefix('/static/')}"] for key, target in imports.items()}
    settings = own / "tsconfig.json"
    settings.write_text(json.dumps({"compilerOptions": {"paths": paths}}), encoding="utf-8")
    [esbuild] = (packages() / "@esbuild").glob("*/bin/esbuild")
    command = [str(esbuild), "app.js", *arguments, f"--outfile={name}", f"--tsconfig={settings}", "--log-level=error"]
    subprocess.run(command, cwd=own, check=True)


def _pages(folder: Path) -> Callable[[Any, Any], list[bytes]]:
    """Return an application that answers with the pages in *folder*."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        page = (folder / "pages" / environ["PATH_INFO"].strip("/")).read_bytes()
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))])
        return [page]

    return app


def application(folder: Path, level: str) -> Any:
    """Return the application that serves the pages in *folder* at one of ``LEVELS``."""
    if not LEVELS[level]:
        return with_files(_pages(folder), folder)
    options: dict[str, Any] = {"cache_dir": folder / level, "build_wait": None, "modules": LEVELS[level]}
    return with_files(WSGIMiddleware(_pages(folder), static={"/static/": folder / "static"}, **options), folder)
