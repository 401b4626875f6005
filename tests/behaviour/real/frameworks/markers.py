"""Puts the markers of regions into a page that a framework has made, as its users do in the base template."""

import re

# Groups that are never entered again: a comment does not go on behind its end in search of a script.
_COMMENT = r"(?><!--(?!\[if).*?-->)"
_BLANK = rf"(?:\s|{_COMMENT}|<meta\b[^>]*>|<link\b(?![^>]*stylesheet)[^>]*>)*"
_SHEET = r"(?><link\b(?=[^>]*\brel=[\"']?stylesheet)[^>]*>|<style\b[^>]*>.*?</style>)"
_SCRIPT = r"(?><script\b[^>]*>.*?</script>)"
_SHEETS = f"{_SHEET}(?:{_BLANK}{_SHEET})*"
_SCRIPTS = rf"{_SCRIPT}(?:(?:\s|{_COMMENT})*{_SCRIPT})*"
_RUN = re.compile(f"(?P<css>{_SHEETS})|(?P<js>{_SCRIPTS})", re.DOTALL | re.IGNORECASE)
_IS_FILE = re.compile(r"<link\b[^>]*\bhref=|<script\b[^>]*\bsrc=", re.IGNORECASE)
_APART = re.compile(r"<!--.*?-->|<(template|textarea|noscript|svg|iframe)\b.*?</\1>", re.DOTALL | re.IGNORECASE)


def put_markers(html: str) -> str:
    """Return the page with a region around each run of stylesheets and of scripts that names a file."""
    parts, end = [], 0
    for apart in _apart(html):
        parts += [_marked(html[end : apart.start()]), apart[0]]
        end = apart.end()
    return "".join([*parts, _marked(html[end:])])


def _apart(html: str) -> list["re.Match[str]"]:
    """Return what no region may reach into, outside of scripts."""
    scripts = [found.span() for found in re.finditer(_SCRIPT, html, re.DOTALL | re.IGNORECASE)]
    found = [apart for apart in _APART.finditer(html) if apart[1] or apart[0].startswith("<!--[if")]
    return [each for each in found if not any(start <= each.start() < end for start, end in scripts)]


def _marked(html: str) -> str:
    return _RUN.sub(lambda run: _region(run[0], run.lastgroup or ""), html)


def _region(run: str, kind: str) -> str:
    return f"<!-- compress {kind} -->{run}<!-- endcompress -->" if _IS_FILE.search(run) else run
