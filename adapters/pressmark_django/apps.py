"""The entry for INSTALLED_APPS."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from pressmark_django.checks import check_configuration
from pressmark_django.compressor.old_modules import install_old_names


class PressmarkConfig(AppConfig):
    """The app's configuration: its label is ``pressmark``, and its checks run with ``manage.py check``."""

    name = "pressmark_django"
    label = "pressmark"
    verbose_name = "Pressmark"

    def __init__(self, app_name: str, app_module: Any) -> None:
        super().__init__(app_name, app_module)
        # Before the models of other apps are imported, and any template.
        if "compressor" not in settings.INSTALLED_APPS:
            install_old_names()

    def ready(self) -> None:
        """Register the checks."""
        register(check_configuration)
