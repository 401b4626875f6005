"""The recipe of a region: the hash of all that its result depends on and that is known before its sources are parsed.

Theory
------
Two regions with one recipe become the same, wherever and whenever they are built: the recipe is the key under which
the record of a build is kept. So a recipe holds

* the region itself: kind, mode, name, and of each element only the traits that a plan reads (``Candidate.traits``);
* the page around it, as far as it bears on the result: charset, whether a policy is in force, and the base of URLs if a
  relative one is written;
* every option of the plan, and the keys of filters and precompilers, which name their versions and options;
* the contents of the sources that the region names. Files that these include are not known yet: the record lists them
  with their hashes, and is used only while they are the same.

It leaves out text that may differ from one response to the next and changes no bundle: a nonce, the query of a URL, the
text of elements that stay. Their effects on later scripts count, and so do the bytes of inline code that joins.

Each field has a name, so that no two can run into each other and none is forgotten: a test changes one after another.
"""

from collections.abc import Iterator

from pressmark.assets.region_reader import digest_key
from pressmark.bundling.candidates import Candidate, Piece
from pressmark.modules.page_modules import type_of
from pressmark.regions.job import Job
from pressmark.syntax.urls import without_query
from pressmark.verdicts.analyses import key_of

FORMAT = "recipe 12"
"""Changes with the meaning of a field."""


def recipe_of(job: Job, *, builder: str) -> str:
    """Return the recipe of *job*; *builder* is the key of the part that makes bundles.

    Blocks: reads the sources that the region names. Raises AssetError.
    """
    sources = [(candidate.url, candidate.compiled_type) for candidate in job.candidates
               if candidate.url and (candidate.compiled_type or not job.options.is_plain)]  # fmt: skip
    for url, media_type in sources:
        job.reader.read(url, media_type)
    fields = [*region_fields(job), *_options(job), ("builder", builder)]
    fields.append(("references", " ".join(job.resolved) if job.options.joins_inline else ""))
    fields += [
        ("source", f"{without_query(url)} {job.reader.digests[digest_key(url, type_)]}") for url, type_ in sources
    ]
    if job.region.has_modules:
        fields += [("modules", repr(job.region.around)), ("module links", str(job.page.has_module_links))]
        fields.append(("folder", job.context.resolve("./") if job.depends_on_path else ""))
        fields += [
            ("module", piece.element.raw.decode("latin-1")) for piece in job.candidates if type_of(piece.element)
        ]
    fields += [field for piece in job.pieces for field in piece_fields(piece, job)]
    return key_of(FORMAT, *(part for field in fields for part in field))


Field = tuple[str, str]


def region_fields(job: Job) -> Iterator[Field]:
    """Yield the fields of the region itself and of its page."""
    yield "mode", job.region.mode
    yield "name", job.region.name
    yield "charset", job.context.charset or ""
    yield "has policies", str(bool(job.context.policies))
    if job.region.context:
        yield "context", job.region.context


def _options(job: Job) -> Iterator[Field]:
    options = job.options
    yield "kind", options.kind
    yield "joins inline", str(options.joins_inline)
    yield "is exact", str(options.is_exact)
    yield "counts siblings", str(options.counts_siblings)
    yield "tag", options.tag
    yield "needs file", str(options.needs_file)
    yield "needs nonce", str(options.needs_nonce)
    yield "is traced", str(options.is_traced)
    yield "is plain", str(options.is_plain)
    yield "precompilers", options.precompilers.key
    yield "url style", options.url_style.key
    yield "recipes", options.recipes
    yield "joins media", str(options.joins_media)
    yield "takes integrity", str(options.takes_integrity)
    yield "keeps minified", str(options.keeps_minified)


def piece_fields(piece: Piece, job: Job) -> Iterator[Field]:
    """Yield the fields of one piece, but for its URL and the source there."""
    if not isinstance(piece, Candidate):
        yield "text", piece.raw.decode("latin-1")
        return
    yield from piece.traits
    if job.options.joins_inline and piece.is_inline:
        yield "raw", piece.element.raw.decode("latin-1")
    elif piece.element.tag == "script":
        yield "may write", str(piece.effects.may_write)
        yield "has text", str(bool(piece.element.text))  # without, nobody reads what it loads
        yield "holds", " ".join(sorted(piece.effects.lexical))
        yield "declares", " ".join(sorted(piece.effects.declared))
        yield "inspectors", " ".join(f"{name} {rule}" for name, rule in sorted(piece.effects.inspectors.items()))
        yield "files", " ".join(sorted(piece.effects.files))
