"""Django's admin on a database of its own, its media in regions: a WSGI application for any server."""

from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from demo.shared import ADMIN_TEMPLATES, cache_dir

USER, PASSWORD = "librarian", "correct horse"

settings.configure(
    DEBUG=True,  # staticfiles serves files in debug mode only
    SECRET_KEY="unused: the site lives for one test run",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "pressmark_django",
    ],
    MIDDLEWARE=[
        "pressmark_django.middleware.PressmarkMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    PRESSMARK={
        "cache_dir": cache_dir("django_admin"),
        "debug_toggle": "plain",
        "build_wait": None,
        "resolve": "app",  # the admin's catalogue of translations is made by a view
    },
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{cache_dir('django_admin')}.sqlite3"}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # the others are slow on purpose
    STATIC_URL="/static/",
    TIME_ZONE="UTC",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [ADMIN_TEMPLATES],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()

# These read the settings when they are imported.
from django.contrib import admin  # noqa: E402
from django.contrib.auth.admin import UserAdmin  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.contrib.staticfiles.urls import staticfiles_urlpatterns  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.timezone import datetime, get_default_timezone  # noqa: E402

NOON = datetime(2020, 2, 14, 12, tzinfo=get_default_timezone())
READERS = ["ada", "grace", "hedy", "mary"]


def no_icon(request: Any) -> HttpResponse:
    """Answer Chromium, which asks for an icon and complains of a missing one."""
    return HttpResponse(status=204)


def _fill() -> None:
    call_command("migrate", verbosity=0)
    for name in ("Archive", "Catalogue", "Reading room"):
        Group.objects.create(name=name)
    User.objects.create_superuser(USER, "librarian@example.com", PASSWORD, date_joined=NOON)
    for name in READERS:
        user = User.objects.create_user(name, f"{name}@example.com", date_joined=NOON, last_login=NOON)
        user.groups.add(Group.objects.get(name="Archive"))


admin.site.unregister(User)
# A select2 field beside the date pickers and the two boxes that Django gives users anyway.
admin.site.register(
    User,
    UserAdmin,
    autocomplete_fields=["groups"],
    filter_horizontal=["user_permissions"],
    date_hierarchy="date_joined",
)
urlpatterns = [path("admin/", admin.site.urls), *staticfiles_urlpatterns(), path("favicon.ico", no_icon)]
_fill()
app = get_wsgi_application()
