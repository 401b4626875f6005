"""Pages that we have written as people write them: each is one text with the page and the site's own files.

``pages/NAME.html`` is the page; a line ``=== site.css`` begins a file that lies beside it. What stands after
``=== act`` is no file: the body of an asynchronous function that does what a visitor does once the page is at rest.
"""

import os
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("pages")
ACT = "act"
_FILE = re.compile(r"^=== (\S+)\n", re.MULTILINE)
OLD = 1_500_000_000
"""When the files were last changed: long enough ago for any cache to trust them."""


@cache
def names() -> list[str]:
    """Return the names of the pages."""
    return sorted(path.stem for path in FOLDER.glob("*.html"))


@cache
def files(name: str) -> dict[str, str]:
    """Return the texts of a page: it is ``page.html``."""
    first, *others = _FILE.split((FOLDER / f"{name}.html").read_text(encoding="utf-8"))
    return {"page.html": first} | dict(zip(others[::2], others[1::2], strict=True))


def act(name: str) -> str:
    """Return what is done on a page."""
    return files(name).get(ACT, "")


def unpack(folder: Path) -> None:
    """Write the files of each page into a folder of *folder*."""
    for name in names():
        for file, text in files(name).items():
            if file != ACT:
                put(folder / name / file, text.encode())


def put(path: Path, content: bytes) -> None:
    """Write an old file unless it is there: others may read it at this moment."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(content)
    os.utime(part, (OLD, OLD))
    part.replace(path)
