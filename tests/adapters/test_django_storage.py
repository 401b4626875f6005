"""Generated files are written through one of Django's storages, and are there before any page names them."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pressmark.errors import SettingsError
from tests.adapters import django_project

django_project.configure()

from django.core.files.base import ContentFile  # noqa: E402  # Django is configured now
from django.core.files.storage import FileSystemStorage, InMemoryStorage  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from pressmark.errors import StoreError  # noqa: E402
from pressmark.model import Bundle  # noqa: E402
from pressmark_django.checks import check_configuration  # noqa: E402
from pressmark_django.signals import post_compress  # noqa: E402
from pressmark_django.storage import Publisher, find_storage, public_url_of  # noqa: E402

BUNDLE = Bundle("0" * 32, "css", b"a{}")
PATH = f"css/{BUNDLE.name}.css"


class Refusing(FileSystemStorage):
    """A storage whose server is gone."""

    def _save(self, name: str, content: Any) -> str:
        raise OSError("no")


class Signing(FileSystemStorage):
    """A storage that gives each file an address for some minutes."""

    def url(self, name: str) -> str:
        return f"https://bucket.example/{name}?signature=x"


def files(folder: Path, backend: str = "django.core.files.storage.FileSystemStorage") -> dict[str, Any]:
    """Return the setting STORAGES with one that writes into *folder*."""
    options = {"location": folder, "base_url": "https://cdn.example/bundles/"}
    return {
        "pressmark": {"BACKEND": backend, "OPTIONS": options},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def page(cache: Path, storages: dict[str, Any], **more: Any) -> str:
    """Return the project's first page."""
    settings = {"cache_dir": cache, "build_wait": None} | more
    with override_settings(PRESSMARK=settings, STORAGES=storages):
        return str(Client().get("/").content, "utf-8")


def test_without_one_the_endpoint_serves() -> None:
    assert find_storage() is None


def test_a_page_names_what_the_storage_holds(tmp_path: Path) -> None:
    body = page(tmp_path / "cache", files(tmp_path / "out"))
    [path] = [found.relative_to(tmp_path / "out") for found in (tmp_path / "out").rglob("*.css")]

    assert f'href="https://cdn.example/bundles/{path}"' in body
    assert (tmp_path / "out" / path).read_bytes().startswith(b"a{background:url(")


def test_names_of_regions_are_left_out_as_no_server_would_find_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_project, "PAGE", django_project.PAGE.replace("compress css", "compress css file main"))

    assert "main." not in page(tmp_path / "cache", files(tmp_path / "out"))


def test_what_the_storage_has_lost_is_written_again_by_the_next_process(tmp_path: Path) -> None:
    first = page(tmp_path / "cache", files(tmp_path / "out"))
    for found in (tmp_path / "out").rglob("*.css"):
        found.unlink()

    assert page(tmp_path / "cache", files(tmp_path / "out")) == first
    assert len(list((tmp_path / "out").rglob("*.css"))) == 1


def test_a_page_names_nothing_that_could_not_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    body = page(tmp_path / "cache", files(tmp_path / "out", f"{__name__}.Refusing"))

    assert "/static/own.css" in body
    assert "could not be published: OSError('no')" in caplog.text


def test_what_could_not_be_written_raises_where_it_must(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be published"):
        page(tmp_path / "cache", files(tmp_path / "out", f"{__name__}.Refusing"), strict=True)


def test_a_file_that_is_there_is_not_written_again() -> None:
    storage = InMemoryStorage()
    Publisher(storage)(BUNDLE)
    Publisher(storage)(BUNDLE)

    assert storage.listdir("css") == ([], [f"{BUNDLE.name}.css"])


def test_a_file_that_was_cut_off_is_written_again() -> None:
    storage = InMemoryStorage()
    storage.save(PATH, ContentFile(b"a{"))
    Publisher(storage)(BUNDLE)

    assert storage.open(PATH).read() == b"a{}"
    assert storage.listdir("css") == ([], [f"{BUNDLE.name}.css"])


def test_source_maps_that_are_not_for_everybody_stay_here(tmp_path: Path) -> None:
    page(tmp_path / "cache", files(tmp_path / "out"), source_maps="https://example.com/maps/")

    assert {path.parent.name for path in (tmp_path / "out").rglob("*.*")} == {"css"}


def test_two_processes_that_write_at_once_leave_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = InMemoryStorage()
    Publisher(storage)(BUNDLE)
    answers = iter([False])  # what the second one saw before the first was done
    monkeypatch.setattr(Publisher, "_has", lambda self, path: next(answers, True))
    Publisher(storage)(BUNDLE)

    assert storage.listdir("css") == ([], [f"{BUNDLE.name}.css"])


def test_addresses_that_end_are_refused_at_the_first_page_and_by_the_checks(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set querystring_auth to False"):
        public_url_of(Signing(tmp_path))
    with override_settings(STORAGES=files(tmp_path, f"{__name__}.Signing")):
        assert [message.id for message in check_configuration(None)] == ["pressmark.E001"]


def test_a_storage_that_is_not_told_where_it_is_served_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set its location, and its base_url"):
        public_url_of(FileSystemStorage(tmp_path, base_url="/"))


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"COMPRESS_STORAGE": "django.core.files.storage.InMemoryStorage"}, InMemoryStorage),
        ({"COMPRESS_STORAGE": "compressor.storage.BrotliCompressorFileStorage"}, type(None)),
        (
            {"STORAGES": {"compressor": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}},
            InMemoryStorage,
        ),
        ({"STORAGES": {"compressor": {"BACKEND": "compressor.storage.CompressorFileStorage"}}}, type(None)),
        (
            {
                "COMPRESS_STORAGE_ALIAS": "bundles",
                "STORAGES": {"bundles": {"BACKEND": "django.core.files.storage.InMemoryStorage"}},
            },
            InMemoryStorage,
        ),
    ],
)
def test_the_storage_of_django_compressor_is_ours_unless_it_was_a_local_one(
    settings: dict[str, Any], found: type
) -> None:
    with override_settings(**settings):
        assert isinstance(getattr(find_storage(), "storage", None), found)


@pytest.mark.parametrize(
    ("settings", "folder"),
    [
        ({}, "CACHE/"),
        ({"COMPRESS_OUTPUT_DIR": "dashboard/"}, "dashboard/"),
        ({"COMPRESS_OUTPUT_DIR": "a/b"}, "a/b/"),
        ({"COMPRESS_OUTPUT_DIR": ""}, ""),
    ],
)
def test_it_gets_generated_files_below_the_folder_that_it_had(
    tmp_path: Path, settings: dict[str, Any], folder: str
) -> None:
    storages = files(tmp_path / "out")
    storages["compressor"] = storages.pop("pressmark")
    with override_settings(**settings):
        body = page(tmp_path / "cache", storages)
    [path] = (tmp_path / "out").rglob("*.css")

    assert path.relative_to(tmp_path / "out").as_posix() == f"{folder}css/{path.name}"
    assert f'href="https://cdn.example/bundles/{folder}css/{path.name}"' in body


def test_the_folder_is_told_to_be_not_needed_only_where_it_is_not(tmp_path: Path) -> None:
    storages = files(tmp_path)
    with override_settings(COMPRESS_OUTPUT_DIR="out", STORAGES=storages):
        assert "pressmark.I001" in [message.id for message in check_configuration(None)]
    with override_settings(COMPRESS_OUTPUT_DIR="out", STORAGES={"compressor": storages["pressmark"]}):
        assert "pressmark.I001" not in [message.id for message in check_configuration(None)]


def test_the_checks_tell_of_images_that_would_be_looked_for_elsewhere(tmp_path: Path) -> None:
    with override_settings(STORAGES=files(tmp_path)):
        assert "pressmark.W008" in [message.id for message in check_configuration(None)]
    with override_settings(STORAGES=files(tmp_path), STATIC_URL="https://cdn.example/static/"):
        assert "pressmark.W008" not in [message.id for message in check_configuration(None)]


# S3, by django-storages


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a bucket of a server that speaks S3."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{port}"
    found = boto3.resource("s3", endpoint_url=endpoint).Bucket("bundles")
    found.create()
    found.endpoint = endpoint
    yield found
    server.stop()


def test_bundles_lie_in_a_bucket_of_s3(bucket: Any, tmp_path: Path) -> None:
    options = {"bucket_name": "bundles", "endpoint_url": bucket.endpoint, "querystring_auth": False,
               "custom_domain": "cdn.example", "object_parameters": {"CacheControl": "public"}}  # fmt: skip
    storages = files(tmp_path) | {"pressmark": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
    body = page(tmp_path / "cache", storages)
    [held] = list(bucket.objects.all())

    assert f'href="https://cdn.example/{held.key}"' in body
    assert held.get()["ContentType"] == "text/css"
    assert held.get()["CacheControl"] == "public"
    assert held.get()["Body"].read().startswith(b"a{background:url(")


# The signal


def test_a_receiver_is_told_of_each_bundle_once_and_may_fail(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told: list[dict[str, Any]] = []

    def receiver(sender: Any, **values: Any) -> None:
        told.append(values)
        raise RuntimeError("no")

    post_compress.connect(receiver)
    try:
        body = page(tmp_path / "cache", files(tmp_path / "out"))
        page(tmp_path / "cache", files(tmp_path / "out"))
    finally:
        post_compress.disconnect(receiver)
    [values] = told
    compressed = values["context"]["compressed"]

    assert (values["type"], values["mode"], compressed["name"]) == ("css", "file", "")
    assert f'href="{compressed["url"]}"' in body
    assert compressed["content"].startswith("a{background:url(")
    assert "the listener to built bundles failed" in caplog.text
