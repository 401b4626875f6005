"""Reading a file takes memory in proportion to its size, whatever is in it. The allocator counts it."""

import tracemalloc
from collections.abc import Callable

import pytest

from pressmark.page.elements import read_elements
from pressmark.syntax.css_tokens import tokenize
from pressmark.syntax.js_tokens import Tokens

SIZE = 1 << 18
MOST = 30


def peak_of(work: Callable[[], object]) -> int:
    """Return the most bytes that *work* has at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def repeated(text: str) -> str:
    return text * (SIZE // len(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"a{{b:url('data:,{repeated('x')}')}}", id="a quoted URL"),
        pytest.param(f"a{{b:url(data:,{repeated('x')})}}", id="an unquoted URL"),
        pytest.param(f"a{{b:url({repeated('x')} y)}}", id="a bad URL"),
        pytest.param(f"a{{b:'{repeated('x')}\n'}}", id="a broken string"),
        pytest.param(f"a{{b:'{repeated(chr(92) + 'x')}'}}", id="escapes in a string"),
        pytest.param(f"{repeated(chr(92) + '61 ')}{{}}", id="escapes in a name"),
        pytest.param(f"{repeated('A')}{{}}", id="a long name"),
        pytest.param(f"#{repeated('A')}{{}}", id="a long hash"),
        pytest.param(f"/*{repeated('*')}", id="a comment"),
        pytest.param(repeated(";"), id="semicolons"),
        pytest.param(repeated("a{}"), id="empty rules"),
        pytest.param(repeated("\n"), id="blanks"),
    ],
)
def test_a_stylesheet_is_read_in_memory_in_proportion(text: str) -> None:
    assert peak_of(lambda: tokenize(text)) < MOST * len(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"'{repeated('x')}'", id="a string"),
        pytest.param(f"'{repeated(chr(92) + 'x')}'", id="escapes in a string"),
        pytest.param(f"`{repeated('x$')}`", id="a template"),
        pytest.param(f"/{repeated('x')}/", id="a regular expression"),
        pytest.param(f"/[{repeated('x')}]/", id="a class of characters"),
        pytest.param(f"{repeated('é')}", id="a long name"),
        pytest.param(f"x{repeated(chr(92) + 'u0061')}", id="escapes in a name"),
        pytest.param(f"/*{repeated('*')}*/", id="a comment"),
        pytest.param(repeated("/*!*/"), id="licences"),
        pytest.param(repeated(";"), id="semicolons"),
    ],
)
def test_a_script_is_read_in_memory_in_proportion(text: str) -> None:
    assert peak_of(lambda: [None for _ in Tokens(text)]) < MOST * len(text)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(repeated("x"), id="text"),
        pytest.param(repeated("< "), id="signs that begin no tag"),
        pytest.param(f"<script>{repeated(chr(0))}</script>", id="NULs"),
        pytest.param(f"<script>{repeated('<')}</script>", id="signs in a script"),
    ],
)
def test_a_region_is_read_in_memory_in_proportion(body: str) -> None:
    raw = body.encode()

    assert peak_of(lambda: read_elements(raw, "utf-8")) < MOST * len(raw)
