"""The options of a build, whichever command line they come from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

LOGOUTS = r"(?i)log-?_?out|sign-?_?out"
"""The links and routes that are left out, unless others are."""
LOGIN_PAGE = "/login"


def checked_pattern(_context: click.Context, _parameter: click.Parameter, pattern: str) -> str:
    """Return *pattern*, the value of an option. Raises BadParameter if it is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise click.BadParameter(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """Which pages a build renders, how it asks for them, and where the result goes; as the command's help tells."""

    urls: tuple[str, ...] = ()
    routes: bool | None = None
    sitemap: str | None = None
    urls_from: Iterable[str] | None = None
    follow: bool = False
    exclude: str = LOGOUTS

    host: str = "localhost"
    mount: str = ""
    https: bool = False
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    login: tuple[str, ...] = ()
    login_page: str = LOGIN_PAGE

    recorded: tuple[Path, ...] = ()
    cache: tuple[str, ...] = ()

    manifest: Path | None = None
    output: Path | None = None
    check: bool = False
    strict: bool = False
    as_json: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any], **changes: Any) -> "BuildOptions":
        """Return those of *options* that a build has, with *changes*."""
        names = {field.name for field in fields(cls)}
        given: dict[str, Any] = {name: value for name, value in {**options, **changes}.items() if name in names}
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return cls(**{**given, **lists})

    @property
    def names_pages(self) -> bool:
        """Tell whether any page is named, in whatever way."""
        return bool(self.urls or self.routes or self.sitemap or self.urls_from or self.follow)
