"""Threads that compute take turns, and nobody waits for long."""

import threading

import pytest

from pressmark.concurrency import turns
from pressmark.concurrency.turns import Turn


def test_one_thread_computes_at_a_time() -> None:
    most, computing = [0], [0]

    def compute() -> None:
        with Turn():
            computing[0] += 1
            most[0] = max(most[0], computing[0])
            threading.Event().wait(0.01)  # the interpreter is free meanwhile, and yet nobody begins
            computing[0] -= 1

    threads = [threading.Thread(target=compute) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]


def test_who_waits_for_something_else_leaves_the_turn_to_others() -> None:
    other_was_there = threading.Event()

    def compute() -> None:
        with Turn():
            other_was_there.set()

    with Turn() as turn:
        other = threading.Thread(target=compute)
        other.start()
        assert turn.leave_for(lambda: other_was_there.wait(60))
    other.join()


def test_a_turn_that_is_too_long_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.01)
    with Turn():
        computed = threading.Event()

        def compute() -> None:
            with Turn():
                computed.set()

        other = threading.Thread(target=compute)
        other.start()
        assert computed.wait(60)
        other.join()
    with Turn():  # it was given back once
        assert turns._turns.lock.locked()
    assert not turns._turns.lock.locked()


def test_an_error_ends_the_turn() -> None:
    with pytest.raises(ZeroDivisionError), Turn() as turn:
        turn.leave_for(lambda: 1 / 0)

    assert not turns._turns.lock.locked()
