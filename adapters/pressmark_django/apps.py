"""The entry for INSTALLED_APPS."""

from django.apps import AppConfig


class PressmarkConfig(AppConfig):
    """Makes the app's label ``pressmark``."""

    name = "pressmark_django"
    label = "pressmark"
    verbose_name = "Pressmark"
