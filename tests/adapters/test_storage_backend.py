"""One of Django's storages is what hosts share: bundles and signed records of one are found by another."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pressmark.errors import SettingsError
from pressmark.protocols import Backend
from pressmark.stores.find_backend import find_backend
from tests.adapters import django_project

django_project.configure()

from django.test import override_settings  # noqa: E402  # Django is configured now

from tests.site import Site, css_region  # noqa: E402
from tests.stores.test_hosts import SECRET  # noqa: E402


@pytest.fixture(params=[False, True], ids=["local time", "UTC"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Have a storage in a folder, in a project that uses time zones or not."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "shared"}}
    with override_settings(STORAGES={"shared": backend}, USE_TZ=request.param):
        yield tmp_path / "shared"


@pytest.fixture
def backend(folder: Path) -> Backend:
    return find_backend("storage://shared")


def test_a_value_is_kept_once_and_can_be_replaced(backend: Backend) -> None:
    assert backend.get("css/a") is None
    assert backend.create("css/a", b"first", 60)
    assert not backend.create("css/a", b"second", 60)
    assert backend.get("css/a") == b"first"
    backend.put("css/a", b"third\0", 60)
    assert backend.get("css/a") == b"third\0"
    assert list(backend.touch(["css/a", "css/b"], 60)) == [True, False]


def test_nothing_ends_in_a_storage(backend: Backend, folder: Path) -> None:
    backend.create("css/old", b"a{}", 60)
    os.utime(folder / "css" / "old", (0, 0))
    backend.touch(["css/old"], 60)
    backend.sweep(60)

    assert backend.get("css/old") == b"a{}"


def test_every_host_may_work(backend: Backend) -> None:
    assert backend.acquire("lock/a", b"mine", 60)
    assert backend.acquire("lock/a", b"yours", 60)
    backend.release("lock/a", b"mine")


def test_an_alias_that_is_none_is_told(folder: Path) -> None:
    with pytest.raises(SettingsError, match="the setting 'store' is 'storage://none', and STORAGES has no 'none'"):
        find_backend("storage://none")


def check_hosts(static: Path, tmp_path: Path) -> None:
    """Check that a host without sources serves the bundle of another."""
    (static / "a.css").write_text("a { color: red }")
    options: dict[str, Any] = {"store": "storage://shared", "secret": SECRET}
    one = Site(static, css_region("a.css"), options)
    other = Site(static, css_region("a.css"), options | {"cache_dir": tmp_path / "other"})
    [url] = one.get().bundles

    assert other.get(url).body == b"a{color:red}"


def test_a_bundle_of_one_host_is_served_by_another(static: Path, tmp_path: Path, folder: Path) -> None:
    check_hosts(static, tmp_path)


@pytest.mark.server
def test_a_bucket_is_shared_by_django_storages(static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    try:
        endpoint = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="site")
        options = {"bucket_name": "site", "endpoint_url": endpoint, "region_name": "us-east-1"}
        with override_settings(STORAGES={"shared": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}):
            check_hosts(static, tmp_path)
    finally:
        server.stop()
