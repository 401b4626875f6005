"""The migration guide names every setting of django-compressor, and its bundle of webassets is bundled."""

import re
from pathlib import Path

from tests.adapters import django_project
from tests.adapters.test_compress_settings import ALL

django_project.configure()

from flask import Flask, render_template_string  # noqa: E402  # Django is configured now

from pressmark_flask import Pressmark  # noqa: E402
from tests.documentation import DOCS, blocks_of  # noqa: E402
from tests.site import TAG  # noqa: E402

PAGE = DOCS / "migrating.md"
GUIDE = PAGE.read_text(encoding="utf-8")


def test_the_guide_knows_every_setting() -> None:
    table = GUIDE.partition("<!-- compress settings -->")[2].partition("<!-- end of compress settings -->")[0]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("|")]
    named = set(re.findall(r"`COMPRESS_(\w+)`", " ".join(first)))
    arguments = {name for name in ALL if name.endswith("_ARGUMENTS")}  # "and their arguments"

    assert named == set(ALL) - arguments


def test_the_region_that_replaces_a_bundle_of_webassets_is_bundled(tmp_path: Path) -> None:
    [after] = [block.code for block in blocks_of(PAGE) if block.language == "jinja"]
    app = Flask("site", root_path=str(tmp_path))
    (tmp_path / "static").mkdir()
    for name in ("reset.css", "site.scss"):
        (tmp_path / "static" / name).write_text("a{}")
    app.config |= {
        "PRESSMARK_CACHE_DIR": tmp_path / "cache",
        "PRESSMARK_BUILD_WAIT": None,
        "PRESSMARK_PRECOMPILERS": {"text/x-scss": lambda asset: asset},
    }
    app.add_url_rule("/", "page", lambda: render_template_string(after))
    Pressmark(app)
    [url] = TAG.findall(app.test_client().get("/").data)

    assert url.startswith(b"/pressmark/css/all.")
    assert app.test_client().get(url.decode()).data == b"a{}\na{}"
