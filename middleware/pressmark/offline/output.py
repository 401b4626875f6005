"""Write generated files where any web server, bucket or `collectstatic` finds them, with their compressed forms.

Files are named as pages name them, by their hashes, so that nothing is ever overwritten: what is there is left, and a
write that is interrupted leaves the file out.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pressmark.errors import StoreError
from pressmark.model import FileKind
from pressmark.offline.manifest import replace_file
from pressmark.offline.recorder import Entry
from pressmark.regions.built_ahead import ReadFile
from pressmark.regions.record import ModuleHead
from pressmark.serve.content_codings import CODINGS, is_coded

ENDINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}


@dataclass(frozen=True, slots=True)
class Output:
    """A generated file below the output directory: its *path* there, and what the store knows it by."""

    path: str
    kind: FileKind
    name: str


def modules_of(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the modules in the pack *name*, each with its path: a pack has one a line."""
    return ((f"js/{name}/{number}.js", line) for number, line in enumerate(content.split(b"\n")))


def outputs_of(entries: Collection[Entry]) -> list[Output]:
    """Return the files that pages with *entries* may ask for: a region's name stands before the hash."""
    found = {
        Output(f"{kind}/{label}{name}.{kind}", kind, name)
        for entry in entries
        for kind, name in entry.record.files
        for label in {"", f"{entry.name}." if entry.name and kind in ("css", "js") else ""}
    }
    heads = [part for entry in entries for part in entry.record.parts if isinstance(part, ModuleHead)]
    # Each module has a name of its own before the hash; those in a pack are written with that.
    found |= {_of_module(target) for head in heads for target in head.targets if "/" not in target}
    return sorted(found, key=lambda output: output.path)


def _of_module(target: str) -> Output:
    return Output(f"js/{target}", "js", target.removesuffix(".js").rpartition(".")[2])


def write_outputs(folder: Path, outputs: Iterable[Output], read: ReadFile) -> Iterator[tuple[Output, int, bool]]:
    """Write each of *outputs* below *folder*, and yield it with its bytes, and whether it was new.

    *read* gives its content. Raises OSError, and StoreError for a file that is gone.
    """

    def write(output: Output) -> tuple[Output, int, bool]:
        content = read(output.kind, output.name)
        if content is None:
            raise StoreError(f"the cache has lost {output.path}: build it again")
        is_new = _write(folder / output.path, content)
        for path, module in modules_of(output.name, content) if output.kind == "pack" else ():
            _write(folder / path, module)
        return output, len(content), is_new

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # compressing is most of it, and needs no interpreter
        yield from pool.map(write, outputs)


def _write(path: Path, content: bytes) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists() or path.read_bytes() != content
    for coding, ending in ENDINGS.items():
        encoded = path.with_name(path.name + ending)
        if is_new or not _is_encoded(encoded, coding, content):
            replace_file(encoded, CODINGS[coding].encode(content, CODINGS[coding].best))
    if is_new:  # last, as whoever sees it may ask for the others
        replace_file(path, content)
    return is_new


def _is_encoded(path: Path, coding: str, content: bytes) -> bool:
    try:
        return is_coded(path.read_bytes(), coding, content)
    except FileNotFoundError:
        return False
