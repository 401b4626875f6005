"""Read Content Security Policies: whether they surely let a page load a generated file (CSP 3, 6.7.2)."""

from pressmark.model import Kind

_DIRECTIVES: dict[Kind, tuple[str, ...]] = {
    "css": ("style-src-elem", "style-src", "default-src"),
    "js": ("script-src-elem", "script-src", "default-src"),
}


def allows_bundle(policies: tuple[str, ...], kind: Kind, public_url: str | None) -> bool:
    """Tell whether every policy surely lets the page load a generated file (CSP 3, 6.7.2).

    Only the plain cases count as sure: ``'self'`` or ``*`` among the sources, ``*`` alone for another origin.
    """
    is_ours = public_url is None or (public_url.startswith("/") and not public_url.startswith("//"))
    for policy in policies:
        for alternative in policy.split(","):
            sources = _sources(alternative, kind)
            if sources is None:
                continue
            if "'strict-dynamic'" in sources or not ("*" in sources or (is_ours and "'self'" in sources)):
                return False
    return True


def allows_nonce(policies: tuple[str, ...], kind: Kind, nonce: str) -> bool:
    """Tell whether every policy lets an element with *nonce*, in lower case, load any URL (CSP 3, 6.7.2.3)."""
    alternatives = [alternative for policy in policies for alternative in policy.split(",")]
    found = [_sources(alternative, kind) for alternative in alternatives]
    return all(sources is None or f"'nonce-{nonce}'" in sources for sources in found)


def allows_inline(policies: tuple[str, ...], kind: Kind) -> bool:
    """Tell whether every policy lets an element without a nonce hold code, whatever that is (CSP 3, 6.7.3.2)."""
    alternatives = [alternative for policy in policies for alternative in policy.split(",")]
    found = [_sources(alternative, kind) for alternative in alternatives]
    return all(
        sources is None
        or (
            "'unsafe-inline'" in sources
            and not any(each.startswith(("'nonce-", "'sha", "'strict-")) for each in sources)
        )
        for sources in found
    )


def _sources(policy: str, kind: Kind) -> tuple[str, ...] | None:
    """Return the source list that governs *kind*, ``None`` if the policy does not limit it."""
    directives: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        words = part.lower().split()
        if words:
            directives.setdefault(words[0], tuple(words[1:]))
    return next((directives[name] for name in _DIRECTIVES[kind] if name in directives), None)
