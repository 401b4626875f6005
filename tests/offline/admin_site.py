"""A project with Django's admin, as a settings module: what a machine has of it comes from the environment."""

import os
from pathlib import Path

from demo.shared import ADMIN_TEMPLATES

MACHINE = Path(os.environ["ADMIN_MACHINE"])
"""The folder of the machine: its database, static files and cache."""

DEBUG = False
SECRET_KEY = "unused: the site lives for one test run"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.offline.admin_urls"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pressmark_django",
]
MIDDLEWARE = [
    "pressmark_django.middleware.PressmarkMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": MACHINE / "db.sqlite3"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the others are slow on purpose
STATIC_URL = os.environ.get("ADMIN_STATIC_URL", "/static/")
STATIC_ROOT = MACHINE / "static"
TEMPLATES = [
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
]
PRESSMARK = {"cache_dir": MACHINE / "cache", "resolve": "app"}
if "ADMIN_MANIFEST" in os.environ:
    PRESSMARK |= {"manifest": os.environ["ADMIN_MANIFEST"], "on_missing": os.environ.get("ADMIN_ON_MISSING", "error")}
