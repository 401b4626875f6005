"""``manage.py mtime_cache``: a command of django-compressor that has nothing to do here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """The command ``mtime_cache``."""

    help = "Does nothing: Pressmark keeps no times of files outside of its own memory."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the options that django-compressor's command of the same name has."""
        parser.add_argument("-i", "--ignore", action="append", metavar="PATTERN", help="Of no use.")
        for name in ("--add", "--clean", "--no-default-ignore", "--follow-links"):
            parser.add_argument(name, action="store_true", help="Of no use.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print that there is nothing to do."""
        self.stdout.write("There is nothing to do: Pressmark looks at the files of a page itself (`refresh`).")
