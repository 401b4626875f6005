"""Run the project of this directory and print as JSON what became of its pages."""

import json
import os
import sys
from importlib.machinery import PathFinder
from typing import Any

if "hidden" in sys.argv:  # as if django-compressor were not installed
    find = PathFinder.find_spec

    def find_others(name: str, *args: Any, **kwargs: Any) -> Any:
        return None if name.partition(".")[0] == "compressor" else find(name, *args, **kwargs)

    PathFinder.find_spec = staticmethod(find_others)  # type: ignore[assignment]

sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django  # after the settings are named
from django.core import checks, management
from django.test import Client
from django.test.utils import setup_test_environment

django.setup()
receivers: Any = __import__("receivers")
setup_test_environment()
client = Client()
pages = {}
for name in ("page", "sekizai", "jinja", "modes", "shadowed"):
    body = client.get(f"/{name}/").content.decode()
    toggled = client.get(f"/{name}/?nocompress=1").content.decode()
    urls = [word.partition('"')[0] for word in body.split('="') if word.startswith("/pressmark/")]
    bundles = {url: client.get(url).content.decode() for url in urls}
    pages[name] = {"body": body, "toggled": toggled, "bundles": list(bundles.values())}
management.call_command("findstatic", "a.css", stdout=sys.stderr)
messages = [f"{message.id} {message.msg}" for message in checks.run_checks()]
json.dump({"pages": pages, "messages": messages, "seen": receivers.seen}, sys.stdout)
