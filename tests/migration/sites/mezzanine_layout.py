"""Lays out a project of Mezzanine by its own command, and has its settings follow those of the side."""

import sys

from mezzanine.bin.mezzanine_project import create_project

from tests.migration.sites.sides import FOLDER

LOCAL_SETTINGS = """
DEBUG = False
DATABASES["default"]["NAME"] = os.path.join(PROJECT_ROOT, "site.sqlite3")

from tests.migration.sites.sides import follow_guide

follow_guide(globals(), apps="OPTIONAL_APPS", after="mezzanine.core.middleware.UpdateCacheMiddleware")
"""

sys.argv[1:] = ["library", str(FOLDER)]
create_project()
with (FOLDER / "library" / "local_settings.py").open("a", encoding="utf-8") as file:
    file.write(LOCAL_SETTINGS)
