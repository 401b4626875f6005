"""Look at a running site as visitors and caches do: many times, as each answer may be of another host."""

import re
import secrets
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from pressmark.cli.findings import Finding
from pressmark.model import MEDIA_TYPES
from pressmark.report.text_table import counted
from pressmark.serve.content_codings import CODINGS, is_coded

TIMEOUT_S = 30.0
LEAST_AGE_S = 7 * 86400
LEAST_ENCODED = 1000
"""A bundle of fewer bytes may be sent as it is."""
_BUNDLE = re.compile(rb"""(?:href|src)\s*=\s*["']?([^"'\s>]*/(css|js)/(?:[\w-]+\.)?([0-9a-f]{32})(?:~[\w-]+)?\.\2)""")
_REGION = re.compile(rb"<!--\s*compress[\s,]")
_AGE = re.compile(r"max-age=(\d+)")


class Seen(NamedTuple):
    """An answer. The names of *headers* are in lower case; what came twice is joined by a comma."""

    status: int
    headers: dict[str, str]
    body: bytes


class Named(NamedTuple):
    """A bundle that a page names."""

    url: str
    kind: str
    name: str


class UnreachableError(Exception):
    """A URL gives no answer."""


Ask = Callable[..., Seen]


def ask(url: str, **headers: str) -> Seen:
    """Return the answer to a request with *headers*, on a connection of its own. Raises UnreachableError."""
    named = {"Accept-Encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        request = urllib.request.Request(quote(url, safe="%/:?#[]@!$&'()*+,;=~"), headers=named)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return Seen(answer.status, _joined(answer.headers.items()), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Seen(error.code, _joined(error.headers.items()), error.read())
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError(f"{url} gives no answer: {error}") from error


def bundles_in(page: bytes, url: str) -> list[Named]:
    """Return the bundles that *page*, which is at *url*, names, each once."""
    found = {
        Named(urljoin(url, match[1].decode("latin-1").replace("&amp;", "&")), match[2].decode(), match[3].decode())
        for match in _BUNDLE.finditer(page)
    }
    return sorted(found)


def examine_site(url: str, times: int, ask: Ask = ask) -> Iterator[Finding]:
    """Yield what is found at the page *url* and its bundles, each asked for so many *times*."""
    try:
        first = ask(url)
        # Before it is asked for again: each host that answers for a page has the page's bundles.
        served = list(_served(bundles_in(first.body, url), times, ask))
        pages = [first, *(ask(url) for _ in range(times - 1))]
    except UnreachableError as error:
        yield Finding("bad", "page", str(error))
        return
    statuses = Counter(page.status for page in pages)
    if set(statuses) != {200}:
        yield Finding("bad", "page", f"{url} was answered with {_counts(statuses)}: name a page that anybody may see")
        return
    sets = {tuple(bundles_in(page.body, url)) for page in pages}
    bundles = sorted({bundle for each in sets for bundle in each})
    yield from _page_findings(url, pages, sets, bundles)
    if not bundles:
        return
    yield from served
    yield from examine_bundle(bundles[0], ask)


def _page_findings(
    url: str, pages: Sequence[Seen], sets: set[tuple[Named, ...]], bundles: Sequence[Named]
) -> Iterator[Finding]:
    kept = sum(bool(_REGION.search(page.body)) for page in pages)
    if not bundles:
        reason = (
            "its regions leave as they were written: look into the log, or run `pressmark explain`"
            if kept
            else "it has no region, or does not pass Pressmark"
        )
        yield Finding("bad", "page", f"{url} names no bundle: {reason}")
        return
    yield Finding("ok", "page", f"{url} was asked {counted(len(pages), 'time')}, and names {_listed(bundles)}")
    if kept:
        yield Finding("note", "regions", f"{kept} of {len(pages)} answers have a region as it was written: see the log")
    if len(sets) > 1:
        reason = "hosts are of different releases or settings, or it was cold"
        yield Finding("note", "hosts", f"the page names {len(sets)} different sets of bundles: {reason}")
    elif len(pages) > 1:
        yield Finding("ok", "hosts", "each answer names the same bundles")


def _served(bundles: Sequence[Named], times: int, ask: Ask) -> Iterator[Finding]:
    faults: Counter[str] = Counter()
    for bundle in bundles:
        for _ in range(times):
            try:
                answer = ask(bundle.url)
            except UnreachableError as error:
                yield Finding("bad", "bundles", str(error))
                return
            if answer.status != 200:
                faults[f"{bundle.url} was answered with {answer.status}"] += 1
            elif sha256(answer.body).hexdigest()[:32] != bundle.name:
                faults[f"{bundle.url} has other bytes than its name says"] += 1
    for fault, count in faults.items():
        cure = (
            "something between changes files, such as a CDN that minifies: have it leave them"
            if "other bytes" in fault
            else "hosts do not have each other's bundles: set `store` or `secret`, or ship what was built ahead"
        )
        yield Finding("bad", "bundles", f"{fault} in {count} of {times} cases: {cure}")
    if not faults and bundles:
        asked = counted(len(bundles) * times, "request")
        yield Finding("ok", "bundles", f"{asked} for {counted(len(bundles), 'bundle')} had the bytes that they name")


def examine_bundle(bundle: Named, ask: Ask = ask) -> Iterator[Finding]:
    """Yield what is found in the headers of *bundle*, as far as browsers and caches need them."""
    try:
        whole = ask(bundle.url)
        if whole.status != 200:
            yield Finding("bad", "public URL", f"{bundle.url} was answered with {whole.status}")
            return
        yield from _caching(whole)
        yield _type(bundle, whole)
        yield from _codings(bundle, whole, ask)
        yield from _sharing(whole)
        yield _revalidation(bundle, whole, ask)
        yield _unknown(bundle, ask)
    except UnreachableError as error:
        yield Finding("bad", "public URL", str(error))


def _caching(whole: Seen) -> Iterator[Finding]:
    value = whole.headers.get("cache-control", "")
    found = _AGE.search(value)
    if found and int(found[1]) >= LEAST_AGE_S and not re.search("no-store|no-cache", value):
        yield Finding("ok", "caching", f"Cache-Control: {value}")
    else:
        yield Finding("bad", "caching", f"Cache-Control is {value!r}: let bundles be sent with `public, "
                      "max-age=31536000, immutable`, as their names change with their content")  # fmt: skip
    if "set-cookie" in whole.headers:
        yield Finding("bad", "cookies", "a bundle sets a cookie, with which CDNs keep nothing: leave it out there")


def _type(bundle: Named, whole: Seen) -> Finding:
    value, wanted = whole.headers.get("content-type", ""), MEDIA_TYPES[bundle.kind]
    essence, _, parameters = value.partition(";")
    if essence.strip().lower() != wanted:
        return Finding("bad", "type", f"Content-Type is {value!r}: browsers need {wanted}")
    if "charset" in parameters and "utf-8" not in parameters.lower():
        return Finding("bad", "type", f"Content-Type is {value!r}: bundles are in UTF-8")
    return Finding("ok", "type", f"Content-Type: {value}")


def _codings(bundle: Named, whole: Seen, ask: Ask) -> Iterator[Finding]:
    if "content-encoding" in whole.headers:
        yield Finding("bad", "compression", "a client that takes no compressed form gets one: let caches heed Vary")
    sizes = {}
    for coding in CODINGS:
        answer = ask(bundle.url, Accept_Encoding=coding)
        given = answer.headers.get("content-encoding", "identity")
        if given != "identity" and not (given == coding and is_coded(answer.body, coding, whole.body)):
            yield Finding("bad", "compression", f"a client that takes {coding} gets {given!r}, which it cannot read")
            return
        if given != "identity":
            sizes[coding] = len(answer.body)
            if "accept-encoding" not in answer.headers.get("vary", "").lower():
                yield Finding("bad", "compression", "Vary lacks Accept-Encoding: caches would give it to anybody")
                return
    if sizes:
        text = ", ".join(f"{coding} {size:,}" for coding, size in sizes.items())
        yield Finding("ok", "compression", f"{len(whole.body):,} bytes are sent as {text}")
    elif len(whole.body) >= LEAST_ENCODED:
        cure = "have the server in front pass Accept-Encoding, or compress"
        yield Finding("note", "compression", f"its {len(whole.body):,} bytes are never compressed: {cure}")


def _sharing(whole: Seen) -> Iterator[Finding]:
    value = whole.headers.get("access-control-allow-origin")
    if value == "*":
        yield Finding("ok", "sharing", "Access-Control-Allow-Origin: *")
    else:
        reason = "a bundle with `integrity` on another host needs it"
        yield Finding("note", "sharing", f"there is no `Access-Control-Allow-Origin: *`: {reason}")


def _revalidation(bundle: Named, whole: Seen, ask: Ask) -> Finding:
    tag = whole.headers.get("etag")
    if tag is None:
        return Finding("note", "revalidation", "there is no ETag: a client that asks again gets all of it")
    answer = ask(bundle.url, If_None_Match=tag)
    if answer.status != 304:
        return Finding("note", "revalidation", f"a client that has {tag} gets {answer.status}, and not 304")
    return Finding("ok", "revalidation", f"ETag {tag} is known again")


def _unknown(bundle: Named, ask: Ask) -> Finding:
    parts = urlsplit(bundle.url)
    folder = parts.path.rpartition("/")[0]
    url = parts._replace(path=f"{folder}/{secrets.token_hex(16)}.{bundle.kind}", query="").geturl()
    answer = ask(url)
    value = answer.headers.get("cache-control", "")
    if answer.status not in (403, 404):
        return Finding("bad", "unknown files", f"{url} was answered with {answer.status}: it must be 404")
    if answer.status == 404 and "no-store" not in value:
        reason = "a cache may keep it, though the bundle comes a moment later"
        return Finding("note", "unknown files", f"a 404 is sent with Cache-Control {value!r}: {reason}")
    return Finding("ok", "unknown files", f"{answer.status}, {value or 'without Cache-Control'}")


def _joined(items: Sequence[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in items:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _counts(counts: Counter[int]) -> str:
    return ", ".join(f"{status} ({count} x)" for status, count in sorted(counts.items()))


def _listed(bundles: Sequence[Named]) -> str:
    kinds = Counter(bundle.kind for bundle in bundles)
    return " and ".join(counted(count, f"{kind} bundle") for kind, count in sorted(kinds.items()))
