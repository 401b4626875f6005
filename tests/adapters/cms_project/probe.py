"""Ask the live project of this directory for pages, and print as JSON what they name and what that is."""

import io
import json
import logging
import os
import re
import sys

sys.path.insert(0, os.getcwd())
os.environ |= {"DJANGO_SETTINGS_MODULE": "settings", "SITE_IS_LIVE": "1"}

import django  # after the settings are named

django.setup()
from django.test import Client  # noqa: E402  # it asks for settings

told = io.StringIO()
logging.getLogger("pressmark").addHandler(logging.StreamHandler(told))
found = {}
for host in ("news.example", "shop.example"):
    client = Client(headers={"host": host})
    for name in ("home", "article", "landing"):
        body = client.get(f"/{name}/").content.decode()
        urls = re.findall(r'(?:href|src)="(/[^"]+)"', body)
        found[f"{host}/{name}/"] = {url: client.get(url).content.decode() for url in urls}
json.dump({"pages": found, "told": told.getvalue()}, sys.stdout)
