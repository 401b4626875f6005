"""The entry for INSTALLED_APPS."""

from django.apps import AppConfig
from django.core.checks import register

from pressmark_django.checks import check_configuration


class PressmarkConfig(AppConfig):
    """Makes the app's label ``pressmark``, and has its configuration checked."""

    name = "pressmark_django"
    label = "pressmark"
    verbose_name = "Pressmark"

    def ready(self) -> None:
        """Register the checks."""
        register(check_configuration)
