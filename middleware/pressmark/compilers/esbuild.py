"""Compile TypeScript and JSX by esbuild's binary, which needs no Node.js to run."""

import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pressmark.compilers.command import TIMEOUT_S, file_of, log_complaints, refuse_changed, run_program
from pressmark.compilers.npm_packages import find_npm_package
from pressmark.compilers.processes import CompilerError
from pressmark.compilers.program_version import version_of
from pressmark.compilers.source_names import with_source_names
from pressmark.concurrency.green import run_at_home
from pressmark.errors import SettingsError
from pressmark.model import Asset

_LOADERS = {"typescript": "ts", "tsx": "tsx", "jsx": "jsx"}
_OWN_LOADER = frozenset((".ts", ".tsx", ".jsx", ".mts", ".cts"))
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_CONFIGURATIONS = ("tsconfig.json", "jsconfig.json", "package.json")
_EXTENDS = re.compile(r"\"extends\"\s*:\s*(\[[^\]]*\]|\"[^\"]*\")")
_QUOTED = re.compile(r"\"([^\"]*)\"")
_UNRESOLVED = re.compile(r"Could not resolve \"(\.[^\"]*)\"")
_ENDINGS = ("", ".tsx", ".ts", ".jsx", ".js", ".css", ".json")


@dataclass(frozen=True, slots=True)
class EsbuildBinary:
    """The *program* at a path, of a *version*."""

    program: str
    version: str


def find_esbuild(folder: str = "") -> EsbuildBinary | None:
    """Return the binary of npm's esbuild as Node.js finds it from *folder*, else the one on the PATH, else ``None``."""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    machine = _MACHINES.get(platform.machine().lower(), platform.machine().lower())
    found = find_npm_package(f"@esbuild/{system}-{machine}", folder)
    if found is not None:
        for name in ("bin/esbuild", "esbuild.exe"):
            if os.access(found.path / name, os.X_OK):
                return EsbuildBinary(str(found.path / name), found.version)
    program = shutil.which("esbuild")
    return EsbuildBinary(program, version_of(program)) if program is not None else None


def require_esbuild(folder: str = "") -> EsbuildBinary:
    """Return the same. Raises SettingsError if there is none."""
    found = find_esbuild(folder)
    if found is None:
        raise SettingsError(
            "'esbuild' needs esbuild, which is in no node_modules above "
            f"{os.path.abspath(folder or os.curdir)}, nor on the PATH; run npm install esbuild"
        )
    return found


class Esbuild:
    """A precompiler for TypeScript and JSX (types such as ``text/typescript``, ``text/tsx`` and ``text/jsx``).

    A source that imports or exports is a module: it is bundled with what it imports, from npm's packages too, and its
    names are its own. Any other is a classic script, and its names are the page's. *target* is a text such as
    ``"es2018"``; *arguments* are esbuild's own, such as ``["--jsx=automatic"]``. Types are not checked.

    Raises SettingsError without esbuild. Its package is looked for from *folder*, by default the working directory.
    """

    name = "esbuild"

    def __init__(self, target: str = "", arguments: Sequence[str] = (), folder: str = "") -> None:
        found = require_esbuild(folder)
        # As by esbuild's own wish for what is minified; a package such as React has another form for development.
        mode = os.environ.get("NODE_ENV") or "production"
        self._program = found.program
        self._arguments = (
            f"--define:process.env.NODE_ENV={json.dumps(mode)}",
            *((f"--target={target}",) if target else ()),
            *arguments,
        )
        self.key = f"esbuild {found.version} {json.dumps(self._arguments)}, 1"

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* as a classic script, with its source map and the paths of all files that it depends on.

        Raises CompilerError with esbuild's own words, AssetError if the file was written meanwhile.
        """
        return run_at_home(lambda: self._compile(asset))

    def _compile(self, asset: Asset) -> Asset:
        loader = _LOADERS.get(asset.media_type.rpartition("/")[2].removeprefix("x-"), "js")
        with TemporaryDirectory(prefix="pressmark-") as folder:
            infile = file_of(asset)
            if infile is None:
                infile = Path(folder, f"in.{loader}")
                infile.write_bytes(asset.content)
            arguments = [str(infile), "--sourcemap=external"]
            if file_of(asset) is None:  # not the one that somebody may have put above the temporary folder
                own = Path("tsconfig.json").absolute()
                arguments.append(f"--tsconfig={own}" if own.is_file() else "--tsconfig-raw={}")
            if infile.suffix not in _OWN_LOADER:
                arguments.append(f"--loader:{infile.suffix or '.'}={loader}")
            facts = self._make(asset, arguments, folder)
            refuse_changed(asset)
            content, source_map = Path(folder, "out.js").read_bytes(), Path(folder, "out.js.map").read_text("utf-8")
            found = _with_whole_sources(source_map, folder)
        path = str(infile)
        return replace(
            asset,
            content=content,
            source_map=with_source_names(found, path, (os.getcwd(),)),
            dependencies=_dependencies(facts["inputs"], path) if file_of(asset) else (),
        )

    def _make(self, asset: Asset, arguments: Sequence[str], folder: str) -> dict[str, Any]:
        """Let esbuild make a classic script; return what it tells of its work."""
        facts = self._run(asset, arguments, folder)
        if any(each.get("format") == "esm" for each in facts["inputs"].values()):
            facts = self._run(asset, [*arguments, "--bundle", "--format=iife"], folder)
        return facts

    def _run(self, asset: Asset, arguments: Sequence[str], folder: str) -> dict[str, Any]:
        """Return what esbuild tells of its work. It writes ``out.js`` and ``out.js.map`` into *folder*."""
        outfile, facts = os.path.join(folder, "out.js"), os.path.join(folder, "facts.json")
        written = (f"--outfile={outfile}", f"--metafile={facts}", "--log-level=warning", "--color=false")
        try:
            ran = run_program([self._program, *arguments, *written, *self._arguments], b"", TIMEOUT_S)
        except ValueError as error:
            path = arguments[0]
            awaited = (os.path.join(os.path.dirname(path), each) for each in _UNRESOLVED.findall(str(error)))
            candidates = (os.path.normpath(f"{each}{ending}") for each in awaited for ending in _ENDINGS)
            is_file = file_of(asset) is not None
            raise CompilerError(str(error), (*candidates, *_dependencies([path], path)) if is_file else ()) from error
        log_complaints(self.name, asset, ran.complaints)
        found: dict[str, Any] = json.loads(Path(facts).read_bytes())
        return found


class EsbuildModules(Esbuild):
    """The same for one ES module alone, which keeps its imports and exports (``isolatedModules`` of TypeScript)."""

    name = "esbuild, one module"

    def __init__(self, folder: str = "") -> None:
        super().__init__(folder=folder)
        self.key = f"module, {self.key}"

    def _make(self, asset: Asset, arguments: Sequence[str], folder: str) -> dict[str, Any]:
        return self._run(asset, [*arguments, "--format=esm"], folder)


def _with_whole_sources(source_map: str, folder: str) -> str:
    """Return *source_map*, whose sources are relative to *folder*, with whole paths."""
    found = json.loads(source_map)
    return json.dumps({**found, "sources": [os.path.normpath(os.path.join(folder, each)) for each in found["sources"]]})


def _extended(configuration: str) -> list[str]:
    """Return the paths of the configurations that one extends, as far as they are named by paths."""
    found = _EXTENDS.findall(Path(configuration).read_text("utf-8", "replace"))
    names = (name for each in found for name in _QUOTED.findall(each) if name.startswith((".", "/")))
    paths = (os.path.normpath(os.path.join(os.path.dirname(configuration), name)) for name in names)
    return [path if path.endswith(".json") else f"{path}.json" for path in paths]


def _dependencies(inputs: Sequence[str], path: str) -> tuple[str, ...]:
    """Return the paths on which the result for the file at *path* depends, other than its own.

    *inputs* are files below the working directory. A new file in a folder of theirs may be found before one of them.
    """
    files = [each for each in map(os.path.abspath, inputs) if os.path.isfile(each)]
    folders = {os.path.dirname(each) for each in files if f"{os.sep}node_modules{os.sep}" not in each}
    above = {os.fspath(each) for file in files for each in Path(file).parents}
    configurations = [os.path.join(folder, name) for folder in sorted(above) for name in _CONFIGURATIONS]
    for configuration in configurations:  # grows by those that they extend
        if os.path.isfile(configuration):
            configurations += [each for each in _extended(configuration) if each not in configurations]
    return tuple(dict.fromkeys((*(each for each in files if each != path), *sorted(folders), *configurations)))
