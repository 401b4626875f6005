"""The URL parser of browsers (URL standard, 4.4), as far as references of http and https go."""

import re
from urllib.parse import quote

_DROPPED = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_SINGLE_DOT = re.compile(r"(?:\.|%2e)", re.IGNORECASE)
_DOUBLE_DOT = re.compile(r"(?:\.|%2e){2}", re.IGNORECASE)


def resolve(base: str, reference: str) -> str:
    """Return the absolute URL that *reference* is to a browser that stands at *base*, an absolute http(s) URL."""
    reference = re.sub("[\t\n\r]", "", reference.strip(_DROPPED))
    scheme, host, base_path, base_query = _split(base)
    if found := _SCHEME.match(reference):
        if found[1].lower() not in ("http", "https"):
            return reference
        rest = reference[found.end() :]
        if found[1].lower() != scheme or re.match(r"[/\\]{2}", rest):
            scheme, reference = found[1].lower(), "//" + rest.lstrip("/\\")
        else:
            reference = rest
    reference, hash_sign, fragment = reference.partition("#")
    target, question, query = reference.partition("?")
    target = target.replace("\\", "/")
    if target.startswith("//"):
        host, _, path = target.lstrip("/").partition("/")
        path = _normal("/" + path)
    elif target.startswith("/"):
        path = _normal(target)
    elif target:
        path = _normal(base_path[: base_path.rindex("/") + 1] + target)
    else:
        path, question, query = base_path, question or base_query[:1], query if question else base_query[1:]
    return f"{scheme}://{host}{path}{question}{_encoded(query)}{hash_sign}{_encoded(fragment)}"


def _split(url: str) -> tuple[str, str, str, str]:
    scheme, _, rest = url.partition("#")[0].partition("://")
    found = re.match(r"([^/?]*)([^?]*)(.*)", rest)
    assert found
    return scheme, found[1], found[2] or "/", found[3]


def _normal(path: str) -> str:
    """Return *path* (it begins with a slash) without its dots."""
    segments: list[str] = []
    steps = path[1:].split("/")
    for place, step in enumerate(steps):
        if _DOUBLE_DOT.fullmatch(step):
            del segments[-1:]
        elif not _SINGLE_DOT.fullmatch(step):
            segments.append(step)
            continue
        if place == len(steps) - 1:
            segments.append("")
    return "/" + _encoded("/".join(segments))


def _encoded(text: str) -> str:
    return quote(text, safe="/:?#[]@!$&'()*+,;=%\\.^|~")
