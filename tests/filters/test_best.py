"""The smallest proved form of a script: names that nobody else sees are short, all others stay."""

import logging
import random
import re
from importlib.util import find_spec
from pathlib import Path

import brotli
import pytest

from pressmark.errors import SettingsError
from pressmark.filters.best import MinifyBest
from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.filters.other_minifiers import MinifyByEsbuild, MinifyByLightningCss, MinifyByTerser
from pressmark.filters.plugins import find_filters
from pressmark.model import Asset
from pressmark.protocols import Filter
from pressmark.settings import Settings
from pressmark.syntax.js_renaming import prove_renamed
from pressmark.syntax.js_tree import parse
from tests.conftest import Write
from tests.filters.test_other_minifiers import own_pools, project, script
from tests.site import Site, js_region

__all__ = ["own_pools", "project"]

pytestmark = [pytest.mark.npm, pytest.mark.usefixtures("project")]

SCRIPT = """
function go(longName) {
  var another = function () { return longName };  // asked for its name
  let third = longName + 1, fourth = third * longName;
  return another() + third + fourth + third + fourth + longName + longName;
}
"""


def test_what_is_local_gets_short_names_and_what_can_be_asked_for_keeps_its_own() -> None:
    made = MinifyBest()(script(SCRIPT))

    text = made.content.decode()
    assert text.startswith("function go(")
    assert "another=function()" in text
    assert "longName" not in text
    assert '"mappings"' in (made.source_map or "")
    prove_renamed(parse(SCRIPT), parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "function go(longName) { eval('longName'); return longName + longName }",
        "function go(longName) { with (longName) tell(longName, longName) }",
        "function go(longName) { /* kept */ return longName + longName }\ntell(go.toString())",
        "go (",
    ],
)
def test_what_cannot_be_proved_is_minified_as_usual(text: str) -> None:
    assert MinifyBest()(script(text)).content == MinifyJs()(script(text)).content


def test_why_a_script_keeps_its_names_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    MinifyBest()(script("function go(longName) { eval('longName') }"))

    assert "'/static/a.js' keeps its names: it has eval" in caplog.text


def test_the_usual_form_is_taken_where_it_is_smaller() -> None:
    assert MinifyBest()(script("go ( )")).content == b"go()"


def test_it_is_a_preset_for_both_kinds() -> None:
    found = find_filters(Settings(filters="best").filters, minify=True)  # type: ignore[arg-type]

    assert [each.key for each in found["css"]] == [MinifyCss().key]
    assert [each.key for each in found["js"]] == [MinifyBest().key]
    with pytest.raises(SettingsError, match="'best', or css and js mapped to lists"):
        Settings(filters="bst")  # type: ignore[arg-type]


def test_without_terser_it_is_an_error_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "node_modules").unlink()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SettingsError, match="'terser' needs the npm package 'terser'"):
        find_filters({"js": ["best"]}, minify=True)


def test_a_site_with_it_maps_to_its_sources(static: Path, write: Write) -> None:
    write("a.js", SCRIPT)
    write("b.js", "tell(go(1))")
    site = Site(static, js_region("a.js", "b.js"), {"filters": "best", "source_maps": True})

    [url] = site.get().bundles
    body = site.get(url).body.decode()
    assert "longName" not in body
    assert "tell(go(1))" in body
    name = body.rpartition("sourceMappingURL=../")[2].strip()
    assert b'"/static/a.js"' in site.get(f"/pressmark/{name}").body


def package(name: str) -> Path:
    found = find_spec(name)
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


@pytest.fixture(scope="module")
def dashboard() -> list[Asset]:
    """Return the files of the demo's dashboard that come from packages."""
    admin = package("django") / "contrib" / "admin" / "static" / "admin"
    rest = package("rest_framework") / "static" / "rest_framework"
    picker = package("xstatic") / "pkg" / "bootstrap_datepicker" / "data"
    paths = [
        *(rest / "css" / name for name in (
            "bootstrap.min.css", "bootstrap-theme.min.css", "font-awesome-4.0.3.css", "prettify.css")),
        admin / "css" / "vendor" / "select2" / "select2.css",
        picker / "datepicker3.css",
        *(rest / "js" / name for name in ("jquery-3.7.1.min.js", "bootstrap.min.js", "prettify-min.js")),
        *(admin / "js" / "vendor" / "select2" / name for name in ("select2.full.js", "i18n/fr.js")),
        picker / "bootstrap-datepicker.js",
        picker / "locales" / "bootstrap-datepicker.fr.js",
    ]  # fmt: skip
    kinds = {".css": "text/css", ".js": "text/javascript"}
    return [Asset(f"/static/{path.name}", kinds[path.suffix], path.read_bytes(), (), "utf-8") for path in paths]


def test_a_real_page_is_no_larger_than_what_others_make_of_it(dashboard: list[Asset]) -> None:
    sheets = [each for each in dashboard if each.media_type == "text/css"]
    scripts = [each for each in dashboard if each.media_type != "text/css"]

    def size(assets: list[Asset], tool: Filter) -> int:
        return sum(len(brotli.compress(tool(each).content)) for each in assets)

    best = size(sheets, MinifyCss()) + size(scripts, MinifyBest())
    assert size(sheets, MinifyCss()) <= size(sheets, MinifyByEsbuild())
    assert size(scripts, MinifyBest()) <= size(scripts, MinifyByEsbuild())
    assert best <= 1.02 * (size(sheets, MinifyByLightningCss()) + size(scripts, MinifyByTerser()))


REFERENCE = re.compile(r"(?<=[+=!&|?:,(])([A-Za-z_$]{1,2})(?=[.\[])")


def test_no_planted_mistake_in_a_real_script_is_proved(dashboard: list[Asset]) -> None:
    chance = random.Random(1)
    asset = next(each for each in dashboard if each.url.endswith("bootstrap-datepicker.js"))
    before, made = parse(asset.content.decode()), MinifyBest()(asset).content.decode()
    prove_renamed(before, parse(made))
    places = list(REFERENCE.finditer(made))
    names = sorted({place[1] for place in places})
    planted = 0
    for place in chance.sample(places, 60):
        other = chance.choice([name for name in names if name != place[1]])
        wrong = made[: place.start()] + other + made[place.end() :]
        planted += 1
        with pytest.raises(ValueError, match=r"."):
            prove_renamed(before, parse(wrong))
    assert planted == 60
