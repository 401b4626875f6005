"""Run a program on an asset: without a shell, within limits of time and output, and with its children ended too."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO, NamedTuple

from pressmark.compilers.depfile import read_depfile
from pressmark.compilers.program_version import version_of
from pressmark.concurrency.green import run_at_home
from pressmark.errors import AssetError
from pressmark.model import MEDIA_TYPES, Asset

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

logger = logging.getLogger("pressmark")

TIMEOUT_S = 60.0
GRACE_S = 1.0
"""Seconds to wait for the pipes of an ended program to close; a child that left its session may hold them open."""
MAX_FILE_BYTES = 64 << 20
MAX_OUTPUT_BYTES = 8 << 20
MAX_TOLD_BYTES = 2048
"""How many bytes of a program's error output are reported, counted from the end."""

# What sets the colour of text in a terminal (ECMA-48, 8.3.117).
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
INFILE, OUTFILE, DEPFILE = "{infile}", "{outfile}", "{depfile}"
_PASSED = (
    "PATH HOME LANG LC_ALL LC_CTYPE TMPDIR TEMP TMP SYSTEMROOT PATHEXT COMSPEC APPDATA NODE_ENV NODE_PATH NODE_OPTIONS "
    "SASS_PATH GEM_HOME GEM_PATH JAVA_HOME"
).split()
"""The environment variables that a program gets: others may hold secrets."""


@dataclass(frozen=True, slots=True)
class Command:
    """A filter that runs *arguments*; ``{infile}``, ``{outfile}`` and ``{depfile}`` in them stand for files.

    A depfile is a rule of make by which the program tells all other files that it has read. Without ``{infile}`` the
    text is passed on standard input, without ``{outfile}`` it is read from standard output, as UTF-8. ``{infile}`` is
    the file itself, or a temporary file of the same text for inline code. *program* is the path
    of the program that the first argument names. *depends* returns the whole paths of all other files, and of folders
    in which a new file would count, on which the result for an asset depends.
    """

    arguments: tuple[str, ...]
    program: str
    timeout_s: float = TIMEOUT_S
    depends: Callable[[Asset], Iterable[str]] | None = None

    @property
    def name(self) -> str:
        """The program as the settings name it."""
        return self.arguments[0]

    @property
    def key(self) -> str:
        """The arguments and, while the program is there, its version."""
        try:
            return json.dumps([*self.arguments, version_of(self.program)])
        except OSError:
            return json.dumps(self.arguments)

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* with the program's output as its content.

        Raises ValueError or OSError if the program fails, AssetError if the file was written meanwhile.
        """
        return run_at_home(lambda: self._compile(asset))

    def _compile(self, asset: Asset) -> Asset:
        with TemporaryDirectory(prefix="pressmark-") as folder:
            infile, outfile = self._infile(asset, folder), Path(folder, "out" + _ending(asset))
            depfile = Path(folder, "depends.d")
            written = {INFILE: str(infile), OUTFILE: str(outfile), DEPFILE: str(depfile)}
            arguments = [self.program, *(_filled(argument, written) for argument in self.arguments[1:])]
            given = b"" if self._takes(INFILE) else asset.content
            output, complaints = run_program(arguments, given, self.timeout_s)
            if self._takes(OUTFILE):
                output = _read(outfile)
            if self._takes(INFILE):
                refuse_changed(asset)
            log_complaints(self.name, asset, complaints)
            return replace(asset, content=output, dependencies=self._dependencies(asset, depfile, infile))

    def _dependencies(self, asset: Asset, depfile: Path, infile: Path) -> tuple[str, ...] | None:
        """Return the paths of all other files that the program says it has read, ``None`` if it cannot tell."""
        if self.depends is not None:
            return tuple(map(os.path.abspath, self.depends(asset)))
        if not self._takes(DEPFILE):
            return None
        found = read_depfile(_read(depfile).decode("utf-8", "surrogateescape"), str(Path.cwd()))
        return tuple(path for path in found if path != str(infile))

    def _takes(self, placeholder: str) -> bool:
        return any(placeholder in argument for argument in self.arguments)

    def _infile(self, asset: Asset, folder: str) -> Path:
        """Return the file itself, as its partials are found beside it, or a temporary one of the same text."""
        own = file_of(asset)
        if own is not None:
            return own
        path = Path(folder, "in" + _ending(asset))
        if self._takes(INFILE):
            path.write_bytes(asset.content)
        return path


def file_of(asset: Asset) -> Path | None:
    """Return the file that *asset* was read from; code in the page and answers of the application come from none."""
    path = asset.sources[0].path if asset.sources else ""
    return Path(path) if os.path.isabs(path) else None


def refuse_changed(asset: Asset) -> None:
    """Raise AssetError if a program that read the file of *asset* may have read another text than that of *asset*."""
    path = file_of(asset)
    if path and sha256(_read(path)).hexdigest() != asset.sources[0].digest:
        raise AssetError(asset.url, "was written while it was being compiled")


def log_complaints(name: str, asset: Asset, complaints: str) -> None:
    """Log what the program *name* has written to its error output while it compiled *asset*."""
    if complaints:
        logger.warning("compiler %s complains of %s: %s", name, asset.url, " ".join(complaints.split()))


def _ending(asset: Asset) -> str:
    """Return the usual file ending for the media type of *asset*."""
    subtype = asset.media_type.rpartition("/")[2].removeprefix("x-")
    usual = {media_type: f".{kind}" for kind, media_type in MEDIA_TYPES.items()}
    return usual.get(asset.media_type, f".{subtype}" if subtype.isalnum() else ".txt")


def _filled(argument: str, written: dict[str, str]) -> str:
    for placeholder, path in written.items():
        argument = argument.replace(placeholder, path)
    return argument


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_OUTPUT_BYTES + 1)
    if len(content) > MAX_OUTPUT_BYTES:
        raise ValueError(f"it wrote more than {MAX_OUTPUT_BYTES} bytes")
    return content


def passed_environment() -> dict[str, str]:
    """Return the environment of a program: a few variables of this one's, as others may hold secrets."""
    return {name: os.environ[name] for name in _PASSED if name in os.environ}


class Ran(NamedTuple):
    """What a program has written to its standard output, and the end of its error output."""

    output: bytes
    complaints: str


def run_program(arguments: Sequence[str], given: bytes, timeout_s: float) -> Ran:
    """Return what a program writes, *given* bytes on its standard input.

    It runs without a shell, in this working directory. Raises ValueError if it fails or takes more than *timeout_s*
    seconds.
    """
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # noqa: S603  # the site's own configuration, and no shell
        arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=passed_environment(), start_new_session=True
    )
    _limit(process.pid)
    # If this process ends first, the program must not go on by itself.
    end = weakref.finalize(process, end_group, process.pid)
    output, complaints = list[bytes](), list[str]()
    helpers = (
        Thread(target=_feed, args=(process.stdin, given), daemon=True),
        Thread(target=lambda: output.append(_all(process.stdout, end)), daemon=True),
        Thread(target=lambda: complaints.append(_last(process.stderr)), daemon=True),
    )
    deadline = time.monotonic() + timeout_s
    for helper in helpers:
        helper.start()
    status = _status(process, timeout_s)
    if status is not None:  # its children may still write, as long as there is time
        for helper in helpers:
            helper.join(max(0.0, deadline - time.monotonic()))
    is_held = any(helper.is_alive() for helper in helpers)
    end()  # and its children
    process.wait()
    for helper in helpers:
        helper.join(GRACE_S)
    if output and len(output[0]) > MAX_OUTPUT_BYTES:
        raise ValueError(f"it wrote more than {MAX_OUTPUT_BYTES} bytes")
    if status is None or is_held:
        raise ValueError(f"it took more than {timeout_s:g} seconds")
    if status:
        raise ValueError(f"it ended with status {status}: {complaints[0] or 'no error output'}")
    return Ran(output[0], complaints[0] if complaints else "")


def _status(process: "subprocess.Popen[bytes]", timeout_s: float) -> int | None:
    """Return the exit status of *process*, ``None`` if it does not end in time."""
    try:
        return process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        return None


def _limit(pid: int) -> None:
    """Keep a program from filling the disk, if the system can."""
    if resource is not None and hasattr(resource, "prlimit"):
        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))
        except (OSError, ValueError):  # it has ended, or may no more
            return


def end_group(pid: int) -> None:
    """End the program *pid* that began a session, and its children."""
    try:
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)
    except OSError:  # they have all ended
        return


# Each pipe is closed by the thread that reads or writes it: a program that has ended may have left it to a child.


def _feed(pipe: IO[bytes] | None, given: bytes) -> None:
    with suppress(OSError):  # a program need not read all of its input
        if pipe is not None:
            with pipe:
                pipe.write(given)


def _all(pipe: IO[bytes] | None, end: Callable[[], object]) -> bytes:
    """Return the output of a program; *end* it if that is too long."""
    if pipe is None:
        return b""
    with pipe:
        output = pipe.read(MAX_OUTPUT_BYTES + 1)
        if len(output) > MAX_OUTPUT_BYTES:
            end()
        return output


def _last(pipe: IO[bytes] | None) -> str:
    """Return the end of a program's error output."""
    kept = b""
    if pipe is not None:
        with pipe:
            while piece := pipe.read1(MAX_TOLD_BYTES):  # type: ignore[attr-defined]
                kept = (kept + piece)[-MAX_TOLD_BYTES:]
    return _COLOUR.sub("", kept.decode("utf-8", "replace")).strip()
