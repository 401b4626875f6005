"""Every page with modules behaves the same at each level, in Chromium, and gets the level that it should."""

import re
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import pytest

from tests.behaviour.look import Look, Target, Window, look_at_all
from tests.behaviour.modules.corpus import PAGES
from tests.behaviour.modules.hazard import Level, ModuleHazard
from tests.behaviour.modules.sites import FORMS, Form, applications
from tests.behaviour.sites import served
from tests.profiles import part

# A twelfth of the pages each time keeps a run short; ``make behaviour`` looks at every one.
CHOSEN = part(PAGES, 12)
LEVELS: tuple[Level, ...] = get_args(Level)
LEAST_PAGES = 30
PATIENCE_MS = 10_000
"""How long a page may take for the value that is compared: a wrong one may wait for ever."""
LEAST_CAUGHT = 0.6
"""The part of the pages that a careless linker must be seen to fail."""

_LINKED = re.compile(r"js/(?:[\w-]+\.)?[0-9a-f]{32}/[0-9]+\.js")
_NAMED = re.compile(r"js/(?:[\w-]+\.)?[0-9a-f]{32}\.js")
_MODULE = re.compile(r"<script\b[^>]*\btype=[\"']?(?:module|importmap).*?</script>", re.DOTALL | re.IGNORECASE)
_PRELOAD = re.compile(r"rel=[\"']?modulepreload")
# Chromium says so some seconds after the load, of pages that natively have no preloads.
_UNUSED_PRELOAD = re.compile(r"^warning: .*was preloaded using link preload but not used")
# Imports that no load event waits for.
_IS_RESTLESS = re.compile(rb"\bimport\s*(?:/\*.*?\*/\s*)?\(|\bawait\b|new Worker|fetch\(|setTimeout\(")


@dataclass(frozen=True)
class Looks:
    """What Chromium saw, and the pages that it was sent: (the page's id, the form) -> its look, its text."""

    of: dict[tuple[str, Form], Look]
    texts: dict[tuple[str, Form], str]

    def differences(self, hazard: ModuleHazard, form: Form) -> list[str]:
        """Return what *form* changed on the page of *hazard*."""
        return self.of[hazard.id, "native"].differences(self.of[hazard.id, form])

    def level(self, hazard: ModuleHazard, form: Form) -> Level:
        """Return the level that the page of *hazard* got in a *form*."""
        native, text = self.texts[hazard.id, "native"], self.texts[hazard.id, form]
        # Bundles of classic scripts have such addresses, too.
        elements = "".join(found[0] for found in _MODULE.finditer(text))
        if _LINKED.search(elements):
            return "linked"
        if _NAMED.search(elements):
            return "named"
        return "preload" if len(_PRELOAD.findall(text)) > len(_PRELOAD.findall(native)) else "as written"


@pytest.fixture(scope="module")
def looks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looks]:
    """Look at every page that the chosen tests need, in each form that they need."""
    wanted = {form for item in request.session.items for form in _looked_at(item)}
    forms: list[Form] = ["native", *(form for form in (*FORMS, "careless") if form in {form for _, form in wanted})]
    with served(applications(PAGES, tmp_path_factory.mktemp("modules"), forms)) as bases:
        targets: dict[tuple[str, Form], Target] = {}
        texts: dict[tuple[str, Form], str] = {}
        same: dict[tuple[str, Form], tuple[str, Form]] = {}
        restless: set[str] = set()
        for number, hazard in enumerate(PAGES):
            own = [form for form in forms if (hazard.id, form) in wanted]
            if _IS_RESTLESS.search(hazard.page + b"".join(hazard.files.values())):
                restless.add(hazard.id)
            seen: dict[str, Form] = {}
            for form in ("native", *own) if own else ():
                target = Target(f"{bases[form]}/s/{number}/page", _bounded(hazard.seen))
                texts[hazard.id, form] = _page(target.url)
                # Pages that are the same to the byte need not be looked at twice.
                like = seen.setdefault(texts[hazard.id, form], form)
                same[hazard.id, form] = hazard.id, like
                if like == form:
                    targets[hazard.id, form] = target
        found: dict[tuple[str, Form], Look] = {}
        for is_restless, window in ((True, Window(rest="networkidle")), (False, Window())):
            keys = [key for key in targets if (key[0] in restless) == is_restless]
            found |= zip(keys, look_at_all([targets[key] for key in keys], window), strict=True)
        yield Looks({key: _compared(found[like]) for key, like in same.items()}, texts)


def _bounded(seen: str) -> str:
    """Return an expression for the value of *seen*, or for the reason why there is none."""
    late = f"new Promise(resolve => setTimeout(resolve, {PATIENCE_MS}, 'no answer'))"
    value = f"(async () => ({seen}))().catch(error => `${{error}}`)"
    return f"await Promise.race([{value}, {late}])" if seen else ""


def _page(url: str) -> str:
    """Return a page as it is sent, without the comments around regions and its server's address."""
    with urllib.request.urlopen(url) as answer:
        headers = sorted((k, v) for k, v in answer.getheaders() if k not in ("Date", "Content-Length"))
        text: str = answer.read().decode("utf-8", "replace")
    text = re.sub(r"<!-- (?:compress|endcompress).*?-->\n?", "", text)
    return re.sub(r"(127\.0\.0\.1|localhost):[0-9]+", r"\1", repr(headers) + text)


def _compared(look: Look) -> Look:
    """Return *look* without messages that level P brings with it."""
    return replace(look, console=tuple(text for text in look.console if not _UNUSED_PRELOAD.search(text)))


def _looked_at(item: pytest.Item) -> Sequence[tuple[str, Form]]:
    """Return the page and the form of each look that a chosen test needs beside the native one."""
    if item.path != Path(__file__) or not isinstance(item, pytest.Function) or "looks" not in item.fixturenames:
        return ()
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return [(hazard.id, "careless") for hazard in CHOSEN]
    return [(callspec.params["hazard"].id, callspec.params["form"])]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hazard", CHOSEN, ids=lambda hazard: hazard.id)
def test_the_page_behaves_the_same(hazard: ModuleHazard, form: Form, looks: Looks) -> None:
    native, changed = looks.of[hazard.id, "native"], looks.of[hazard.id, form]
    differing = native.differences(changed)

    assert {name: (getattr(native, name), getattr(changed, name)) for name in differing} == {}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hazard", [page for page in CHOSEN if page.level is not None], ids=lambda hazard: hazard.id)
def test_the_page_gets_the_level_that_is_proved(hazard: ModuleHazard, form: Form, looks: Looks) -> None:
    """A page whose proof reaches further than the setting gets what is set."""
    assert hazard.level is not None

    assert looks.level(hazard, form) == min(hazard.level, form, key=LEVELS.index)


def test_a_careless_linker_is_caught(looks: Looks) -> None:
    """The proof can fail: most hazards are visible as soon as modules are joined into one scope."""
    unseen = [hazard.claim for hazard in CHOSEN if not looks.differences(hazard, "careless")]

    assert len(CHOSEN) >= LEAST_PAGES
    assert len(unseen) <= (1 - LEAST_CAUGHT) * len(CHOSEN), "\n".join(unseen)


def test_no_two_pages_are_the_same() -> None:
    assert len({hazard.id for hazard in PAGES}) == len(PAGES)
    assert len({(h.page, h.headers, *h.files.items(), *h.made.items()) for h in PAGES}) == len(PAGES)
