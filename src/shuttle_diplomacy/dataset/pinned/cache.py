"""The user's cache of releases: each under its own checksum, whole or not at all.

``releases/<sha256>/package.zip`` is a release; what has come so far of one stands beside it until it is whole.
``addresses/<key>.json`` says which checksum an address had when it was first opened, so that it is not asked again.
Whatever kills a process, and whenever: a file has its final name only if it was found right, and it is checked again
each time that it is opened.
"""

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from shuttle_diplomacy.dataset.pinned.addresses import file_name, key_of, shown
from shuttle_diplomacy.dataset.pinned.checksums import sha256_of
from shuttle_diplomacy.dataset.pinned.download import DEFAULT_BOUNDS, Bounds, Download
from shuttle_diplomacy.dataset.pinned.part import Part
from shuttle_diplomacy.dataset.pinned.progress import Progress
from shuttle_diplomacy.errors import CacheError, ChecksumError
from shuttle_diplomacy.package.locking import turn

VARIABLE = "SHUTTLE_CACHE"
FILE = "package.zip"
SUM = re.compile("[0-9a-f]{64}")


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
            raise CacheError(unusable(self.root, error)) from error

    def known(self, asked: str) -> Known | None:
        """Return what is known of what is asked for, or None."""
        return read_known(self.addresses / f"{key_of(asked)}.json")

    def all_known(self) -> list[Known]:
        """Return what is known of all addresses, those opened first before others."""
        found = [read_known(file) for file in self.addresses.glob("*.json")]
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
            raise CacheError(unusable(self.root, error)) from error

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
                with turn(self.lock(sha256), patience=None, waiting=lambda: progress.tell(waiting)):
                    # Others may have brought it by now.
                    return self.release(sha256) or self._fetch(address, sha256, origin, progress)
        except OSError as error:
            raise CacheError(unusable(self.root, error)) from error

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

    def lock(self, sha256: str) -> Path:
        """Return the file by which one process at a time works on a release."""
        return self.releases / f"{sha256}.lock"


def read_known(file: Path) -> Known | None:
    """Return what a file says of an address, None if it says nothing."""
    with suppress(OSError, ValueError, KeyError, TypeError):  # not there, or written by some other version
        found = json.loads(file.read_text(encoding="utf-8"))
        if SUM.fullmatch(found["sha256"]):
            return Known(found["sha256"], str(found["address"]), float(found["opened"]))
    return None


def unusable(root: Path, error: OSError) -> str:
    """Return the sentence about a cache that cannot be read or written."""
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
