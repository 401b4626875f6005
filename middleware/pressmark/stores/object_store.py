"""Open an object store by its URL: Amazon S3 and its like, Google Cloud Storage, Azure, by obstore."""

import os
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from obstore.store import from_url

from pressmark.errors import SettingsError


def name_of(url: str) -> str:
    """Return *url* for people: without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def open_store(url: str, subject: str, *, answer_s: float, connect_s: float, retries: float) -> Any:
    """Return the store at *url*, for obstore's functions. Each answer may take *answer_s* seconds.

    What the query of *url* names goes to obstore. It tries again *retries* times. Raises SettingsError, in which
    *subject* is what has named it.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    client: Any = {"timeout": f"{answer_s:g}s", "connect_timeout": f"{connect_s:g}s"}
    client["allow_http"] = options.get("endpoint", "").startswith("http:")
    retry: Any = {"max_retries": int(retries), "retry_timeout": timedelta(seconds=answer_s)}
    config: Any = options
    try:
        address = parts._replace(query="").geturl()
        return from_url(address, config=config, client_options=client, retry_config=retry)
    except Exception as error:
        reason = (str(error).splitlines() or [""])[0]
        raise SettingsError(f"{subject} names no object store: {name_of(url)}: {reason}") from error


class OneProcess:
    """Sees to it that obstore is used in the process alone that was the first to use it, here or in a parent.

    Its threads are not in a process that was forked from that: a call would wait for them without end.
    """

    first: int | None = None

    def __init__(self) -> None:
        self._checked: int | None = None

    def check(self) -> None:
        """Raise OSError in another process."""
        process = os.getpid()
        if self._checked is None and OneProcess.first in (None, process):
            self._checked = OneProcess.first = process
        elif self._checked != process:
            raise OSError("an object store cannot be used by a process that was forked after its first use: "
                          "let no page be rendered before the server forks")  # fmt: skip
