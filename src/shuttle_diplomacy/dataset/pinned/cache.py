"""The user's cache of releases: each under its own checksum, whole or not at all.

``releases/<sha256>/package.zip`` is a release; what has come so far of one stands beside it until it is whole.
``addresses/<key>.json`` says which checksum an address had when it was first opened, so that it is not asked again.
Whatever kills a process, and whenever: a file has its final name only if it was found right, and it is checked again
each time that it is opened.
"""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from shuttle_diplomacy.dataset.pinned.addresses import file_name, key_of, release_in, shown
from shuttle_diplomacy.dataset.pinned.checksums import sha256_of
from shuttle_diplomacy.dataset.pinned.download import DEFAULT_BOUNDS, Bounds, Download, Part
from shuttle_diplomacy.dataset.pinned.progress import Progress
from shuttle_diplomacy.errors import CacheError, ChecksumError, ShuttleError
from shuttle_diplomacy.package.locking import turn

VARIABLE = "SHUTTLE_CACHE"
FILE = "package.zip"
_SUM = re.compile("[0-9a-f]{64}")


def default_folder() -> Path:
    """Return the folder of the cache: that of ``SHUTTLE_CACHE``, else the system's one for this user.

    Raises:
        CacheError: there is none.
    """
    named = os.environ.get(VARIABLE)
    try:
        if named:
            return Path(named).expanduser().absolute()
        import pooch

        return Path(pooch.os_cache("shuttle-diplomacy"))
    except (RuntimeError, OSError) as error:
        raise CacheError(f"nobody knows where this user's cache is: {error}; set {VARIABLE} to a folder") from error


@dataclass(frozen=True)
class Known:
    """What is known of an address that was opened before.

    Attributes:
        sha256: the checksum that it had.
        address: the address as it may be shown.
        opened: when it was opened first, in seconds since 1970.
    """

    sha256: str
    address: str
    opened: float


@dataclass(frozen=True)
class Cache:
    """A folder of releases.

    Attributes:
        root: the folder; it is made when something is put into it.
        bounds: bounds of downloads.
    """

    root: Path
    bounds: Bounds = DEFAULT_BOUNDS

    @property
    def releases(self) -> Path:
        """Return the folder of the releases."""
        return self.root / "releases"

    @property
    def addresses(self) -> Path:
        """Return the folder of what is known of addresses."""
        return self.root / "addresses"

    def release(self, sha256: str) -> Path | None:
        """Return the file of a release if it is here and whole; nothing is asked or changed.

        Raises:
            CacheError: it cannot be read.
        """
        file = self.releases / sha256 / FILE
        try:
            return file if sha256_of(file) == sha256 else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise CacheError(_unusable(self.root, error)) from error

    def known(self, asked: str) -> Known | None:
        """Return what is known of what is asked for, or None."""
        return _read_known(self.addresses / f"{key_of(asked)}.json")

    def all_known(self) -> list[Known]:
        """Return what is known of all addresses, those opened first before others."""
        found = [_read_known(file) for file in self.addresses.glob("*.json")]
        return sorted((known for known in found if known), key=lambda known: (known.opened, known.address))

    def remember(self, asked: str, sha256: str, address: str) -> None:
        """Keep which checksum it is that was asked for.

        Args:
            asked: an address, a DOI, or whatever else always means one release.
            sha256: its checksum.
            address: where it was.

        Raises:
            CacheError: it cannot be written.
        """
        known = {"sha256": sha256, "address": shown(address), "opened": int(time.time())}
        try:
            self.addresses.mkdir(parents=True, exist_ok=True)
            # Of its own name in each process, and renamed when it is whole.
            with NamedTemporaryFile("w", dir=self.addresses, suffix=".new", delete=False, encoding="utf-8") as file:
                json.dump(known, file)
            Path(file.name).replace(self.addresses / f"{key_of(asked)}.json")
        except OSError as error:
            raise CacheError(_unusable(self.root, error)) from error

    def download(self, address: str, sha256: str, origin: str) -> Path:
        """Return the file of a release, downloaded if it is not here; one process at a time fetches it.

        Args:
            address: where it is.
            sha256: its checksum.
            origin: who says so, for messages.

        Raises:
            ChecksumError: what came is something else.
            UnreadableError: it cannot be fetched.
            CacheError: the cache cannot be written.
        """
        try:
            self.releases.mkdir(parents=True, exist_ok=True)
            with Progress(file_name(address) or "release") as progress:
                waiting = "another process is downloading it; waiting"
                with turn(self._lock(sha256), patience=None, waiting=lambda: progress.tell(waiting)):
                    # Others may have brought it by now.
                    return self.release(sha256) or self._fetch(address, sha256, origin, progress)
        except OSError as error:
            raise CacheError(_unusable(self.root, error)) from error

    def _fetch(self, address: str, sha256: str, origin: str, progress: Progress) -> Path:
        import pooch

        folder = self.releases / sha256
        folder.mkdir(exist_ok=True)
        part = Part(folder / f"{FILE}.part")
        for left in folder.iterdir():  # by killed processes; or damaged, and then to be fetched again
            if left not in (part.file, part.state):
                left.unlink()
        (folder / "about.json").write_text(json.dumps({"address": shown(address)}), encoding="utf-8")
        download = Download(address, sha256, part, origin, self.bounds, progress)
        try:
            with _silent():
                fetched = pooch.retrieve(shown(address), f"sha256:{sha256}", FILE, folder, downloader=download)
        except ValueError as error:
            raise ChecksumError(f"{shown(address)} was damaged on this machine while it was stored: {error}") from error
        return Path(fetched)

    def _lock(self, sha256: str) -> Path:
        return self.releases / f"{sha256}.lock"

    def entries(self) -> list["Entry"]:
        """Return what is in the cache, by name, version and checksum.

        Raises:
            CacheError: it cannot be read.
        """
        known = self.all_known()
        try:
            folders = [f for f in self.releases.iterdir() if f.is_dir() and _SUM.fullmatch(f.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise CacheError(_unusable(self.root, error)) from error
        found: list[Entry] = []
        for folder in folders:
            with suppress(FileNotFoundError):  # finished or removed by another process at this moment
                found.append(_entry(folder, [k.address for k in known if k.sha256 == folder.name]))
        return sorted(found, key=lambda entry: (entry.name, entry.version, entry.sha256))

    def clear(self, version: str | None = None) -> tuple[list["Entry"], list["Entry"]]:
        """Remove all releases, or those of one version; other files of the folder stay.

        Returns:
            What was removed, and what stays because another process is downloading it.

        Raises:
            CacheError: something cannot be removed.
        """
        removed: list[Entry] = []
        busy: list[Entry] = []
        try:
            for entry in self.entries():
                if version is not None and entry.version != version:
                    continue
                try:
                    with turn(self._lock(entry.sha256), patience=0):
                        self._forget(entry.sha256)
                        shutil.rmtree(self.releases / entry.sha256)
                    removed.append(entry)
                except TimeoutError:
                    busy.append(entry)
            if version is None and not busy:
                self._sweep()
        except OSError as error:
            raise CacheError(_unusable(self.root, error)) from error
        return removed, busy

    def _forget(self, sha256: str) -> None:
        for file in self.addresses.glob("*.json"):
            known = _read_known(file)
            if known is not None and known.sha256 == sha256:
                file.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what is known of addresses whose release is not here, and what killed processes left of it."""
        for file in [*self.addresses.glob("*.json"), *self.addresses.glob("*.new")]:
            known = _read_known(file)
            if known is None or not (self.releases / known.sha256).exists():
                file.unlink(missing_ok=True)


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


def _read_known(file: Path) -> Known | None:
    with suppress(OSError, ValueError, KeyError, TypeError):  # not there, or written by some other version
        found = json.loads(file.read_text(encoding="utf-8"))
        if _SUM.fullmatch(found["sha256"]):
            return Known(found["sha256"], str(found["address"]), float(found["opened"]))
    return None


def _unusable(root: Path, error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"the cache {root} cannot be used: {reason}; free some space there, or set {VARIABLE} to another folder"


@contextmanager
def _silent() -> Iterator[None]:
    """Keep pooch from logging what this thread does; what other threads do with pooch is logged as they like."""
    import logging
    import threading

    import pooch

    me = threading.get_ident()

    def of_others(record: logging.LogRecord) -> bool:
        return record.thread != me

    logger = pooch.get_logger()
    logger.addFilter(of_others)
    try:
        yield
    finally:
        logger.removeFilter(of_others)
