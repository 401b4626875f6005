"""The contexts under which templates are compressed before they are deployed."""

from django.conf import settings

from cms.conf import TemplateSettings
from cms.sites import SITES


def offline_contexts():
    """Yield a context for each site, which is a function as a template may have one."""
    for site in SITES:
        yield {
            "settings": TemplateSettings(),
            "site": lambda site=site: site,
            "STATIC_URL": settings.STATIC_URL,
        }
