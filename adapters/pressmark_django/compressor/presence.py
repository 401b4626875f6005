"""Whether django-compressor is one of the project's apps: for us, and for other packages that ask."""

from typing import Any

from django.conf import settings

NAME = "compressor"


def is_in_use() -> bool:
    """Tell whether the project has django-compressor itself among its apps."""
    return NAME in list(settings.INSTALLED_APPS)  # what is listed, not what is claimed


def claim_presence() -> None:
    """Let ``"compressor" in settings.INSTALLED_APPS`` be true, by which packages ask whether the tag works.

    It is not listed: Django would load it, and where django-compressor is installed its own tag would come back.
    """
    installed = settings.INSTALLED_APPS
    is_ours = any(str(entry).startswith("pressmark_django") for entry in installed)
    if is_ours and NAME not in installed:  # apps can be other ones for the time of a test
        settings.INSTALLED_APPS = _claiming(installed)


def _claiming(installed: Any) -> Any:
    kind: Any = type(installed)  # a list or a tuple, to which projects add others
    return type("Apps", (kind,), {"__contains__": _contains})(installed)


def _contains(apps: Any, name: object) -> bool:
    return name == NAME or name in list(apps)
