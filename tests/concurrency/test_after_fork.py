"""A forked process can take every lock, whoever held it."""

import os
from pathlib import Path

from tests.conftest import Write
from tests.site import Site, css_region
from tests.test_warm import locks_below


def test_a_child_is_not_stopped_by_locks_that_its_parent_held(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }")
    site = Site(static, css_region("a.css"), {"refresh": 0})
    before = site.get().body
    write("a.css", "a { color: blue }")
    locks = locks_below(site.app)
    for lock in locks:
        lock.acquire()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            body = site.get().body
            code = 0 if body != before and b"/pressmark/" in body else 2
        finally:
            os._exit(code)
    for lock in locks:
        lock.release()
    _, status = os.waitpid(child, 0)

    assert len(locks) >= 4
    assert os.waitstatus_to_exitcode(status) == 0
