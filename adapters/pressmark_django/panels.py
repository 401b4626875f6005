"""A panel for django-debug-toolbar: the page's regions, what they became, and why an element was left alone."""

from typing import Any

from debug_toolbar.panels import Panel
from django.http import HttpRequest, HttpResponse

from pressmark.explanation import HEADINGS, heading_of, rows_of
from pressmark.rewrite import PageRewrite


class PressmarkPanel(Panel):
    """Add ``"pressmark_django.panels.PressmarkPanel"`` to ``DEBUG_TOOLBAR_PANELS``."""

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

    def generate_stats(self, request: HttpRequest, response: HttpResponse) -> None:
        """Record what became of the page's regions."""
        rewrite: PageRewrite | None = getattr(request, "pressmark_rewrite", None)
        self.record_stats(_stats(rewrite) if rewrite is not None else {"regions": []})


def _stats(rewrite: PageRewrite) -> dict[str, Any]:
    explained = list(rewrite.explained())
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
