"""Name the files of static URLs apart from where they are served: below which prefix, and by which path."""

from collections.abc import Sequence
from dataclasses import dataclass

from pressmark.assets.url_paths import spellings, spellings_below


@dataclass(frozen=True, slots=True)
class StaticNames:
    """Names files below *prefixes*, in the order in which the settings give them."""

    prefixes: Sequence[str] = ()

    def name(self, url: str, mount: str) -> str:
        """Return the number of the longest prefix that covers *url* and the path below it; *url* if none does."""
        found = [
            (len(prefix), f"{number}:{spelled[len(prefix) :]}")
            for spelled in spellings_below(url, mount)
            for number, each in enumerate(self.prefixes)
            for prefix in spellings(each)
            if spelled.startswith(prefix)
        ]
        return max(found)[1] if found else url
