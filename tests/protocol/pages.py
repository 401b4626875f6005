"""Pages with regions, and what a page must look like once its regions are replaced."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FILES = {
    "a.css": "body { margin: 0 }\n",
    "b.css": "p { color: red }\n",
    "a.js": "var alpha = 1;\n",
    "b.js": "var beta = 2;\n",
}
# A bundle's tag, and in the body an empty element for each other one, so that their number stays.
TAGS = {
    "css": rb'<link\b[^<>]*\bhref="(?:/mnt)?/pressmark/css/[0-9a-f]{32}\.css"[^<>]*>(?:\s*<link>)*',
    "js": rb'<script\b[^<>]*\bsrc="(?:/mnt)?/pressmark/js/[0-9a-f]{32}\.js"[^<>]*></script>(?:<script></script>)*',
}


class Region(NamedTuple):
    """A region as its author wrote it. *builds*: all its files are there."""

    kind: str
    raw: bytes
    builds: bool


@dataclass(frozen=True)
class Page:
    """*outside* bytes with a region between each two of them."""

    outside: tuple[bytes, ...]
    regions: tuple[Region, ...] = ()

    @property
    def raw(self) -> bytes:
        """The page as its author wrote it."""
        written = [region.raw for region in self.regions] + [b""]
        return b"".join(part for pair in zip(self.outside, written, strict=True) for part in pair)

    @property
    def builds(self) -> bool:
        """Tell whether something of this page will change."""
        return any(region.builds for region in self.regions)

    def renewed(self, number: int) -> "Page":
        """Return the same page with other white space inside the tags of its regions: one never seen before."""
        blanks = f"{number:b}".replace("0", " ").replace("1", "\n").encode()
        regions = (r._replace(raw=re.sub(rb'\.(css|js)">', rb'.\1"' + blanks + b">", r.raw)) for r in self.regions)
        return Page(self.outside, tuple(regions))

    def dressed(self, before: bytes, after: bytes) -> "Page":
        """Return the page with bytes put before and after it."""
        first, *rest = self.outside
        outside = [before + first, *rest]
        return Page((*outside[:-1], outside[-1] + after), self.regions)

    def is_rewritten_as(self, body: bytes) -> bool:
        """Tell whether *body* is this page with one tag for each region that builds, and nothing else changed.

        White space that stood inside a region may stay around its tag.
        """
        pattern = re.escape(self.outside[0])
        for region, outside in zip(self.regions, self.outside[1:], strict=True):
            tag = rb"\s*" + TAGS[region.kind] + rb"\s*"
            pattern += (tag if region.builds else re.escape(region.raw)) + re.escape(outside)
        return re.fullmatch(pattern, body, re.DOTALL) is not None

    def restored(self, body: bytes) -> bytes:
        """Return *body*, which may break off anywhere, with the regions in the place of their tags."""
        for kind, raw, _ in self.regions:
            # The css region is the one with white space inside, and has none outside.
            around = rb"\s*" if kind == "css" else b""
            body = re.sub(around + TAGS[kind] + around, lambda _, raw=raw: raw, body)  # type: ignore[misc]
        return body


def twice_far_apart(page: Page) -> Page:
    """Return a page of *page* twice, with five megabytes between."""
    first, *middle, last = page.outside
    between = last + b"<p>" + b"x" * 5_000_000 + b"</p>" + first
    return Page((first, *middle, between, *middle, last), page.regions * 2)


def write_files(directory: Path) -> None:
    """Make the files that the regions refer to."""
    for name, text in FILES.items():
        directory.joinpath(name).write_text(text)


def _css(stem: str) -> Region:
    written = (
        f'<!-- compress css -->\n  <link rel="stylesheet" href="/static/{stem}.css">\n'
        '  <link rel="stylesheet" href="/static/b.css">\n<!-- endcompress -->'
    )
    return Region("css", written.encode(), f"{stem}.css" in FILES)


def _js(stem: str) -> Region:
    written = (
        f'<!-- compress js --><script src="/static/{stem}.js"></script>'
        '<script src="/static/b.js"></script><!-- endcompress -->'
    )
    return Region("js", written.encode(), f"{stem}.js" in FILES)


_OUTSIDE = (
    b"<!DOCTYPE html><html><head><title>caf\xc3\xa9</title>",
    b"</head><body><p>one</p><!-- compress? no -->\n",
    b"\n<p>two</p></body></html>\n",
)

NO_REGION = Page((b"".join(_OUTSIDE),))
BUILDABLE = Page(_OUTSIDE, (_css("a"), _js("a")))
MISSING = Page(_OUTSIDE, (_css("missing"), _js("missing")))
HALF_MISSING = Page(_OUTSIDE, (_css("missing"), _js("a")))
UNCLOSED = Page((_OUTSIDE[0] + _css("a").raw.removesuffix(b"<!-- endcompress -->") + _OUTSIDE[2],))
PAGES = {
    "a page without a region": NO_REGION,
    "a page with two regions": BUILDABLE,
    "a page whose regions cannot be built": MISSING,
    "a page of which one region cannot be built": HALF_MISSING,
    "a page with a region that has no end": UNCLOSED,
}
