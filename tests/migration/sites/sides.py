"""The three forms of a project that are compared: as its templates are, by django-compressor, and by Pressmark."""

import os
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["MIGRATION_FOLDER"])
"""Where a project keeps its database, its static files and all else that it writes."""
SIDE = os.environ["MIGRATION_SIDE"]
MIDDLEWARE = "pressmark_django.middleware.PressmarkMiddleware"


def follow_guide(settings: dict[str, Any], apps: str = "INSTALLED_APPS", after: str = "", **more: Any) -> None:
    """Change the *settings* of a project that has django-compressor to those of this side.

    For Pressmark these are the two lines of docs/migrating.md: an app in the place of another, and the middleware;
    *more* are settings that it names for a project. The rest is for the test alone: bundles of its own, waited for.
    """
    if SIDE != "pressmark":
        settings["COMPRESS_ENABLED"] = SIDE == "compressor"
        return
    settings[apps] = ["pressmark_django" if name == "compressor" else name for name in settings[apps]]
    middleware = list(settings["MIDDLEWARE"])
    middleware.insert(middleware.index(after) + 1 if after else 0, MIDDLEWARE)
    settings["MIDDLEWARE"] = middleware
    bundles = os.environ.get("MIGRATION_BUNDLES", FOLDER / "bundles")
    settings["PRESSMARK"] = {"cache_dir": bundles, "build_wait": None, "debug_toggle": "pressmark"} | more
