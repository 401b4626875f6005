"""Settings of a site with a content management system, as its developers wrote them for django-compressor."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).parent
SECRET_KEY = "unused"
DEBUG = False
ALLOWED_HOSTS = ["news.example", "shop.example"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "cms", "compressor"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.static",
                "cms.context_processors.settings",
                "cms.context_processors.site",
            ],
            "builtins": ["cms.templatetags.cms_tags"],
        },
    },
]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "collected"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
]

SITE_TITLE = "Widgets"
ANALYTICS_ID = ""
COMMENTS_ENABLED = True

COMPRESS_ENABLED = os.environ.get("SITE_IS_LIVE") == "1"
COMPRESS_OFFLINE = COMPRESS_ENABLED
COMPRESS_OFFLINE_CONTEXT = "cms.contexts.offline_contexts"
COMPRESS_PRECOMPILERS = (("text/x-scss", "cms.scss.ScssFilter"),)
COMPRESS_FILTERS = {
    "css": ["compressor.filters.css_default.CssAbsoluteFilter", "compressor.filters.cssmin.rCSSMinFilter"],
    "js": ["compressor.filters.jsmin.rJSMinFilter"],
}
