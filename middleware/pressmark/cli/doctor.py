"""``pressmark doctor``: try the whole road of a deployment, and say in plain lines what is wrong."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from pressmark.cli.examine_setup import examine_application
from pressmark.cli.examine_site import examine_site
from pressmark.cli.findings import Finding, lines_of
from pressmark.cli.local_site import find_target
from pressmark.errors import SettingsError

TIMES = 10


@click.command()
@click.argument("target", metavar="TARGET|URL")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--host", default="localhost", show_default=True, help="The host to ask TARGET for.")
@click.option("--mount", default="", metavar="PATH", help="The path that TARGET is mounted at, such as /shop.")
@click.option(
    "--times", default=TIMES, show_default=True, type=click.IntRange(1), help="How often to ask for each URL."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(target: str, paths: tuple[str, ...], **options: Any) -> None:
    """Try the road of a deployment, and say what is wrong.

    TARGET is module:attribute, such as project.wsgi:application: its directories, compilers, cache, store and manifest
    are tried, and its pages at PATH, by default /. URL is a page of the running site: it and its bundles are asked for
    many times, as a CDN and browsers would. Fails if anything is wrong.
    """
    is_url = target.startswith(("http://", "https://"))
    if is_url and paths:
        raise click.UsageError("give the URL of one page, without PATH")
    with click.progressbar(
        examine_site(target, options["times"]) if is_url
        else _examined(target, options["host"], options["mount"], paths or ("/",)),
        label="Trying", file=sys.stderr, hidden=not sys.stderr.isatty(),
    ) as bar:  # fmt: skip
        findings = list(bar)
    as_json = options["as_json"]
    told = json.dumps([each._asdict() for each in findings], indent=1) if as_json else "\n".join(lines_of(findings))
    click.echo(told)
    if any(each.level == "bad" for each in findings):
        sys.exit(1)


def _examined(target: str, host: str, mount: str, paths: tuple[str, ...]) -> Iterator[Finding]:
    try:
        application = find_target(target)
        yield from examine_application(application, host, mount.rstrip("/"), paths)
    except (SettingsError, ValueError) as error:
        raise click.ClickException(str(error)) from error
