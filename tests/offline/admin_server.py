"""Ask the admin for paths, one on each line of standard input, as the user ann; print what became of each as JSON."""

import json
import re
import sys

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.test import Client  # noqa: E402

NAMED = re.compile(rb'(?:href|src)="([^"]+\.(?:css|js))"')

client = Client()
client.force_login(User.objects.get(username="ann"))
found = {}
for line in sys.stdin:
    response = client.get(line.strip())
    urls = [url.decode() for url in NAMED.findall(response.content)]
    bundles = [url for url in urls if "/pressmark/" in url]
    served = [client.get(url).status_code for url in bundles]
    found[line.strip()] = {"status": response.status_code, "urls": urls, "bundles": bundles, "served": served}
print(json.dumps(found))
