"""Processes of compilers that take long to start: one stays for a while, and serves one compilation after the other."""

import json
import os
import subprocess
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Timer
from typing import IO, Any, Generic, TypeVar, cast

from pressmark.compilers.command import TIMEOUT_S, end_group
from pressmark.concurrency.after_fork import renew_after_fork

IDLE_S = 60.0
"""Seconds after which a process ends that has nothing to do."""
MAX_IDLE = 2
MAX_ANSWER_BYTES = 64 << 20

T = TypeVar("T")


class CompilerError(ValueError):
    """A compilation failed. *dependencies* are the paths that it depends on, ``None`` if they are not known."""

    def __init__(self, text: str, dependencies: tuple[str, ...] | None = None) -> None:
        super().__init__(text)
        self.dependencies = dependencies


class GoneError(CompilerError):
    """The process has ended, and not for want of time."""


class CompilerProcess:
    """A process that answers requests on its standard output. Not for several threads at once."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(  # noqa: S603  # what a package brings, and no shell
            arguments,
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=True,
        )
        self.input, self.output = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self.end = weakref.finalize(self, _end, self._process, os.getpid())

    @property
    def is_alive(self) -> bool:
        """Tell whether it can be asked."""
        return self.end.alive and self._process.poll() is None

    def answer(self, ask: Callable[[], T]) -> T:
        """Return what *ask* returns, which writes to *input* and reads from *output*.

        Raises CompilerError if that fails, and has ended then.
        """
        late, seconds = Event(), TIMEOUT_S
        clock = Timer(seconds, self._stop, (late,))
        clock.daemon = True
        clock.start()
        try:
            return ask()
        except Exception as error:  # of the pipes, the protocol and its messages
            self.end()
            if late.is_set():
                raise CompilerError(f"it took more than {seconds:g} seconds") from error
            raise GoneError(f"it has failed: {error}") from error
        except BaseException:  # whatever breaks off this thread: the answer that is to come is nobody else's
            self.end()
            raise
        finally:
            clock.cancel()

    def ask_in_json(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to *request*: each is a line of JSON. Raises CompilerError."""
        return self.answer(lambda: self._ask_in_json(request))

    def _ask_in_json(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self.input.write(json.dumps(request).encode("utf-8") + b"\n")
        self.input.flush()
        line = self.output.readline(MAX_ANSWER_BYTES)
        if not line.endswith(b"\n"):
            raise EOFError("the process has ended" if len(line) < MAX_ANSWER_BYTES else "it wrote too much")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _stop(self, late: Event) -> None:
        """Kill the process, which ends the wait for its answer. Its pipes are another thread's."""
        late.set()
        end_group(self._process.pid)


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """End *process* and its children, unless this is a fork of its *owner*."""
    if os.getpid() == owner:
        end_group(process.pid)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()


P = TypeVar("P", bound=CompilerProcess)


@dataclass(slots=True)
class _Idle(Generic[P]):
    process: P
    clock: Timer


class Pool(Generic[P]):
    """The processes that wait for work. *start* starts another one, for as many compilations as there are at once."""

    def __init__(self, start: Callable[[], P]) -> None:
        self._start = start
        self._idle: list[_Idle[P]] = []
        renew_after_fork(self)

    def renew(self) -> None:
        self._idle = []

    def answer(self, ask: Callable[[P], T]) -> T:
        """Return what *ask* returns for a process that nobody else has. Raises CompilerError."""
        with self._process() as process, suppress(GoneError):  # it may have ended since its last work
            return ask(process)
        self.close()  # the others may be as old as it was
        with self._process() as process:
            return ask(process)

    def close(self) -> None:
        """End the processes that wait."""
        while (process := self._taken()) is not None:
            process.end()

    @contextmanager
    def _process(self) -> Iterator[P]:
        process = self._taken() or self._start()
        try:
            yield process
        finally:
            self._put(process)

    def _taken(self) -> P | None:
        while self._idle:
            with suppress(IndexError):  # another thread was first
                idle = self._idle.pop()
                idle.clock.cancel()
                if idle.process.is_alive:
                    return idle.process
        return None

    def _put(self, process: P) -> None:
        if not process.is_alive or len(self._idle) >= MAX_IDLE:
            process.end()
            return
        clock = Timer(IDLE_S, process.end)
        clock.daemon = True
        self._idle.append(_Idle(process, clock))
        clock.start()
