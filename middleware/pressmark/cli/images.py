"""``pressmark images``: make images smaller without a change of what they show."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pressmark.assembly import assemble_analyses
from pressmark.cache_directory import default_cache_directory
from pressmark.entry_point import load_point
from pressmark.errors import SettingsError
from pressmark.report.text_table import aligned, shortened

if TYPE_CHECKING:
    from pressmark.images.batch import Found, Result

MAX_SHOWN = 10
"""The images that each list shows."""
MAX_NAME = 60


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--output", metavar="DIRECTORY", type=click.Path(file_okay=False, path_type=Path),
              help="Write all images there, below the same folders, and leave PATH as it is.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Write nothing; only tell what would be saved.")
@click.option("--check", is_flag=True, help="Write nothing, and end with status 1 if an image could be smaller.")
@click.option("--strip", is_flag=True, help="Take out metadata that no browser shows, such as places and cameras.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default="processors",
              help="Images at once.")  # fmt: skip
@click.option("--cache", metavar="DIRECTORY", default=default_cache_directory,
              help="Where is noted what was done, so that it is not tried again; by default the cache.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def images(paths: tuple[Path, ...], **options: Any) -> None:
    """Make PNG, JPEG, GIF and SVG files smaller, in place and without loss.

    PATH is an image or a folder of them. A file is replaced only by a smaller one that shows the same, pixel for
    pixel, as a whole. Run it again after new images came: the others are not tried again.
    """
    tools = tools_for_images()
    try:
        found = list(tools.find_images(paths))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    output = options["output"]
    if output is not None and any(_overlaps(output.resolve(), path.resolve()) for path in paths):
        raise click.UsageError(f"--output {output} and the images lie within one another")
    if output is not None and len({each.below for each in found}) < len(found):
        raise click.UsageError(
            "two of these images would have the same place below --output; copy them one after the other"
        )
    put = _put(tools, options)
    batch = tools.Batch(assemble_analyses(options["cache"]), put, options["jobs"], options["strip"])
    results = sorted(run_with_bar(batch, found))
    if options["as_json"]:
        click.echo(json.dumps([_fields(each) for each in results], indent=1))
    else:
        click.echo("\n".join(lines_of(results, is_done=put is not _nothing)))
    can_be_smaller = options["check"] and any(each.after < each.before for each in results)
    if can_be_smaller or any(each.has_failed for each in results):
        sys.exit(1)


def _overlaps(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def smaller_images(paths: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Return the files in *folder* that are smaller forms of images among *paths*, by the paths of those.

    Raises ClickException without the packages that it needs.
    """
    tools, found = tools_for_images(), dict[Path, Path]()

    def put(image: "Found", _before: bytes, after: bytes | None) -> None:
        if after is not None:
            found[image.path] = folder / f"{len(found)}{image.path.suffix}"
            tools.write_whole(found[image.path], after, like=image.path)

    batch = tools.Batch(assemble_analyses(default_cache_directory()), put, os.cpu_count() or 1)
    images = [tools.Found(path, path) for path in paths if tools.is_image(path)]
    for _ in run_with_bar(batch, images):
        pass
    return found


def tools_for_images() -> Any:
    """Return the module ``pressmark.images.batch``. Raises ClickException without the packages that it needs."""
    try:
        return load_point("pressmark.images", "batch", "pressmark images")
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def run_with_bar(batch: Any, found: "Sequence[Found]") -> "Iterator[Result]":
    """Yield the results of *batch*, while a bar shows how far it is."""
    is_hidden = not (found and sys.stderr.isatty())
    with click.progressbar(length=len(found), label="Crushing", file=sys.stderr, hidden=is_hidden) as bar:
        for each in batch.run(found):
            bar.update(1)
            yield each


def _put(tools: Any, options: dict[str, Any]) -> Any:
    """Return the function that gets each image with its new content."""
    if options["check"] or options["dry_run"]:
        return _nothing
    output: Path | None = options["output"]
    if output is None:
        return tools.replace_file

    def copy(image: "Found", before: bytes, after: bytes | None) -> None:
        target = output / image.below
        target.parent.mkdir(parents=True, exist_ok=True)
        tools.write_whole(target, before if after is None else after, like=image.path)

    return copy


def _nothing(_image: "Found", _before: bytes, _after: bytes | None) -> None:
    return


def _fields(result: "Result") -> dict[str, Any]:
    return {**result._asdict(), "path": str(result.path)}


def lines_of(results: "Sequence[Result]", *, is_done: bool) -> Iterator[str]:
    """Yield the results as tables: kinds, what was saved most, what was left alone. It *is_done*, or would be."""
    rows: list[tuple[str, ...]] = [("", "files", "smaller", "before", "after", "saved")]
    for kind in (*sorted({each.kind for each in results}), ""):
        some = [each for each in results if kind in ("", each.kind)]
        rows.append((kind or "in all", *_sums(some)))
    yield from aligned(rows, range(1, len(rows[0])))
    smaller = sorted((each for each in results if each.after < each.before), key=lambda each: each.after - each.before)
    if smaller:
        head = ("saved most" if is_done else "would be smaller", "before", "after")
        shown = [(_name(each), f"{each.before:,}", f"{each.after:,}") for each in smaller[:MAX_SHOWN]]
        yield from ("", *aligned([head, *shown], (1, 2)), *_more(len(smaller)))
    left = [each for each in results if each.reason]
    if left:
        shown_left = [(_name(each), each.reason) for each in left[:MAX_SHOWN]]
        yield from ("", *aligned([("left alone", "because"), *shown_left]), *_more(len(left)))


def _sums(results: "Sequence[Result]") -> tuple[str, ...]:
    before, after = sum(each.before for each in results), sum(each.after for each in results)
    smaller = sum(each.after < each.before for each in results)
    share = f"{(before - after) / before:.1%}" if before else "0.0%"
    return (f"{len(results):,}", f"{smaller:,}", f"{before:,}", f"{after:,}", share)


def _name(result: "Result") -> str:
    return shortened(os.path.relpath(result.path), MAX_NAME)


def _more(count: int) -> Iterator[str]:
    if count > MAX_SHOWN:
        yield f"and {count - MAX_SHOWN:,} more"
