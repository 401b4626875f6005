"""The demo's pages made by Django, its static files served by staticfiles.

Settings, URLs and the application are in this one file, so that what Pressmark needs is seen at a glance.
"""

import os
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.templatetags.static import static
from django.urls import path
from jinja2 import Environment

from demo.shared import ADMIN_TEMPLATES, PAGES, STATIC, TEMPLATES, cache_dir, library_dir

settings.configure(
    DEBUG=True,  # staticfiles serves files in debug mode only
    SECRET_KEY="unused: the demo signs nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.admin",
        "django.contrib.staticfiles",
        "rest_framework",
        "pressmark_django",
    ],
    MIDDLEWARE=[
        "pressmark_django.middleware.PressmarkMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "demo.admin.signed_in",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    PRESSMARK={
        "cache_dir": cache_dir("django"),
        "debug_toggle": "plain",
        "build_wait": None,
        "resolve": "app",  # the admin's catalogue of translations is made by a view
    },
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"{cache_dir('django')}-{os.getpid()}.sqlite3",  # each worker process has its own
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TIME_ZONE="UTC",
    # A relative STATIC_URL is below the path that the site is mounted at.
    STATIC_URL="static/",
    STATICFILES_DIRS=[
        ("demo", STATIC),
        ("bootstrap_datepicker", library_dir("bootstrap_datepicker")),
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "NAME": "pages",
            "DIRS": [TEMPLATES],
            "OPTIONS": {"environment": f"{__name__}.environment"},
        },
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
        },
    ],
)
django.setup()

# These read the settings when they are imported.
from django.contrib.staticfiles.views import serve  # noqa: E402
from django.views.generic import RedirectView, TemplateView  # noqa: E402

from demo import admin  # noqa: E402


def environment(**options: Any) -> Environment:
    """Return the Jinja2 environment of Django's template backend, with ``asset`` for static URLs."""
    env = Environment(**options)  # autoescape comes in with the options
    env.globals["asset"] = lambda library, path: static(f"{library}/{path}")
    return env


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="starter")),
    *(
        path(f"{page}/", TemplateView.as_view(template_name=f"{page}.html", template_engine="pages"), name=page)
        for page in PAGES
    ),
    path("admin/", admin.site.urls),
    path("static/<path:path>", serve),
]
admin.fill()

app = get_wsgi_application()
