"""A panel for django-debug-toolbar: the explanation of each region of the page."""

from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any

from asgiref.sync import sync_to_async
from debug_toolbar.panels import Panel
from django.http import HttpRequest, HttpResponse

from pressmark.adapters import HEADINGS, Exchange, heading_of, rows_of


class PressmarkPanel(Panel):
    """The panel. Add ``"pressmark_django.panels.PressmarkPanel"`` to ``DEBUG_TOOLBAR_PANELS``."""

    title = nav_title = "Pressmark"
    template = "pressmark/panel.html"
    is_async = True

    @property
    def nav_subtitle(self) -> str:
        """The bytes of all bundles, before and after."""
        stats = self.get_stats()
        if not stats.get("regions"):
            return "no regions"
        return f"{stats['bundles']} from {stats['files']} files, {stats['before']:,} → {stats['after']:,} bytes"

    def process_request(self, request: HttpRequest) -> Any:
        """Answer, and explain the page's regions: on a thread if the answer comes from an event loop."""
        answer = super().process_request(request)
        if isawaitable(answer):
            return self._explained(request, answer)
        self._stats = _stats(request)
        return answer

    async def _explained(self, request: HttpRequest, answer: Awaitable[HttpResponse]) -> HttpResponse:
        response = await answer
        self._stats = await sync_to_async(_stats, thread_sensitive=False)(request)
        return response

    def generate_stats(self, request: HttpRequest, response: HttpResponse) -> None:
        """Record the explanations of the page's regions."""
        self.record_stats(self._stats)


def _stats(request: HttpRequest) -> dict[str, Any]:
    exchange: Exchange | None = getattr(request, "pressmark_exchange", None)
    explained = list(exchange.explained()) if exchange is not None else []
    regions = [
        {"heading": heading_of(found), "rows": rows_of(found), "milliseconds": f"{seconds * 1000:.0f}"}
        for found, seconds in explained
    ]
    joined = [note for found, _ in explained for note in found.notes if note.group is not None]
    bundles = [bundle for found, _ in explained for bundle in found.bundles]
    return {
        "headings": HEADINGS,
        "regions": regions,
        "files": len(joined),
        "bundles": f"{len(bundles)} bundle" + ("" if len(bundles) == 1 else "s"),
        "before": sum(note.size for note in joined),
        "after": sum(len(bundle.content) for bundle in bundles),
    }
