"""Minify with other tools than rcssmin and rjsmin, which shorten more: esbuild, Lightning CSS and terser.

They are for a site that asks for them: a tool of these may rename what is local to a script, and merge rules of a
stylesheet, which nothing of ours proves to be the same. If one fails, the file stays as it was.
"""

import logging
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pressmark.compilers.command import TIMEOUT_S, passed_environment, run_program
from pressmark.compilers.esbuild import require_esbuild
from pressmark.compilers.node import Terser
from pressmark.compilers.processes import CompilerProcess, Pool
from pressmark.concurrency.green import run_at_home
from pressmark.errors import SettingsError
from pressmark.model import Asset
from pressmark.syntax.css_tokens import preprocess, tokenize
from pressmark.syntax.js_function_text import takes_functions_apart
from pressmark.syntax.licences import is_licence

logger = logging.getLogger("pressmark")


class _Minifier(ABC):
    """A minifier that leaves a file as it was if it fails, and a script that takes functions' texts apart."""

    key = ""

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* minified, with a source map if there is one."""
        if asset.media_type != "text/css" and takes_functions_apart(asset):
            return asset
        try:
            return self._minified(asset)
        except (ValueError, OSError) as error:
            logger.warning("%r is bundled unminified: %s", asset.url, " ".join(str(error).split()))
            return asset

    @abstractmethod
    def _minified(self, asset: Asset) -> Asset:
        """Return *asset* minified. Raises ValueError or OSError if that fails."""


class MinifyByEsbuild(_Minifier):
    """Minifies stylesheets and scripts by esbuild. *target* is a text such as ``"es2018"`` or ``"chrome100,safari15"``.

    Raises SettingsError without esbuild. Its package is looked for from *folder*, by default the working directory.
    """

    name = "esbuild"

    def __init__(self, target: str = "", folder: str = "") -> None:
        found = require_esbuild(folder)
        self._program, self._target = found.program, target
        self.key = f"esbuild {found.version} minify {target}, 1"

    def _minified(self, asset: Asset) -> Asset:
        kind = "css" if asset.media_type == "text/css" else "js"
        with TemporaryDirectory(prefix="pressmark-") as folder:
            infile, outfile = Path(folder, f"in.{kind}"), Path(folder, f"out.{kind}")
            infile.write_bytes(asset.content)
            arguments = [str(infile), "--minify", "--charset=utf8", "--legal-comments=inline", "--log-level=error"]
            arguments += ["--sourcemap=external", f"--outfile={outfile}", "--color=false"]
            arguments.append("--tsconfig-raw={}")  # none that somebody may have put above the temporary folder
            arguments += [f"--target={self._target}"] if self._target else []
            run_at_home(lambda: run_program([self._program, *arguments], b"", TIMEOUT_S))
            return replace(
                asset,
                content=outfile.read_bytes().rstrip(b"\n"),
                source_map=Path(f"{outfile}.map").read_text("utf-8"),
            )


class MinifyByTerser(_Minifier):
    """Minifies scripts by npm's terser. *options* are its own, such as ``{"compress": False}``.

    Raises SettingsError without terser. Its package is looked for from *folder*, by default the working directory.
    """

    name = "terser"
    kinds = ("js",)

    def __init__(self, options: dict[str, Any] | None = None, folder: str = "") -> None:
        self._terser = Terser(options, folder)
        self.key = self._terser.key

    def _minified(self, asset: Asset) -> Asset:
        return replace(self._terser(asset), dependencies=None)  # terser reads nothing else


class MinifyByLightningCss(_Minifier):
    """Minifies stylesheets by the package ``lightningcss``, for *browsers* such as ``["safari >= 15"]``.

    It merges rules and drops what is overridden; for given browsers it writes prefixes and older forms, too.
    Raises SettingsError without the package.
    """

    name = "lightningcss"
    kinds = ("css",)

    def __init__(self, browsers: Sequence[str] = ()) -> None:
        try:
            own = version("lightningcss")
        except PackageNotFoundError as error:
            raise SettingsError(
                "filter 'lightningcss' needs its package; pip install 'pressmark[lightningcss]'"
            ) from error
        self._browsers = list(browsers) or None
        self.key = f"lightningcss {own} {self._browsers}, 1"

    def _minified(self, asset: Asset) -> Asset:
        text = asset.content.decode("utf-8")
        request = {"text": text, "browsers": self._browsers}
        answer = run_at_home(lambda: _POOL.answer(lambda process: process.ask_in_json(request)))
        if "error" in answer:
            raise ValueError(answer["error"])
        found = str(answer["text"])
        lost = [each for each in _licences(text) if each not in found]
        return replace(asset, content="".join((*lost, found)).encode("utf-8"))


def _licences(text: str) -> list[str]:
    return [token.text for token in tokenize(preprocess(text)) if token.kind == "comment" and is_licence(token.text)]


class _LightningCss(CompilerProcess):
    """A process that runs ``lightningcss_worker.py``."""

    def __init__(self) -> None:
        worker = Path(__file__).with_name("lightningcss_worker.py")
        environment = {**passed_environment(), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        super().__init__([_python(), "-P", str(worker)], environment)


def _python() -> str:
    """Return the path of Python, also where a server such as uWSGI has it inside."""
    own = sys.executable or ""
    if os.path.basename(own).startswith("python"):
        return own
    return os.path.join(sys.exec_prefix, *(("python.exe",) if sys.platform == "win32" else ("bin", "python3")))


_POOL = Pool(_LightningCss)
