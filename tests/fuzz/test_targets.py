"""The fuzzers' targets hold on bytes of a fixed seed, so that none breaks unseen."""

import random
from collections.abc import Callable

import pytest

from tests.fuzz.targets import fuzz_charsets, fuzz_scanner, fuzz_tags

SEED = 13
PIECES = [
    b"<",
    b">",
    b"<p>",
    b"<pre>",
    b"<!--",
    b"-->",
    b"<!-- compress css -->",
    b"<!-- endcompress -->",
    b"<link",
    b"\xe9",
    b"'",
]


@pytest.mark.parametrize("target", [fuzz_charsets, fuzz_scanner, fuzz_tags])
def test_a_target_holds(target: Callable[[bytes], None]) -> None:
    rng = random.Random(SEED)
    for _ in range(200):
        target(bytes([rng.randrange(256)]) + b"".join(rng.choices(PIECES, k=rng.randrange(12))))
