"""pretix on SQLite, with the static files of its wheel."""

import os

from tests.migration.sites.sides import FOLDER, follow_guide

os.environ["PRETIX_PRETIX_DATADIR"] = str(FOLDER / "data")
os.environ["PRETIX_PRETIX_URL"] = "https://localhost"

from pretix.settings import *  # noqa: F403

follow_guide(globals())
