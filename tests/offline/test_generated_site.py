"""A server with the manifest of a site of 500 pages, and without a source, has every region of all of them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.building_ahead import OURS, PAGES, write_project
from tests.sources import ROOT, python_path

VISIT = """
import django, json, re
django.setup()
from django.test import Client
client, bundles = Client(), set()
for number in range({pages}):
    response = client.get(f"/{{number}}/")
    named = re.findall(r'(?:href|src)="(/pressmark/[^"]+)"', response.content.decode())
    assert (response.status_code, len(named)) == (200, 3), response.content
    assert b"/static/" not in response.content
    bundles |= set(named)
print(json.dumps([len(bundles), sorted({{client.get(url).status_code for url in bundles}})]))
"""


def run(folder: Path, *arguments: str, **settings: str) -> str:
    """Return what a Python process of the project prints."""
    environ = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": python_path(ROOT, folder)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, check=False, capture_output=True, text=True, timeout=120,
        env={**os.environ, **environ, "SITE_SETTINGS": json.dumps(settings)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_page_of_a_large_site_misses_a_region(tmp_path: Path) -> None:
    site, out = tmp_path / "site", tmp_path / "out"
    write_project(site, ["django.contrib.staticfiles", "pressmark_django"], OURS, offline=False)
    built = run(site, "-m", "django", "compress", "--urls-from", "urls.txt", "--output", str(out))
    for folder in ("static", "cache"):
        shutil.rmtree(site / folder)
    served = run(
        site, "-c", VISIT.format(pages=PAGES), manifest=str(out / "manifest.json"), on_missing="error"
    )  # a miss would raise

    assert f"{PAGES} pages, 27 regions, 27 bundles" in built
    assert json.loads(served) == [27, [200]]
