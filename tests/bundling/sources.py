"""Sources that lie in a dictionary, and plans of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pressmark.bundling.candidates import read_candidates
from pressmark.bundling.options import PlanOptions
from pressmark.bundling.planner import Plan, plan
from pressmark.errors import AssetNotFoundError
from pressmark.model import Asset, Element, Text
from pressmark.page.context import Context
from pressmark.protocols import Read
from pressmark.verdicts.analyses import Analyses


@dataclass
class Sources:
    """Reads assets from *files*, URL -> text, as a resolver with the prefix /static/ would."""

    files: dict[str, str | bytes]
    charset: str | None = "utf-8"
    read_urls: list[str] = field(default_factory=list)

    def asset(self, url: str) -> Asset:
        """Return the asset at *url*, which must be there."""
        content = self.files[url]
        raw = content.encode("utf-8") if isinstance(content, str) else content
        media_type = "text/css" if url.endswith(".css") else "text/javascript"
        return Asset(url, media_type, raw, (), self.charset)

    def read(self, url: str, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*; ``None`` outside of /static/. Raises AssetNotFoundError."""
        self.read_urls.append(url)
        if not url.startswith("/static/"):
            return None
        path = url.partition("?")[0].partition("#")[0]
        if path not in self.files:
            raise AssetNotFoundError(url, ("/srv/static",))
        asset = self.asset(path)
        return replace(asset, media_type=media_type) if media_type else asset


def planned(
    elements: Iterable[Element | Text], context: Context, read: Read, analyses: Analyses, options: PlanOptions
) -> Plan:
    """Return the plan of a region that holds *elements*."""
    pieces = read_candidates(elements, options.kind, context, options.precompilers.types)
    return plan(pieces, context, read, analyses, options)
