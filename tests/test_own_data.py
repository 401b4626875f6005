"""What an element tells its script by its attributes is told to the visitors of its own page, and to no others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.site import Site

READS = "window.own = document.currentScript.dataset.key;"
FINDS = "window.own = document.getElementById('{}');"


@pytest.fixture
def page(static: Path, write: Write) -> Callable[[str, str], str]:
    """Return a function that gives the body of a page, bundled by one process, whose middle script has *attrs*."""
    site = Site(static, b"")
    write("a.js", "var a = 1;")
    write("c.js", "var c = 3;")

    def body(text: str, attrs: str, word: str = "") -> str:
        write("b.js", text)
        scripts = f'<script src="/static/a.js"></script><script src="/static/b.js" {attrs}></script>'
        site.page = (
            f'<!-- compress js {word}-->{scripts}<script src="/static/c.js"></script><!-- endcompress -->'.encode()
        )
        return site.get().body.decode()

    return body


@pytest.mark.parametrize("word", ["", "trust "])
def test_data_that_a_script_reads_is_that_of_its_page(page: Callable[..., str], word: str) -> None:
    bodies = [page(READS, f"data-key={name}", word) for name in ("alice", "bob", "alice")]

    assert [f'data-key="{name}"' in body for name, body in zip(("alice", "bob", "alice"), bodies, strict=True)] == [
        True
    ] * 3
    assert all(body.count("data-key") == body.count("<script") == 1 for body in bodies)


def test_data_of_a_trusted_element_is_that_of_its_page(page: Callable[..., str]) -> None:
    bodies = [page(READS, f"data-pressmark=join id=own data-key={name}") for name in ("alice", "bob")]

    assert ['data-key="alice"' in body for body in bodies] == [True, False]
    assert ['data-key="bob"' in body for body in bodies] == [False, True]


def test_an_id_by_which_a_script_finds_itself_is_that_of_its_page(page: Callable[..., str]) -> None:
    bodies = [
        page(FINDS.format("one") + FINDS.format("two"), f"id={name} data-pressmark=join") for name in ("one", "two")
    ]

    assert ['id="one"' in body for body in bodies] == [True, False]
    assert ['id="two"' in body for body in bodies] == [False, True]


def test_trusted_code_in_the_page_keeps_the_data_that_it_reads(static: Path, write: Write) -> None:
    write("a.js", "var a = 1;")
    code = f"<script data-key=7 class=k>{READS}</script>"
    site = Site(
        static, f'<!-- compress js trust --><script src="/static/a.js"></script>{code}<!-- endcompress -->'.encode()
    )
    body = site.get().body.decode()

    assert (body.count("<script"), body.count('data-key="7"')) == (1, 1)
