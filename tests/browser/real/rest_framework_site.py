"""Django REST framework's browsable API of a database of its own, its media in regions: a WSGI application."""

from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from demo.shared import cache_dir

HERE = Path(__file__).parent
GROUPS = ["Archive", "Catalogue", "Loans", "Reading room", "Returns"]

settings.configure(
    DEBUG=True,  # staticfiles serves files in debug mode only
    SECRET_KEY="unused: the site lives for one test run",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "rest_framework",
        "pressmark_django",
    ],
    MIDDLEWARE=[
        "pressmark_django.middleware.PressmarkMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    PRESSMARK={"cache_dir": cache_dir("rest_framework"), "debug_toggle": "plain", "build_wait": None},
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{cache_dir('rest_framework')}.sqlite3"}},
    STATIC_URL="/static/",
    TIME_ZONE="UTC",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [HERE / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    REST_FRAMEWORK={
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "PAGE_SIZE": 3,
        "DEFAULT_FILTER_BACKENDS": ["rest_framework.filters.SearchFilter", "rest_framework.filters.OrderingFilter"],
    },
)
django.setup()

# These read the settings when they are imported.
from django.contrib.auth.models import Group  # noqa: E402
from django.contrib.staticfiles.urls import staticfiles_urlpatterns  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework.routers import DefaultRouter  # noqa: E402
from rest_framework.serializers import ModelSerializer  # noqa: E402
from rest_framework.viewsets import ModelViewSet  # noqa: E402


class GroupSerializer(ModelSerializer):
    """A group with the permissions that it has: a form of a text and a list of many."""

    class Meta:
        """What the serializer is made of."""

        model = Group
        fields = ("url", "name", "permissions")


class GroupViewSet(ModelViewSet):
    """The groups of a library's staff."""

    queryset = Group.objects.order_by("name")
    serializer_class = GroupSerializer
    search_fields = ("name",)


def no_icon(request: Any) -> HttpResponse:
    """Answer Chromium, which asks for an icon and complains of a missing one."""
    return HttpResponse(status=204)


def _fill() -> None:
    call_command("migrate", verbosity=0)
    for name in GROUPS:
        Group.objects.create(name=name)


router = DefaultRouter()
router.register("groups", GroupViewSet)
urlpatterns = [path("api/", include(router.urls)), *staticfiles_urlpatterns(), path("favicon.ico", no_icon)]
_fill()
app = get_wsgi_application()
