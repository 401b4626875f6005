"""Redis or Valkey as a shared store: one server, a cluster, or one that sentinels watch over."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry
from redis.sentinel import Sentinel

from pressmark.errors import SettingsError

CONNECT_S = 0.5
ANSWER_S = 1.0
"""Seconds to wait for a connection, and for an answer: pages wait, and can do without."""
PREFIX = "pressmark:"
SENTINEL, CLUSTER = ("redis+sentinel", "rediss+sentinel"), ("redis+cluster", "rediss+cluster")

# Keys are compared and removed in one step, so that a lock that has expired is not taken from its next holder.
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class RedisBackend:
    """The server at *url*; keys begin with the prefix that the query of the URL names. Connects at the first call.

    ``redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE][?prefix=NAME:]``, ``rediss://`` with TLS, ``unix://PATH``,
    ``redis+sentinel://HOST:PORT,HOST:PORT/SERVICE[/DATABASE]`` and ``redis+cluster://HOST:PORT,HOST:PORT``. Raises
    SettingsError.
    """

    may_lose, waits_natively = True, False

    def __init__(self, url: str) -> None:
        self.name = _name(url)
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        self._prefix = options.pop("prefix", PREFIX)
        try:
            # Not put together by urlunsplit(), which takes "//" from unix:///path.
            self._make = _maker("?".join(filter(None, (url.partition("?")[0], urlencode(options)))), options)
        except (ValueError, TypeError) as error:
            raise SettingsError(f"the setting 'store' names no Redis server: {self.name}: {error}") from error
        self._made: Any = None

    @property
    def _client(self) -> Any:
        """The client, made at the first call: that of a cluster connects at once."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def get(self, key: str) -> bytes | None:
        """Return the value under *key*, or ``None``."""
        value: bytes | None = self._client.get(self._prefix + key)
        return value

    def create(self, key: str, value: bytes, seconds: float) -> bool:
        """Keep *value*, unless there is one. Tell whether there was none."""
        return bool(self._client.set(self._prefix + key, value, px=_milliseconds(seconds), nx=True))

    def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep *value* under *key*."""
        self._client.set(self._prefix + key, value, px=_milliseconds(seconds))

    def touch(self, keys: Sequence[str], seconds: float) -> Sequence[bool]:
        """Keep the values under *keys* for longer, in one round trip. Tell for each whether it is there."""
        pipeline = self._client.pipeline(transaction=False)
        for key in keys:
            pipeline.pexpire(self._prefix + key, _milliseconds(seconds))
        return [bool(found) for found in pipeline.execute()]

    def acquire(self, key: str, token: bytes, seconds: float) -> bool:
        """Take the lock *key*; it ends by itself."""
        return bool(self._client.set(self._prefix + key, token, px=_milliseconds(seconds), nx=True))

    def release(self, key: str, token: bytes) -> None:
        """Give the lock *key* back."""
        self._client.eval(_RELEASE, 1, self._prefix + key, token)

    def sweep(self, seconds: float) -> None:
        """Do nothing: values end by themselves."""


def _name(url: str) -> str:
    """Return scheme, hosts and path of *url*. Raises SettingsError for one that may show a password there."""
    parts = urlsplit(url)
    if "@" in parts.path + parts.query + parts.fragment or parts.fragment:
        raise SettingsError("the setting 'store' is a URL of Redis whose user or password has a sign that must be "
                            "written as %2F, %3F, %23 or %40")  # fmt: skip
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _maker(url: str, given: Mapping[str, str]) -> Callable[[], Any]:
    """Return what makes the client for *url*, whose query is *given*. Raises ValueError and TypeError."""
    # A connection that was idle may have been closed meanwhile; who does not answer is not asked again.
    retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
    options: dict[str, Any] = {"socket_connect_timeout": CONNECT_S, "socket_timeout": ANSWER_S, "retry": retry}
    parts = urlsplit(url)
    if parts.scheme not in (*SENTINEL, *CLUSTER):
        client = redis.Redis.from_url(url, **options)
        client.connection_pool.make_connection()  # which connects to nothing yet, and tells of an unknown option
        return lambda: client
    hosts = _hosts(parts.netloc.rpartition("@")[2])
    if parts.scheme.startswith("rediss"):
        options |= {"ssl": True, **{name: value for name, value in given.items() if name.startswith("ssl_")}}
    if unknown := [name for name in given if not name.startswith("ssl_")]:
        raise ValueError(f"the query may name the prefix and options of TLS (ssl_…), and not {unknown[0]!r}")
    sentinels = dict(options)
    options |= {"username": unquote(parts.username or "") or None, "password": unquote(parts.password or "") or None}
    if parts.scheme in CLUSTER:
        nodes = [ClusterNode(*host) for host in hosts]  # type: ignore[no-untyped-call]
        return lambda: RedisCluster(startup_nodes=nodes, **options)
    service, _, database = parts.path.strip("/").partition("/")
    if not service:
        raise ValueError("the path must name the service that the sentinels watch, such as /mymaster/0")
    watch: Any = Sentinel  # which has no types
    watched = watch(hosts, sentinel_kwargs=sentinels, db=int(database or 0), **options)
    return lambda: watched.master_for(service)


def _hosts(text: str) -> list[tuple[str, int]]:
    """Return the hosts and ports in *text*, between commas. Raises ValueError."""
    pairs = [each.rpartition(":") for each in text.split(",")]
    if wrong := [port for host, _, port in pairs if not host or not port.isdigit()]:
        raise ValueError(f"each host needs a port, such as 10.0.0.1:6379; met {wrong[0]!r}")
    return [(host.strip("[]"), int(port)) for host, _, port in pairs]


def _milliseconds(seconds: float) -> int:
    return max(1, min(int(seconds * 1000), 1 << 52))
