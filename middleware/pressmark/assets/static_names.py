"""Name the files of static URLs apart from where they are served: below which prefix, and by which path."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pressmark.assets.url_paths import spellings, spellings_below


@dataclass(frozen=True)
class StaticNames:
    """Names files below *prefixes*, in the order in which the settings give them."""

    prefixes: Sequence[str] = ()

    def name(self, url: str, mount: str) -> str:
        """Return the number of the prefix that covers *url* and the path below it; *url* if none does.

        Prefixes below another one do not count: in development a folder may have one of its own.
        """
        for spelled in spellings_below(url, mount):
            for number, prefix in self._outermost:
                if spelled.startswith(prefix):
                    return f"{number}:{spelled[len(prefix) :]}"
        return url

    @cached_property
    def _outermost(self) -> list[tuple[int, str]]:
        outermost = [each for each in self.prefixes if not any(_is_below(each, other) for other in self.prefixes)]
        return [(number, spelled) for number, each in enumerate(outermost) for spelled in spellings(each)]


def _is_below(prefix: str, other: str) -> bool:
    return prefix != other and prefix.startswith(other)
