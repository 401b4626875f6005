"""Pressmark for Django: add ``pressmark_django.middleware.PressmarkMiddleware`` to ``MIDDLEWARE``.

Settings come from ``PRESSMARK = {...}`` in the project's settings; static files from ``django.contrib.staticfiles``.
"""

from django.apps import apps as registry

__all__ = ["bundle_html"]


def bundle_html(html: str, path: str = "/") -> str:
    """Return *html*, which is no response, with its regions bundled by the project's settings. Blocks.

    Relative URLs are relative to *path*. A region that cannot be built stays as it was written, with its markers.
    """
    bundled: str = registry.get_app_config("pressmark").bundle_html(html, path)
    return bundled
