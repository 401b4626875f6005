"""Open an object store by its URL: Amazon S3 and its like, Google Cloud Storage, Azure, by obstore."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from obstore.store import from_url

from pressmark.errors import SettingsError


def name_of(url: str) -> str:
    """Return *url* for people: without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def open_store(url: str, *, answer_s: float, connect_s: float, retries: int | None = None) -> Any:
    """Return the store at *url*, for obstore's functions. Each answer may take *answer_s* seconds.

    What the query of *url* names goes to obstore. It tries *retries* times, ``None`` as often as it likes. Raises
    SettingsError.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    client: Any = {"timeout": f"{answer_s:g}s", "connect_timeout": f"{connect_s:g}s"}
    client["allow_http"] = options.get("endpoint", "").startswith("http:")
    retry: Any = {"max_retries": retries, "retry_timeout": timedelta(seconds=answer_s)} if retries is not None else None
    config: Any = options
    try:
        address = parts._replace(query="").geturl()
        return from_url(address, config=config, client_options=client, retry_config=retry)
    except Exception as error:
        reason = (str(error).splitlines() or [""])[0]
        raise SettingsError(f"the setting 'store' names no object store: {name_of(url)}: {reason}") from error
