"""What each template of a page has in its context."""

from cms.conf import TemplateSettings
from cms.sites import SITES


def settings(request):
    """Return the settings of the site."""
    return {"settings": TemplateSettings()}


def site(request):
    """Return the site that the host of a request names."""
    return {"site": next(site for site in SITES if site.domain == request.get_host())}
