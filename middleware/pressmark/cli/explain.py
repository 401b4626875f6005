"""``pressmark explain``: show the bundles of a page's regions, and the rule by which an element stays."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from os.path import isdir
from pathlib import Path

import click

from pressmark.assembly import assemble_renderer, assemble_resolver
from pressmark.cli.remote_site import FetchError, RemoteResolver, fetch
from pressmark.errors import AssetError, SettingsError
from pressmark.http.headers import HeaderList, content_type_of
from pressmark.model import Page, Region, Reply, Text
from pressmark.page.modules_around import with_modules_around
from pressmark.page.scanner import Scanner, marker_error
from pressmark.protocols import Resolver
from pressmark.regions.renderer import Renderer
from pressmark.report.clients import hints
from pressmark.report.explanation import Explanation, changes_of, gain_of, table_of
from pressmark.response.exchange import read_page
from pressmark.response.visit import Location
from pressmark.settings import Settings
from pressmark.syntax.urls import quoted

HINT = (
    "A file was not found. By default the files of a page lie beside it, and those of a URL are asked of its server; "
    "give another directory with --static PREFIX=DIRECTORY."
)

HTML = ("Content-Type", "text/html")
PAGE = (
    "one is text/html in an encoding in which < is always <, whole, to be shown rather than saved, and without "
    "no-transform"
)
ALL_STATIC = (
    "Without --static every address of the server counts as a file below a static prefix; the site itself does not "
    "bundle files that its views make."
)


@click.command()
@click.argument("target", metavar="FILE_OR_URL")
@click.option(
    "--static",
    "static",
    multiple=True,
    metavar="PREFIX=DIRECTORY",
    help="A directory of static files, e.g. /static/=assets. By default those of a file lie beside it, and those of a "
    "URL are asked of its server.",
)
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="NAME:VALUE",
    help="A header that a file's page is sent with, e.g. Content-Type or Content-Security-Policy.",
)
@click.option("--exact", is_flag=True, help='Apply fidelity="exact".')
@click.option("--no-minify", is_flag=True, help="Combine only.")
@click.option("--all", "is_all", is_flag=True, help="Tell, too, what trust in each region would gain.")
def explain(  # noqa: PLR0913, PLR0917  # an argument for each option
    target: str, static: tuple[str, ...], headers: tuple[str, ...], exact: bool, no_minify: bool, is_all: bool
) -> None:
    """Show the bundles of a page's regions, and the rule by which an element stays.

    FILE_OR_URL is an HTML file as a browser gets it (no template), or the http(s) address of a page as it was written:
    if Pressmark runs there already, ask for it with your debug_toggle.
    """
    try:
        settings = Settings(static=_read_static(static), fidelity="exact" if exact else "safe", minify=not no_minify)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    scheme = target.partition("://")[0].lower() if "://" in target else ""
    if scheme not in ("", "http", "https"):
        raise click.UsageError(f"{scheme}: is no scheme that can be fetched; give a file, or an http or https address")
    if scheme and headers:
        raise click.UsageError("--header is for files; a URL's page comes with its own")
    body, page, resolver = _fetch(target) if scheme else _open(target, _read_headers(headers))
    renderer = assemble_renderer(settings, None if static else resolver)
    is_missing = report(target, body, page, renderer, is_all=is_all)
    if is_missing and not static:
        click.echo(HINT, err=True)
    elif scheme and not static:
        click.echo(ALL_STATIC, err=True)


def explain_page(target: str, reply: Reply, location: Location, settings: Settings) -> None:
    """Print the explanation of each region of *reply*, the page *target* of an application in this process.

    Raises ClickException if it is no page that may change, or has no region.
    """
    try:
        page = read_page(location, reply.status, list(reply.headers))
    except ValueError as error:
        reason = str(error) or f"status {reply.status}; {PAGE}"
        raise click.ClickException(f"{target} is no page that may change: {reason}") from error
    if report(target, reply.body, page, assemble_renderer(settings)):
        click.echo(HINT, err=True)


def report(target: str, body: bytes, page: Page, renderer: Renderer, *, is_all: bool = False) -> bool:
    """Print the explanation of each region of *body*, and tell whether a file was missing.

    With *is_all* it is told what trust in the region would gain. Raises ClickException if it has no region.
    """
    found = list(_markers(body))
    if not found:
        raise click.ClickException(
            f"{target} has no region, such as <!-- compress css --> … <!-- endcompress -->; if Pressmark has bundled "
            "it already, ask for the page with your debug_toggle"
        )
    texts: list[str] = []
    explanations: list[Explanation] = []
    with click.progressbar(length=len(found), label="Reading", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for line, event in found:
            if isinstance(event, Text):
                texts.append(f"Line {line}, {marker_error(event)}\n")
            else:
                explanations.append(renderer.explain(event, page))
                texts.append(f"Line {line}, {_told(explanations[-1], page, renderer, is_all=is_all)}\n")
            bar.update(1)
    click.echo("\n".join((*texts, *(f"Hint: {hint}.\n" for hint in hints(body, explanations)))))
    return any(isinstance(explanation.error, AssetError) for explanation in explanations)


def _told(explanation: Explanation, page: Page, renderer: Renderer, *, is_all: bool) -> str:
    lines = [table_of(explanation)]
    if changes := list(changes_of(explanation)):
        lines += ["  To let them join:", *(f"    {change}" for change in changes)]
    if is_all and explanation.error is None:
        lines.append(f"  {gain_of(explanation, renderer.explain(replace(explanation.region, is_trusted=True), page))}")
    return "\n".join(lines)


def _read_static(options: tuple[str, ...]) -> dict[str, list[str]]:
    static: dict[str, list[str]] = {}
    for option in options:
        prefix, _, directory = option.partition("=")
        if not directory or not isdir(directory):
            raise click.BadParameter(
                f"{option!r} is not PREFIX=DIRECTORY with a directory that exists", param_hint="--static"
            )
        static.setdefault(prefix, []).append(directory)
    return static


def _read_headers(options: tuple[str, ...]) -> HeaderList:
    headers: HeaderList = []
    for option in options:
        name, colon, value = option.partition(":")
        if not colon or not name.strip():
            raise click.BadParameter(f"{option!r} is not NAME:VALUE", param_hint="--header")
        headers.append((name.strip(), value.strip()))
    return headers


def _open(target: str, headers: HeaderList) -> tuple[bytes, Page, Resolver]:
    path = Path(target)
    if path.exists() and not path.is_file():
        raise click.ClickException(f"{target!r} is no regular file")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"cannot read {target!r}: {error.strerror}") from error
    location = Location("", quoted(f"/{path.name}"))
    try:
        page = read_page(location, 200, headers if content_type_of(headers)[0] else [*headers, HTML])
    except ValueError as error:
        reason = str(error) or PAGE
        raise click.ClickException(f"with these headers {target} is no page that may change: {reason}") from error
    return body, page, assemble_resolver(str(path.resolve().parent))


def _fetch(target: str) -> tuple[bytes, Page, Resolver]:
    try:
        answer = fetch(target)
    except FetchError as error:
        raise click.ClickException(str(error)) from error
    location = Location("", answer.path, answer.host)
    try:
        page = read_page(location, answer.status, list(answer.headers))
    except ValueError as error:
        kind = {name.lower(): value for name, value in answer.headers}.get("content-type", "no content type")
        reason = str(error) or f"{kind}, status {answer.status}; {PAGE}"
        raise click.ClickException(f"{target} is no page that may change: {reason}") from error
    return answer.body, page, RemoteResolver(answer.origin)


def _markers(body: bytes) -> Iterator[tuple[int, Region | Text]]:
    """Yield the regions of a page, and markers that belong to none, with the line on which each begins, from 1."""
    scanner = Scanner()
    line = 1
    for event in with_modules_around((*scanner.feed(body), *scanner.finish())):
        if isinstance(event, Region) or event.flaw:
            yield line, event
        line += event.raw.count(b"\n")
