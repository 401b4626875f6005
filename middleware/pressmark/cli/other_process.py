"""A process beside: it reads, from what processes and hosts share, a bundle that another process has put there.

``python -m pressmark.cli.other_process`` takes the question as JSON from standard input, as it may hold a password.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from pressmark.assembly import assemble_cache, assemble_shared
from pressmark.stores.disk import RETENTION_S

LIMIT_S = 60.0


def ask_other_process(*, cache: str = "", store: str = "", secrets: Sequence[str] = (), name: str) -> str:
    """Return "" if another process finds the bundle *name* in the directory *cache* or in *store*, else why not.

    *secrets* are in hexadecimal digits.
    """
    question = {"cache": cache, "store": store, "secrets": list(secrets), "name": name}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pressmark.cli.other_process"], input=json.dumps(question), capture_output=True,
            text=True, check=False, timeout=LIMIT_S,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        return f"no other process could be started: {error}"
    return done.stdout.strip() if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it failed"])[-1]


def answer(question: dict[str, Any]) -> str:
    """Return "" if the bundle is there and its record is ours, else what is wrong."""
    name = question["name"]
    store: Any = (
        assemble_cache(question["cache"], RETENTION_S)
        if question["cache"]
        else assemble_shared(question["store"], [bytes.fromhex(each) for each in question["secrets"]])
    )
    content = store.get("css", name)
    if content is None:
        return "it is not there"
    if sha256(content).hexdigest()[:32] != name:
        return "it has other bytes"
    if question["store"] and question["secrets"] and store.read_record(f"doctor {name}") is None:
        return "its record has no signature of this secret"
    return ""


if __name__ == "__main__":
    print(answer(json.load(sys.stdin)))
