"""Horizon as it is installed: it logs in nowhere, and so needs no other service of OpenStack."""

from openstack_dashboard.settings import *  # noqa: F403

from tests.migration.sites.sides import FOLDER, follow_guide

ALLOWED_HOSTS = ["*"]
SECRET_KEY = "unused: the site lives for one test run"
STATIC_ROOT = str(FOLDER / "static")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
follow_guide(globals(), trust=["/static/horizon/lib/*"])
