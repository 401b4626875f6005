"""Django's own admin on a database of its own, for a visitor who is signed in already."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import datetime, get_default_timezone

__all__ = ["fill", "signed_in", "site"]

NAME = "visitor"
NOON = datetime(2020, 2, 14, 12, tzinfo=get_default_timezone())

site.unregister(User)
# A field with a list to choose from, as Select2 makes it, beside the date pickers and boxes that users have anyway.
site.register(User, UserAdmin, autocomplete_fields=["groups"])


def signed_in(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return middleware that signs every visitor in: the demo has nothing to keep from anybody."""

    def middleware(request: Any) -> Any:
        if request.path_info.startswith("/admin/"):
            request.user = User.objects.get(username=NAME)
        return get_response(request)

    return middleware


def fill() -> None:
    """Make the database, in a thread: a server may import the demo in its event loop."""
    Path(settings.DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    filling = Thread(target=_fill)
    filling.start()
    filling.join()


def _fill() -> None:
    call_command("migrate", verbosity=0)
    User.objects.create(
        username=NAME, email="visitor@example.com", is_staff=True, is_superuser=True, date_joined=NOON, last_login=NOON
    )
    for name in ("Archive", "Catalogue", "Reading room"):
        Group.objects.create(name=name)
    connection.close()
