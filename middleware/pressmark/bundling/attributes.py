"""Sort the attributes of an element: those that it may have, those that its bundle's tag carries, those that forbid it.

An attribute that changes nothing for a file of the page's own host is *carried*: all members of a bundle have it with
one value, and so has the tag. Any other may be what selectors and scripts look for, or changes how the file is loaded.
What a script reads of its own element, ``id`` and data, is its *own*: the tag has it if no other member may read it.
An author who trusts an element says that nothing looks for it: then it loses the attributes that only could matter,
but for those that its own script names.
"""

import re
from collections.abc import Iterable, Mapping

from pressmark.page.nonces import STAND_IN
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason

TRUST = "data-pressmark"
TRUSTED, ALONE = "join", "alone"

_KNOWN = {
    "link": frozenset(("rel", "href", "type", "media", "charset")),
    "style": frozenset(("type", "media")),
    "script": frozenset(("src", "type", "language", "defer", "charset")),
}
OF_REQUESTS = frozenset(("crossorigin", "referrerpolicy", "fetchpriority"))
"""What is said of a request: of no consequence for a file of the same host, and nothing to code in the page."""
_OF_LOADING = OF_REQUESTS | {"blocking"}
# Attributes by which tools that load pages or scripts know what to do with an element, and no selector of a site.
_OF_LOADERS = frozenset(
    """
    data-turbo-track data-turbo-eval data-turbolinks-track data-turbolinks-eval data-turbolinks-suppress-warning
    data-navigate-track data-navigate-once data-cfasync data-no-optimize data-no-minify data-no-defer up-asset
    phx-track-static
    """.split()
)
_PLAIN = frozenset(("media", "defer", "nonce"))
_DATA = re.compile(r"data-[a-z0-9_.:-]+\Z")
# Those by which a browser loads or runs something else, whatever the author thinks of selectors and scripts.
_CERTAIN = frozenset(
    "async nomodule for event disabled title nonce integrity itemprop imagesrcset imagesizes as color sizes".split()
)


def read_word(attrs: Mapping[str, str]) -> str | None:
    """Return what the author says of the element in its own tag, ``None`` if that is nothing."""
    return attrs[TRUST].strip().lower() if TRUST in attrs else None


def read_trust(attrs: Mapping[str, str]) -> bool:
    """Tell whether the author says that nothing depends on the element's own place."""
    return read_word(attrs) == TRUSTED


def refuse_attributes(
    tag: str, attrs: Mapping[str, str], *, is_compiled: bool = False, is_trusted: bool = False
) -> Reason | None:
    """Return the reason if an element *tag* has attributes with which it cannot join, ``None`` if it has none."""
    word = read_word(attrs)
    if word not in (None, TRUSTED):
        known = f'has {TRUST}="alone", by which its author keeps it as it is'
        unknown_word = f'has {TRUST}="{word}", which means nothing: it may be "join" or "alone"'
        return Reason(Rule.AUTHOR, known if word == ALONE else unknown_word)
    unknown = set(attrs) - _KNOWN[tag] - carried(attrs, is_compiled=is_compiled, is_trusted=is_trusted)
    if is_trusted:
        unknown = {name for name in unknown if name in _CERTAIN or (name.startswith("on") and not read_trust(attrs))}
    if not is_compiled and {"href", "src"} & set(attrs):  # looked at when the file is read
        unknown -= {"integrity"} if tag == "link" else {"integrity", "id"}
    if not unknown:
        return None
    rule = Rule.ATTRIBUTE if unknown.isdisjoint(_CERTAIN) else Rule.LOADING
    return Reason(rule, f"has the attribute {', '.join(sorted(unknown))}")


def carried(attrs: Mapping[str, str], *, is_compiled: bool = False, is_trusted: bool = False) -> frozenset[str]:
    """Return the names of the attributes that the tag of a bundle carries as they are.

    Of an element that its author trusts, only those that loaders look for; if the tag itself says so, no other.
    """
    is_file = bool({"href", "src"} & set(attrs))
    found = {name for name in attrs if name in _OF_LOADERS}
    if is_file and not read_trust(attrs):
        found |= {name for name in attrs if name in _OF_LOADING or (_DATA.match(name) and not is_trusted)}
    # Any other nonce is not the only one of the region, or none that a policy could name; an empty one is none.
    nonce = attrs.get("nonce")
    if nonce == "" or (nonce == STAND_IN and (is_compiled or is_file)):
        found.add("nonce")
    return frozenset(found)


def unshared(attrs: Iterable[tuple[str, str | None]]) -> list[str]:
    """Return the names of *attrs* by which an element may be looked for, if it is the only one that has them."""
    return [name for name, _ in attrs if name not in _PLAIN | _OF_LOADERS]


def looked_for(name: str, text: str) -> bool:
    """Tell whether the script *text* has a selector of elements with the attribute *name*, if that is one of a site."""
    return name.startswith("data-") and name not in _OF_LOADERS and f"[{name}" in text
