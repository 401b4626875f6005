"""Work is done once, however many ask."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pressmark.concurrency.single_flight import THREADS, SingleFlight


def test_all_who_ask_meanwhile_get_one_result() -> None:
    single_flight: SingleFlight[int] = SingleFlight()
    begin = threading.Event()
    calls: list[int] = []

    def work() -> int:
        begin.wait(10)
        calls.append(1)
        return len(calls)

    futures = [single_flight.submit("key", work) for _ in range(50)]
    begin.set()

    assert {future.result(10) for future in futures} == {1}
    assert calls == [1]


def test_who_asks_later_gets_new_work() -> None:
    single_flight: SingleFlight[int] = SingleFlight()
    results = iter([1, 2])

    assert [single_flight.submit("key", lambda: next(results)).result(10) for _ in range(2)] == [1, 2]


def test_an_error_belongs_to_all_who_wait() -> None:
    single_flight: SingleFlight[int] = SingleFlight()

    with pytest.raises(ZeroDivisionError):
        single_flight.submit("key", lambda: 1 // 0).result(10)
    assert single_flight.submit("key", lambda: 5).result(10) == 5


def test_different_keys_do_not_wait_for_each_other() -> None:
    single_flight: SingleFlight[str] = SingleFlight()
    stop = threading.Event()
    slow = single_flight.submit("slow", lambda: "slow" if stop.wait(10) else "late")

    assert single_flight.submit("fast", lambda: "fast").result(10) == "fast"
    stop.set()
    assert slow.result(10) == "slow"


def test_work_that_is_given_up_holds_back_none_that_waits() -> None:
    single_flight: SingleFlight[int] = SingleFlight(threads=1)
    has_begun, end = threading.Event(), threading.Event()

    def work() -> int:
        has_begun.set()
        return int(end.wait(60))

    lost = single_flight.submit("lost", work)
    has_begun.wait(10)
    waiting = single_flight.submit("waiting", lambda: 2)
    single_flight.give_up("lost", lost)

    assert waiting.result(10) == 2
    assert single_flight.lost == 1
    end.set()
    assert lost.result(10) == 1


def test_work_that_is_given_up_before_it_begins_is_not_done() -> None:
    single_flight: SingleFlight[int] = SingleFlight(threads=1)
    end, done = threading.Event(), threading.Event()
    first = single_flight.submit("first", lambda: int(end.wait(60)))

    def work() -> int:
        done.set()
        return 2

    waiting = single_flight.submit("waiting", work)
    single_flight.give_up("waiting", waiting)
    end.set()

    assert first.result(10) == 1
    assert single_flight.submit("waiting", lambda: 7).result(10) == 7
    assert waiting.cancelled()
    assert (done.is_set(), single_flight.lost) == (False, 0)


def test_a_forked_process_starts_with_no_work_in_the_air() -> None:
    single_flight: SingleFlight[int] = SingleFlight()
    stop = threading.Event()
    single_flight.submit("key", lambda: int(stop.wait(30)))
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if single_flight.submit("key", lambda: 7).result(10) == 7 else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    stop.set()

    assert os.waitstatus_to_exitcode(status) == 0


def test_many_threads_share_few() -> None:
    single_flight: SingleFlight[int] = SingleFlight()
    before = threading.active_count()
    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda n: single_flight.submit(n % 5, lambda: 1).result(10), range(200)))

    assert results == [1] * 200
    assert threading.active_count() - before <= THREADS


def test_threads_without_work_end_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.concurrency.single_flight.IDLE_S", 0.01)
    ended = threading.Event()
    single_flight: SingleFlight[int] = SingleFlight(at_thread_end=ended.set)

    assert single_flight.submit("key", lambda: 1).result(10) == 1
    assert ended.wait(10)
    assert single_flight.submit("key", lambda: 2).result(10) == 2
