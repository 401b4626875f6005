"""``pressmark cache``: list the entries of a cache directory, and remove unused ones."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click

from pressmark.assembly import assemble_cache
from pressmark.cache_directory import default_cache_directory
from pressmark.errors import StoreError
from pressmark.report.text_table import aligned
from pressmark.stores.disk import DAY_S
from pressmark.stores.inventory import Entry, bytes_on_disk, entries, unfinished

SORTS = {
    "bundle css": "stylesheets",
    "bundle js": "scripts",
    "bundle map": "source maps",
    "recipe encoded": "compressed forms",
    "": "recipes and analyses",
}
"""The names of entries for people, by the start of their keys; the first that fits counts."""
HEADINGS = ("", "entries", "bytes", "oldest use", "latest use")


@click.command()
@click.argument("directory", default=default_cache_directory, type=click.Path(exists=True, file_okay=False))
@click.option(
    "--clean",
    is_flag=True,
    help="Remove entries not used for --days, and files of killed processes. A site does so itself, once a day.",
)
@click.option("--days", type=click.FloatRange(min=0), default=30.0, show_default=True, help="Days to keep an entry.")
@click.option("--bundles", is_flag=True, help="List each bundle.")
def cache(directory: str, clean: bool, days: float, bundles: bool) -> None:
    """List the contents of the cache in DIRECTORY, by default that of an application which is started here.

    The times are those of the last use by a page, to the day. No site needs to stop for this.
    """
    if not os.path.exists(os.path.join(directory, "bundles")):
        raise click.ClickException(f"{directory!r} holds no cache; give your cache_dir, after a page was built")
    try:
        if clean:
            removed, files = assemble_cache(directory, days * DAY_S).clean()
            click.echo(f"Removed {removed:,} entries and {files:,} unfinished files.\n", err=True)
        found, lost = entries(directory), unfinished(directory)
    except (StoreError, sqlite3.Error, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_table(found, lost, directory))
    if bundles:
        click.echo("\n" + _list(found))


def _table(found: list[Entry], lost: list[Path], directory: str) -> str:
    rows = [HEADINGS]
    rest = found
    for start, name in SORTS.items():
        some = [entry for entry in rest if entry.key.startswith(start)]
        rest = [entry for entry in rest if not entry.key.startswith(start)]
        times = [entry.used_at for entry in some]
        size = sum(entry.size for entry in some)
        rows.append((name, f"{len(some):,}", f"{size:,}", _day(min(times, default=0)), _day(max(times, default=0))))
    rows.append(("unfinished files", f"{len(lost):,}", f"{sum(path.stat().st_size for path in lost):,}", "", ""))
    rows.append(("on the disk, in all", "", f"{bytes_on_disk(directory):,}", "", ""))
    return "\n".join(aligned(rows, range(1, len(HEADINGS))))


def _list(found: list[Entry]) -> str:
    rows = [("bundle", "bytes", "last used")]
    for entry in sorted(found, key=lambda entry: -entry.used_at):
        sort, _, name = entry.key.partition(" ")
        kind, _, digest = name.partition(" ")
        if sort == "bundle":
            rows.append((f"{digest}.{kind}", f"{entry.size:,}", _day(entry.used_at)))
    return "\n".join(aligned(rows, (1, 2)))


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""
