"""``pressmark build``: render the pages of an application in this process, and build every region ahead of time."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from pressmark.assembly import RECORDER, assemble_cache, assemble_shipped
from pressmark.cache_directory import default_cache_directory
from pressmark.cli.build_options import LOGIN_PAGE, LOGOUTS, BuildOptions, checked_pattern
from pressmark.cli.build_table import table_of
from pressmark.cli.local_site import Headers, LocalSite, find_target
from pressmark.cli.login import log_in
from pressmark.errors import ManifestError, SettingsError, StoreError
from pressmark.model import FileKind
from pressmark.offline.building import Built, Plan, write_build
from pressmark.offline.recorder import read_recordings
from pressmark.offline.visiting import Visited, Visits, path_of, paths_in_sitemap
from pressmark.stores.disk import RETENTION_S

ROUTES = "pressmark.routes"
"""The group of entry points that name the pages of an application: functions of it, ``None`` if it is not theirs."""


@click.command()
@click.argument("target", required=False)
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option("--routes/--no-routes", default=None, help="All pages without parameters; by default if no URL is given.")
@click.option("--sitemap", metavar="URL", help="The pages that this sitemap of the application names.")
@click.option(
    "--urls-from", type=click.File(), metavar="FILE", help="A file with a URL in each line; - is standard input."
)
@click.option("--follow", is_flag=True, help="Also the pages that pages link to, but for those of --exclude.")
@click.option("--exclude", default=LOGOUTS, show_default=True, metavar="REGEX",
              callback=checked_pattern, help="Links and routes that are left out.")  # fmt: skip
@click.option("--host", default="localhost", show_default=True, help="The host to ask for.")
@click.option("--mount", default="", metavar="PATH", help="The path that the application is mounted at, such as /shop.")
@click.option("--https", is_flag=True, help="Ask as by https.")
@click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header of each request.")
@click.option("--cookie", "cookies", multiple=True, metavar="NAME=VALUE", help="A cookie, as of a page behind a login.")
@click.option(
    "--login", multiple=True, metavar="NAME=VALUE", help="A field of the login form: pages are asked for after it."
)
@click.option("--login-page", default=LOGIN_PAGE, show_default=True, metavar="PATH", help="The page with that form.")
@click.option("--recorded", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Regions that a run with PRESSMARK_RECORD=FILE has met.")  # fmt: skip
@click.option("--cache", multiple=True, type=click.Path(file_okay=False), metavar="DIR",
              help="The cache directory of a run that has recorded, if that was not started here.")  # fmt: skip
@click.option("--manifest", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="The manifest to add to; by default that of the application's settings.")  # fmt: skip
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIRECTORY",
              help="Also write bundles there, with their compressed forms, and manifest.json beside them.")  # fmt: skip
@click.option("--check", is_flag=True, help="Write nothing: fail if the manifest lacks a region of the pages.")
@click.option("--strict", is_flag=True, help="Fail also if a region could not be built.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(target: str | None, urls: tuple[str, ...], **options: Any) -> None:
    """Render pages of TARGET in this process, and build every region ahead of time.

    TARGET is module:attribute, such as project.wsgi:application or app:create_app. Without a URL all routes without
    parameters are rendered.
    """
    given = BuildOptions.of(options, urls=urls)
    if target is None and not given.recorded:
        raise click.UsageError("name the application, as module:attribute, or give --recorded FILE")
    built = Built() if target is None else record(lambda: visit(find_target(target), given))
    try:
        finish(_with_recorded(built, given), given)
    except (OSError, ManifestError, StoreError) as error:
        raise click.ClickException(str(error)) from error


def _with_recorded(built: Built, options: BuildOptions) -> Built:
    """Return what was *built*, and the regions of recorded files.

    The bundles of these are in a cache directory, or shipped already: a run keeps no other copy of such a one. A region
    whose bundles are nowhere any more is a failure: what was recorded long ago may be swept from its cache.
    """
    recorded = read_recordings(options.recorded)
    if not recorded:
        return built
    stores = [assemble_cache(each, RETENTION_S) for each in options.cache or (default_cache_directory(),)]
    shipped = [assemble_shipped(options.output)] if options.output is not None else []
    reads = [built.read, *(store.get for store in (*stores, *shipped))]

    def read(kind: FileKind, name: str) -> bytes | None:
        return next((found for each in reads if (found := each(kind, name)) is not None), None)

    files = {file for entry in recorded.values() for file in entry.record.files} if options.output else set()
    gone = {file for file in files if read(*file) is None}
    lost = {place for place, entry in recorded.items() if not gone.isdisjoint(entry.record.files)}
    told = (
        f"{entry.kind} region on {entry.path}, as it was recorded: no --cache has its bundles: "
        "name that of the run, or record it again"
        for place, entry in recorded.items()
        if place in lost - built.entries.keys()
    )
    kept = {place: entry for place, entry in recorded.items() if place not in lost}
    return replace(built, entries={**kept, **built.entries}, failures=(*built.failures, *told), read=read)


def record(render: Callable[[], Iterable[Visited]]) -> Built:
    """Return what the pages have that *render* renders, all of which are noted meanwhile. Raises ClickException."""
    RECORDER.manifest = None
    RECORDER.begin(RECORDER.file)
    try:
        with redirect_stdout(sys.stderr):  # what the application prints is no part of the result
            pages = tuple(render())
        return Built(pages, dict(RECORDER.entries), tuple(RECORDER.failures.values()), RECORDER.read)
    except (SettingsError, ValueError, TimeoutError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        RECORDER.end()


def visit(application: Any, options: BuildOptions) -> Iterator[Visited]:
    """Yield the pages of *application* that *options* name, when they were rendered."""
    login = _pairs("login field", options.login)
    if options.mount and not options.mount.startswith("/"):
        raise click.UsageError(f"--mount is {options.mount!r}; it must begin with '/', such as /shop")
    headers, scheme = _headers(options.headers), "https" if options.https else "http"
    with LocalSite(application, options.host, headers, scheme=scheme, mount=options.mount.rstrip("/")) as site:
        site.cookies |= _pairs("cookie", options.cookies)
        if login:
            _log_in(site, options.login_page, login)
        visits = Visits(site.get, options.host, options.follow, re.compile(options.exclude))
        visits.add(_wanted(site, options), is_wanted=True)
        if options.routes or (options.routes is None and not visits.seen):
            routes = (path for path in routes_of(application) if not re.search(options.exclude, path))
            visits.add(routes, is_wanted=False)
        if not visits.seen:
            visits.add(["/"], is_wanted=True)
        yield from _watched(visits)
        if visits.is_cut:
            click.echo(f"links beyond {visits.limit:,} paths were not followed", err=True)


def finish(built: Built, options: BuildOptions) -> None:
    """Write what was *built* where *options* say, and print what became of it. Raises ClickException."""
    output = options.output
    plan = Plan(options.manifest or _manifest_for(output), output, only_checks=options.check)
    try:
        with _bar(len(built.outputs) if output and not plan.only_checks else 0, "Writing") as bar:
            written = write_build(built, plan, lambda: bar.update(1))
    except (OSError, StoreError, ManifestError) as error:
        raise click.ClickException(f"{error}; what was built before is as it was") from error
    as_json = options.as_json
    click.echo(json.dumps(built.fields(written), indent=1) if as_json else "\n".join(table_of(built, plan, written)))
    if faults := list(built.faults(plan, written, is_strict=options.strict)):
        raise click.ClickException("; ".join(faults))


def _manifest_for(output: Path | None) -> Path | None:
    """Return the manifest to add to: that of the settings, unless the *output* goes elsewhere and has its own."""
    known = Path(RECORDER.manifest) if RECORDER.manifest else None
    if output is None or (known is not None and known.parent == output.absolute()):
        return known
    return output / "manifest.json"


def routes_of(application: Any) -> list[str]:
    """Return the paths of all pages without parameters that the framework of *application* knows."""
    finders = list(_route_finders())
    while application is not None:
        for find in finders:
            found = find(application)
            if found is not None:
                return list(found)
        application = getattr(application, "app", None)
    return []


def _route_finders() -> Iterator[Any]:
    for point in entry_points(group=ROUTES):
        with suppress(ImportError):  # its framework is not installed
            yield point.load()


def _log_in(site: LocalSite, page: str, fields: Mapping[str, str]) -> None:
    path = _path(page)
    try:
        log_in(site, path, fields)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except Exception as error:  # the application's
        raise click.ClickException(f"the login page raised {type(error).__name__}: {error}") from error


def _wanted(site: LocalSite, options: BuildOptions) -> Iterator[str]:
    yield from map(_path, options.urls)
    if options.urls_from is not None:
        yield from (_path(line.strip()) for line in options.urls_from if line.strip() and not line.startswith("#"))
    if options.sitemap:
        yield from _named_by_sitemap(options.sitemap, site)


def _named_by_sitemap(url: str, site: LocalSite) -> list[str]:
    """Return the paths of the pages that the sitemap at *url* names. Raises ClickException if it names none."""
    try:
        reply = site.get(_path(url))
    except Exception as error:  # the application's
        raise click.ClickException(f"the sitemap {url} raised {type(error).__name__}: {error}") from error
    paths = paths_in_sitemap(reply.body)
    if not paths:
        raise click.ClickException(f"the sitemap {url} names no page; its status is {reply.status}")
    return paths


def _path(url: str) -> str:
    """Return the path of *url*, which may name a host. Raises UsageError."""
    path = path_of(url) if url.startswith(("/", "http:", "https:")) else None
    if path is None:
        raise click.UsageError(f"{url!r} is no path, such as /about/, or URL")
    return path


def _headers(headers: Iterable[str]) -> Headers:
    if wrong := [each for each in headers if not each.partition(":")[0].strip() or ":" not in each]:
        raise click.UsageError(f"header {wrong[0]!r} is not NAME:VALUE")
    return tuple((name.strip(), value.strip()) for name, _, value in (each.partition(":") for each in headers))


def _pairs(what: str, given: Iterable[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    if wrong := [name for name, equals, _ in pairs if not equals or not name.strip()]:
        raise click.UsageError(f"{what} {wrong[0]!r} is not NAME=VALUE")
    return {name.strip(): value for name, _, value in pairs}


def _watched(visits: Visits) -> Iterator[Any]:
    with _bar(1, "Rendering") as bar:
        for visited in visits:
            bar.length = len(visits.seen)
            bar.update(1)
            yield visited


def _bar(length: int, label: str) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not (length and sys.stderr.isatty()))
