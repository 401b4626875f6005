"""What a precompiler says that it has read is watched, and nothing else: each change rebuilds what uses it."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pressmark.assets.dependencies import MAX_DEPENDENCIES, read_dependencies
from pressmark.compilers.sass import Sass
from pressmark.model import Asset
from tests.site import Site

INCLUDE = re.compile(r"@include '([^']+)';")
LONG_AGO = 1_600_000_000


@dataclass
class Including:
    """A precompiler that puts other files in the place of ``@include``, and tells which. It counts its calls."""

    library: Path
    tells: bool = True
    called: list[str] = field(default_factory=list)
    key = "including 1"

    def __call__(self, asset: Asset) -> Asset:
        self.called.append(os.path.basename(asset.url))
        read: list[str] = []
        folder = Path(asset.sources[0].path).parent if asset.sources else self.library
        text = self._expanded(asset.content.decode(), folder, read)
        return replace(asset, content=text.encode(), dependencies=tuple(read) if self.tells else None)

    def _expanded(self, text: str, folder: Path, read: list[str]) -> str:
        for name in INCLUDE.findall(text):
            path = next((p for p in (folder / name, self.library / name) if p.exists()), folder / name)
            read.append(str(path))
            if path.is_dir():
                inner = "".join(f"/*{each.name}*/" for each in sorted(path.iterdir()))
            elif path.exists():
                inner = self._expanded(path.read_text(), path.parent, read)
            else:
                error = ValueError(f"there is no {name}")
                error.dependencies = tuple(read)  # type: ignore[attr-defined]
                raise error
            text = text.replace(f"@include '{name}';", inner)
        return text


def old(path: Path, text: str) -> None:
    """Write a file as one that has not been touched for long: a young one is looked at again and again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (LONG_AGO, LONG_AGO))


def change(path: Path, text: str) -> None:
    """Write a file so that its time is another one, and long ago."""
    path.write_text(text)
    os.utime(path, (LONG_AGO + 5, LONG_AGO + 5))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a folder outside of the static one, with partials that include one another."""
    folder = tmp_path / "library"
    old(folder / "first.part", "/*1*/ @include 'second.part';")
    old(folder / "second.part", "/*2*/ @include 'third.part';")
    old(folder / "third.part", "t { color: red }")
    old(folder / "other.part", "o { color: red }")
    return folder


@pytest.fixture
def including(library: Path) -> Including:
    return Including(library)


Make = Callable[..., Site]


def link(name: str) -> str:
    return f'<!-- compress css --><link rel="stylesheet" type="text/inc" href="/static/{name}"><!-- endcompress -->'


@pytest.fixture
def make(static: Path, including: Including) -> Make:
    """Return a function that makes a process of a site with two stylesheets, each in its own region."""
    old(static / "a.inc", "@include 'first.part';")
    old(static / "b.inc", "@include 'other.part';")

    def make_site(page: str = link("a.inc") + link("b.inc"), **options: Any) -> Site:
        return Site(static, page.encode(), {"precompilers": {"text/inc": including}, "refresh": 0} | options)

    return make_site


def texts(site: Site) -> list[str]:
    return [site.get(url).body.decode() for url in site.get().bundles]


def test_the_deepest_file_outside_of_the_folder_rebuilds_what_uses_it_and_nothing_else(
    make: Make, including: Including, library: Path
) -> None:
    site = make()
    before = texts(site)
    assert sorted(including.called) == ["a.inc", "b.inc"]
    texts(site)
    assert sorted(including.called) == ["a.inc", "b.inc"]

    change(library / "third.part", "t { color: blue }")
    after = texts(site)

    assert sorted(including.called) == ["a.inc", "a.inc", "b.inc"]
    assert (before, after) == (["t{color:red}", "o{color:red}"], ["t{color:blue}", "o{color:red}"])


def test_a_file_that_comes_into_a_folder_during_a_compilation_is_not_lost(
    static: Path, including: Including, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = static.parent / "folder"
    old(folder / "1.txt", "")
    old(static / "a.inc", f"@include '{folder}'; a {{ color: red }}")
    once = Including._expanded

    def adding(self: Including, text: str, where: Path, read: list[str]) -> str:
        made = once(self, text, where, read)
        if not (folder / "2.txt").exists():
            time.sleep(0.05)  # the clock of a file system goes in steps
            (folder / "2.txt").write_text("")
        return made

    monkeypatch.setattr(Including, "_expanded", adding)
    site = make(link("a.inc"))
    site.get()
    site.get()
    assert including.called == ["a.inc", "a.inc"]  # once more, as the folder has changed meanwhile


def test_a_pipe_among_them_is_not_waited_for(make: Make, including: Including, library: Path) -> None:
    (library / "third.part").unlink()
    os.mkfifo(library / "third.part")

    assert read_dependencies([str(library / "third.part")], 0.0)[0].digest == ""


def test_that_not_all_can_be_watched_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    read_dependencies([str(tmp_path / str(number)) for number in range(MAX_DEPENDENCIES + 1)], 0.0)

    assert "only 10000 of 10001 files are watched" in caplog.text


def test_a_neighbour_that_is_not_read_is_none_of_its_business(make: Make, including: Including, static: Path) -> None:
    site = make(link("a.inc"))
    texts(site)
    old(static / "c.inc", "c { color: red }")
    texts(site)

    assert including.called == ["a.inc"]


def test_where_a_precompiler_tells_nothing_its_neighbours_count(make: Make, including: Including, static: Path) -> None:
    including.tells = False
    site = make(link("a.inc"))
    texts(site)
    old(static / "c.inc", "c { color: red }")
    texts(site)

    assert including.called == ["a.inc", "a.inc"]


def test_another_process_compiles_nothing_again(make: Make, including: Including) -> None:
    assert texts(make()) == texts(make())
    assert sorted(including.called) == ["a.inc", "b.inc"]


def test_another_process_sees_a_change_that_came_meanwhile(make: Make, including: Including, library: Path) -> None:
    texts(make())
    change(library / "third.part", "t { color: blue }")

    assert texts(make()) == ["t{color:blue}", "o{color:red}"]
    assert sorted(including.called) == ["a.inc", "a.inc", "b.inc"]


def test_what_is_included_may_change(make: Make, including: Including, library: Path) -> None:
    site = make(link("a.inc"))
    texts(site)
    change(library / "second.part", "@include 'other.part';")
    assert texts(site) == ["o{color:red}"]
    change(library / "third.part", "t { color: blue }")
    assert texts(site) == ["o{color:red}"]
    assert including.called == ["a.inc"] * 2
    change(library / "other.part", "o { color: blue }")

    assert texts(site) == ["o{color:blue}"]
    assert including.called == ["a.inc"] * 3


def test_a_new_file_in_a_folder_that_is_named_counts(make: Make, including: Including, static: Path) -> None:
    old(static / "parts" / "x.txt", "x")
    old(static / "a.inc", "@include 'parts'; a { color: red }")
    site = make(link("a.inc"), minify=False)
    assert texts(site)[0].startswith("/*x.txt*/")
    old(static / "parts" / "y.txt", "y")

    assert texts(site)[0].startswith("/*x.txt*//*y.txt*/")


def test_code_in_the_page_depends_on_what_it_includes(make: Make, including: Including, library: Path) -> None:
    page = "<!-- compress css --><style type='text/inc'>@include 'third.part';</style><!-- endcompress -->"
    site = make(page)
    assert texts(site) == ["t{color:red}"]
    change(library / "third.part", "t { color: blue }")

    assert texts(site) == ["t{color:blue}"]
    assert texts(make(page)) == ["t{color:blue}"]
    assert len(including.called) == 2


def test_a_file_that_was_missing_is_waited_for(make: Make, including: Including, library: Path) -> None:
    (library / "third.part").unlink()
    page = link("a.inc")
    site = make(page)
    assert site.get().body == page.encode()
    old(library / "third.part", "t { color: blue }")

    assert texts(site) == ["t{color:blue}"]


@pytest.mark.parametrize(("times", "bundled"), [(1, ["t{color:n1}"]), (2, [])])
def test_what_is_written_while_it_is_compiled_is_compiled_again_and_not_for_ever(
    make: Make, including: Including, library: Path, times: int, bundled: list[str]
) -> None:
    third = library / "third.part"

    class Late(Including):
        def __call__(self, asset: Asset) -> Asset:
            made = super().__call__(asset)
            if len(self.called) <= times:
                change(third, f"t {{ color: n{len(self.called)} }}")  # with an old time, as of an archive
            return made

    site = make(link("a.inc"), precompilers={"text/inc": Late(library)})

    assert texts(site) == bundled
    assert texts(site) == [f"t{{color:n{times}}}"]


def test_a_time_in_the_future_is_no_obstacle(make: Make, including: Including, library: Path) -> None:
    os.utime(library / "third.part", (LONG_AGO * 2, LONG_AGO * 2))
    site = make(link("a.inc"))
    texts(site)

    assert texts(site) == ["t{color:red}"]
    assert len(including.called) <= 2


def test_a_source_in_a_folder_that_is_searched_before_is_seen(
    make: Make, including: Including, static: Path, tmp_path: Path
) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    site = make(link("a.inc"), static={"/static/": [str(theme), str(static)]})
    assert texts(site) == ["t{color:red}"]
    old(theme / "a.inc", "@include 'other.part';")

    assert texts(site) == ["o{color:red}"]


# Real Sass


class CountedSass(Sass):
    """Sass that counts its compilations."""

    def __init__(self, library: Path) -> None:
        super().__init__([str(library)])
        self.called: list[str] = []

    def __call__(self, asset: Asset) -> Asset:
        self.called.append(os.path.basename(asset.url))
        return super().__call__(asset)


def test_each_partial_of_sass_rebuilds_exactly_its_users(static: Path, library: Path) -> None:
    """Three levels of partials, two of them outside of the folder."""
    sass = CountedSass(library)
    old(static / "scss" / "_near.scss", "@forward 'middle';")
    old(library / "_middle.scss", "@forward 'deep'; $width: 1px;")
    old(library / "_deep.scss", "$color: red;")
    old(library / "_alone.scss", "$height: 2px;")
    old(static / "scss" / "one.scss", "@use 'near'; a { color: near.$color; width: near.$width }")
    old(static / "scss" / "two.scss", "@use 'alone'; b { height: alone.$height }")
    old(static / "scss" / "three.scss", "@use 'deep'; c { color: deep.$color }")
    page = "".join(link(f"scss/{name}.scss").replace("text/inc", "text/x-scss") for name in ("one", "two", "three"))
    site = Site(static, page.encode(), {"precompilers": {"text/x-scss": sass}, "refresh": 0})
    assert texts(site) == ["a{color:red;width:1px}", "b{height:2px}", "c{color:red}"]
    texts(site)
    assert sorted(sass.called) == ["one.scss", "three.scss", "two.scss"]

    for path, text, users in (
        (library / "_deep.scss", "$color: blue;", ["one.scss", "three.scss"]),
        (library / "_middle.scss", "@forward 'deep'; $width: 3px;", ["one.scss"]),
        (library / "_alone.scss", "$height: 4px;", ["two.scss"]),
        (static / "scss" / "_near.scss", "@forward 'middle'; $more: 1;", ["one.scss"]),
    ):
        sass.called.clear()
        change(path, text)
        texts(site)
        assert sorted(sass.called) == sorted(users)
    assert texts(site) == ["a{color:blue;width:3px}", "b{height:4px}", "c{color:blue}"]


def test_hosts_that_share_a_store_may_have_their_files_elsewhere(
    make: Make, including: Including, tmp_path: Path, static: Path, library: Path
) -> None:
    page = link("a.inc")
    other = tmp_path / "other" / "static"
    old(other / "a.inc", "@include 'first.part';")
    for name in ("first", "second", "third"):
        old(other / f"{name}.part", (library / f"{name}.part").read_text())

    def host(folder: Path) -> Site:
        return Site(folder, page.encode(), {
            "precompilers": {"text/inc": including}, "refresh": 0, "cache_dir": tmp_path / "shared",
        })  # fmt: skip

    for _ in range(3):
        assert texts(host(static)) == texts(host(other)) == ["t{color:red}"]

    assert len(including.called) == 2


def test_a_new_partial_that_sass_would_find_first_is_seen(static: Path, library: Path) -> None:
    old(library / "_color.scss", "$color: red;")
    old(static / "one.scss", "@use 'color'; a { color: color.$color }")
    page = link("one.scss").replace("text/inc", "text/x-scss")
    site = Site(static, page.encode(), {"precompilers": {"text/x-scss": Sass([str(library)])}, "refresh": 0})
    assert texts(site) == ["a{color:red}"]
    old(static / "_color.scss", "$color: blue;")

    assert texts(site) == ["a{color:blue}"]
