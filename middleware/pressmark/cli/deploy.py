"""``pressmark deploy``, ``releases``, ``rollback`` and ``prune``: releases at a directory or an object store."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pressmark.assembly import assemble_shared
from pressmark.assets.from_directories import is_within
from pressmark.cli.build_options import checked_pattern
from pressmark.cli.images import smaller_images
from pressmark.errors import DeploymentError, ManifestError, SettingsError, SharedStoreError
from pressmark.offline.deployment import Deployed, deploy
from pressmark.offline.destinations import Destination, Directory, find_destination, is_store
from pressmark.offline.packing import HASHED, Parcel, pack
from pressmark.offline.pruning import plan_pruning, prune
from pressmark.offline.releases import Release, Releases
from pressmark.offline.store_filling import fill
from pressmark.report.text_table import aligned, counted, shortened

KEEP = 5
DAYS = 30.0
HEADINGS = ("release", "deployed (UTC)", "files", "bundles", "bytes", "revision", "")
MAX_REASON = 300
"""The signs of a reason that is shown."""
MAX_SHOWN = 5
"""The names of files that a message shows."""


@click.command("deploy")
@click.argument("destination")
@click.argument("directories", nargs=-1, required=True, metavar="DIRECTORY[=PATH]...")
@click.option("--id", "name", metavar="NAME", help="The name of the release; by default time and manifest.")
@click.option("--revision", metavar="TEXT", help="The revision of the sources; by default that of git.")
@click.option("--hashed", default=HASHED, show_default=True, metavar="REGEX", callback=checked_pattern,
              help="Paths that tell the content of their file, for browsers to keep.")  # fmt: skip
@click.option("--images", "has_images", is_flag=True,
              help="Send images in a smaller form that shows the same, as `pressmark images` makes it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def deploy_command(destination: str, directories: tuple[str, ...], **options: Any) -> None:
    """Put the files of a release at DESTINATION, and then make it the current one.

    DESTINATION is a directory or a URL such as s3://bucket/site; another store, such as redis://10.0.0.1/0, takes
    bundles alone, and has no releases. Each DIRECTORY goes there, below PATH if one is given; one of them is that which
    `pressmark build --output` has written. What is there already is not sent again, and what was interrupted is
    completed by the same command.
    """
    sources = [(Path(folder), _path(path)) for folder, _, path in (each.partition("=") for each in directories)]
    name = options["name"]
    if name is not None and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", name):
        raise click.UsageError(f"--id is {name!r}; it may have letters, digits, '.', '_' and '-'")
    with _errors_told():
        if is_store(destination):
            _fill(destination, pack(sources, options["hashed"]))
            return
        target = find_destination(destination)
        _refuse_sources(target, sources)
        parcel, revision = pack(sources, options["hashed"]), options["revision"] or _revision()
        with TemporaryDirectory(prefix="pressmark-") as folder, _bar("Sending") as on_sent:
            if options["has_images"]:
                parcel = _with_smaller_images(parcel, Path(folder))
            label = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{parcel.manifests[0].removeprefix('manifest-')[:4]}"
            deployed = deploy(parcel, target, name or label, revision, on_sent)
    if options["as_json"]:
        click.echo(json.dumps(_fields(deployed), indent=1))
        return
    click.echo("\n".join(_lines(deployed, target, parcel.left_out)))


def _with_smaller_images(parcel: Parcel, folder: Path) -> Parcel:
    """Return *parcel* with smaller forms of its images, which are written to *folder*.

    A name that tells the content of its file keeps that: another release may have it.
    """
    smaller = smaller_images([file.source for file in parcel.files if not file.is_fixed], folder)
    files = tuple(file._replace(source=smaller.get(file.source, file.source)) for file in parcel.files)
    return replace(parcel, files=files)


@click.command("releases")
@click.argument("destination")
@click.option("--json", "as_json", is_flag=True, help="Print the releases as JSON.")
def releases_command(destination: str, as_json: bool) -> None:
    """Show the releases at DESTINATION, the newest first."""
    with _errors_told():
        releases = Releases(find_destination(destination))
        found = releases.all()
        current = {releases.pointer(release.pointer).release for release in found}
    if as_json:
        click.echo(json.dumps([_release_fields(each, is_current=each.name in current) for each in found], indent=1))
    elif found:
        rows = [(*_row(each), _state(each, is_current=each.name in current)) for each in found]
        click.echo("\n".join(aligned([HEADINGS, *rows], (2, 3, 4))))
    else:
        raise click.ClickException(f"{destination.partition('?')[0]!r} has no release")


@click.command("rollback")
@click.argument("destination")
@click.argument("name", metavar="ID")
def rollback_command(destination: str, name: str) -> None:
    """Make the release ID at DESTINATION the current one again. Nothing is sent but the pointer."""
    with _errors_told():
        release, changed = Releases(find_destination(destination)).roll_back_to(name)
    click.echo(f"{release.name} is the current release: {release.pointer} names {release.manifest} first")
    if changed:
        click.echo(f"{counted(len(changed), 'file')} of it had its name taken by a later content: {_shown(changed)}")


@click.command("prune")
@click.argument("destination")
@click.option("--keep", default=KEEP, show_default=True, type=click.IntRange(1), help="The newest releases to keep.")
@click.option("--days", default=DAYS, show_default=True, type=click.FloatRange(0), metavar="D",
              help="Also keep those that were current in the last D days, which pages in caches may name.")  # fmt: skip
@click.option("--apply", "is_applied", is_flag=True, help="Remove them. Without this they are only shown.")
def prune_command(destination: str, keep: int, days: float, is_applied: bool) -> None:
    """Show, or remove, old releases at DESTINATION, with the files that no other release has."""
    with _errors_told():
        target = find_destination(destination)
        planned = plan_pruning(target, keep, days)
        if not (planned.releases or planned.kept):
            raise click.ClickException(f"{destination.partition('?')[0]!r} has no release")
        rows = [(*_row(release), _state(release, is_current=False)) for release in planned.releases]
        click.echo("\n".join(aligned([HEADINGS, *rows], (2, 3, 4))) if rows else "no release is old enough")
        if is_applied and rows:
            with _bar("Removing") as on_removed:
                done = 0

                def note(count: int) -> None:
                    nonlocal done
                    done += count
                    on_removed(done, len(planned.files))

                prune(target, planned, note)
    size = sum(planned.files.values())
    verb = "removed" if is_applied else "would go; --apply removes them"
    files = f"{counted(len(planned.files), 'file')}, {size:,} bytes"
    if rows:
        click.echo(f"{counted(len(rows), 'release')} with {files} {verb}; {planned.kept} stay")


def _fill(store: str, parcel: Parcel) -> None:
    with _bar("Sending") as on_sent:
        filled = fill(parcel, assemble_shared(store, ()), on_sent)
    click.echo(f"{counted(filled.sent, 'bundle')} sent, {filled.sent_bytes:,} bytes; {filled.were_there} were there")


def _refuse_sources(target: Destination, sources: Sequence[tuple[Path, str]]) -> None:
    """Raise DeploymentError if *target* lies in a directory of *sources*, or the other way."""
    if isinstance(target, Directory):
        for folder, _ in sources:
            if is_within(str(folder.resolve()), target.name) or is_within(target.name, str(folder.resolve())):
                raise DeploymentError(f"{str(folder)!r} and the destination lie in each other: deploy to another place")


@contextmanager
def _errors_told() -> Iterator[None]:
    """Raise whatever a destination raises as ClickException."""
    try:
        yield
    except click.ClickException:
        raise
    except (DeploymentError, ManifestError, SettingsError, SharedStoreError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except Exception as error:  # of the package that speaks with the destination
        reason = shortened(" ".join(str(error).split()) or type(error).__name__, MAX_REASON)
        raise click.ClickException(f"the destination failed: {reason}; run the command again to go on") from error


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of the numbers of files that are done and to be done, which shows them in a bar."""
    bar: Any = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and total:
            bar = click.progressbar(length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
            bar.__enter__()
        if bar is not None:
            bar.update(done - bar.pos)

    try:
        yield show
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


def _path(path: str) -> str:
    """Return *path*, which a directory has at the destination, with a slash at its end."""
    plain = path.strip("/")
    if any(part in ("", ".", "..") for part in plain.split("/")) and plain:
        raise click.UsageError(f"{path!r} is no path below the destination, such as pressmark/")
    return f"{plain}/" if plain else ""


def _revision() -> str:
    """Return the revision of the working directory, "" if git knows none."""
    git = shutil.which("git")
    if git is None:
        return ""
    try:
        found = subprocess.run([git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()


def _row(release: Release) -> tuple[str, ...]:
    time = f"{release.time:%Y-%m-%d %H:%M:%S}"
    return (
        release.name, time, f"{len(release.files):,}", f"{release.bundles:,}", f"{release.size:,}",
        release.revision[:12],
    )  # fmt: skip


def _shown(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - MAX_SHOWN} more" if len(paths) > MAX_SHOWN else ""
    return f"{', '.join(paths[:MAX_SHOWN])}{more}"


def _state(release: Release, *, is_current: bool) -> str:
    return "current" if is_current else "" if release.is_complete else "interrupted"


def _lines(deployed: Deployed, target: Destination, left_out: Sequence[str]) -> Iterator[str]:
    release = deployed.release
    yield from aligned([HEADINGS, (*_row(release), "current")], (2, 3, 4))
    if left_out:
        more = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
        yield f"hidden files were left out: {left_out[0]}{more}; to send them, name their folder as a DIRECTORY=PATH"
    if deployed.replaced:
        yield (
            f"{counted(len(deployed.replaced), 'file')} of older releases got another content under the same name, so "
            f"their pages see it, too: {_shown(deployed.replaced)}"
        )
    kept = len(release.files) - deployed.sent
    yield f"{target.name}: {counted(deployed.sent, 'file')} sent, {deployed.sent_bytes:,} bytes; {kept} were there"
    if not deployed.is_new:
        yield f"it was the current release already, under the name {release.name}"


def _fields(deployed: Deployed) -> dict[str, Any]:
    return {
        **_release_fields(deployed.release, is_current=True),
        "sent": deployed.sent,
        "sent_bytes": deployed.sent_bytes,
        "replaced": deployed.replaced,
        "is_new": deployed.is_new,
    }


def _release_fields(release: Release, *, is_current: bool) -> dict[str, Any]:
    return {
        "id": release.name,
        "time": release.time.isoformat(),
        "revision": release.revision,
        "manifest": release.manifest,
        "files": len(release.files),
        "bundles": release.bundles,
        "bytes": release.size,
        "is_complete": release.is_complete,
        "is_current": is_current,
    }
