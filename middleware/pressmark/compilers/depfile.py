"""Read a depfile: a rule of make, by which compilers tell the files that a result depends on."""

import os
import re

_CONTINUED = re.compile(r"\\\r?\n")
# What ends a target: a colon, but none of a drive, as in "C:\a.css".
_TARGET_END = re.compile(r"(?<!\A[A-Za-z]):")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_WORD = re.compile(r"(?:\\[\\ #:]|\$\$|[^\s])+")
_ESCAPED = re.compile(r"\\([ #:])|\$(\$)")


def read_depfile(text: str, folder: str) -> tuple[str, ...]:
    """Return the whole paths that the first rule in *text* names; relative ones are of *folder*.

    Raises ValueError if it holds no rule.
    """
    lines = (_COMMENT.sub("", each).strip() for each in _CONTINUED.sub(" ", text).splitlines())
    line = next((each for each in lines if _TARGET_END.search(each)), None)
    if line is None:
        raise ValueError("its depfile holds no rule such as 'out.css: a.scss b.scss'")
    words = _WORD.findall(_TARGET_END.split(line, maxsplit=1)[1])
    paths = (_ESCAPED.sub(lambda found: found[1] or found[2], word) for word in words)
    return tuple(dict.fromkeys(os.path.normpath(os.path.join(folder, path)) for path in paths))
