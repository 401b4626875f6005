"""How long does a site of 500 pages take to build ahead? ``python -m benchmarks.building_ahead`` compares
``manage.py compress`` of Pressmark, which renders the pages by their views, with that of django-compressor, which walks
the same 500 templates, cold and again.

Both projects lie in a directory of their own and take turns. Seconds are those of the whole command, and the best of a
few rounds counts: what else runs on the machine makes both slower.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

PAGES = 500
SECTIONS = 25
ROUNDS = 3

SETTINGS = """
import json
import os
from pathlib import Path
ROOT = Path(__file__).parent
SECRET_KEY = "x"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static"
INSTALLED_APPS = {apps!r}
MIDDLEWARE = {middleware!r}
TEMPLATES = [{{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
              "DIRS": [ROOT / "templates"]}}]
COMPRESS_OFFLINE = {offline}
COMPRESS_ENABLED = True
PRESSMARK = {{"cache_dir": ROOT / "cache", **json.loads(os.environ.get("SITE_SETTINGS", "{{}}"))}}
"""
URLS = """
from django.shortcuts import render
from django.urls import path
def page(request, number):
    return render(request, f"{number}.html", {"STATIC_URL": "/static/"})
urlpatterns = [path("<int:number>/", page)]
"""
LINK = '<link rel="stylesheet" href="{{{{ STATIC_URL }}}}{}.css">'
SCRIPT = '<script src="{{{{ STATIC_URL }}}}{}.js"></script>'
BASE = (
    "{% load compress %}<!doctype html><html><head><title>Site</title>"
    f"{{% compress css %}}{LINK.format('base')}{LINK.format('more')}{{% endcompress %}}"
    "{% block css %}{% endblock %}</head><body>{% block content %}{% endblock %}"
    f"{{% compress js %}}{SCRIPT.format('base')}{SCRIPT.format('more')}{{% endcompress %}}</body></html>"
)
HEAD = '{% extends "base.html" %}{% load compress %}{% block css %}{% compress css %}'
MIDDLE = "{% endcompress %}{% endblock %}{% block content %}<h1>Page</h1>"
OURS = ["pressmark_django.middleware.PressmarkMiddleware"]


def write_project(folder: Path, apps: list[str], middleware: list[str], *, offline: bool) -> None:
    """Write a project of ``PAGES`` pages."""
    (folder / "templates").mkdir(parents=True)
    (folder / "static").mkdir()
    (folder / "settings.py").write_text(SETTINGS.format(apps=apps, middleware=middleware, offline=offline))
    (folder / "urls.py").write_text(URLS)
    (folder / "templates" / "base.html").write_text(BASE)
    for number in range(PAGES):
        text = f"<p>Text of page {number}.</p>\n" * 50
        links = LINK.format(f"section{number % SECTIONS}") + LINK.format("page")
        (folder / "templates" / f"{number}.html").write_text(f"{HEAD}{links}{MIDDLE}{text}{{% endblock %}}")
    names = ["base.css", "more.css", "page.css", *(f"section{number}.css" for number in range(SECTIONS))]
    for name in names:
        rules = (f".{name[:-4]}-{n} {{ margin: {n}px; color: #{n:06x} }}\n" for n in range(200))
        (folder / "static" / name).write_text("".join(rules))
    for name in ("base.js", "more.js"):
        functions = (f"function {name[:-3]}{n}(a) {{ return a + {n}; }}\n" for n in range(200))
        (folder / "static" / name).write_text("".join(functions))
    (folder / "urls.txt").write_text("".join(f"/{number}/\n" for number in range(PAGES)))


def seconds(folder: Path, *arguments: str) -> float:
    """Return the seconds that ``manage.py compress`` takes."""
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "django", "compress", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
    return time.perf_counter() - began


def main() -> None:
    """Print the seconds of both, cold and again."""
    with TemporaryDirectory(prefix="pressmark-") as root:
        ours, theirs = Path(root, "ours"), Path(root, "theirs")
        write_project(ours, ["django.contrib.staticfiles", "pressmark_django"], OURS, offline=False)
        write_project(theirs, ["compressor"], [], offline=True)
        pages = ("--urls-from", str(ours / "urls.txt"), "--output", str(ours / "out"))
        runs = {"Pressmark": (ours, pages), "django-compressor": (theirs, ("--force",))}
        best: dict[tuple[str, str], float] = {}
        for _ in range(ROUNDS):
            for kept in ("cache", "out", "static/CACHE"):
                for folder in (ours, theirs):
                    shutil.rmtree(folder / kept, ignore_errors=True)
            for when in ("cold", "again"):
                for name, (folder, arguments) in runs.items():
                    took = seconds(folder, *arguments)
                    best[when, name] = min(took, best.get((when, name), took))
        for when in ("cold", "again"):
            mine, other = (best[when, name] for name in runs)
            print(
                f"{when:6} {PAGES} pages: Pressmark {mine:.2f} s, django-compressor {other:.2f} s: {mine / other:.2f} x"
            )


if __name__ == "__main__":
    main()
