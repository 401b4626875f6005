"""A file has one name wherever it is served, as long as there is one place for static files."""

import pytest

from pressmark.assets.static_names import StaticNames


@pytest.mark.parametrize(
    ("prefixes", "url", "mount"),
    [
        (["/static/"], "/static/css/a.css", ""),
        (["/s/v2/"], "/s/v2/css/a.css", ""),
        (["https://cdn.example/s/"], "https://cdn.example/s/css/a.css", ""),
        (["https://cdn.example/s/"], "https://CDN.example:443/s/css/a.css", ""),
        (["//cdn.example/s/"], "https://cdn.example/s/css/a.css", ""),
        (["/static/"], "/app/static/css/a.css", "/app"),
        (["/app/static/"], "/app/static/css/a.css", "/app"),
        (["/static/", "/static/css/"], "/static/css/a.css", ""),
        (["/static/css/", "/static/"], "/static/css/a.css", ""),
    ],
)
def test_a_file_below_the_one_prefix_has_the_path_below_it(prefixes: list[str], url: str, mount: str) -> None:
    assert StaticNames(prefixes).name(url, mount) == "css/a.css"


@pytest.mark.parametrize(
    ("prefixes", "url"),
    [
        (["/static/"], "/other/a.css"),
        (["/static/"], "https://cdn.example/static/a.css"),
        ([], "/static/a.css"),
        (["/static/", "/media/"], "/static/a.css"),
        (["/media/", "/static/"], "/static/a.css"),
    ],
)
def test_any_other_file_has_its_url(prefixes: list[str], url: str) -> None:
    """Two servers may name their prefixes in another order: a file of one must not be taken for that of the other."""
    assert StaticNames(prefixes).name(url, "") == url
