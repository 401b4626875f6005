"""Which file is behind a static URL, and that no reference reads another."""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from pressmark.assets.from_directories import MAX_ASSET_BYTES, DirectoryResolver
from pressmark.assets.partials import YOUNG_S
from pressmark.errors import AssetError, AssetNotFoundError
from pressmark.model import Asset, Page, Source
from tests.assets.hostile import HOSTILE
from tests.assets.static_files import LONG_AGO, PAGE, SECRET, Write, content_of, make_static


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> DirectoryResolver:
    """A resolver of a directory that no test changes, for hundreds of references."""
    return DirectoryResolver((("/static/", (str(make_static(tmp_path_factory.mktemp("untouched"))),)),))


@pytest.fixture
def open_files(tmp_path: Path) -> Callable[[], int]:
    """Counts the files below the test's folder that this process has open; others come and go with other threads."""
    folder = Path("/proc/self/fd")
    assert folder.is_dir(), "this test counts open files as Linux lists them"

    def count() -> int:
        found = 0
        for path in folder.iterdir():
            with suppress(FileNotFoundError):  # another thread has closed it meanwhile
                found += os.readlink(path).startswith(f"{tmp_path}/")
        return found

    return count


def test_a_url_has_an_asset(resolver: DirectoryResolver, static: Path) -> None:
    path = static.resolve() / "style.css"
    status = path.stat()
    signature = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    source = Source(str(path), sha256(b"a{}").hexdigest(), signature)

    assert resolver.read("/static/style.css", PAGE) == Asset("/static/style.css", "text/css", b"a{}", (source,))


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.css", "text/css"), ("a.js", "text/javascript"), ("A.CSS", "text/css"), ("a.min.Js", "text/javascript")],
)
def test_an_asset_has_the_type_of_its_ending(
    resolver: DirectoryResolver, write: Write, name: str, media_type: str
) -> None:
    write(f"static/{name}", b"a")

    asset = resolver.read(f"/static/{name}", PAGE)

    assert asset
    assert asset.media_type == media_type


@pytest.mark.parametrize(
    "suffix", ["?v=1", "?v=../x", "#a", "?v=1#a", "?"], ids=["query", "dots in a query", "fragment", "both", "empty"]
)
def test_query_and_fragment_are_ignored(resolver: DirectoryResolver, suffix: str) -> None:
    assert content_of(resolver, f"/static/style.css{suffix}") == b"a{}"


def test_the_asset_keeps_its_whole_url(resolver: DirectoryResolver) -> None:
    asset = resolver.read("/static/style.css?v=1", PAGE)

    assert asset
    assert asset.url == "/static/style.css?v=1"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("a b.css", "/static/a%20b.css"),
        ("café.css", "/static/caf%C3%A9.css"),
        ("café.css", "/static/café.css"),
        ("a+b.css", "/static/a+b.css"),
        ("100%.css", "/static/100%25.css"),
        ("a#b.css", "/static/a%23b.css"),
        ("%2e%2e.css", "/static/%252e%252e.css"),
    ],
)
def test_a_name_is_decoded_once(resolver: DirectoryResolver, write: Write, name: str, url: str) -> None:
    write(f"static/{name}", b"found{}")

    assert content_of(resolver, url) == b"found{}"


@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_reference_reads_nothing(untouched: DirectoryResolver, url: str) -> None:
    try:
        content = content_of(untouched, url)
    except AssetError:
        content = None

    assert content is None


@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_reference_reads_no_secret_below_a_mount(untouched: DirectoryResolver, url: str) -> None:
    for mount, is_within in product(("/app", "/static", "/static/..", "/.."), (True, False)):
        try:
            content = content_of(untouched, mount * is_within + url, mount)
        except AssetError:
            content = None

        assert content != SECRET


def test_a_directory_is_refused(resolver: DirectoryResolver, static: Path) -> None:
    (static / "folder.css").mkdir()

    with pytest.raises(AssetError, match="/static/folder"):
        resolver.read("/static/folder.css", PAGE)


def test_a_pipe_is_refused_and_not_waited_for(resolver: DirectoryResolver, static: Path) -> None:
    os.mkfifo(static / "pipe.css")

    with pytest.raises(AssetError, match="no regular file"):
        resolver.read("/static/pipe.css", PAGE)


def test_a_socket_is_refused(
    resolver: DirectoryResolver, static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(static)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.css")

        with pytest.raises(AssetError):
            resolver.read("/static/socket.css", PAGE)


def test_an_unreadable_file_is_refused(resolver: DirectoryResolver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk refuses by itself: for root no mode of a file would."""

    def refuse(*args: object, **options: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(AssetError, match="cannot be read"):
        resolver.read("/static/style.css", PAGE)


def test_a_name_too_long_for_the_system_is_refused(resolver: DirectoryResolver) -> None:
    with pytest.raises(AssetError):
        resolver.read(f"/static/{'a' * 5000}.css", PAGE)


def test_a_file_may_be_so_large(resolver: DirectoryResolver, write: Write) -> None:
    write("static/large.css", b" " * MAX_ASSET_BYTES)

    assert len(content_of(resolver, "/static/large.css") or b"") == MAX_ASSET_BYTES


def test_a_file_may_not_be_larger(resolver: DirectoryResolver, write: Write) -> None:
    write("static/large.css", b" " * (MAX_ASSET_BYTES + 1))

    with pytest.raises(AssetError, match="larger than"):
        resolver.read("/static/large.css", PAGE)


def test_an_empty_file_is_an_asset(resolver: DirectoryResolver, write: Write) -> None:
    write("static/empty.css", b"")

    assert content_of(resolver, "/static/empty.css") == b""


@pytest.mark.parametrize("name", ["style.css", "folder.css", "pipe.css", "gone.css", "leak.css", "deep/down/gone.css"])
def test_no_file_is_left_open(
    resolver: DirectoryResolver, static: Path, open_files: Callable[[], int], name: str
) -> None:
    (static / "folder.css").mkdir()
    (static / "leak.css").symlink_to("../secret.css")
    os.mkfifo(static / "pipe.css")
    before = open_files()

    for _ in range(3):
        try:
            resolver.read(f"/static/{name}", PAGE)
        except AssetError:
            continue

    assert open_files() == before


def test_the_error_names_the_url_and_the_directories(static: Path) -> None:
    other = str(static.parent / "x")
    resolver = DirectoryResolver((("/static/", (str(static), other)),))

    with pytest.raises(AssetNotFoundError) as caught:
        resolver.read("/static/gone.css", PAGE)

    assert (caught.value.url, caught.value.roots) == ("/static/gone.css", (str(static), other))


def test_a_folder_that_is_a_file_is_not_found(resolver: DirectoryResolver) -> None:
    with pytest.raises(AssetNotFoundError):
        resolver.read("/static/style.css/a.css", PAGE)


def test_a_directory_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssetNotFoundError):
        DirectoryResolver((("/static/", (str(tmp_path / "gone"),)),)).read("/static/a.css", PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "/media/a.css",
        "/static/a.png",
        "/static/a.map",
        "/static/a.css.map",
        "https://cdn.example/static/style.css",
        "data:,a.css",
    ],
)
def test_a_url_that_is_not_ours_is_none(resolver: DirectoryResolver, url: str) -> None:
    assert resolver.read(url, PAGE) is None


def test_the_first_directory_wins(static: Path, write: Write) -> None:
    write("more/style.css", b"other{}")
    more = str(static.parent / "more")

    assert content_of(DirectoryResolver((("/static/", (more, str(static))),)), "/static/style.css") == b"other{}"


def test_the_next_directory_is_tried(static: Path, write: Write) -> None:
    write("more/extra.css", b"extra{}")
    resolver = DirectoryResolver((("/static/", (str(static), str(static.parent / "more"))),))

    assert content_of(resolver, "/static/extra.css") == b"extra{}"


def test_the_first_prefix_wins(static: Path, write: Write) -> None:
    write("vendor/style.css", b"vendor{}")
    roots = (("/static/a/", (str(static.parent / "vendor"),)), ("/static/", (str(static),)))

    assert content_of(DirectoryResolver(roots), "/static/a/style.css") == b"vendor{}"


def test_a_shorter_prefix_is_tried_next(static: Path, write: Write) -> None:
    write("vendor/other.css", b"vendor{}")
    roots = (("/static/a/", (str(static.parent / "vendor"),)), ("/static/", (str(static),)))

    assert content_of(DirectoryResolver(roots), "/static/a/style.css") == b"b{}"


@pytest.mark.parametrize(
    ("url", "mount"),
    [
        pytest.param("/static/style.css", "", id="no mount"),
        pytest.param("/app/static/style.css", "/app", id="with the mount"),
        pytest.param("/static/style.css", "/app", id="without it"),
        pytest.param("/static/static/style.css", "/static", id="a mount like the prefix"),
        pytest.param("/a/b/static/style.css", "/a/b", id="a deep mount"),
    ],
)
def test_a_prefix_may_be_written_with_or_without_the_mount(resolver: DirectoryResolver, url: str, mount: str) -> None:
    assert content_of(resolver, url, mount) == b"a{}"


@pytest.mark.parametrize(
    ("prefix", "url"),
    [
        pytest.param("https://cdn.example/", "//cdn.example/style.css", id="a page of either scheme"),
        pytest.param("//cdn.example/", "http://cdn.example/style.css", id="a prefix of either scheme"),
        pytest.param("https://cdn.example/", "HTTPS://CDN.example/style.css", id="upper case"),
        pytest.param("https://CDN.example/", "https://cdn.example/style.css", id="a prefix in upper case"),
        pytest.param("https://cdn.example/", "https://cdn.example:443/style.css", id="the default port"),
        pytest.param("http://cdn.example:80/", "//cdn.example/style.css", id="a prefix with the default port"),
        pytest.param("http://cdn.example:8000/", "//cdn.example:8000/style.css", id="another port"),
    ],
)
def test_a_host_is_the_same_however_it_is_written(static: Path, prefix: str, url: str) -> None:
    assert content_of(DirectoryResolver(((prefix, (str(static),)),)), url) == b"a{}"


@pytest.mark.parametrize(
    ("prefix", "url"),
    [
        pytest.param("https://cdn.example/", "http://cdn.example/style.css", id="another scheme"),
        pytest.param("https://cdn.example/", "https://cdn.example:80/style.css", id="another scheme's port"),
        pytest.param("https://cdn.example/", "https://cdn.example.evil/style.css", id="a host that begins alike"),
        pytest.param("https://cdn.example/A/", "https://cdn.example/a/style.css", id="a path in another case"),
    ],
)
def test_another_host_is_not_ours(static: Path, prefix: str, url: str) -> None:
    assert DirectoryResolver(((prefix, (str(static),)),)).read(url, PAGE) is None


@pytest.mark.parametrize(
    "url", ["/application/static/style.css", "/app2/static/style.css", "/app/app/static/style.css"]
)
def test_another_path_is_not_the_mount(resolver: DirectoryResolver, url: str) -> None:
    assert resolver.read(url, Page("/app", "/")) is None


def source_of(resolver: DirectoryResolver, url: str) -> Source:
    asset = resolver.read(url, PAGE)
    assert asset
    [source] = asset.sources
    return source


def test_an_old_file_is_current(resolver: DirectoryResolver) -> None:
    assert resolver.is_current(source_of(resolver, "/static/style.css"), PAGE)


@pytest.mark.parametrize("age_s", [0.0, YOUNG_S / 2, -3600.0], ids=["new", "a second old", "from the future"])
def test_a_young_file_has_no_signature(resolver: DirectoryResolver, write: Write, age_s: float) -> None:
    path = write("static/young.css", b"a{}")
    os.utime(path, (LONG_AGO, time.time() - age_s))

    source = source_of(resolver, "/static/young.css")

    assert (source.signature, resolver.is_current(source, PAGE)) == (None, False)


@pytest.mark.parametrize("content", [b"b{}", b"longer{}"], ids=["same size", "another size"])
def test_a_file_written_again_is_not_current(resolver: DirectoryResolver, write: Write, content: bytes) -> None:
    source = source_of(resolver, "/static/style.css")
    write("static/style.css", content)

    assert not resolver.is_current(source, PAGE)


def test_a_file_replaced_is_not_current(resolver: DirectoryResolver, static: Path, write: Write) -> None:
    source = source_of(resolver, "/static/style.css")
    write("new.css", b"b{}").replace(static / "style.css")

    assert not resolver.is_current(source, PAGE)


def test_a_deleted_file_is_not_current(resolver: DirectoryResolver, static: Path) -> None:
    source = source_of(resolver, "/static/style.css")
    (static / "style.css").unlink()

    assert not resolver.is_current(source, PAGE)


def test_a_link_that_leads_elsewhere_now_is_not_current(
    resolver: DirectoryResolver, static: Path, write: Write
) -> None:
    """A release is put in place by turning a link; the file that it led to stays as it was."""
    write("static/v2/style.css", b"new{}")
    (static / "now").symlink_to("a")
    source = source_of(resolver, "/static/now/style.css")
    (static / "now").unlink()
    (static / "now").symlink_to("v2")

    assert not resolver.is_current(source, PAGE)


def test_a_source_that_was_never_there_is_not_current(resolver: DirectoryResolver) -> None:
    source = source_of(resolver, "/static/style.css")

    assert not resolver.is_current(replace(source, signature=None), PAGE)
