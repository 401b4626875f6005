"""Log in by the form of an application, as a person does in a browser."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import urlencode

from pressmark.cli.local_site import LocalSite
from pressmark.model import Reply
from pressmark.offline.visiting import local_path

MAX_REDIRECTS = 5
_BUTTONS = ("submit", "image", "button", "reset")


def log_in(site: LocalSite, page: str, fields: Mapping[str, str]) -> None:
    """Fill *fields* into the form that has them on *page*, send it, and have *site* keep the cookies.

    Raises ValueError if there is no such form, or if it is refused, and whatever the application raises.
    """
    page, reply = _reached(site, page)
    form = _form_with(fields, reply)
    if form is None:
        names = " and ".join(map(repr, fields))
        raise ValueError(f"the login page {page} has no form with {names}; its status is {reply.status}")
    action = local_path(form.action or page, page, site.host)
    if action is None:
        raise ValueError(f"the login form on {page} goes to another site: {form.action}")
    reply = site.post(action, urlencode({**form.values, **fields}).encode("ascii"), referer=page)
    target = _target(reply, action, site.host)
    if target is not None:  # where a login was refused, the form is there again
        _, reply = _reached(site, target)
    if reply.status >= HTTPStatus.BAD_REQUEST or _form_with(fields, reply) is not None:
        raise ValueError(
            f"the login on {page} was refused: its status is {reply.status}; look at the fields of --login"
        )


def _reached(site: LocalSite, page: str) -> tuple[str, Reply]:
    """Return the path and the reply that *page* leads to."""
    for _ in range(MAX_REDIRECTS):
        reply = site.get(page, keeps_cookies=True)
        target = _target(reply, page, site.host)
        if target is None:
            return page, reply
        page = target
    raise ValueError(f"the login page leads from one page to the next, at last to {page}")


def _target(reply: Reply, page: str, host: str) -> str | None:
    """Return the path on *host* that *reply*, for *page*, leads to; ``None`` if it leads nowhere, or elsewhere."""
    location = next((value for name, value in reply.headers if name.lower() == "location"), "")
    is_redirect = HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST
    return local_path(location, page, host) if is_redirect else None


@dataclass(slots=True)
class _Form:
    action: str
    values: dict[str, str] = field(default_factory=dict)
    has_button: bool = False


def _form_with(names: Iterable[str], reply: Reply) -> _Form | None:
    finder = _Forms()
    finder.feed(reply.body.decode("utf-8", "replace"))
    return next((form for form in finder.found if form.values.keys() >= set(names)), None)


class _Forms(HTMLParser):
    """The forms of a page, with the values that a browser would send (HTML, constructing the entry list)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Form] = []
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_open = True
            self.found.append(_Form(values.get("action", "").strip()))
        elif self._is_open and tag in ("input", "button") and values.get("name") and "disabled" not in values:
            self._add(values, values.get("type", "submit" if tag == "button" else "text").lower())

    def handle_endtag(self, tag: str) -> None:
        self._is_open = self._is_open and tag != "form"

    def _add(self, values: Mapping[str, str], kind: str) -> None:
        form = self.found[-1]
        if kind == "submit" and not form.has_button:  # a person presses the first one
            form.has_button = True
        elif kind in _BUTTONS or (kind in ("checkbox", "radio") and "checked" not in values):
            return
        form.values[values["name"]] = values.get("value", "on" if kind in ("checkbox", "radio") else "")
