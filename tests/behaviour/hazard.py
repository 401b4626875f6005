"""Small pages, each with one hazard that bundling must not step on, and a visible effect if it does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CSS_BODY = '<p id="one" class="one two">One <b>bold</b></p>\n<div id="two" class="two"><span>Two</span> <i>i</i></div>'
JS_BODY = '<p id="one">One</p>\n<div id="two"></div>'
# Scripts write to ``log`` what they do; so does every error, be it of code or of loading.
LOG = """<script>
var log = [];
addEventListener("error", function (event) {
  var target = event.target, name = target.localName;
  if (name === "img" || name === "link" || name === "script") log.push("error event of " + name);
  else log.push("error: " + event.message);
}, true);
</script>"""


@dataclass(frozen=True)
class Hazard:
    """A page, the files beside it, and what must hold when it is bundled.

    *claim* says what stays as it was. *files* lie beside the page, by relative name. *bundles* is how many bundles the
    page must name in file mode, ``None`` where that is of no interest. *exact* chooses ``fidelity="exact"``. *seen*
    is an expression in the page whose value shows the hazard: it must be the same, and is compared by name.
    """

    claim: str
    page: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    bundles: int | None = None
    exact: bool = False
    seen: str = ""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The claim as a word."""
        return re.sub(r"[^a-z0-9]+", "-", self.claim.lower()).strip("-")


def css(  # a page has many parts
    claim: str,
    *sheets: str | bytes,
    elements: str = "",
    files: Mapping[str, str | bytes] | None = None,
    head: str = "",
    body: str = CSS_BODY,
    bundles: int | None = None,
    exact: bool = False,
    seen: str = "",
    content_type: str = "text/html; charset=utf-8",
    headers: tuple[tuple[str, str], ...] = (),
) -> Hazard:
    """Return a page whose head has one region with *elements*, by default a link to each of *sheets*.

    *sheets* are the contents of ``1.css``, ``2.css`` and so on; *files* are further ones; *head* comes before.
    """
    links = "\n".join(f'<link rel="stylesheet" href="{number}.css">' for number in range(1, len(sheets) + 1))
    page = (
        f"<!DOCTYPE html>\n<html><head>{head}\n<!-- compress css -->\n{elements or links}\n<!-- endcompress -->\n"
        f"</head><body>\n{body}\n</body></html>\n"
    )
    named = {f"{number}.css": content for number, content in enumerate(sheets, 1)} | dict(files or {})
    return Hazard(claim, _raw(page), _raw_files(named), bundles, exact, seen, content_type, headers)


def js(  # a page has many parts
    claim: str,
    *scripts: str | bytes,
    elements: str = "",
    files: Mapping[str, str | bytes] | None = None,
    head: str = "",
    body: str = JS_BODY,
    after: str = "",
    bundles: int | None = None,
    exact: bool = False,
    seen: str = "",
    content_type: str = "text/html; charset=utf-8",
    headers: tuple[tuple[str, str], ...] = (),
) -> Hazard:
    """Return a page whose body ends in one region with *elements*, by default a script for each of *scripts*.

    *scripts* are the contents of ``1.js``, ``2.js`` and so on, and may push to ``log``; *after* follows the region.
    """
    tags = "\n".join(f'<script src="{number}.js"></script>' for number in range(1, len(scripts) + 1))
    page = (
        f"<!DOCTYPE html>\n<html><head>{LOG}{head}</head><body>\n{body}\n"
        f"<!-- compress js -->\n{elements or tags}\n<!-- endcompress -->\n{after}</body></html>\n"
    )
    named = {f"{number}.js": content for number, content in enumerate(scripts, 1)} | dict(files or {})
    return Hazard(claim, _raw(page), _raw_files(named), bundles, exact, seen, content_type, headers)


def html(claim: str, page: str | bytes, files: Mapping[str, str | bytes] | None = None, **options: object) -> Hazard:
    """Return a page given as a whole. *options* are fields of Hazard."""
    return Hazard(claim, _raw(page), _raw_files(files or {}), **options)  # type: ignore[arg-type]


def _raw(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else text


def _raw_files(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {name: _raw(content) for name, content in files.items()}
