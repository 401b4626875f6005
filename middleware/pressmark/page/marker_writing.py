"""Write markers, for template languages in which authors write a tag instead of a comment."""

import re
from collections.abc import Sequence

KINDS = ("css", "js")
_MODES = ("file", "inline", "preload")
_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def markers_for(words: Sequence[str]) -> tuple[str, str]:
    """Return the two markers of a region. *words* are its kind, mode, ``trust`` and name; all but the kind may be left
    out.

    Raises ValueError.
    """
    kind, *rest = words or ("",)
    if kind not in KINDS:
        raise ValueError(f"compress is followed by {kind!r}; it must be css or js")
    name = rest[1:] if rest[:1] and rest[0] in _MODES else rest
    name = name[1:] if name[:1] == ["trust"] else name
    if len(name) > 1:
        raise ValueError(f"compress is followed by {' '.join(words)!r}; it takes a kind, a mode, trust and a name")
    if name and not _NAME.fullmatch(name[0]):
        raise ValueError(
            f"compress is followed by {name[0]!r}; it must be a mode ({', '.join(_MODES)}) or a name "
            "of letters, digits, _ and -"
        )
    return f"<!-- compress {' '.join(words)} -->", "<!-- endcompress -->"


def in_context(start: str, context: str) -> str:
    """Return the marker *start*, which says in what *context* of a request its region was rendered, if in any.

    *context* has 16 hexadecimal digits.
    """
    return f"{start.removesuffix(' -->')} context:{context} -->" if context else start


def check_end(words: Sequence[str], kind: str) -> None:
    """Raise ValueError if *words*, which follow ``endcompress``, are neither *kind* nor nothing."""
    if list(words) not in ([], [kind]):
        raise ValueError(f"endcompress is followed by {' '.join(words)!r}; it ends a region of {kind}")
