"""Read and move URL references as browsers read them (URL standard, 4.4).

Nothing is decoded or encoded: a browser reads a moved reference as the very URL that the original meant.
"""

import re
from functools import lru_cache
from urllib.parse import quote, unquote

MAX_KEPT_PATH = 128
"""The length of a path that may be cached: clients choose paths."""

_STRIPPED = "".join(map(chr, range(0x21)))
_REMOVED = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_DOTS = {"%2e": ".", ".%2e": "..", "%2e.": "..", "%2e%2e": ".."}
_PORTS = {"http:": ":80", "https:": ":443"}
_PATH_SAFE = "!$%&'()*+,/:;=@[]|~"
_QUERY_SAFE = "!$%&()*+,/:;=?@[]|~{}`^\\"
_ORIGIN = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/\\?#]*")


def quoted(path: str | bytes) -> str:
    """Return a decoded *path* as it stands in a URL; a str counts as UTF-8."""
    return _quoted(path) if len(path) <= MAX_KEPT_PATH else _quoted.__wrapped__(path)


@lru_cache(maxsize=1024)
def _quoted(path: str | bytes) -> str:
    raw = path.encode("utf-8", "surrogatepass") if isinstance(path, str) else path
    return quote(raw, safe="/:@!$&'()*+,;=~-._")


def clean(reference: str) -> str:
    """Return *reference* without characters that URL parsers drop: controls and spaces around it, tabs, line ends."""
    return reference.strip(_STRIPPED).translate(_REMOVED)


def is_relative(reference: str) -> bool:
    """Tell whether a cleaned *reference* means another URL when it stands in another folder."""
    return bool(reference) and reference[0] not in "/\\#" and not _SCHEME.match(reference)


def is_ambiguous(reference: str) -> bool:
    """Tell whether a cleaned *reference* is relative or not depending on the page's scheme, as "https:a.png" is."""
    return re.match(r"(?:https?|wss?|ftp|file):(?![/\\])", reference, re.IGNORECASE) is not None


def origin_of(url: str) -> str:
    """Return the scheme and host of *url*, as far as it names them: "https://host", "//host" or ""."""
    found = _ORIGIN.match(url)
    return found[0] if found else ""


def join(base: str, reference: str) -> str:
    """Return *reference*, which was relative to *base*, as it means the same anywhere on the site.

    *base* is an absolute path or an absolute URL. Query and fragment of *reference* stay as they are.
    """
    reference = clean(reference)
    if not reference:
        return base
    origin = origin_of(base)
    if not origin and _SCHEME.match(base) and not _SCHEME.match(reference):
        return "about:invalid"  # no reference can be relative to a URL without a host, such as mailto: or blob:
    if _SCHEME.match(reference) or origin_of(reference.replace("\\", "/")):
        return reference
    if reference[0] in "/\\":
        return origin + reference
    path = re.split(r"[?#]", base[len(origin) :], maxsplit=1)[0] or "/"
    if reference[0] == "?":
        return origin + path + reference
    if reference[0] == "#":
        return base.partition("#")[0] + reference
    return origin + _merge(path, reference)


def _merge(path: str, reference: str) -> str:
    """Return *reference* in the folder of *path*, with "." and ".." resolved if their meaning is plain."""
    path = path.replace("\\", "/")  # for a browser they are the same (URL 4.4)
    folder = path[: path.rindex("/") + 1] if "/" in path else "/"
    cut = re.search(r"[?#]", reference)
    end = cut.start() if cut else len(reference)
    target, suffix = reference[:end], reference[end:]
    if "\\" in target or "%2e" in (folder + target).lower():
        return folder + reference
    segments: list[str] = []
    *steps, last = (folder[1:] + target).split("/")
    for step in steps:
        _take(segments, step)
    if last in (".", ".."):
        _take(segments, last)
        last = ""
    merged = "/" + "".join(f"{segment}/" for segment in segments) + last
    return ("/." if merged.startswith("//") else "") + merged + suffix  # "//" would begin a host


def _take(segments: list[str], step: str) -> None:
    if step == "..":
        if segments:
            segments.pop()
    elif step != ".":
        segments.append(step)


def leaves_root(base: str, reference: str) -> bool:
    """Tell whether a relative *reference* in the folder of *base* has more ".." than there are folders.

    Browsers stay at the root then, so that it means something else in a deeper folder.
    """
    depth = without_query(base[len(origin_of(base)) :]).replace("\\", "/").count("/") - 1
    for step in re.sub("%2e", ".", without_query(clean(reference)), flags=re.IGNORECASE).replace("\\", "/").split("/"):
        depth += {"..": -1, ".": 0}.get(step, 1)
        if depth < 0:
            return True
    return False


def as_asked(url: str) -> str:
    """Return *url* as a browser asks for it: without its fragment, and encoded (URL standard, 4.4)."""
    path, mark, query = url.partition("#")[0].partition("?")
    return quote(path.replace("\\", "/") + mark + query, safe="!$%&'()*+,/:;=?@[]|~", errors="replace")


def normalized(url: str) -> str:
    """Return *url*, an absolute path or a whole URL, as the URL parser writes it (URL standard, 4.5).

    Two spellings of one address become the same; a URL without a host stays as it is.
    """
    origin = origin_of(url)
    if not origin and not url.startswith("/"):
        return url
    rest, mark, fragment = url[len(origin) :].partition("#")
    path, asks, query = rest.partition("?")
    segments: list[str] = []
    *steps, last = (path or "/").replace("\\", "/")[1:].split("/")
    for step in steps:
        _take(segments, _DOTS.get(step.lower(), step))
    last = _DOTS.get(last.lower(), last)
    if last in (".", ".."):
        _take(segments, last)
        last = ""
    written = "/" + "".join(f"{segment}/" for segment in segments) + last
    if written.startswith("//") and not origin:
        written = f"/.{written}"
    path = quote(written, safe=_PATH_SAFE, errors="replace")
    query = quote(query, safe=_QUERY_SAFE, errors="replace")
    return f"{_normalized_origin(origin)}{path}{asks}{query}{mark}{fragment}"


def _normalized_origin(origin: str) -> str:
    scheme, slashes, host = origin.lower().rpartition("//")
    return scheme + slashes + (host.removesuffix(_PORTS[scheme]) if scheme in _PORTS else host)


def without_query(url: str) -> str:
    """Return *url* up to its query or fragment: the name of the file."""
    return re.split(r"[?#]", url, maxsplit=1)[0]


def file_name(url: str) -> str:
    """Return the decoded name of the file at *url*, by which code may know it; "" for a folder."""
    return unquote(without_query(url).rpartition("/")[2])
