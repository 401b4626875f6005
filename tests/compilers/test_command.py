"""Commands are real programs, run without a shell, and none of their faults outlives them."""

import os
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from pressmark.compilers import command
from pressmark.compilers.command import Command
from pressmark.errors import AssetError
from pressmark.filters.plugins import find_command
from pressmark.model import Asset, Source

STANDARD = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().upper())"
FILES = "import sys; open(sys.argv[2], 'wb').write(open(sys.argv[1], 'rb').read().upper())"
INLINE = Asset("/page", "text/x-scss", b"a { }")


def python(program: str, *arguments: str, timeout_s: float = 20.0) -> Command:
    """Return a command that runs *program* in Python."""
    return Command(("python", "-c", program, *arguments), sys.executable, timeout_s)


def lying_at(path: Path, content: bytes) -> Asset:
    """Return *content* as an asset that was read from *path*, and is still there."""
    path.write_bytes(content)
    return Asset("/a.scss", "text/x-scss", content, (Source(str(path), sha256(content).hexdigest(), None),))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_text_goes_in_and_out_by_the_standard_streams() -> None:
    assert python(STANDARD)(INLINE).content == b"A { }"


def test_megabytes_go_through_without_a_jam() -> None:
    many = Asset("/page", "text/x-scss", b"a{}" * 1_000_000)

    assert python(STANDARD)(many).content == many.content.upper()


def test_text_goes_in_and_out_by_files() -> None:
    assert python(FILES, "{infile}", "{outfile}")(INLINE).content == b"A { }"


def test_a_file_is_given_itself_as_what_it_includes_lies_beside_it(tmp_path: Path) -> None:
    asset = lying_at(tmp_path / "a.scss", b"a{}")

    assert python("import sys; print(sys.argv[1])", "{infile}")(asset).content.decode().strip() == str(
        tmp_path / "a.scss"
    )


@pytest.mark.parametrize(
    ("media_type", "ending"), [("text/x-scss", ".scss"), ("text/css", ".css"), ("module", ".module")]
)
def test_a_file_made_for_inline_code_has_the_ending_of_its_type(media_type: str, ending: str) -> None:
    made = python("import sys; print(sys.argv[1])", "{infile}")(Asset("/page", media_type, b"x"))

    assert made.content.decode().strip().endswith(ending)


def test_a_file_written_meanwhile_is_not_believed(tmp_path: Path) -> None:
    asset = lying_at(tmp_path / "a.scss", b"a{}")

    with pytest.raises(AssetError, match="was written while it was being compiled"):
        python("import sys; open(sys.argv[1], 'a').write('b'); print(1)", "{infile}")(asset)


def test_a_function_may_tell_what_a_command_has_read(tmp_path: Path) -> None:
    asset = lying_at(tmp_path / "a.thing", b"a")
    command = find_command(
        "precompilers", [sys.executable, "-c", "print(1)"], depends=lambda each: [each.sources[0].path + ".more", "b"]
    )

    assert command(asset).dependencies == (f"{tmp_path}/a.thing.more", str(Path("b").absolute()))


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    asset = lying_at(tmp_path / "; touch owned; $(id) `id` '\".scss", b"a{}")

    made = python("import sys; print(sys.argv[1:])", "{infile}", "$HOME", "*")(asset).content.decode()

    assert made.strip() == str([asset.sources[0].path, "$HOME", "*"])


def test_a_program_runs_where_the_site_does_and_sees_none_of_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("NODE_ENV", "production")
    seen = python("import os; print(os.getcwd(), sorted(os.environ))")(INLINE).content.decode()

    assert "AWS_SECRET_ACCESS_KEY" not in seen
    assert "'NODE_ENV', 'PATH'" in seen
    assert seen.startswith(os.getcwd())


def test_what_a_program_complains_of_is_logged_in_one_line_without_colours(caplog: pytest.LogCaptureFixture) -> None:
    program = "import sys; sys.stderr.write('\\x1b[31mline 7:\\x1b[39m\\n  old'); print('a')"

    assert python(program)(INLINE).content == b"a\n"
    assert [record.getMessage() for record in caplog.records] == [
        f"compiler python complains of {INLINE.url}: line 7: old"
    ]


def test_a_program_that_fails_is_quoted_from_the_end_of_its_complaint() -> None:
    program = "import sys; sys.stderr.write('x' * 100_000 + 'line 7: no'); sys.exit(3)"

    with pytest.raises(ValueError, match=r"ended with status 3: x+line 7: no$") as raised:
        python(program)(INLINE)

    assert len(str(raised.value)) < 2200


def test_a_program_that_reads_nothing_may_end() -> None:
    assert python("print(1)")(Asset("/", "text/x", b"x" * 1_000_000)).content.strip() == b"1"


def test_a_program_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    began = time.monotonic()

    with pytest.raises(ValueError, match="took more than 2 seconds"):
        python(program, timeout_s=2)(INLINE)

    assert time.monotonic() - began < 30
    child, deadline = int((tmp_path / "pid").read_text()), time.monotonic() + 10
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(child)


@pytest.mark.parametrize("is_new", [False, True], ids=["in its session", "in another"])
def test_a_program_that_leaves_a_child_behind_is_waited_for_no_longer_than_its_time(*, is_new: bool) -> None:
    child = f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'], start_new_session={is_new})"
    began = time.monotonic()

    with pytest.raises(ValueError, match="took more than 2 seconds"):
        python(f"import subprocess, sys; {child}", timeout_s=2)(INLINE)

    assert time.monotonic() - began < 15


def test_a_file_that_would_fill_the_disk_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "MAX_FILE_BYTES", 1_000_000)
    program = "import sys, time; time.sleep(0.5); open(sys.argv[1], 'wb').write(b'x' * 3_000_000)"

    with pytest.raises(ValueError, match="ended with status"):
        python(program, "{outfile}")(INLINE)


@pytest.mark.parametrize("arguments", [(), ("{outfile}",)], ids=["standard output", "file"])
def test_more_output_than_an_asset_may_hold_is_refused(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MAX_OUTPUT_BYTES", 1000)
    program = "import sys; (open(sys.argv[1], 'w') if sys.argv[1:] else sys.stdout).write('x' * 1001)"

    with pytest.raises(ValueError, match="wrote more than 1000 bytes"):
        python(program, *arguments)(INLINE)


def test_output_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "MAX_OUTPUT_BYTES", 1_000_000)
    began = time.monotonic()

    with pytest.raises(ValueError, match="wrote more than"):
        python("while True: print('x' * 10000)", timeout_s=60)(INLINE)

    assert time.monotonic() - began < 30


def test_a_program_that_is_gone_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        Command(("sass",), "/nonexistent/sass")(INLINE)


def test_another_version_of_the_program_is_another_filter(tmp_path: Path) -> None:
    program = tmp_path / "sass"
    program.write_text("1")
    before = Command(("sass", "{infile}"), str(program)).key
    program.write_text("22")

    assert before != Command(("sass", "{infile}"), str(program)).key
    assert before != Command(("sass", "{outfile}"), str(program)).key


DEPENDING = """
import sys
open(sys.argv[2], 'w').write(f'out.css: {sys.argv[1]} {sys.argv[3]} \\\\\\n lib/two.scss')
print('made')
"""


def test_a_program_tells_what_it_has_read_by_a_depfile(tmp_path: Path) -> None:
    asset = lying_at(tmp_path / "a.scss", b"a{}")
    made = python(DEPENDING, "{infile}", "{depfile}", str(tmp_path / "one.scss"))(asset)

    assert made.content == b"made\n"
    assert made.dependencies == (str(tmp_path / "one.scss"), str(Path.cwd() / "lib" / "two.scss"))


def test_a_program_without_a_depfile_cannot_tell() -> None:
    assert python(STANDARD)(INLINE).dependencies is None


def test_a_program_that_writes_no_depfile_has_failed() -> None:
    with pytest.raises(FileNotFoundError):
        python(STANDARD, "{depfile}")(INLINE)
