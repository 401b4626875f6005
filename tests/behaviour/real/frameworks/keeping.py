"""Keeps the pages of a site, with the files that the site itself answers."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

from tests.behaviour.real.frameworks.markers import put_markers
from tests.behaviour.real.frameworks.pages import PAGES

Answer = Callable[[str], tuple[int, str, bytes]]
"""Asks a site for a path; the answer's status, type and body."""

STATIC = ("/static/", "/admin/static/")
_ADDRESS = re.compile(r"<(?:script|link|img)\b[^>]*?\b(?:src|href)=[\"'](/[^\"'>]*)")
_FETCHED = re.compile(r"[\"'](/schema/[^\"']*)[\"']")


def keep(site: str, folder: Path, ask_as: Callable[[bool], Answer]) -> None:
    """Write ``NAME.html`` for each page of *site*, and ``answers.json`` with what it answers to their addresses."""
    answers: dict[str, tuple[str, str]] = {}
    for name, page in PAGES.items():
        if page.site != site:
            continue
        ask = ask_as(page.user)
        status, _, body = ask(page.path)
        html = body.decode()
        assert status == 200, (name, status, html[-2000:])
        (folder / f"{name}.html").write_text(put_markers(html), encoding="utf-8")
        if page.query:
            _, kind, body = ask(page.path + page.query)
            answers[f"/s/{name}/page{page.query}"] = kind, body.decode("latin-1")
        for address in {*_ADDRESS.findall(html), *_FETCHED.findall(html)}:
            path = unescape(address)
            if path not in answers and not path.startswith(STATIC):
                status, kind, body = ask(path)
                if status == 200 and "html" not in kind:
                    answers[path] = kind, body.decode("latin-1")
    (folder / "answers.json").write_text(json.dumps(answers))
