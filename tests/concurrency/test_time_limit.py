"""Pieces of work share a thread, and one that never ends holds up none after it."""

import threading

import pytest

from pressmark.concurrency.time_limit import TimeLimit


def test_pieces_of_work_are_done_on_one_other_thread() -> None:
    with TimeLimit(5) as limit:
        names = [limit.run(threading.get_ident) for _ in range(3)]

    assert len(set(names)) == 1
    assert names[0] != threading.get_ident()


def test_an_exception_of_the_work_is_raised_as_it_is() -> None:
    def fail() -> None:
        raise TimeoutError("the database")

    with TimeLimit(5) as limit, pytest.raises(TimeoutError, match="the database"):
        limit.run(fail)


def test_work_that_takes_too_long_is_given_up_and_the_next_is_done() -> None:
    is_over = threading.Event()
    with TimeLimit(0.2) as limit:
        with pytest.raises(TimeoutError, match=r"it did not end within 0\.2 s"):
            limit.run(is_over.wait)
        assert limit.run(lambda: 7) == 7
    is_over.set()


def test_no_thread_is_left_behind() -> None:
    with TimeLimit(5) as limit:
        thread = limit.run(threading.current_thread)
    thread.join(5)

    assert not thread.is_alive()
