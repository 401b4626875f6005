"""Pages made to be slow: ``python -m benchmarks.hostile_pages`` prints what twice as much of each costs.

Each is scanned in one piece and in pieces of 4 KB. A factor of about 2 is linear time; nothing else may run on the
machine.
"""

import sys
import time
from collections.abc import Iterator

from pressmark.page.scanner import Scanner

SIZE = 1 << 20
PIECE = 4096
ROUNDS = 5
MARKER = b"<!-- compress css -->"
END = b"<!-- endcompress -->"

# What is written before, and again and again, and in the end.
PAGES: dict[str, tuple[bytes, bytes, bytes]] = {
    "openings of comments": (b"", b"<!--", MARKER),
    "openings of regions": (b"", MARKER, END),
    "whole regions": (b"", MARKER + END, b""),
    "a region without an end": (MARKER, b'<link rel="stylesheet" href="/a.css">\n', b""),
    "the word alone": (b"", b"compress ", MARKER),
    "the word in comments": (b"", b"<!-- x compress -->", MARKER),
    "angle brackets": (b"<body>", b"<", MARKER),
    "unclosed quotes": (b"<body>", b'<p a="', MARKER),
    "both sorts of quotes": (b"<body>", b"<p a=\"'\" b='\"'>", MARKER),
    "text in quotes": (b"<body>", b"\"a\" 'b' ", MARKER),
    "attributes without end": (b"<p ", b"a ", MARKER),
    "an attribute without end": (b'<p a="', b"x ", MARKER),
    "comments in attributes": (b"<body>", b'<p a="<!--">', MARKER),
    "tags that look like others": (b"<body>", b"<strong><section><small>", MARKER),
    "end tags of scripts before a comment in quotes": (b"<body>", b"</script>", b'<a b="<!-- x -->">' + MARKER),
    "scripts": (b"<body>", b"<script>", MARKER),
    "scripts in comments in scripts": (b"<script>", b"<!--<script>", MARKER),
    "nested svg": (b"<body>", b"<svg>", MARKER),
    "nested templates": (b"<body>", b"<template>", MARKER),
    "white space": (b"<body>", b" \n", MARKER),
    "comments behind a pre": (b"<body>", b"<pre><!-- -->", MARKER),
    "a pre with many more in it": (b"<body>", b"<pre " * 810 + b"> a><!-- -->", MARKER),
    "an svg with many equals signs": (b"<body>", b'<svg a="' + b"=" * 40_000 + b'" b/>', MARKER),
    "links in the head": (b"<head>", b"<link rel=x>", MARKER),
    "meta tags": (b"<head>", b"<meta charset=x>", MARKER),
}


def make_page(name: str, size: int) -> bytes:
    """Return a page of about *size* bytes."""
    before, again, end = PAGES[name]
    return before + again * (size // len(again)) + end


def pieces(page: bytes, size: int) -> Iterator[bytes]:
    """Yield *page* in pieces of *size* bytes."""
    for start in range(0, len(page), size):
        yield page[start : start + size]


def seconds(page: bytes, size: int) -> float:
    """Return how long the scanner takes for *page* in pieces, the best of a few rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        scanner = Scanner()
        started = time.perf_counter()
        for piece in pieces(page, size):
            for _event in scanner.feed(piece):
                pass
        for _event in scanner.finish():
            pass
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    """Print one line a page."""
    sys.stdout.write(f"{'1 MiB in milliseconds, and how much longer 2 MiB take':60}{'whole':>9}{'':8}{'pieces':>9}\n")
    for name in PAGES:
        line = f"{name:60}"
        for size in (2 * SIZE + 100, PIECE):
            once, twice = (seconds(make_page(name, number * SIZE), size) for number in (1, 2))
            line += f"{once * 1e3:9.1f}{twice / once:7.2f}x"
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
