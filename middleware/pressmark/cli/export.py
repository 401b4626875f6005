"""``pressmark export``: write the bundles that exported pages name beside them, for hosts that serve files only."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from pressmark.assembly import assemble_cache
from pressmark.cache_directory import default_cache_directory
from pressmark.errors import StoreError
from pressmark.model import FileKind
from pressmark.protocols import Store
from pressmark.report.text_table import aligned, counted
from pressmark.stores.disk import RETENTION_S

HEADINGS = ("file", "bytes", "pages")
_PAGES = (".html", ".htm", ".xhtml", "")
"""The endings of pages. Exporters write a page at ``/about`` to a file without any."""
# Anything may follow, as in an attribute or a string, but for the rest of a longer name.
_NAMED = rb"((css|js)/(?:[A-Za-z0-9_-]+\.)?([0-9a-f]{32})(/[0-9]{1,5})?\.(?:css|js))(?![\w%~/-]|\.\w)"
# The recipe in a URL: where files alone are served nobody follows it, and a file name has 255 bytes at most.
_RECIPE = rb"((?:css|js)/(?:[A-Za-z0-9_-]+\.)?[0-9a-f]{32})~[A-Za-z0-9_-]+(?=\.(?:css|js))"
_MAP = re.compile(rb"sourceMappingURL=[^\s*]*/(map/([0-9a-f]{32})\.map)")
_REGION = re.compile(rb"<!--\s*compress\s")
MAX_SHOWN = 3
"""The names of files that an error shows."""


@dataclass(slots=True)
class _Named:
    """A generated file that pages name: the path below the endpoint, and what the cache knows it by.

    *line* is that of a pack which it is, ``None`` if it is a file of its own.
    """

    path: str
    kind: FileKind
    name: str
    line: int | None = None
    pages: int = 0

    def content(self, store: Store) -> bytes | None:
        """Return its content, ``None`` if *store* has lost it."""
        whole = store.get(self.kind, self.name)
        return whole if whole is None or self.line is None else whole.split(b"\n")[self.line]


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--cache",
    "cache_dir",
    default=default_cache_directory,
    show_default="as of the application",
    type=click.Path(exists=True, file_okay=False),
    help="The cache directory of the application that made the pages.",
)
@click.option("--endpoint", default="/pressmark/", show_default=True, help="The application's setting of that name.")
@click.option("--list", "only_list", is_flag=True, help="Write nothing: list the files that the pages name.")
def export(directory: Path, cache_dir: str, endpoint: str, only_list: bool) -> None:
    """Write the bundles that the pages in DIRECTORY name beside them.

    DIRECTORY holds pages that a static exporter, such as Frozen-Flask, or a crawler has saved. Run it after that, on
    the machine that made the pages. A file that is there already stays.
    """
    paths = sorted(path for path in directory.rglob("*") if path.suffix.lower() in _PAGES and path.is_file())
    if not paths:
        raise click.ClickException(f"{str(directory)!r} holds no page: no file that ends in .html or has no ending")
    folder = endpoint.strip("/")
    found, unbundled = _named_by(paths, f"/{folder}/", only_list=only_list)
    if not found:
        raise click.ClickException(
            f"no page in {str(directory)!r} names a file below '/{folder}/': give --endpoint, or see that the exporter "
            "goes through the middleware"
        )
    store = assemble_cache(cache_dir, RETENTION_S)
    written: dict[str, int] = {}
    lost: list[str] = []
    try:
        for file, content in _read(found, store):
            if content is None:
                lost.append(file.path)
                continue
            written[file.path] = len(content)
            if not only_list:
                _write(directory / folder / file.path, content)
    except (StoreError, OSError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.release()
    click.echo(_table(found, written, folder))
    _tell(lost, unbundled, cache_dir)


def _named_by(paths: list[Path], endpoint: str, *, only_list: bool) -> tuple[dict[str, _Named], list[Path]]:
    """Return the files below *endpoint* that the pages at *paths* name, and the pages that hold a region still."""
    pattern = re.compile(re.escape(endpoint.encode()) + _NAMED)
    found: dict[str, _Named] = {}
    unbundled: list[Path] = []
    with click.progressbar(paths, label="Reading", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for path in bar:
            body = path.read_bytes()
            if not only_list:
                body = _without_recipes(path, body, endpoint)
            unbundled += [path] if _REGION.search(body) else []
            for whole, kind, name, line in sorted(set(pattern.findall(body))):
                key = whole.decode("ascii")
                of: FileKind = "pack" if line else "css" if kind == b"css" else "js"
                named = _Named(key, of, name.decode("ascii"), int(line[1:]) if line else None)
                found.setdefault(key, named).pages += 1
    return found, unbundled


def _without_recipes(path: Path, body: bytes, endpoint: str) -> bytes:
    """Return the page *body*, and write it to its *path*, with URLs of bundles that carry no recipes."""
    changed = re.sub(re.escape(endpoint.encode()) + _RECIPE, endpoint.encode() + rb"\1", body)
    if changed != body:
        path.write_bytes(changed)
    return changed


def _read(found: dict[str, _Named], store: Store) -> Iterator[tuple[_Named, bytes | None]]:
    """Yield the files that were *found*, each followed by the source map that it names, with their contents."""
    for file in list(found.values()):
        content = file.content(store)
        yield file, content
        named = _MAP.search(content or b"")
        if named:
            path, name = named[1].decode("ascii"), named[2].decode("ascii")
            yield found.setdefault(path, _Named(path, "map", name)), store.get("map", name)


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _table(found: dict[str, _Named], sizes: dict[str, int], folder: str) -> str:
    rows = [
        (f"{folder}/{path}", f"{sizes[path]:,}" if path in sizes else "missing", str(file.pages) if file.pages else "")
        for path, file in sorted(found.items())
    ]
    return "\n".join(
        (*aligned([HEADINGS, *rows], (1, 2)), f"{counted(len(sizes), 'file')}, {sum(sizes.values()):,} bytes")
    )


def _tell(lost: list[str], unbundled: list[Path], cache_dir: str) -> None:
    """Say which pages hold a region still. Raises ClickException for files that are *lost*."""
    if unbundled:
        click.echo(
            f"{len(unbundled)} of the pages hold a region as it was written, such as {str(unbundled[0])!r}: what made "
            "them went around the middleware, or did not wait for a build (build_wait)",
            err=True,
        )
    if lost:
        shown = ", ".join(lost[:MAX_SHOWN]) + (" and more" if len(lost) > MAX_SHOWN else "")
        raise click.ClickException(
            f"{cache_dir!r} does not hold {shown}: give the cache_dir of the application that made the pages, or make "
            "them again"
        )
