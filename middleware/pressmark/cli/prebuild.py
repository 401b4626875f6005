"""Build the bundles of pages before any visitor comes, by asking the site for the pages."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus

import click

from pressmark.model import Reply
from pressmark.report.text_table import aligned, counted

HEADINGS = ("page", "status", "bundles")
_BUNDLE = re.compile(rb"/(?:css|js)/(?:[\w-]+\.)?([0-9a-f]{32}\.(?:css|js))[\"'?\s>]", re.ASCII)


def prebuild(paths: Sequence[str], load: Callable[[str], Reply]) -> Iterator[str]:
    """Yield the lines of a table with the status of each of *paths*, and the number of bundles that it names.

    *load* waits for bundles without limit. Raises ValueError after the last line if a status was not 200.
    """
    rows: list[tuple[str, ...]] = []
    failed: list[str] = []
    names: set[bytes] = set()
    with click.progressbar(paths, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for path in bar:
            reply = load(path)
            found = set(_BUNDLE.findall(reply.body))
            names |= found
            rows.append((path, str(reply.status), str(len(found))))
            failed += [_answer(path, reply)] if reply.status != HTTPStatus.OK else []
    yield from aligned([HEADINGS, *rows], right=(1, 2))
    yield f"{counted(len(names), 'bundle')} in all"
    if failed:
        raise ValueError(f"not every path is a page: {', '.join(failed)}")


def _answer(path: str, reply: Reply) -> str:
    """Return a path and its status that is not 200; a host that the application does not know gives 400."""
    target = next((f" to {value}" for name, value in reply.headers if name.lower() == "location"), "")
    return f"{path} answers {reply.status}{target}"
