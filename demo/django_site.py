"""The demo's pages made by Django, its static files served by staticfiles.

Settings, URLs and the application are in this one file, so that what Pressmark needs is seen at a glance.
"""

from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.templatetags.static import static
from django.urls import path
from jinja2 import Environment

from demo.shared import PAGES, STATIC, TEMPLATES, cache_dir, library_dir

settings.configure(
    DEBUG=True,  # staticfiles serves files in debug mode only
    SECRET_KEY="unused: the demo signs nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.admin.apps.SimpleAdminConfig",  # for its static files only
        "django.contrib.staticfiles",
        "rest_framework",
        "pressmark_django",
    ],
    MIDDLEWARE=["pressmark_django.middleware.PressmarkMiddleware"],
    PRESSMARK={"cache_dir": cache_dir("django"), "debug_toggle": "plain", "build_wait": None},
    # A relative STATIC_URL is below the path that the site is mounted at.
    STATIC_URL="static/",
    STATICFILES_DIRS=[
        ("demo", STATIC),
        ("bootstrap_datepicker", library_dir("bootstrap_datepicker")),
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [TEMPLATES],
            "OPTIONS": {"environment": f"{__name__}.environment"},
        }
    ],
)
django.setup()

# These read the settings when they are imported.
from django.contrib.staticfiles.views import serve  # noqa: E402
from django.views.generic import RedirectView, TemplateView  # noqa: E402


def environment(**options: Any) -> Environment:
    """Return the Jinja2 environment of Django's template backend, with ``asset`` for static URLs."""
    env = Environment(**options)  # autoescape comes in with the options
    env.globals["asset"] = lambda library, path: static(f"{library}/{path}")
    return env


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="starter")),
    *(path(f"{page}/", TemplateView.as_view(template_name=f"{page}.html"), name=page) for page in PAGES),
    path("static/<path:path>", serve),
]

app = get_wsgi_application()
