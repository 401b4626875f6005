"""A directory of static files with secrets around it and in it, and what a resolver reads there."""

import os
from collections.abc import Callable
from pathlib import Path

from pressmark.assets.from_directories import DirectoryResolver
from pressmark.model import Page

SECRET = b"secret{}"
PAGE = Page("", "/")
LONG_AGO = 1_000_000_000.0

Write = Callable[[str, bytes], Path]


def writer(folder: Path) -> Write:
    """Return a function that writes a file below *folder*, old enough for its time stamp to count."""

    def write_file(name: str, content: bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    return write_file


def make_static(folder: Path) -> Path:
    """Return the directory behind /static/, made in *folder*."""
    write = writer(folder)
    write("static/style.css", b"a{}")
    write("static/a/style.css", b"b{}")
    for name in (
        "secret.css",
        "secret.txt",
        "static-evil/secret.css",
        "static/secret.txt",
        "static/secret",
        "x/secret.css",
    ):
        write(name, SECRET)
    for name in ("static/.env", "static/.git/config", "static/secret.css.txt", "static../secret.css"):
        write(name, SECRET)
    return folder / "static"


def content_of(resolver: DirectoryResolver, url: str, mount: str = "") -> bytes | None:
    asset = resolver.read(url, Page(mount, "/"))
    return asset.content if asset else None
