"""``flask pressmark``: the commands of ``pressmark``, for one application."""

from collections.abc import Callable
from os import fspath
from typing import Any

import click
from flask.cli import AppGroup

from pressmark import WSGIMiddleware
from pressmark.adapters import Location, Reply, call_wsgi, environ_factory, quoted, wsgi_subrequest
from pressmark.adapters.commands import cache_command, explain_page, prebuild
from pressmark_flask.site import Site


def commands_of(site: Site) -> AppGroup:
    """Return the commands for *site*."""
    group = AppGroup("pressmark", help="Bundles of the application's pages.")

    @group.command("compress")
    @click.argument("paths", nargs=-1)
    def compress(paths: tuple[str, ...]) -> None:
        """Build the bundles of the pages at PATHS, / by default, before visitors ask for them."""
        application = WSGIMiddleware(site.inner, settings=site.settings(quoted(_mount(site)), build_wait=None))
        try:
            for line in prebuild(paths or ("/",), _asker(site, application)):
                click.echo(line)
        except ValueError as error:
            raise click.ClickException(str(error)) from error

    @group.command("explain")
    @click.argument("path", default="/")
    def explain(path: str) -> None:
        """Show the bundles of the regions of the page at PATH, and the rule by which an element stays."""
        reply = _asker(site, site.inner)(path)
        mount = quoted(_mount(site))
        subrequest = wsgi_subrequest(site.inner, _environ(site))
        location = Location(mount, quoted(_mount(site) + path), _host(site), subrequest)
        explain_page(path, reply, location, site.settings(mount))

    @group.command(
        "cache", params=[each for each in cache_command.params if each.name != "directory"], help=cache_command.help
    )
    def show_cache(**options: Any) -> None:
        callback: Any = cache_command.callback
        callback(fspath(site.settings().cache_dir), **options)

    return group


def _asker(site: Site, application: Callable[..., Any]) -> Callable[[str], Reply]:
    request = environ_factory(_environ(site))
    return lambda path: call_wsgi(application, request(path, ()))


def _environ(site: Site) -> dict[str, str]:
    """Return the environ of a request to the application, as far as its configuration names host and mount."""
    return {
        "SCRIPT_NAME": _mount(site),
        "HTTP_HOST": _host(site),
        "SERVER_NAME": _host(site),
        "SERVER_PORT": "80",
        "wsgi.url_scheme": site.flask.config["PREFERRED_URL_SCHEME"],
    }


def _host(site: Site) -> str:
    return str(site.flask.config["SERVER_NAME"] or "localhost")


def _mount(site: Site) -> str:
    return str(site.flask.config["APPLICATION_ROOT"]).rstrip("/")
