"""Mezzanine as its command lays out a project, with the pages that it brings."""

import sys

from tests.migration.sites.sides import FOLDER

sys.path.insert(0, str(FOLDER))

from library.settings import *  # noqa: F403
