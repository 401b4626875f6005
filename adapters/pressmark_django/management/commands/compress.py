"""``manage.py compress``: build the bundles of pages before any visitor comes, by asking for the pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

from pressmark.adapters import Reply, call_wsgi, environ_factory
from pressmark.adapters.commands import prebuild

_OF_NO_USE = "Of no use: templates are not read."


class Command(BaseCommand):
    """The command ``compress``."""

    help = (
        "Build the bundles of pages before visitors ask for them: each PATH is asked of the project itself, as by a "
        "visitor without cookies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take paths, and the options that django-compressor's command of the same name has."""
        parser.add_argument("paths", nargs="*", default=["/"], metavar="PATH", help="Paths of pages; / by default.")
        parser.add_argument("--host", help="The host to ask for; by default the first of ALLOWED_HOSTS.")
        parser.add_argument("-e", "--extension", action="append", help=_OF_NO_USE)
        parser.add_argument("--engine", action="append", help=_OF_NO_USE)
        parser.add_argument("-f", "--force", action="store_true", help=_OF_NO_USE)
        parser.add_argument("--follow-links", action="store_true", help=_OF_NO_USE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the pages. Raises CommandError if one of them is none."""
        try:
            for line in prebuild(options["paths"], _asker(options["host"])):
                self.stdout.write(line)
        except ValueError as error:
            raise CommandError(str(error)) from error


def _asker(host: str | None) -> Callable[[str], Reply]:
    """Return a function that asks the project for a path, and waits for its bundles without limit."""
    allowed = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip(".*")]
    host = host or next(iter(allowed), "localhost")
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    mount = settings.FORCE_SCRIPT_NAME or ""
    place = {"SCRIPT_NAME": mount, "HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "80"}
    with override_settings(PRESSMARK={**getattr(settings, "PRESSMARK", {}), "build_wait": None}):
        application, request = get_wsgi_application(), environ_factory(place | {"wsgi.url_scheme": scheme})
    return lambda path: call_wsgi(application, request(path, ()))
