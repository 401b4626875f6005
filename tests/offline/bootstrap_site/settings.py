"""The settings of the project, the same on each machine: what differs comes from the environment."""

import os
from pathlib import Path

HERE = Path(__file__).parent
MACHINE = Path(os.environ["SITE_MACHINE"])
"""The folder of the machine: what it has of sources, static files and bundles."""

DEBUG = False
SECRET_KEY = "unused: the site lives for one test run"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.offline.bootstrap_site.urls"
WSGI_APPLICATION = "tests.offline.bootstrap_site.wsgi.application"
TEST_RUNNER = "tests.offline.bootstrap_site.suite.Runner"
INSTALLED_APPS = ["django.contrib.staticfiles", "pressmark_django"]
MIDDLEWARE = [
    "pressmark_django.middleware.PressmarkMiddleware",
    "htmlmin.middleware.HtmlMinifyMiddleware",
    "htmlmin.middleware.MarkRequestMiddleware",
    "django.middleware.common.CommonMiddleware",
]
KEEP_COMMENTS_ON_MINIFYING = True
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS_URL"]}}
STATIC_URL = os.environ.get("STATIC_URL", "/static/")
STATIC_ROOT = MACHINE / "collected"
STATICFILES_DIRS = [MACHINE / "assets"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "pressmark_django.finders.BundleFinder",
]
PRESSMARK = {
    "manifest": MACHINE / "bundles" / "manifest.json",
    "public_url": f"{STATIC_URL}pressmark/",
    "on_missing": os.environ.get("SITE_ON_MISSING", "build"),
    "enabled": "SITE_IS_PLAIN" not in os.environ,
    "cache_dir": MACHINE / "cache",
}
