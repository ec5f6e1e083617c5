"""What is in the cache, for people: listing it and removing it."""

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shuttle_diplomacy.dataset.pinned.addresses import file_name, release_in
from shuttle_diplomacy.dataset.pinned.cache import FILE, SUM, Cache, read_known, unusable
from shuttle_diplomacy.dataset.pinned.checksums import sha256_of
from shuttle_diplomacy.errors import CacheError, ShuttleError
from shuttle_diplomacy.package.locking import turn


@dataclass(frozen=True)
class Entry:
    """A release in the cache.

    Attributes:
        sha256: its checksum.
        name: the package's name, empty if unknown.
        version: its version, empty if unknown.
        state: ``whole``, ``partial`` or ``damaged``.
        size: how many bytes it takes.
        changed: when it was last written, in seconds since 1970.
        addresses: where it is from, as may be shown.
    """

    sha256: str
    name: str
    version: str
    state: str
    size: int
    changed: float
    addresses: tuple[str, ...]


def entries(cache: Cache) -> list[Entry]:
    """Return what is in the cache, by name, version and checksum.

    Raises:
        CacheError: it cannot be read.
    """
    known = cache.all_known()
    try:
        folders = [f for f in cache.releases.iterdir() if f.is_dir() and SUM.fullmatch(f.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CacheError(unusable(cache.root, error)) from error
    found: list[Entry] = []
    for folder in folders:
        with suppress(FileNotFoundError):  # finished or removed by another process at this moment
            found.append(_entry(folder, [k.address for k in known if k.sha256 == folder.name]))
    return sorted(found, key=lambda entry: (entry.name, entry.version, entry.sha256))


def clear(cache: Cache, version: str | None = None) -> tuple[list[Entry], list[Entry]]:
    """Remove all releases, or those of one version; other files of the folder stay.

    Returns:
        What was removed, and what stays because another process is downloading it.

    Raises:
        CacheError: something cannot be removed.
    """
    removed: list[Entry] = []
    busy: list[Entry] = []
    try:
        for entry in entries(cache):
            if version is not None and entry.version != version:
                continue
            try:
                with turn(cache.lock(entry.sha256), patience=0):
                    _forget(cache, entry.sha256)
                    shutil.rmtree(cache.releases / entry.sha256)
                removed.append(entry)
            except TimeoutError:
                busy.append(entry)
        if version is None and not busy:
            _sweep(cache)
    except OSError as error:
        raise CacheError(unusable(cache.root, error)) from error
    return removed, busy


def _forget(cache: Cache, sha256: str) -> None:
    for file in cache.addresses.glob("*.json"):
        known = read_known(file)
        if known is not None and known.sha256 == sha256:
            file.unlink(missing_ok=True)


def _sweep(cache: Cache) -> None:
    """Remove what is known of addresses whose release is not here, and what killed processes left of it."""
    for file in [*cache.addresses.glob("*.json"), *cache.addresses.glob("*.new")]:
        known = read_known(file)
        if known is None or not (cache.releases / known.sha256).exists():
            file.unlink(missing_ok=True)


def _entry(folder: Path, addresses: list[str]) -> Entry:
    stats = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # part of what is being downloaded
            stats.append(file.stat())
    archive = folder / FILE
    state = "partial"
    if archive.exists():
        state = "whole" if sha256_of(archive) == folder.name else "damaged"
    with suppress(OSError, ValueError, KeyError, TypeError):
        if not addresses:
            addresses = [str(json.loads((folder / "about.json").read_text(encoding="utf-8"))["address"])]
    name, version = _described(archive) if state == "whole" else ("", "")
    if not version:
        name, version = next(filter(None, (release_in(file_name(a)) for a in addresses)), ("", ""))
    size, changed = sum(s.st_size for s in stats), max((s.st_mtime for s in stats), default=0.0)
    return Entry(folder.name, name, version, state, size, changed, tuple(addresses))


def _described(archive: Path) -> tuple[str, str]:
    """Return name and version that a package states."""
    from shuttle_diplomacy.package.reading import open_archive

    with suppress(ShuttleError, OSError):
        described = open_archive(archive).descriptor
        return str(described.get("name") or ""), str(described.get("version") or "")
    return "", ""
