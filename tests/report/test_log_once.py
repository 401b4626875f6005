"""Operators read each cause once, with the page and the cure."""

import logging

import pytest

from pressmark.errors import AssetNotFoundError
from pressmark.model import Region
from pressmark.report.log_once import MAX_CAUSES, MAX_PAGES, LogOnce, cause_of

REGION = Region("css", "file", "", b"", b"")
MISSING = AssetNotFoundError("/static/a.css", ("/srv/static",))


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_a_region_is_told_with_its_kind_page_and_cause(caplog: pytest.LogCaptureFixture) -> None:
    LogOnce().region(REGION, "/shop/", MISSING)

    expected = "css region on /shop/ was not bundled: '/static/a.css' is missing: no such file in /srv/static; "
    assert messages(caplog) == [expected + "add it, or take its tag out of the region"]


def test_a_cause_is_told_once_and_again_after_it_was_mended(caplog: pytest.LogCaptureFixture) -> None:
    log = LogOnce()
    for path in ("/", "/a"):
        log.region(REGION, path, MISSING)
    log.forget(cause_of(MISSING))
    log.region(REGION, "/b", MISSING)

    assert [message.split()[3] for message in messages(caplog)] == ["/", "/b"]


def test_a_cause_is_told_once_however_many_there_are(caplog: pytest.LogCaptureFixture) -> None:
    log = LogOnce()
    for number in range(MAX_CAUSES + 10):
        log.page("/", f"cause {number}")
    caplog.clear()
    for _ in range(50):
        log.page("/", f"cause {MAX_CAUSES + 9}")

    assert messages(caplog) == []


def test_a_fault_of_our_own_comes_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    LogOnce().region(REGION, "/", ZeroDivisionError("oops"))

    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "css region on / was not bundled")
    assert record.exc_info is not None


def test_a_fault_that_all_pages_have_is_told_of_a_few(caplog: pytest.LogCaptureFixture) -> None:
    log = LogOnce()
    for number in range(100):
        log.page(f"/{number % 50}", "already compressed (gzip)")

    assert messages(caplog) == [
        f"page /{number} was not bundled: already compressed (gzip)" for number in range(MAX_PAGES)
    ]
