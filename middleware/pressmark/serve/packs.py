"""Find the small modules in packs, which hold one a line."""

from pressmark.model import FileKind
from pressmark.serve.bodies import Load


def unpacking(load: Load) -> Load:
    """Return *load* for packs, too: their names end in a slash and the number of a line, from 0."""

    def load_any(kind: FileKind, name: str, recipe: str) -> bytes | None:
        if kind != "pack":
            return load(kind, name, recipe)
        pack, _, number = name.partition("/")
        lines = (load(kind, pack, recipe) or b"").split(b"\n")
        return lines[int(number)] or None if int(number) < len(lines) else None

    return load_any
