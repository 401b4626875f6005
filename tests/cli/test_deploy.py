"""``pressmark deploy``, ``releases``, ``rollback`` and ``prune`` tell people what they did, and what is wrong."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pressmark.cli.main import main
from pressmark.images.pictures import difference
from pressmark.offline.manifest import write_manifest
from pressmark.offline.object_destination import PATIENT
from tests.images.samples import png
from tests.site import Site
from tests.stores.engines import redis_engine


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def build(folder: Path, text: str) -> Path:
    """Write what a build of one bundle leaves, and return its folder."""
    content = text.encode()
    name = sha256(content).hexdigest()[:32]
    (folder / "css").mkdir(parents=True, exist_ok=True)
    (folder / "css" / f"{name}.css").write_bytes(content)
    write_manifest(folder / "manifest.json", {name: {"files": [["css", name]]}})
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with static files, beside which a build lies."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "logo.png").write_bytes(b"\x89PNG")
    build(tmp_path / "dist", "a { top: 0 }")
    return tmp_path


def deploy(site: Path, *options: object) -> Result:
    return run("deploy", site / "there", site / "static", f"{site / 'dist'}=pressmark/", *options)


def test_a_table_tells_what_was_sent(site: Path) -> None:
    result = deploy(site, "--id", "r1", "--revision", "0123456789abcdef")

    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert re.fullmatch(r"release +deployed \(UTC\) +files +bundles +bytes +revision", lines[0])
    assert re.fullmatch(r"r1 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +3 +1 +\d+ +0123456789ab +current", lines[1])
    assert re.fullmatch(rf"{site / 'there'}: 3 files sent, [\d,]+ bytes; 0 were there", lines[2])
    assert (site / "there" / "logo.png").read_bytes() == b"\x89PNG"
    assert (site / "there" / "pressmark" / "manifest.json").is_file()


def test_the_second_time_it_says_that_there_was_nothing_to_do(site: Path) -> None:
    deploy(site, "--id", "r1")
    result = deploy(site)

    sent, told = result.output.splitlines()[-2:]
    assert sent == f"{site / 'there'}: 0 files sent, 0 bytes; 3 were there"
    assert told == "it was the current release already, under the name r1"


def test_a_file_that_keeps_its_name_for_another_content_is_told(site: Path) -> None:
    deploy(site, "--id", "r1")
    (site / "static" / "logo.png").write_bytes(b"\x89PNG and more")
    result = deploy(site, "--id", "r2")

    told = "1 file of older releases got another content under the same name, so their pages see it, too: logo.png"
    assert told in result.output


def test_images_are_sent_in_a_smaller_form_on_request(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    for name in ("logo.png", "logo.0123456789ab.png"):
        (site / "static" / name).write_bytes(png())
    deploy(site, "--id", "r1", "--images")

    sent = (site / "there" / "logo.png").read_bytes()
    assert len(sent) < len(png())
    assert difference(sent, png()) == ""
    assert (site / "static" / "logo.png").read_bytes() == png()
    assert (site / "there" / "logo.0123456789ab.png").read_bytes() == png()
    assert "0 files sent" in deploy(site, "--images").output


def test_the_result_can_be_read_by_programs(site: Path) -> None:
    found = json.loads(deploy(site, "--id", "r1", "--json").output)
    releases = json.loads(run("releases", site / "there", "--json").output)

    assert (found["id"], found["sent"], found["replaced"], found["is_new"]) == ("r1", 3, [], True)
    assert [(each["id"], each["is_current"], each["bundles"]) for each in releases] == [("r1", True, 1)]


def test_releases_are_listed_and_rolled_back_to(site: Path) -> None:
    deploy(site, "--id", "r1")
    build(site / "dist", "a { top: 1px }")
    deploy(site, "--id", "r2")
    before = run("releases", site / "there").output.splitlines()
    rolled = run("rollback", site / "there", "r1")
    after = run("releases", site / "there").output.splitlines()

    assert [(line.split()[0], line.endswith("current")) for line in before[1:]] == [("r2", True), ("r1", False)]
    assert re.match(
        r"r1 is the current release: pressmark/manifest\.json names manifest-\w+\.json first", rolled.output
    )
    assert [(line.split()[0], line.endswith("current")) for line in after[1:]] == [("r2", False), ("r1", True)]


def test_nothing_is_removed_before_it_was_shown(site: Path) -> None:
    for number in range(1, 4):
        build(site / "dist", f"a {{ top: {number}px }}")
        deploy(site, "--id", f"r{number}")
    shown = run("prune", site / "there", "--keep", "2", "--days", "0")
    assert len(list((site / "there" / "pressmark" / "css").iterdir())) == 4
    removed = run("prune", site / "there", "--keep", "2", "--days", "0", "--apply")
    again = run("prune", site / "there", "--keep", "2", "--days", "0", "--apply")

    assert re.search(
        r"^1 release with 4 files, \d+ bytes would go; --apply removes them; 2 stay$", shown.output, re.MULTILINE
    )
    assert re.search(r"^1 release with 4 files, \d+ bytes removed; 2 stay$", removed.output, re.MULTILINE)
    assert len(list((site / "there" / "pressmark" / "css").iterdir())) == 2
    assert again.output == "no release is old enough\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["deploy", "THERE", "static"], "there is no manifest: name the directory that `pressmark build --output`"),
        (["deploy", "THERE", "static", "dist=../up"], "'../up' is no path below the destination, such as pressmark/"),
        (["deploy", "THERE", "static", "dist", "--id", "a/b"], "--id is 'a/b'; it may have letters, digits"),
        (["deploy", "THERE", "static", "dist", "--hashed", "("], "'(' is no regular expression"),
        (["deploy", "ftp://there", "static", "dist"], "there is no destination of the scheme 'ftp'"),
        (["deploy", "s3://", "static", "dist"], "names no object store"),
        (["rollback", "THERE", "r9"], "has no release 'r9'; there are none"),
    ],
)
def test_what_is_wrong_is_told(site: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    result = run(*(str(site / "there") if each == "THERE" else each for each in arguments))

    assert result.exit_code != 0
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_bucket_that_does_not_answer_is_told(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setitem(PATIENT, "retries", 0)
    result = run("releases", "s3://bucket/site?endpoint=http://127.0.0.1:1&region=x")

    assert result.exit_code == 1
    assert result.output.startswith("Error: the destination failed: ")
    assert "run the command again to go on" in result.output


def test_an_id_is_not_given_twice(site: Path) -> None:
    deploy(site, "--id", "r1")
    build(site / "dist", "a { top: 1px }")

    assert "there is a release 'r1' already: give another --id" in deploy(site, "--id", "r1").output


def test_what_others_have_put_into_the_folder_of_records_is_told(site: Path) -> None:
    deploy(site, "--id", "r1")
    (site / "there" / ".pressmark" / "releases" / "r0.json").write_text("{")

    assert "r0.json is no record of a release" in run("releases", site / "there").output


@pytest.mark.server
def test_a_store_takes_the_bundles_alone(site: Path) -> None:
    """Hosts find them there before the first page names them."""
    with redis_engine() as engine:
        first = run("deploy", engine.url, site / "dist")
        again = run("deploy", engine.url, site / "dist")
        bundle = next((site / "dist" / "css").iterdir())
        host = Site(site / "static", b"", {"store": engine.url, "cache_dir": site / "cache"})
        served = host.get(f"/pressmark/css/{bundle.name}").body
        refused = run("deploy", engine.url, site / "static", f"{site / 'dist'}=pressmark/")
        listed = run("releases", engine.url)

    assert first.output == "1 bundle sent, 12 bytes; 0 were there\n"
    assert again.output == "0 bundles sent, 0 bytes; 1 were there\n"
    assert served == bundle.read_bytes()
    assert "keeps bundles alone, and" in refused.output
    assert "a store of the scheme 'redis' has no releases" in listed.output


def test_a_store_that_is_down_is_told(site: Path) -> None:
    result = run("deploy", "redis://127.0.0.1:1/0", site / "dist")

    assert result.exit_code == 1
    assert "the shared store redis://127.0.0.1:1/0 failed" in result.output
