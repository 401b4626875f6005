"""A page under django-debug-toolbar with Pressmark's panel: ``python -m tests.browser.toolbar_site PORT``."""

import sys
from wsgiref.simple_server import make_server

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from demo.shared import cache_dir

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Toolbar</title>
<!-- compress css --><link rel="stylesheet" href="/static/admin/css/base.css">
<link rel="stylesheet" href="/static/admin/css/forms.css">
<link rel="stylesheet" href="https://cdn.example/other.css" media="print"><!-- endcompress -->
</head><body><p>A page</p><!-- compress js --><script src="/static/admin/js/theme.js"></script>
<script src="/static/admin/js/cancel.js"></script><!-- endcompress --></body></html>"""

settings.configure(
    DEBUG=True,
    SECRET_KEY="unused: the site lives for one test run",
    ALLOWED_HOSTS=["*"],
    INTERNAL_IPS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.messages",
        "django.contrib.admin.apps.SimpleAdminConfig",  # for its static files only
        "django.contrib.staticfiles",
        "debug_toolbar",
        "pressmark_django",
    ],
    MIDDLEWARE=[
        "debug_toolbar.middleware.DebugToolbarMiddleware",
        "pressmark_django.middleware.PressmarkMiddleware",
    ],
    DEBUG_TOOLBAR_PANELS=["pressmark_django.panels.PressmarkPanel", "debug_toolbar.panels.headers.HeadersPanel"],
    PRESSMARK={"cache_dir": cache_dir("toolbar"), "build_wait": None},
    STATIC_URL="/static/",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

# These read the settings when they are imported.
from debug_toolbar.toolbar import debug_toolbar_urls  # noqa: E402
from django.contrib.staticfiles.urls import staticfiles_urlpatterns  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def page(request: HttpRequest) -> HttpResponse:
    """Return a page with two regions."""
    return HttpResponse(PAGE)


urlpatterns = [path("", page), *debug_toolbar_urls(), *staticfiles_urlpatterns()]

if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application()).serve_forever()
