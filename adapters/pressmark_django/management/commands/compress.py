"""``manage.py compress``: render pages of the project, and build their bundles before any visitor comes."""

import re
from argparse import ArgumentTypeError, FileType
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from pressmark.adapters.commands import (
    LOGIN_PAGE,
    LOGOUTS,
    BuildOptions,
    Visited,
    contexts_of,
    endings_of,
    finish,
    record,
    visit,
    visited_template,
)
from pressmark_django.compressor.settings import given_setting
from pressmark_django.configuration import read_old_settings, read_settings
from pressmark_django.template_pages import render_templates


class Command(BaseCommand):
    """The command ``compress``."""

    help = (
        "Build the bundles of pages before visitors ask for them: each PATH is asked of the project itself. Without a "
        "PATH all routes without parameters are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take paths, and the options that django-compressor's command of the same name has."""
        parser.add_argument("urls", nargs="*", metavar="PATH", help="Paths of pages.")
        parser.add_argument("--host", help="The host to ask for; by default the first of ALLOWED_HOSTS.")
        parser.add_argument("--routes", action="store_true", help="Also all pages without parameters.")
        parser.add_argument("--sitemap", metavar="PATH", help="Also the pages that this sitemap names.")
        parser.add_argument(
            "--urls-from", type=FileType(), metavar="FILE", help="A file with a PATH a line; - is input."
        )
        parser.add_argument("--follow", action="store_true", help="Also the pages that pages link to.")
        parser.add_argument(
            "--exclude", default=LOGOUTS, type=_pattern, metavar="REGEX", help="Links, routes and templates left out."
        )
        parser.add_argument("--user", metavar="NAME", help="Ask as this user, by a session that is removed afterwards.")
        parser.add_argument(
            "--login", action="append", default=[], metavar="NAME=VALUE", help="A field of the login form."
        )
        parser.add_argument("--login-page", default=LOGIN_PAGE, metavar="PATH", help="The page with that form.")
        parser.add_argument("--header", action="append", default=[], dest="headers", metavar="NAME:VALUE")
        parser.add_argument("--cookie", action="append", default=[], dest="cookies", metavar="NAME=VALUE")
        parser.add_argument(
            "--manifest", type=Path, metavar="FILE", help="The manifest to add to; by default the setting."
        )
        parser.add_argument(
            "--output", type=Path, metavar="DIRECTORY", help="Also write bundles and manifest.json there."
        )
        parser.add_argument("--check", action="store_true", help="Write nothing: fail if the manifest lacks a region.")
        parser.add_argument("--strict", action="store_true", help="Fail also if a region could not be built.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print the result as JSON.")
        parser.add_argument("--templates", action="store_true", help="Also all templates with regions, without views.")
        parser.add_argument(
            "--context", metavar="NAME", help="Dotted name of their contexts, or of a function of them."
        )
        parser.add_argument("-e", "--extension", action="append", help="Endings of templates; .html by default.")
        parser.add_argument("--engine", action="append", help="Engines of templates: django, jinja2; both by default.")
        parser.add_argument(
            "-f", "--force", action="store_true", help="Build though COMPRESS_ENABLED or COMPRESS_OFFLINE is False."
        )
        parser.add_argument("--follow-links", action="store_true", help="Follow symbolic links among templates.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Render pages and templates, and write what they have. Raises CommandError for what is wrong."""
        with _forced() if options["force"] else nullcontext():
            _check_enabled()
            self._build(options)

    def _build(self, options: Mapping[str, Any]) -> None:
        given = BuildOptions.of(
            options,
            host=options["host"] or _host(),
            https=settings.SECURE_SSL_REDIRECT,
            mount=settings.FORCE_SCRIPT_NAME or "",
            routes=options["routes"] or None,
            output=options["output"] or _offline_folder(),
        )
        offline = given_setting("OFFLINE") or options["force"]
        has_templates = options["templates"] or (offline and not given.names_pages)
        try:
            with _session(options["user"]) as cookies, redirect_stdout(self.stdout):
                asking = replace(given, cookies=(*given.cookies, *cookies))
                finish(record(lambda: _rendered(asking, options if has_templates else None)), asking)
        except click.ClickException as error:
            raise CommandError(error.format_message()) from error


def _pattern(text: str) -> str:
    """Return *text*, a regular expression. Raises ArgumentTypeError if it is none."""
    try:
        re.compile(text)
    except re.error as error:
        raise ArgumentTypeError(f"{text!r} is no regular expression: {error}") from error
    return text


def _forced() -> AbstractContextManager[Any]:
    """Return a context with the settings of servers, for a build where developers have bundling off."""
    forced: dict[str, Any] = {"PRESSMARK": {**getattr(settings, "PRESSMARK", {}), "enabled": True}}
    forced |= {"COMPRESS_OFFLINE": True} if given_setting("OFFLINE") is not None else {}
    # Loaded here, as it brings all of Django's tools for tests.
    context: AbstractContextManager[Any] = import_string("django.test.utils.override_settings")(**forced)
    return context


def _check_enabled() -> None:
    """Raise CommandError if nothing would be built."""
    found = read_settings()
    if not found.enabled and not found.precompilers:  # these compile where nothing is bundled, too
        raise CommandError(
            "COMPRESS_ENABLED or PRESSMARK['enabled'] is False: nothing would be built here; with --force it is, for "
            "servers where the setting is True"
        )


def _offline_folder() -> Path | None:
    """Return the folder of django-compressor's setting COMPRESS_OFFLINE, from which the project serves bundles, too."""
    manifest = read_old_settings().options.get("manifest")
    return Path(manifest).parent if manifest else None


def _rendered(options: BuildOptions, templates: Mapping[str, Any] | None) -> Iterator[Visited]:
    """Yield the templates, as options of the command name them, and the pages, when they were rendered."""
    if templates is not None:
        scheme = "https" if options.https else "http"
        yield from _templates(templates, {"HTTP_HOST": options.host, "wsgi.url_scheme": scheme})
    if templates is None or options.names_pages:
        yield from visit(get_wsgi_application(), options)


def _templates(options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Visited]:
    pages = render_templates(
        contexts_of(options["context"] or given_setting("OFFLINE_CONTEXT")),
        environ,
        endings=endings_of(options["extension"] or ()),
        backends=options["engine"] or ("django", "jinja2"),
        follows_links=options["follow_links"],
    )
    bundle_page, excluded = apps.get_app_config("pressmark").bundle_page, options["exclude"]
    yield from (visited_template(page, bundle_page) for page in pages if not re.search(excluded, page.name))


def _host() -> str:
    allowed = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip(".*")]
    return next(iter(allowed), "localhost")


@contextmanager
def _session(name: str | None) -> Iterator[list[str]]:
    """Give the cookie of a session of the user *name*, which ends with the context. Raises CommandError."""
    if name is None:
        yield []
        return
    model = get_user_model()
    try:
        user: Any = model._default_manager.get_by_natural_key(name)
    except model.DoesNotExist as error:
        raise CommandError(f"there is no user {name!r}") from error
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    try:
        yield [f"{settings.SESSION_COOKIE_NAME}={session.session_key}"]
    finally:
        session.delete()
