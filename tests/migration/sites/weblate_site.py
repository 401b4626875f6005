"""Weblate by its example of settings, with a database of its own, and its cache and tasks in the process."""

from weblate.settings_example import *  # noqa: F403

from tests.migration.sites.sides import FOLDER, follow_guide

DEBUG = False
SITE_DOMAIN = "localhost"
SITE_URL = "http://localhost"
OTP_WEBAUTHN_RP_ID = SITE_DOMAIN
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_URL]
SECRET_KEY = "unused: the site lives for one test run"
DATABASES["default"] |= {"HOST": str(FOLDER / "postgres"), "CONN_MAX_AGE": 0}  # noqa: F405
DATA_DIR = str(FOLDER / "data")
CACHE_DIR = str(FOLDER / "cache")
MEDIA_ROOT = str(FOLDER / "data" / "media")
STATIC_ROOT = str(FOLDER / "static")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "avatar": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "avatar"},
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_BROKER_URL = "memory://"
CELERY_RESULT_BACKEND = None
follow_guide(globals())
