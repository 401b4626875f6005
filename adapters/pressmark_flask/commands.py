"""``flask pressmark``: the commands of ``pressmark``, for one application."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
from flask.cli import AppGroup

from pressmark.adapters import Location, Reply, call_wsgi, environ_factory, quoted, wsgi_subrequest
from pressmark.adapters.commands import (
    BuildOptions,
    Visited,
    build_command,
    cache_command,
    contexts_of,
    endings_of,
    explain_page,
    finish,
    record,
    visit,
    visited_template,
)
from pressmark_flask.site import Site
from pressmark_flask.template_pages import render_templates

_KNOWN = ("target", "host", "mount", "https", "recorded", "cache")
"""The parameters of the command ``build`` that the configuration of an application has, or that are of no use here."""
_TEMPLATES = (
    click.Option(["--templates"], is_flag=True, help="Also all templates with regions, without their views."),
    click.Option(["--context"], metavar="NAME", help="Dotted name of their contexts, or of a function of them."),
    click.Option(["--extension", "-e"], multiple=True, help="Endings of templates; .html by default."),
)


def commands_of(site: Site) -> AppGroup:
    """Return the commands for *site*."""
    group = AppGroup("pressmark", help="Bundles of the application's pages.")

    own = [each for each in build_command.params if each.name not in _KNOWN]

    @group.command("build", params=[*own, *_TEMPLATES], help=build_command.help)
    def build(**options: Any) -> None:
        is_https = site.flask.config["PREFERRED_URL_SCHEME"] == "https"
        given = BuildOptions.of(options, host=_host(site), mount=_mount(site), https=is_https)
        finish(record(lambda: _rendered(site, given, options)), given)

    @group.command("explain")
    @click.argument("path", default="/")
    def explain(path: str) -> None:
        """Show the bundles of the regions of the page at PATH, and the rule by which an element stays."""
        reply = _loader(site, site.inner)(path)
        mount = quoted(_mount(site))
        subrequest = wsgi_subrequest(site.inner, _environ(site))
        location = Location(mount, quoted(_mount(site) + path), _host(site), subrequest)
        explain_page(path, reply, location, site.settings(mount))

    @group.command(
        "cache", params=[each for each in cache_command.params if each.name != "directory"], help=cache_command.help
    )
    def show_cache(**options: Any) -> None:
        callback: Any = cache_command.callback
        callback(site.settings().cache_directory, **options)

    return group


def _rendered(site: Site, given: BuildOptions, options: Mapping[str, Any]) -> Iterator[Visited]:
    """Yield the templates and pages that the options name, when they were rendered."""
    if options["templates"]:
        contexts, endings = contexts_of(options["context"]), endings_of(options["extension"])
        pages = render_templates(site.flask, contexts, endings)
        yield from (visited_template(page, site.bundle_html) for page in pages)
    if given.names_pages or not options["templates"]:
        yield from visit(site.flask, given)


def _loader(site: Site, application: Callable[..., Any]) -> Callable[[str], Reply]:
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
