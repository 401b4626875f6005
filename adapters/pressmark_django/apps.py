"""The entry for INSTALLED_APPS."""

import re
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register
from django.core.signals import setting_changed
from django.urls import get_script_prefix

from pressmark.adapters import Location, bundle_document
from pressmark_django.answering import is_answering, mark, unmark
from pressmark_django.checks import check_configuration
from pressmark_django.compressor.defaults import set_defaults
from pressmark_django.compressor.old_modules import install_old_names
from pressmark_django.compressor.presence import claim_presence, is_in_use
from pressmark_django.lazy_core import LazyCore

MIDDLEWARE = "pressmark_django.middleware.PressmarkMiddleware"
_INLINE = re.compile(r"<!-- compress (?:css|js) inline\b")


class PressmarkConfig(AppConfig):
    """The app's configuration: its label is ``pressmark``, and its checks run with ``manage.py check``."""

    name = "pressmark_django"
    label = "pressmark"
    verbose_name = "Pressmark"

    def __init__(self, app_name: str, app_module: Any) -> None:
        super().__init__(app_name, app_module)
        self._documents: LazyCore | None = None
        # Before the models of other apps are imported, and any template.
        if not is_in_use():
            install_old_names()
            set_defaults()
            claim_presence()

    def ready(self) -> None:
        """Register the checks."""
        register(check_configuration)
        setting_changed.connect(self._forget)

    def bundle_html(self, html: str, path: str = "/") -> str:
        """Return *html*, which is no response, with its regions bundled. Blocks."""
        unmark()
        location = Location(get_script_prefix().rstrip("/"), path)
        return bundle_document(self._core().get(), html, location)

    def bundle_page(self, html: str) -> str:
        """Return *html*, which will be a response, with its regions bundled. Blocks."""
        return bundle_document(self._core().get(), html, Location("", "/"), is_response=True)

    def bundle_fragment(self, html: str) -> str:
        """Return *html*, one region that was rendered without a request, bundled if no middleware will see it.

        It stays if its bundle would not be served, and if it depends on the page's address, which is not known.
        """
        is_served = MIDDLEWARE in settings.MIDDLEWARE or self._core().publishes
        if not _INLINE.match(html) and (is_answering() or not is_served):
            mark()
            return html
        bundled, elsewhere = (self.bundle_html(html, path) for path in ("/", "/elsewhere/"))
        return bundled if bundled == elsewhere else html

    def _core(self) -> LazyCore:
        """Return the core of documents, which is not the middleware's.

        It remembers regions whose siblings do not count (those of a mail), and counts their inline texts: a page must
        get neither.
        """
        if self._documents is None:
            self._documents = LazyCore()
        return self._documents

    def _forget(self, setting: str, **_: Any) -> None:
        self._documents = None
        if setting == "INSTALLED_APPS" and not is_in_use():
            claim_presence()
