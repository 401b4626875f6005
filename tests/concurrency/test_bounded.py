"""Tables that threads fill do not grow without end."""

import threading

from pressmark.concurrency.bounded import Memo


def test_the_oldest_values_make_room_for_the_next() -> None:
    memo: Memo[int, str] = Memo(100)
    for key in range(5):
        memo.put(key, "value", 25)

    assert [memo.get(key) for key in range(5)] == [None, *["value"] * 4]


def test_a_value_that_is_put_again_takes_its_room_once() -> None:
    memo: Memo[str, int] = Memo(100)
    for number in range(50):
        memo.put("same", number, 25)
    for key in "abc":
        memo.put(key, 0, 25)

    assert (memo.get("same"), len(memo)) == (49, 4)


def test_a_value_that_is_too_large_takes_the_place_of_no_other() -> None:
    memo: Memo[str, int] = Memo(100)
    memo.put("small", 1, 25)
    memo.put("large", 2, 26)

    assert (memo.get("small"), memo.get("large")) == (1, None)


def test_a_value_that_is_asked_for_again_and_again_stays() -> None:
    memo: Memo[int, str] = Memo(100)
    memo.put(0, "hot", 25)
    for key in range(1, 50):
        assert memo.get(0) == "hot"
        memo.put(key, "cold", 25)

    assert [memo.get(key) for key in (45, 46, 47, 48, 49)] == [None, None, "cold", "cold", "cold"]


def test_where_all_were_asked_for_the_oldest_goes() -> None:
    memo: Memo[int, str] = Memo(100)
    for key in range(4):
        memo.put(key, "value", 25)
        memo.get(key)
    memo.put(4, "value", 25)

    assert [memo.get(key) for key in range(5)] == [None, *["value"] * 4]


def test_nobody_waits_to_put_a_value() -> None:
    memo: Memo[str, int] = Memo(100)
    with memo._lock:
        memo.put("late", 1, 25)

    assert memo.get("late") is None


def test_threads_leave_the_sum_right() -> None:
    memo: Memo[int, int] = Memo(1000)

    def fill(first: int) -> None:
        for number in range(5000):
            memo.put(first + number % 97, number, 1 + number % 50)

    threads = [threading.Thread(target=fill, args=(first,)) for first in range(0, 200, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert memo._bytes == sum(entry.size for entry in memo._table.values()) <= 1000
