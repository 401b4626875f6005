"""What a browser makes of a small page: everything that bundling must not change."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Literal, NamedTuple

from playwright.async_api import (
    Browser,
    CDPSession,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    ViewportSize,
    async_playwright,
)

from tests.browser.look import SETTLED, STILL, chromium

SILENT_LOOKS = 3
"""The looks in a row that find no request, after which a page is at rest."""
MAX_LOOKS = 200

# The tree without the elements that bundles replace and without comments; neighbouring texts are one, white space
# at the place of a removed element is none.
DOM = """
() => {
  const isAsset = node => node.nodeType === 1 && node.namespaceURI === 'http://www.w3.org/1999/xhtml'
    && node.matches('style, script, link');
  const write = node => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1) return '';
    if (isAsset(node)) return '';
    const attributes = [...node.attributes].map(attribute => ` ${attribute.name}="${attribute.value}"`).sort().join('');
    const inside = [...node.childNodes].map(write).join('');
    return `<${node.localName}${attributes}>${inside.replace(/\\s+/g, ' ')}</${node.localName}>`;
  };
  // Each form has a port of its own; some packages name elements by the clock.
  return write(document.documentElement).replaceAll(location.origin, '').replace(/1[78][0-9]{11,}/g, 'N');
}
"""
LOG = "() => typeof log === 'undefined' || !Array.isArray(log) ? [] : log.map(String)"
# Every element but those that bundles replace, with a digest of the computed style of itself and its pseudo-elements.
STYLES = """
() => {
  const digest = text => {
    let hash = 5381;
    for (let place = 0; place < text.length; place++) hash = (hash * 33 ^ text.charCodeAt(place)) | 0;
    return hash;
  };
  // To list the names takes longer than to read the values; where there are as many they are the same.
  const listed = new Map();
  const namesOf = style => {
    if (!listed.has(style.length)) listed.set(style.length, Array.from(style).sort());
    return listed.get(style.length);
  };
  const read = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    if (pseudo && ['none', 'normal'].includes(style.content)) return 0;  // there is none
    // In an order of ours: that of custom properties depends on what the process has seen before.
    // Chromium forgets the used values of automatic margins when it has last laid out an element's inside alone.
    const computed = pseudo ? null : element.computedStyleMap();
    const value = name => computed && name.startsWith('margin') ? computed.get(name) : style.getPropertyValue(name);
    const text = namesOf(style).map(name => name + ':' + value(name)).join(';');
    return digest(text.replaceAll(location.origin, ''));
  };
  return [...document.querySelectorAll('html, body, body *')]
    .filter(element => !element.matches('link, style, script, template'))
    .map(element => [
      element.tagName, getComputedStyle(element).color,
      ...[null, '::before', '::after'].map(pseudo => read(element, pseudo)),
    ]);
}
"""
_STACK = re.compile(r"\n\s+at .*")
# What scripts added to the window, and whether it can be deleted again; jQuery and TinyMCE make names of the time.
BASELINE = "Object.defineProperty(window, Symbol.for('baseline'), {value: new Set(Object.getOwnPropertyNames(window))})"
GLOBALS = """
() => Object.getOwnPropertyNames(window).filter(name => !window[Symbol.for('baseline')].has(name)).sort()
  .map(name => [name.replace(/[0-9]{12,}|(?<=^mce-data-).*/, 'N'), typeof window[name],
    (Object.getOwnPropertyDescriptor(window, name) || {}).configurable])
"""
ARGUMENTS = [
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"),
    "--disable-partial-raster",  # a corner painted in two goes is not, to the last bit, one painted in one
    "--disable-low-res-tiling",
]
# A caret blinks. To be hidden once the styles are read.
TWO_FRAMES = "() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))"
CARETLESS = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { caret-color: transparent !important }');
  document.adoptedStyleSheets.push(sheet);
  return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
"""
ACT_S = 0.7
"""How long a page may move, open and ask for something after an act."""
CLOCK = re.compile("1[78][0-9]{11,}")
"""The time in milliseconds, as packages make names of it."""
PAGES_AT_ONCE = 6
PATIENCE_MS = 120_000
PAGES_A_CONTEXT = 40


@dataclass(frozen=True)
class Look:
    """One page as Chromium shows it."""

    dom: str
    styles: object
    globals: object
    log: object
    seen: object
    console: tuple[str, ...]
    requests: tuple[str, ...]
    pixels: str
    assets: tuple[str, ...] = ()

    def differences(self, other: "Look") -> list[str]:
        """Return which of the things that must be the same are not; *assets* need not be."""
        names = [each.name for each in fields(self) if each.name != "assets"]
        return [name for name in names if getattr(self, name) != getattr(other, name)]


@dataclass(frozen=True)
class Window:
    """What every page is looked at in: its size, what runs before the page's scripts, and when a page is at rest."""

    width: int = 500
    height: int = 300
    script: str = ""
    rest: Literal["load", "networkidle"] = "load"


class Target(NamedTuple):
    """A page to look at, once the body of an async function is done there: *act*. *seen* is an expression to keep."""

    url: str
    seen: str = ""
    act: str = ""


def look_at_all(targets: Sequence[Target], window: Window | None = None) -> list[Look]:
    """Return the look of each target, a few at a time."""
    return asyncio.run(_look_at_all(targets, window or Window()))


async def _look_at_all(targets: Sequence[Target], window: Window) -> list[Look]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), headless=True, args=ARGUMENTS)
        waiting = list(enumerate(targets))[::-1]
        looks: dict[int, Look] = {}

        async def work() -> None:
            while waiting:
                page = await _open(browser, window)
                session = await page.context.new_cdp_session(page)
                for _ in range(PAGES_A_CONTEXT):
                    if waiting:
                        number, target = waiting.pop()
                        looks[number] = await _look_at(page, session, target, window)
                await page.context.close()

        await asyncio.gather(*(work() for _ in range(PAGES_AT_ONCE)))
        await browser.close()
    return [looks[number] for number in range(len(targets))]


async def _open(browser: Browser, window: Window) -> Page:
    size: ViewportSize = {"width": window.width, "height": window.height}
    context = await browser.new_context(viewport=size, reduced_motion="reduce")
    await context.add_init_script(window.script + BASELINE)
    page = await context.new_page()
    page.on("dialog", _answer)
    return page


async def _answer(dialog: Dialog) -> None:
    """Leave a page that asks whether to leave it; say no to all else."""
    await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())


async def _look_at(page: Page, session: CDPSession, target: Target, window: Window) -> Look:
    base = target.url.rpartition("/s/")[0]
    console: list[str] = []
    requests: list[str] = []
    assets: list[str] = []
    pending: set[Request] = set()

    def note_request(request: Request) -> None:
        pending.add(request)
        is_asset = request.resource_type in ("stylesheet", "script", "document")
        (assets if is_asset else requests).append(CLOCK.sub("N", request.url.removeprefix(base)))

    def note_end(request: Request) -> None:
        pending.discard(request)

    def note_message(message: ConsoleMessage) -> None:
        # A failed load is seen by its error event and its request.
        if not message.text.startswith("Failed to load resource"):
            # An error that is shown has its stack, which names the file in which the code is now.
            console.append(_STACK.sub("", f"{message.type}: {message.text}".replace(base, "")))

    def note_error(error: Error) -> None:
        console.append(f"uncaught: {error.name}: {error.message}")

    page.on("pageerror", note_error)
    page.on("console", note_message)
    page.on("request", note_request)
    page.on("requestfinished", note_end)
    page.on("requestfailed", note_end)
    await page.goto(target.url, wait_until=window.rest, timeout=PATIENCE_MS)
    if window.rest == "networkidle":
        await _at_rest(page, pending)
    if target.act:
        # An act that a page does not bear is what differs, not the end of the comparison.
        failure = await page.evaluate(
            f"async () => {{ try {{\n{target.act}\n}} catch (error) {{ return `${{error}}` }} }}"
        )
        console += [f"uncaught by the act: {failure}"] if failure else []
        await asyncio.sleep(ACT_S)
        await _at_rest(page, pending)
    value_of = f"JSON.stringify({target.seen})" if target.seen else "null"
    # One call: each costs a way through three processes.
    dom, styles, names, log, value = await page.evaluate(
        f"async () => {{ await ({SETTLED})(); ({STILL})();"
        f" const found = [({DOM})(), ({STYLES})(), ({GLOBALS})(), ({LOG})(), {value_of}];"
        f" await ({CARETLESS})(); return found }}"
    )
    await _all_painted(page, pending)
    # Playwright's own screenshot asks the page seven things more.
    picture = await session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    look = Look(
        dom=dom,
        styles=styles,
        globals=names,
        log=log,
        seen=value,
        console=tuple(console),
        requests=tuple(sorted(requests)),
        pixels=sha256(picture["data"].encode()).hexdigest(),
        assets=tuple(assets[1:]),
    )
    page.remove_listener("pageerror", note_error)
    page.remove_listener("console", note_message)
    page.remove_listener("request", note_request)
    page.remove_listener("requestfinished", note_end)
    page.remove_listener("requestfailed", note_end)
    return look


async def _at_rest(page: Page, pending: set[Request]) -> None:
    """Wait for requests that a busy machine begins only after the half second of silence that counts as idle."""
    silent_looks = 0
    for _ in range(MAX_LOOKS):
        await page.evaluate(TWO_FRAMES)  # whatever the page does next it has done by then
        silent_looks = 0 if pending else silent_looks + 1
        if silent_looks == SILENT_LOOKS:
            return
    raise AssertionError(f"never at rest: {sorted(request.url for request in pending)}")


async def _all_painted(page: Page, pending: set[Request]) -> None:
    """Wait until images are there that no load event waits for: those which the first layout has asked for."""
    if not pending:
        return
    for _ in range(100):
        await asyncio.sleep(0.02)
        if not pending:
            break
    await page.evaluate(TWO_FRAMES)
