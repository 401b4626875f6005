"""Where links among static files may lead."""

from pathlib import Path

import pytest

from pressmark.assets.from_directories import DirectoryResolver, is_within
from pressmark.errors import AssetError, AssetNotFoundError
from tests.assets.static_files import PAGE, SECRET, Write, content_of


@pytest.mark.parametrize("name", ["leak.css", "leak.js"])
def test_a_link_that_leads_out_is_refused(resolver: DirectoryResolver, static: Path, name: str) -> None:
    (static / name).symlink_to("../secret.css")

    with pytest.raises(AssetError, match="leads out"):
        resolver.read(f"/static/{name}", PAGE)


def test_an_absolute_link_that_leads_out_is_refused(resolver: DirectoryResolver, static: Path) -> None:
    (static / "leak.css").symlink_to(static.parent / "secret.css")

    with pytest.raises(AssetError, match="leads out"):
        resolver.read("/static/leak.css", PAGE)


def test_a_link_to_a_sibling_that_begins_alike_is_refused(resolver: DirectoryResolver, static: Path) -> None:
    (static / "leak").symlink_to("../static-evil")

    with pytest.raises(AssetError, match="leads out"):
        resolver.read("/static/leak/secret.css", PAGE)


def test_a_linked_directory_that_leads_out_is_refused(resolver: DirectoryResolver, static: Path) -> None:
    (static / "leak").symlink_to("../x")

    with pytest.raises(AssetError, match="leads out"):
        resolver.read("/static/leak/secret.css", PAGE)


def test_a_chain_of_links_that_leads_out_is_refused(resolver: DirectoryResolver, static: Path) -> None:
    (static / "two.css").symlink_to("../secret.css")
    (static / "one.css").symlink_to("two.css")

    with pytest.raises(AssetError, match="leads out"):
        resolver.read("/static/one.css", PAGE)


@pytest.mark.parametrize("order", [1, -1], ids=["the links first", "the targets first"])
@pytest.mark.parametrize("target", ["apps/a/static", "apps"], ids=["its directory", "a directory above"])
def test_a_link_may_lead_into_any_directory_that_is_named(static: Path, write: Write, target: str, order: int) -> None:
    """As ``collectstatic --link`` and package managers make them."""
    write("apps/a/static/app.css", b"app{}")
    (static / "app.css").symlink_to(static.parent / "apps/a/static/app.css")
    directories = [str(static), str(static.parent / target)][::order]

    assert content_of(DirectoryResolver((("/static/", tuple(directories)),)), "/static/app.css") == b"app{}"


def test_a_directory_to_which_links_may_lead_has_no_urls_of_its_own(static: Path, write: Write) -> None:
    write("apps/app.css", b"app{}")
    write("apps/private.css", SECRET)
    (static / "app.css").symlink_to("../apps/app.css")
    resolver = DirectoryResolver((("/static/", (str(static),)),), [str(static.parent / "apps")])

    assert content_of(resolver, "/static/app.css") == b"app{}"
    with pytest.raises(AssetNotFoundError):
        resolver.read("/static/private.css", PAGE)


def test_a_link_to_the_root_itself_is_refused(resolver: DirectoryResolver, static: Path) -> None:
    (static / "self.css").symlink_to(".")

    with pytest.raises(AssetError):
        resolver.read("/static/self.css", PAGE)


def test_a_link_to_itself_is_refused(resolver: DirectoryResolver, static: Path) -> None:
    (static / "loop.css").symlink_to("loop.css")

    with pytest.raises(AssetError):
        resolver.read("/static/loop.css", PAGE)


def test_a_link_within_the_root_is_followed(resolver: DirectoryResolver, static: Path) -> None:
    (static / "link.css").symlink_to("a/style.css")

    assert content_of(resolver, "/static/link.css") == b"b{}"


def test_a_linked_directory_within_the_root_is_followed(resolver: DirectoryResolver, static: Path) -> None:
    (static / "link").symlink_to("a")

    assert content_of(resolver, "/static/link/style.css") == b"b{}"


def test_a_root_may_be_a_link_itself(static: Path) -> None:
    link = static.parent / "link"
    link.symlink_to("static")

    assert content_of(DirectoryResolver((("/static/", (str(link),)),)), "/static/style.css") == b"a{}"


def test_a_link_to_nothing_is_not_found(resolver: DirectoryResolver, static: Path) -> None:
    (static / "gone.css").symlink_to("nothing.css")

    with pytest.raises(AssetNotFoundError):
        resolver.read("/static/gone.css", PAGE)


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        pytest.param("/a/b", True, id="the directory"),
        pytest.param("/a/b/c", True, id="below it"),
        pytest.param("/a/bc", False, id="a sibling that begins alike"),
        pytest.param("/a", False, id="above it"),
        pytest.param("c", False, id="nothing in common, as on another drive of Windows"),
    ],
)
def test_a_path_is_within_a_directory_or_not(path: str, is_there: bool) -> None:
    assert is_within(path, "/a/b") is is_there
