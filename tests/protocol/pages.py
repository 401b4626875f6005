"""Pages with regions, and what a page must look like once its regions are replaced."""

import re
from dataclasses import dataclass
from pathlib import Path

FILES = {
    "a.css": "body { margin: 0 }\n",
    "b.css": "p { color: red }\n",
    "a.js": "var alpha = 1;\n",
    "b.js": "var beta = 2;\n",
}
TAGS = {
    "css": rb'<link\b[^<>]*\bhref="/pressmark/css/[0-9a-f]{32}\.css"[^<>]*>',
    "js": rb'<script\b[^<>]*\bsrc="/pressmark/js/[0-9a-f]{32}\.js"[^<>]*></script>',
}


@dataclass(frozen=True)
class Page:
    """*outside* bytes with a region between each two of them. *builds*: the regions can be built."""

    outside: tuple[bytes, ...]
    regions: tuple[tuple[str, bytes], ...] = ()
    builds: bool = False

    @property
    def raw(self) -> bytes:
        """The page as its author wrote it."""
        written = [raw for _, raw in self.regions] + [b""]
        return b"".join(part for pair in zip(self.outside, written, strict=True) for part in pair)

    def dressed(self, before: bytes, after: bytes) -> "Page":
        """Return the page with bytes put before and after it."""
        first, *rest = self.outside
        outside = [before + first, *rest]
        return Page((*outside[:-1], outside[-1] + after), self.regions, self.builds)

    def is_rewritten_as(self, body: bytes) -> bool:
        """Tell whether *body* is this page with one tag for each region and not another byte changed.

        White space that stood inside a region may stay around its tag.
        """
        pattern = re.escape(self.outside[0])
        for (kind, _), outside in zip(self.regions, self.outside[1:], strict=True):
            pattern += rb"\s*" + TAGS[kind] + rb"\s*" + re.escape(outside)
        return re.fullmatch(pattern, body, re.DOTALL) is not None

    def restored(self, body: bytes) -> bytes:
        """Return *body*, which may break off anywhere, with the regions in the place of their tags."""
        for kind, raw in self.regions:
            # The css region is the one with white space inside, and has none outside.
            around = rb"\s*" if kind == "css" else b""
            body = re.sub(around + TAGS[kind] + around, lambda _, raw=raw: raw, body)  # type: ignore[misc]
        return body


def write_files(directory: Path) -> None:
    """Make the files that the regions refer to."""
    for name, text in FILES.items():
        directory.joinpath(name).write_text(text)


def _regions(stem: str) -> tuple[tuple[str, bytes], ...]:
    css = (
        f'<!-- compress css -->\n  <link rel="stylesheet" href="/static/{stem}.css">\n'
        '  <link rel="stylesheet" href="/static/b.css">\n<!-- endcompress -->'
    )
    js = (
        f'<!-- compress js --><script src="/static/{stem}.js"></script>'
        '<script src="/static/b.js"></script><!-- endcompress -->'
    )
    return (("css", css.encode()), ("js", js.encode()))


_OUTSIDE = (
    b"<!DOCTYPE html><html><head><title>caf\xc3\xa9</title>",
    b"</head><body><p>one</p><!-- compress? no -->\n",
    b"\n<p>two</p></body></html>\n",
)

NO_REGION = Page((b"".join(_OUTSIDE),))
BUILDABLE = Page(_OUTSIDE, _regions("a"), builds=True)
MISSING = Page(_OUTSIDE, _regions("missing"))
PAGES = {
    "a page without a region": NO_REGION,
    "a page with two regions": BUILDABLE,
    "a page whose regions cannot be built": MISSING,
}
