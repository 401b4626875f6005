"""Every setting of django-compressor is honoured, is not needed, or is told with what takes its place."""

import sys
from pathlib import Path
from typing import Any

import pytest

from pressmark.errors import SettingsError
from tests.adapters import django_project

django_project.configure()

from django.conf import settings  # noqa: E402  # Django must be configured first
from django.core import checks  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from pressmark.compilers.command import Command  # noqa: E402
from pressmark.model import Asset, Source  # noqa: E402
from pressmark_django.checks import check_configuration  # noqa: E402
from pressmark_django.compressor import old_api  # noqa: E402
from pressmark_django.compressor.filters import ClassPrecompiler, TemplateFilter  # noqa: E402
from pressmark_django.compressor.old_api import CallbackOutputFilter, CompilerFilter, FilterBase  # noqa: E402
from pressmark_django.compressor.old_modules import _MISSING  # noqa: E402
from pressmark_django.compressor.settings import NOT_NEEDED, read_compress_settings  # noqa: E402
from pressmark_django.configuration import read_settings, static_roots  # noqa: E402
from tests.site import TAG  # noqa: E402

# As its conf.py of 4.6 has them, and the two that came after it.
ALL = """
    ENABLED URL ROOT OUTPUT_DIR STORAGE STORAGE_ALIAS COMPRESSORS FILTERS PARSER PRECOMPILERS CACHEABLE_PRECOMPILERS
    CACHE_BACKEND CACHE_KEY_FUNCTION REBUILD_TIMEOUT MINT_DELAY MTIME_DELAY DEBUG_TOGGLE VERBOSE CSS_HASHING_METHOD
    DATA_URI_MAX_SIZE OFFLINE OFFLINE_TIMEOUT OFFLINE_CONTEXT OFFLINE_MANIFEST OFFLINE_MANIFEST_STORAGE
    OFFLINE_MANIFEST_STORAGE_ALIAS URL_PLACEHOLDER JINJA2_GET_ENVIRONMENT TEMPLATE_FILTER_CONTEXT
    CLOSURE_COMPILER_BINARY CLOSURE_COMPILER_ARGUMENTS YUI_BINARY YUI_CSS_ARGUMENTS YUI_JS_ARGUMENTS YUGLIFY_BINARY
    YUGLIFY_CSS_ARGUMENTS YUGLIFY_JS_ARGUMENTS CLEAN_CSS_BINARY CLEAN_CSS_ARGUMENTS SRI_HASHES SRI_CROSSORIGIN
""".split()
VALUES: dict[str, Any] = {
    "COMPRESSORS": {"css": "compressor.css.CssCompressor", "js": "compressor.js.JsCompressor"},
    "FILTERS": {"css": [], "js": []},
    "PRECOMPILERS": (),
    "CSS_HASHING_METHOD": "mtime",
    "SRI_HASHES": ["sha384"],
    "SRI_CROSSORIGIN": "anonymous",
    "STORAGE": "compressor.storage.CompressorFileStorage",
    "ENABLED": True,
    "MTIME_DELAY": 10,
    "DATA_URI_MAX_SIZE": 1024,
    "OFFLINE": False,
}


class Loud(FilterBase):
    """A filter as projects have it, with an ``__init__`` of its own."""

    def __init__(self, content: str, filter_type: str | None = None) -> None:
        super().__init__(content, filter_type=filter_type)

    def input(self, filename: str | None = None, **kwargs: Any) -> str:
        return f"/*! {self.type} {bool(filename)} {kwargs['kind']} */{self.content}"

    def output(self, **kwargs: Any) -> str:
        return self.content.replace("red", "RED")


class Dedented(CallbackOutputFilter):
    callback = "textwrap.dedent"


class Upper(CompilerFilter):
    command = "{python} -c {program}"
    options = (("python", sys.executable), ("program", "'import sys; print(sys.stdin.read().upper())'"))


class Typed(FilterBase):
    """A precompiler as projects have it."""

    def input(self, **kwargs: Any) -> str:
        return self.content.replace("@red", "red") + f"/*! {kwargs['kind']} {kwargs.get('basename')} {self.filename} */"

    def output(self, **kwargs: Any) -> str:
        raise AssertionError("a precompiler is asked for its input alone")


def read(**settings: Any) -> Any:
    return read_compress_settings({f"COMPRESS_{name}": value for name, value in settings.items()})


def options(**settings: Any) -> dict[str, Any]:
    found: dict[str, Any] = read(**settings).options
    return found


@pytest.mark.parametrize("name", ALL)
def test_every_setting_is_known(name: str) -> None:
    remarks = read(**{name: VALUES.get(name, "x")}).remarks

    assert [remark for remark in remarks if remark.is_lost] == []
    is_told = name in {*NOT_NEEDED, "OUTPUT_DIR", "STORAGE"}
    assert [remark.name for remark in remarks] == ([f"COMPRESS_{name}"] if is_told else [])


def test_the_list_is_the_whole_list() -> None:
    assert len(ALL) == 41
    assert set(NOT_NEEDED) <= set(ALL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"ENABLED": False}, {"enabled": False}),
        ({"MTIME_DELAY": 0}, {"refresh": 0}),
        ({"DEBUG_TOGGLE": "nocompress"}, {"debug_toggle": "nocompress"}),
        ({"DEBUG_TOGGLE": None}, {}),
        ({"DEBUG_TOGGLE": "None"}, {}),
        ({"CSS_HASHING_METHOD": None}, {"css_hash": None}),
        ({"CSS_HASHING_METHOD": "mtime"}, {"css_hash": "mtime"}),
        ({"CSS_HASHING_METHOD": "hash"}, {"css_hash": "content"}),
        ({"CSS_HASHING_METHOD": "content"}, {"css_hash": "content"}),
        ({"SRI_HASHES": ["sha384"]}, {"integrity": True}),
        ({"SRI_HASHES": []}, {"integrity": False}),
        ({"DATA_URI_MAX_SIZE": 99}, {}),
        ({"OFFLINE": True, "ROOT": "/r"}, {"manifest": "/r/CACHE/pressmark-manifest.json"}),
        (
            {"OFFLINE": True, "ROOT": "/r", "OUTPUT_DIR": "out", "OFFLINE_MANIFEST": "m.json"},
            {"manifest": "/r/out/pressmark-m.json"},
        ),
        ({"OFFLINE": False, "ROOT": "/r"}, {}),
    ],
)
def test_a_setting_that_we_have_too_is_ours(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert options(**old) == new


def filters(kind: str, *names: str, **more: Any) -> Any:
    return options(FILTERS={kind: names}, **more)["filters"][kind]


@pytest.mark.parametrize(
    ("kind", "name", "ours"),
    [
        ("css", "css_default.CssAbsoluteFilter", []),
        ("css", "cssmin.rCSSMinFilter", ["rcssmin"]),
        ("css", "cssmin.CSSMinFilter", ["rcssmin"]),
        ("js", "jsmin.rJSMinFilter", ["rjsmin"]),
        ("js", "jsmin.JSMinFilter", ["rjsmin"]),
    ],
)
def test_its_filters_are_ours(kind: str, name: str, ours: list[str]) -> None:
    assert filters(kind, f"compressor.filters.{name}") == ours


@pytest.mark.parametrize("name", ["CssAbsoluteFilter", "CssRelativeFilter"])
def test_urls_need_no_filter(name: str) -> None:
    assert options(FILTERS={"css": [f"compressor.filters.css_default.{name}"]}) == {"filters": {"css": []}}


def test_data_urls_are_a_setting_where_their_filter_is() -> None:
    path = "compressor.filters.datauri.CssDataUriFilter"

    assert options(FILTERS={"css": [path]}, DATA_URI_MAX_SIZE=99)["data_uri"] == 99
    assert options(FILTERS={"css": [path]})["data_uri"] == 1024


@pytest.mark.parametrize(
    ("kind", "name", "ours"), [("css", "cssmin.CSSCompressorFilter", "rcssmin"), ("js", "jsmin.CalmjsFilter", "rjsmin")]
)
def test_a_filter_that_breaks_files_is_told_and_replaced(kind: str, name: str, ours: str) -> None:
    found = read(FILTERS={kind: [f"compressor.filters.{name}"]})
    [remark] = found.remarks

    assert found.options["filters"][kind] == [ours]
    assert remark.is_lost
    assert f"{ours} is used instead" in remark.text


@pytest.mark.parametrize(
    ("kind", "name", "binary", "arguments"),
    [
        ("css", "cleancss.CleanCSSFilter", "CLEAN_CSS_BINARY", "CLEAN_CSS_ARGUMENTS"),
        ("js", "closure.ClosureCompilerFilter", "CLOSURE_COMPILER_BINARY", "CLOSURE_COMPILER_ARGUMENTS"),
        ("css", "yui.YUICSSFilter", "YUI_BINARY", "YUI_CSS_ARGUMENTS"),
        ("js", "yui.YUIJSFilter", "YUI_BINARY", "YUI_JS_ARGUMENTS"),
        ("css", "yuglify.YUglifyCSSFilter", "YUGLIFY_BINARY", "YUGLIFY_CSS_ARGUMENTS"),
        ("js", "yuglify.YUglifyJSFilter", "YUGLIFY_BINARY", "YUGLIFY_JS_ARGUMENTS"),
    ],
)
def test_a_filter_that_is_a_program_is_a_command(kind: str, name: str, binary: str, arguments: str) -> None:
    [command] = filters(
        kind, f"compressor.filters.{name}", **{binary: f"{sys.executable} -X dev", arguments: "-b 'c d'"}
    )

    assert isinstance(command, Command)
    assert command.arguments[:5] == (sys.executable, "-X", "dev", "-b", "c d")


def test_a_program_that_is_not_there_is_an_error_at_start() -> None:
    with pytest.raises(SettingsError, match="COMPRESS_CLEAN_CSS_BINARY has 'cleancss', which is not on the PATH"):
        filters("css", "compressor.filters.cleancss.CleanCSSFilter")


def test_a_filter_that_django_compressor_does_not_have_is_an_error_at_start() -> None:
    with pytest.raises(SettingsError, match="which django-compressor does not have"):
        filters("css", "compressor.filters.cssmin.NoFilter")


@pytest.mark.parametrize("path", ["tests.adapters.nowhere.Filter", f"{__name__}.NoFilter"])
def test_a_class_that_cannot_be_imported_is_an_error_at_start_and_no_command(path: str) -> None:
    with pytest.raises(SettingsError, match="cannot be imported"):
        filters("css", path)
    with pytest.raises(SettingsError, match="cannot be imported"):
        options(PRECOMPILERS=[("text/less", path)])


def test_stylesheets_can_be_templates_still() -> None:
    found = filters("css", "compressor.filters.template.TemplateFilter", TEMPLATE_FILTER_CONTEXT={"colour": "red"})

    assert found == [TemplateFilter({"colour": "red"})]


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (f"{sys.executable} -m lessc {{infile}} {{outfile}}", (sys.executable, "-m", "lessc", "{infile}", "{outfile}")),
        (f'"{sys.executable}" "{{infile}}"', (sys.executable, "{infile}")),
        (f"{sys.executable} -x < {{infile}} > {{outfile}}", (sys.executable, "-x")),
        (f"cat {{infile}} | {sys.executable} -x > {{outfile}}", (sys.executable, "-x")),
    ],
)
def test_a_precompiler_that_is_a_command_is_parted_into_arguments(command: str, arguments: tuple[str, ...]) -> None:
    found = options(PRECOMPILERS=(("text/less", command),))["precompilers"]

    assert found["text/less"].arguments == arguments


@pytest.mark.parametrize(
    "command", ["cat {infile} | babel | b > {outfile}", "a < {infile} > b", "lessc $HOME/a", "a; b", "a `b`"]
)
def test_a_command_that_needs_a_shell_is_an_error_at_start_that_says_what_to_write(command: str) -> None:
    with pytest.raises(SettingsError, match=r"needs a shell, .* write it as a list of arguments"):
        options(PRECOMPILERS=(("text/jsx", command),))


def test_a_precompiler_that_is_a_class_is_one_still() -> None:
    found = options(PRECOMPILERS=(("text/less", f"{__name__}.Typed"),))["precompilers"]

    assert isinstance(found["text/less"], ClassPrecompiler)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/srv/a.less", "file a.less /srv/a.less"),
        ("app:localhost /a.less", "hunk None None"),
        (None, "hunk None None"),
    ],
)
def test_a_class_gets_the_file_if_there_is_one(path: str | None, told: str) -> None:
    made = options(PRECOMPILERS=(("text/less", f"{__name__}.Typed"),))["precompilers"]["text/less"]
    sources = (Source(path, "", None),) if path else ()

    assert made(Asset("/static/a.less", "text/less", b"@red", sources)).content.decode() == f"red/*! {told} */"


def test_a_command_of_a_class_reads_the_file_itself(tmp_path: Path) -> None:
    class Shown(CompilerFilter):
        command = f"{sys.executable} -c 'import sys; print(sys.argv[1])' {{infile}}"

    path = tmp_path / "a.less"
    path.write_text("a")

    assert Shown("a", filename=str(path)).input().strip() == str(path)


@pytest.mark.parametrize(
    ("old", "text"),
    [
        ({"COMPRESSORS": {"css": "compressor.css.CssCompressor", "sass": "mine.Sass"}}, "has {'sass': 'mine.Sass'}"),
        ({"SRI_HASHES": ["sha256", "sha384"]}, "asks for sha256"),
        ({"SRI_CROSSORIGIN": "use-credentials"}, "is 'use-credentials'"),
        ({"PRECOMPILER": ()}, "is no setting of django-compressor"),
    ],
)
def test_what_is_lost_is_told(old: dict[str, Any], text: str) -> None:
    [remark] = read(**old).remarks

    assert remark.is_lost
    assert text in remark.text


def test_a_folder_that_is_used_is_not_told_to_be_not_needed() -> None:
    assert read(OFFLINE=True, ROOT="/r", OUTPUT_DIR="out").remarks == []


def test_a_storage_that_is_used_is_not_told_to_be_not_needed() -> None:
    assert read(STORAGE="storages.backends.s3.S3Storage").remarks == []


def test_a_wrong_name_is_told_the_right_one() -> None:
    [remark] = read(PRECOMPILER=()).remarks

    assert remark.hint == "Did you mean COMPRESS_PRECOMPILERS?"


def test_a_hashing_method_that_there_is_not_is_an_error_at_start() -> None:
    with pytest.raises(SettingsError, match="COMPRESS_CSS_HASHING_METHOD is 'sha1'; it must be None, 'mtime'"):
        options(CSS_HASHING_METHOD="sha1")


# In a project


def test_our_own_settings_come_first() -> None:
    with override_settings(COMPRESS_ENABLED=False, COMPRESS_MTIME_DELAY=7, PRESSMARK={"refresh": 3}):
        assert (read_settings().enabled, read_settings().refresh) == (False, 3)


@pytest.fixture
def both_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have django-compressor among the project's apps, too."""
    monkeypatch.setattr(settings, "INSTALLED_APPS", ["django.contrib.staticfiles", "compressor", "pressmark_django"])


def test_while_django_compressor_is_an_app_its_settings_are_its_own(both_installed: None) -> None:
    with override_settings(COMPRESS_ENABLED=False):
        assert read_settings().enabled is True


def test_the_checks_tell_that_both_are_installed(both_installed: None) -> None:
    assert "pressmark.W007" in [message.id for message in check_configuration(None)]


def test_static_files_are_where_its_settings_say(tmp_path: Path) -> None:
    with override_settings(DEBUG=False, COMPRESS_URL="https://cdn.example/static/", COMPRESS_ROOT=str(tmp_path)):
        roots = static_roots()

    assert roots["/static/"][0] == roots["https://cdn.example/static/"][0] == str(tmp_path)
    assert str(django_project.ROOT / "own") in roots["/static/"]  # it falls back to the finders


def test_the_checks_tell_what_is_not_needed_and_what_is_lost() -> None:
    with override_settings(COMPRESS_PARSER="compressor.parser.LxmlParser", COMPRESS_SRI_HASHES=["sha512"]):
        found = {message.id: message for message in check_configuration(None)}

    assert found["pressmark.I001"].level == checks.INFO
    assert "COMPRESS_PARSER is not needed" in found["pressmark.I001"].msg
    assert "COMPRESS_SRI_HASHES asks for sha512" in found["pressmark.W006"].msg
    assert found["pressmark.W006"].hint


def test_the_checks_tell_what_would_end_the_start() -> None:
    with override_settings(COMPRESS_PRECOMPILERS=[("text/less", "cat {infile} | lessc - | tee a")]):
        [error] = check_configuration(None)

    assert (error.id, error.level) == ("pressmark.E001", checks.ERROR)
    assert "needs a shell" in error.msg


def bundle(tmp_path: Path, **settings: Any) -> str:
    """Return the bundle of the project's first page."""
    with override_settings(PRESSMARK={"cache_dir": tmp_path, "build_wait": None}, **settings):
        client = Client()
        [url] = TAG.findall(client.get("/").content)
        return str(client.get(url.decode()).content, "utf-8")


def test_classes_of_the_project_are_called_as_they_were(tmp_path: Path) -> None:
    paths = [f"{__name__}.{name}" for name in ("Loud", "Dedented", "Upper")]
    text = bundle(tmp_path, COMPRESS_FILTERS={"css": paths})

    assert text.startswith("/*! CSS TRUE FILE */A { BACKGROUND: URL(")


def test_stylesheets_are_rendered_as_templates(tmp_path: Path) -> None:
    path = "compressor.filters.template.TemplateFilter"

    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates"}
    text = bundle(tmp_path, COMPRESS_FILTERS={"css": [path]}, TEMPLATES=[engine])

    assert text.startswith("a { background: url(")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PRECOMPILERS", ("text/x-scss", "sass {infile}"), "must be pairs of a type and a command or class"),
        ("FILTERS", ["a.b.Filter"], "must be a dict of lists"),
        ("FILTERS", {"css": "a.b.Filter"}, "must be a dict of lists"),
        ("PRECOMPILERS", (("text/x-scss", "NODE_ENV=production sass {infile}"),), "needs a shell"),
        ("PRECOMPILERS", (("text/x-scss", "sass -I ~/scss {infile}"),), "needs a shell"),
        ("PRECOMPILERS", (("text/x-scss", "/nope/sass {infile}"),), "'/nope/sass', which is no program"),
    ],
)
def test_a_value_of_another_shape_is_an_error_at_start(name: str, value: Any, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        options(**{name: value})


@pytest.mark.parametrize("path", ["no.such.Storage", "django.core.files.storage.NoStorage"])
def test_a_storage_that_there_is_not_is_told_by_the_checks(path: str) -> None:
    with override_settings(COMPRESS_STORAGE=path):
        [error] = check_configuration(None)

    assert "the storage for generated files cannot be made" in error.msg


@pytest.mark.parametrize("text", ["<link>", "{% load no_such_library %}"])
def test_a_template_for_tags_is_told_not_to_be_rendered(tmp_path: Path, text: str) -> None:
    (tmp_path / "compressor").mkdir()
    (tmp_path / "compressor" / "css_file.html").write_text(text)
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}
    with override_settings(TEMPLATES=[engine]):
        [message] = check_configuration(None)

    assert message.id == "pressmark.W011"
    assert "'compressor/css_file.html' is not rendered" in message.msg


def test_a_page_is_served_from_finders_only_with_a_word(tmp_path: Path) -> None:
    with override_settings(DEBUG=False, STATIC_ROOT=str(tmp_path / "none")):
        assert [message.id for message in check_configuration(None)] == ["pressmark.W010"]
    with override_settings(DEBUG=False, STATIC_ROOT=str(tmp_path)):
        assert check_configuration(None) == []


@pytest.mark.parametrize("name", sorted({name for names in _MISSING.values() for name in names} | {"post_compress"}))
def test_every_old_name_is_one_of_ours(name: str) -> None:
    assert hasattr(old_api, name)
