"""The place of a region: the hash of what it says, whatever its sources, settings, compilers and server are by now.

Under it a build on another machine is found again. It holds

* the region itself: kind, mode, name, and of each element that may join only the traits that a plan reads;
* the page around it, as far as it bears on the result: charset, whether a policy is in force, where the region stands;
* the names of the files below their static prefixes, and the text of inline code that joins.

The length of white space (in a head all of it), nonces, hosts, mount points and the static prefixes themselves count
for nothing. A build whose stylesheets refer to other files is right only where these are found by the same URLs: its
place is bound to the way from the bundles to the prefixes or, if a URL begins at the root, to the prefixes themselves.
"""

from collections.abc import Iterator
from posixpath import relpath
from typing import Literal

from pressmark.model import Text
from pressmark.modules.page_modules import read_page_modules, type_of
from pressmark.regions.job import Job
from pressmark.regions.recipe import Field, piece_fields, region_fields
from pressmark.syntax.urls import origin_of, without_query
from pressmark.verdicts.analyses import digest_of, key_of

FORMAT = "place 5"
"""Changes with the meaning of a field. A new version of Pressmark finds what an older one has built."""


Binding = Literal["", "way", "prefix"]
"""What a build is right for: any prefixes, those that are found by the same way from the bundle, or the very same."""
BINDINGS: tuple[Binding, ...] = ("", "way", "prefix")


def place_of(job: Job, binding: Binding = "") -> str:
    """Return the place of the region of *job*."""
    fields = [*region_fields(job), *_options(job), ("binding", binding)]
    if binding:
        bases = {_base(candidate.url, job, binding) for candidate in job.candidates}
        fields += [("base", base) for base in sorted(bases)]
    fields += [("url", _name(candidate.url, job)) for candidate in job.candidates]
    fields += _modules(job, binding) if job.region.has_modules else ()
    for piece in job.said:
        is_blank = isinstance(piece, Text) and piece.raw.isspace()
        fields += [("text", " ")] if is_blank else piece_fields(piece, job)
    return digest_of(FORMAT, *(part for field in fields for part in field))


def hosts_of(job: Job) -> set[str]:
    """Return the hosts that the static prefixes of the region name, each as "//host"."""
    bases = (job.names.base(without_query(candidate.url), job.context.mount) for candidate in job.candidates)
    return {f"//{origin.partition('//')[2]}" for base in bases if (origin := origin_of(base))}


def last_good_key(job: Job) -> str:
    """Return the key of the last build of the region of *job* that went well, with these compilers and whole URLs."""
    options = job.options
    urls = (candidate.url for candidate in job.candidates)
    return key_of("last good", place_of(job, "prefix"), options.precompilers.key, options.url_style.key, *urls)


def _options(job: Job) -> Iterator[Field]:
    options = job.options
    yield "kind", options.kind
    yield "joins inline", str(options.joins_inline)
    yield "counts siblings", str(options.counts_siblings)
    yield "needs nonce", str(options.needs_nonce)
    yield "is plain", str(options.is_plain)
    yield "fixed", " ".join(sorted(_name(url, job) for url in options.url_style.fixed if options.url_style.reads))
    yield "references", " ".join(_name(url, job) for url in job.resolved if options.joins_inline)


def _modules(job: Job, binding: Binding) -> Iterator[Field]:
    """Yield what the page says of its modules, and around them."""
    around = job.region.around
    own = b"".join(each.element.raw for each in job.candidates if type_of(each.element))
    found = read_page_modules(around.bodies if around is not None else (own,), job.context)
    for root in found.roots:
        yield "module", _name(root.address, job) if root.text is None else root.text
        if binding and root.text is None:
            yield "base", _base(root.address, job, binding)
    yield "entries", " ".join(sorted(_name(each, job) for each in found.entries))
    yield "map", found.map_text
    yield "flaws", " ".join(found.flaws)
    if around is not None:
        yield "around", repr((around.number, around.name, around.bars, around.asked, around.said, around.maps))
        urls = (*around.early, "", *around.scripts, "", *around.modules)
        yield "others", " ".join(_name(job.context.resolve(url), job) if url else "" for url in urls)


def _base(url: str, job: Job, binding: Binding) -> str:
    folder, base = job.options.url_style.folder, job.names.base(without_query(url), job.context.mount)
    origin = origin_of(folder or "")
    if binding == "prefix" or folder is None or origin_of(base.removeprefix(origin)) or not base:
        return base
    return relpath(base.removeprefix(origin), folder.removeprefix(origin))


def _name(url: str, job: Job) -> str:
    name = job.names.name(url, job.context.mount)
    # An answer of the application may depend on the query.
    is_asked = name == url and url.startswith("/") and job.page.subrequest is not None
    return name if is_asked else without_query(name)
