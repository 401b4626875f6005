"""Inline code that differs for each visitor becomes no bundle, however the page around it differs as well."""

from pathlib import Path

import pytest

from pressmark.regions.varying import MAX_INLINE_VARIANTS
from tests.conftest import Write
from tests.site import Site, js_region

VISITORS = 2 * MAX_INLINE_VARIANTS


@pytest.mark.parametrize(
    "around",
    [
        "<!-- visit {number} --><script>var token = 'secret-{number}'</script>",
        "<script>var token = 'secret-{number}'</script><!-- visit {number} -->\n<!-- {number} -->",
        "<script>var token = 'secret-{number}'</script>",
    ],
    ids=["a comment before it", "comments behind it", "nothing else"],
)
def test_texts_of_visitors_stay_in_their_pages(
    write: Write, static: Path, around: str, caplog: pytest.LogCaptureFixture
) -> None:
    write("a.js", "var a = 1;")
    site, pages = Site(static, b""), []
    for number in range(VISITORS):
        own = around.format(number=number).encode()
        site.page = js_region("a.js").replace(b"<!-- endcompress", own + b"<!-- endcompress")
        pages.append(site.get())
    joined = [site.get(url).body for answer in pages for url in answer.bundles]

    assert sum(b"secret" in body for body in joined) < MAX_INLINE_VARIANTS
    assert all(b"secret-%d" % number in pages[number].body for number in range(MAX_INLINE_VARIANTS, VISITORS))
    assert [line for line in caplog.messages if "is not bundled any more" in line] == [
        "inline code of the js region on / is not bundled any more, after 20 different texts: move the code that "
        "differs from request to request out of the region"
    ]


def test_a_text_that_was_bundled_stays_so_when_others_are_not_any_more(static: Path, write: Write) -> None:
    site, joins = Site(static, b"", {"refresh": 0}), []
    for content in ("var a = 1;", "var a = 2;"):
        write("a.js", content)
        for number in range(VISITORS):
            own = b"<script>var b = %d</script>" % number
            site.page = js_region("a.js").replace(b"<!-- endcompress", own + b"<!-- endcompress")
            joins.append(b"var b" not in site.get().body)

    assert joins == [number < MAX_INLINE_VARIANTS - 1 for number in range(VISITORS)] * 2
