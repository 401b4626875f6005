"""Try the road of a deployment from its beginning: directories, compilers, cache, store, manifest, pages."""

import json
import secrets as chance
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from os import fspath, walk
from os.path import isfile
from pathlib import Path
from typing import Any

from pressmark.assembly import assemble_cache, assemble_shared, known_settings
from pressmark.cli.examine_site import bundles_in, examine_bundle
from pressmark.cli.findings import Finding
from pressmark.cli.local_site import LocalSite
from pressmark.cli.other_process import ask_other_process
from pressmark.compilers.found import KNOWN
from pressmark.compilers.program_version import version_of
from pressmark.errors import ManifestError, PressmarkError
from pressmark.filters.plugins import find_command
from pressmark.model import Bundle
from pressmark.offline.destinations import find_destination
from pressmark.offline.manifest import names_in, read_manifest, read_pointer
from pressmark.offline.mirror import parent_of
from pressmark.report.text_table import counted
from pressmark.settings import Settings


def examine_application(application: Any, host: str, mount: str, paths: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what is found in the settings of *application*, and at its pages of these *paths*."""
    pages: list[Finding] = []
    urls: list[str] = []
    with LocalSite(application, host, mount=mount) as site:
        for path in paths:
            pages += _page(site, path, mount, urls)
    found = known_settings()
    if not found:
        yield from pages
        yield Finding("bad", "application", "no page has passed Pressmark: wrap the application in its middleware")
        return
    for settings in found:
        yield from examine_settings(settings)
    yield from pages
    if urls:
        yield from examine_bundle(bundles_in(f'<link href="{urls[0]}">'.encode(), urls[0])[0])


def _page(site: LocalSite, path: str, mount: str, urls: list[str]) -> Iterator[Finding]:
    """Yield what the page at *path* below *mount* is like, and add URLs of bundles that others serve to *urls*."""
    origin = f"http://{site.host}"
    try:
        reply = site.get(path)
        if reply.status != 200:
            cure = "its error is in the log" if reply.status >= 500 else "name a page that anybody may see"
            text = f"it is answered with {reply.status}: {cure}"
            yield Finding("bad", f"page {path}", text)
            return
        bundles = bundles_in(reply.body, f"{origin}{mount}{path}")
        own = [bundle for bundle in bundles if bundle.url.startswith(f"{origin}{mount}/")]
        urls += [bundle.url for bundle in bundles if bundle not in own]
        statuses = [site.get(bundle.url.removeprefix(origin + mount)).status for bundle in own]
    except Exception as error:  # the application's
        yield Finding("bad", f"page {path}", f"it raises {type(error).__name__}: {error}")
        return
    settings = known_settings()
    if b"<!-- compress" in reply.body and settings and not any(each.enabled for each in settings):
        yield Finding("note", f"page {path}", "its regions leave as they were written: `enabled` is False")
    elif b"<!-- compress" in reply.body:
        yield Finding("bad", f"page {path}", "a region leaves as it was written: the log says why")
    elif not bundles:
        yield Finding("bad", f"page {path}", "it has no region, such as <!-- compress css --> … <!-- endcompress -->")
    elif set(statuses) <= {200}:
        yield Finding("ok", f"page {path}", f"it names {counted(len(bundles), 'bundle')}, and "
                      + ("each is served" if own else "others serve them"))  # fmt: skip
    elif any(each.public_url is not None for each in settings):
        text = f"it names {counted(len(bundles), 'bundle')}, which others serve: try the running site by its URL"
        yield Finding("note", f"page {path}", text)
    else:
        lost = [bundle.url for bundle, status in zip(own, statuses, strict=True) if status != 200]
        yield Finding("bad", f"page {path}", f"its bundles are answered with {statuses}, such as {lost[0]}")


def examine_settings(settings: Settings) -> Iterator[Finding]:
    """Yield what is found where *settings* point to."""
    yield from _static(settings)
    yield from _compilers(settings)
    yield _cache(settings)
    yield from _shared(settings)
    if settings.manifest is not None and settings.has_remote_manifest:
        yield _manifest_at(fspath(settings.manifest))
    elif settings.manifest is not None:
        yield _manifest(Path(settings.manifest), has_bundles=settings.public_url is None)


def _static(settings: Settings) -> Iterator[Finding]:
    for prefix, directories in settings.roots:
        names = [name for each in directories for _, _, files in walk(each) for name in files]
        sheets, scripts = (sum(name.endswith(f".{kind}") for name in names) for kind in ("css", "js"))
        text = f"{prefix}: {counted(sheets, 'stylesheet')} and {counted(scripts, 'script')} in {', '.join(directories)}"
        is_empty = not (sheets or scripts) and settings.manifest is None
        yield Finding("bad" if is_empty else "ok", "static", f"{text}: is it the right one?" if is_empty else text)
    if not settings.roots and settings.resolve == "static":
        yield Finding("bad", "static", "there is no static prefix: set `static`, such as {'/static/': 'static'}")


def _compilers(settings: Settings) -> Iterator[Finding]:
    for compiler in KNOWN:
        own = [media_type for media_type in compiler.media_types if media_type not in settings.precompilers]
        if own and (found := compiler.find()):
            yield Finding("ok", "compiler", f"{', '.join(own)}: {found} is there")
    for media_type, wanted in settings.precompilers.items():
        if isinstance(wanted, tuple):
            try:
                program = find_command(f"the compiler of {media_type}", wanted).program
                yield Finding("ok", "compiler", f"{media_type}: {program} is there, {version_of(program)}")
            except (PressmarkError, OSError) as error:
                yield Finding("bad", "compiler", str(error))
        else:
            yield Finding("ok", "compiler", f"{media_type}: {wanted!r}")


def _trial() -> Bundle:
    content = f"/* pressmark doctor {chance.token_hex(8)} */".encode()
    return Bundle(sha256(content).hexdigest()[:32], "css", content)


def _cache(settings: Settings) -> Finding:
    directory, trial = settings.cache_directory, _trial()
    store = assemble_cache(directory, settings.retention)
    try:
        store.put(trial)
    except PressmarkError as error:
        others = settings.store is not None or settings.secret is not None
        cure = (
            "bundles are in memory alone, and processes have the store or recipes for the rest"
            if others
            else "set `cache_dir`, or `secret` for several processes"
        )
        return Finding("note" if others else "bad", "cache", f"{error}: {cure}")
    finally:
        with suppress(PressmarkError):
            store.release()
    fault = ask_other_process(cache=directory, name=trial.name)
    if fault:
        return Finding("bad", "cache", f"{directory} was written, and another process does not read it: {fault}")
    return Finding("ok", "cache", f"{directory} was written, and read by another process")


def _shared(settings: Settings) -> Iterator[Finding]:
    if settings.store is None:
        text = (
            "each host builds what it lacks, by the recipes in URLs (`secret`)"
            if settings.recipes == "must"
            else "neither `store` nor `secret` is set: right for one host, and wrong for several"
        )
        yield Finding("ok" if settings.recipes == "must" else "note", "hosts", text)
        return
    if not settings.secrets:
        yield Finding("note", "hosts", "there is no `secret`: hosts share bundles, and each plans its regions itself")
    texts = [(each.encode() if isinstance(each, str) else each).hex() for each in settings.secrets]
    trial, label = _trial(), "store"
    try:
        store = assemble_shared(settings.store, settings.secrets)
        label = f"store {store.name}"
        store.put(trial)
        store.write_record(f"doctor {trial.name}", json.dumps(trial.name).encode())
        if store.get("css", trial.name) != trial.content:
            yield Finding("bad", label, "what was written was not there afterwards")
            return
    except PressmarkError as error:
        yield Finding("bad", label, str(error))
        return
    if not isinstance(settings.store, str):
        yield Finding("ok", label, "it was written and read by this process")
        return
    fault = ask_other_process(store=settings.store, secrets=texts, name=trial.name)
    if fault:
        yield Finding("bad", label, f"it was written, and another process does not read it: {fault}")
    else:
        yield Finding("ok", label, "it was written, and read by another process")


def _manifest_at(url: str) -> Finding:
    try:
        parent, name = parent_of(url)
        destination = find_destination(parent, is_patient=False)
        raw = destination.read(name)
        if raw is None:
            return Finding("bad", "manifest", f"{destination.name} has no {name}: deploy to it")
        names = names_in(Path(name), raw)
    except Exception as error:  # of the package that speaks with the destination
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        return Finding("bad", "manifest", f"it cannot be read: {reason}")
    return Finding("ok", "manifest", f"{destination.name}/{name}: {counted(len(names), 'release')}")


def _manifest(path: Path, *, has_bundles: bool) -> Finding:
    try:
        names = read_pointer(path) if isfile(path) and not path.name.startswith("manifest-") else [path.name]
        entries = read_manifest(path.parent / names[0])
    except (OSError, ManifestError, IndexError) as error:
        return Finding("bad", "manifest", f"{error}: ship what `pressmark build` has written")
    files = {f"{kind}/{name}.{kind}" for entry in entries.values() for kind, name in entry["files"]}
    lost = sorted(each for each in files if has_bundles and not (path.parent / each).is_file())
    if lost:
        text = f"{path} names {counted(len(lost), 'file')} that are not beside it, such as {lost[0]}"
        return Finding("bad", "manifest", text)
    return Finding("ok", "manifest", f"{path}: {counted(len(entries), 'region')}, {counted(len(names), 'release')}")
