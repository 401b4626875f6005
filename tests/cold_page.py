"""Run as a script: one process, many threads, one cold page. Prints what each thread got and what was built.

``python -m tests.cold_page STATIC THREADS START`` waits until the clock shows START, so that several
processes begin at once.
"""

import hashlib
import json
import logging
import sys
import threading
import time
from pathlib import Path

from tests.site import Site, css_region, js_region


def main(static: Path, threads: int, start: float) -> dict[str, object]:
    """Return the distinct pages that *threads* threads got, and the log."""
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("pressmark")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    site = Site(static, css_region("a.css", "b.css") + js_region("a.js", "b.js"))
    barrier = threading.Barrier(threads)
    pages: list[bytes] = []

    def ask() -> None:
        barrier.wait()
        pages.append(site.get().body)

    workers = [threading.Thread(target=ask) for _ in range(threads)]
    time.sleep(max(0.0, start - time.time() - 0.5))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    statuses = [site.get(url).status for url in site.get().bundles]
    logger.removeHandler(handler)
    logger.setLevel(level)
    digests = sorted({hashlib.sha256(page).hexdigest() for page in pages})
    return {"pages": len(pages), "distinct": digests, "statuses": statuses, "log": messages}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
