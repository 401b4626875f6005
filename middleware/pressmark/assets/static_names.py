"""Name the files of static URLs apart from where they are served."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pressmark.assets.url_paths import spellings, spellings_below


@dataclass(frozen=True)
class StaticNames:
    """Names the files below *prefixes*.

    With several prefixes nobody knows which of them is which on another server, so there a name is the URL itself.
    Prefixes below another one do not count: in development a folder may have one of its own.
    """

    prefixes: Sequence[str] = ()

    def name(self, url: str, mount: str) -> str:
        """Return the path of *url* below the one prefix, without a slash at its start; else *url*."""
        for spelled in spellings_below(url, mount):
            for prefix in self._spelled:
                if spelled.startswith(prefix):
                    return spelled[len(prefix) :]
        return url

    def base(self, url: str, mount: str) -> str:
        """Return what stands before the name of *url*: all that its relative references depend on beside that."""
        return url.removesuffix(self.name(url, mount))

    @cached_property
    def _spelled(self) -> list[str]:
        outermost = [each for each in self.prefixes if not any(_is_below(each, other) for other in self.prefixes)]
        return spellings(outermost[0]) if len(outermost) == 1 else []


def _is_below(prefix: str, other: str) -> bool:
    return prefix != other and prefix.startswith(other)
