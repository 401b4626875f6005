"""Compile with packages from npm in a process of Node.js, which stays for a while: its start takes a third of a second.

What it runs is ``node_worker.cjs``, which notes all files that a compiler looks for.
"""

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pressmark.compilers.command import file_of, passed_environment
from pressmark.compilers.npm_packages import find_node, find_npm_package
from pressmark.compilers.processes import CompilerError, CompilerProcess, Pool
from pressmark.compilers.source_names import with_source_names
from pressmark.concurrency.green import run_at_home
from pressmark.errors import SettingsError
from pressmark.model import Asset

logger = logging.getLogger("pressmark")

MAX_COMPLAINTS = 5
"""The warnings of one compilation that are logged."""
_WORKER = Path(__file__).with_name("node_worker.cjs")


class NpmCompiler:
    """A precompiler that is a package from npm, found from *folder*, by default the working directory.

    Raises SettingsError without the package or without Node.js.
    """

    package = ""
    """The name of the package."""
    program = ""
    """The name of its program, "" if it has none."""

    def __init__(self, paths: Sequence[str] = (), options: Mapping[str, Any] | None = None, folder: str = "") -> None:
        found = find_npm_package(self.package, folder, self.program)
        if found is None:
            raise SettingsError(
                f"{self.name!r} needs the npm package {self.package!r}, which is in no node_modules above "
                f"{os.path.abspath(folder or os.curdir)}; run npm install {self.package}, or give folder="
            )
        if find_node() is None:
            raise SettingsError(f"{self.name!r} needs Node.js, and there is no 'node' on the PATH")
        self._folder, self._paths = str(found.folder), tuple(map(os.path.abspath, paths))
        self._options = dict(options or {})
        try:
            own = json.dumps([self._paths, self._options], sort_keys=True)
        except TypeError as error:
            raise SettingsError(f"{self.name!r} has options that are no JSON: {error}") from error
        self.key = f"{self.package} {found.version} {self._versions(found.lock)}{own}, 1"

    def _versions(self, _lock: str) -> str:
        """Return what tells the versions of other packages that take part."""
        return ""

    @property
    def name(self) -> str:
        """The name by which people know it."""
        return self.package

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* compiled, with its source map and the paths of all files that were looked for.

        Raises CompilerError.
        """
        return run_at_home(lambda: self._compile(asset, self._options))

    def _compile(self, asset: Asset, options: Mapping[str, Any]) -> Asset:
        path = str(file_of(asset) or "")
        request = {
            "compiler": self.package,
            "text": asset.content.decode("utf-8"),
            "file": path,
            "folder": self._folder,
            "paths": self._paths,
            "options": options,
        }
        answer = _POOL.answer(lambda process: process.ask_in_json(request))
        dependencies = tuple(each for each in dict.fromkeys(answer["dependencies"]) if each != path)
        if "error" in answer:
            raise CompilerError(answer["error"], dependencies)
        for complaint in answer["complaints"][:MAX_COMPLAINTS]:
            logger.warning("compiler %s complains of %s: %s", self.name, asset.url, complaint)
        source_map = with_source_names(answer["map"] or "", path, (*self._paths, self._folder))
        content = answer["text"].encode("utf-8")
        return replace(asset, content=content, source_map=source_map, dependencies=dependencies)


class Less(NpmCompiler):
    """A precompiler for Less. Imports are looked for beside their file, then in the *paths*.

    *options* are Less's own, such as ``{"math": "always"}``.
    """

    package, program = "less", "lessc"


class Stylus(NpmCompiler):
    """A precompiler for Stylus. Imports are looked for beside their file, then in the *paths*.

    *options* are Stylus's own, such as ``{"include css": True}``.
    """

    package = program = "stylus"


class Terser(NpmCompiler):
    """A minifier of scripts: it shortens expressions and renames what is local. *options* are its own."""

    package = program = "terser"

    def __init__(self, options: Mapping[str, Any] | None = None, folder: str = "") -> None:
        super().__init__((), options, folder)

    def renamed(self, asset: Asset, kept: Sequence[str]) -> Asset:
        """Return *asset* with shorter names for what is local, but for functions, classes, and the names *kept*.

        Raises CompilerError.
        """
        mangle = {"keep_fnames": True, "keep_classnames": True, "reserved": kept}
        return run_at_home(lambda: self._compile(asset, {"compress": False, "mangle": mangle}))


class CoffeeScript(NpmCompiler):
    """A precompiler for CoffeeScript. *options* are its own, such as ``{"bare": True}``."""

    package, program = "coffeescript", "coffee"

    def __init__(self, options: Mapping[str, Any] | None = None, folder: str = "") -> None:
        super().__init__((), options, folder)


class PostCSS(NpmCompiler):
    """A precompiler for PostCSS, with the plug-ins of the configuration above the source (``postcss.config.js``).

    It needs the npm package ``postcss-load-config``, too. Plug-ins such as Tailwind's tell which files they have read.
    """

    package, program = "postcss", ""

    def __init__(self, folder: str = "") -> None:
        super().__init__((), None, folder)
        if find_npm_package("postcss-load-config", folder) is None:
            raise SettingsError(
                "'postcss' needs the npm package 'postcss-load-config', too; run npm install postcss-load-config"
            )

    def _versions(self, lock: str) -> str:
        return f"{lock} "


class _Worker(CompilerProcess):
    """A process of Node.js."""

    def __init__(self) -> None:
        # What a package has found once it may not look for again, and then nobody would know.
        environment = {**passed_environment(), "BROWSERSLIST_DISABLE_CACHE": "1"}
        super().__init__([find_node() or "node", str(_WORKER)], environment)


_POOL = Pool(_Worker)
