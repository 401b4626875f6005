"""Tell whether this process may be one of several workers of a server, as far as a process can know that."""

import multiprocessing
import os

_IMPORTED_BY = os.getpid()


def may_have_siblings() -> bool:
    """Tell whether other processes may answer requests for what this one names.

    A server that has several workers starts them by ``multiprocessing`` (Uvicorn, Hypercorn, Granian), forks itself
    after it has loaded the application, or is Gunicorn, which tells by WSGI alone how many there are.
    """
    is_child = multiprocessing.parent_process() is not None or os.getpid() != _IMPORTED_BY
    return is_child or os.environ.get("SERVER_SOFTWARE", "").startswith("gunicorn")
