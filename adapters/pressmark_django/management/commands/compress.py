"""``manage.py compress``: render pages of the project, and build their bundles before any visitor comes."""

from argparse import FileType
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application

from pressmark.adapters.commands import LOGOUTS, finish, visit

_OF_NO_USE = "Of no use: templates are not read."


class Command(BaseCommand):
    """The command ``compress``."""

    help = (
        "Build the bundles of pages before visitors ask for them: each PATH is asked of the project itself. Without a "
        "PATH all routes without parameters are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take paths, and the options that django-compressor's command of the same name has."""
        parser.add_argument("paths", nargs="*", metavar="PATH", help="Paths of pages.")
        parser.add_argument("--host", help="The host to ask for; by default the first of ALLOWED_HOSTS.")
        parser.add_argument("--routes", action="store_true", help="Also all pages without parameters.")
        parser.add_argument("--sitemap", metavar="PATH", help="Also the pages that this sitemap names.")
        parser.add_argument(
            "--urls-from", type=FileType(), metavar="FILE", help="A file with a PATH a line; - is input."
        )
        parser.add_argument("--follow", action="store_true", help="Also the pages that pages link to.")
        parser.add_argument("--exclude", default=LOGOUTS, metavar="REGEX", help="Links that are not followed.")
        parser.add_argument("--user", metavar="NAME", help="Ask as this user, by a session that is removed afterwards.")
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
        parser.add_argument("-e", "--extension", action="append", help=_OF_NO_USE)
        parser.add_argument("--engine", action="append", help=_OF_NO_USE)
        parser.add_argument("-f", "--force", action="store_true", help=_OF_NO_USE)
        parser.add_argument("--follow-links", action="store_true", help=_OF_NO_USE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the pages, and write what they have. Raises CommandError for what is wrong."""
        options |= {"host": options["host"] or _host(), "https": settings.SECURE_SSL_REDIRECT}
        options |= {"mount": settings.FORCE_SCRIPT_NAME or "", "routes": options["routes"] or None}
        try:
            with _session(options["user"]) as cookies, redirect_stdout(self.stdout):
                options["cookies"] = [*options["cookies"], *cookies]
                finish(visit(get_wsgi_application(), options["paths"], **options), **options)
        except click.ClickException as error:
            raise CommandError(error.format_message()) from error


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
