"""The settings that templates may see."""

from django.conf import settings

ALLOWED = ("SITE_TITLE", "ANALYTICS_ID", "COMMENTS_ENABLED")


class TemplateSettings(dict):
    """Looks names up when a template asks for them, and has those alone that it may see."""

    def __getitem__(self, name):
        if name not in ALLOWED:
            raise KeyError(name)
        return getattr(settings, name)
