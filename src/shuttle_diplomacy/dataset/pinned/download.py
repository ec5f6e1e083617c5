"""Downloading one file of a known checksum: interrupted, it goes on where it was, or begins again cleanly.

What has come so far is a :class:`~shuttle_diplomacy.dataset.pinned.part.Part`. The file itself only ever gets its
name whole: by pooch, after its checksum was found right.
"""

import errno
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from shuttle_diplomacy.dataset.pinned.addresses import key_of, permit, shown
from shuttle_diplomacy.dataset.pinned.checksums import sha256_of
from shuttle_diplomacy.dataset.pinned.part import Part
from shuttle_diplomacy.dataset.pinned.progress import Progress, amount
from shuttle_diplomacy.errors import ChecksumError, NotServedError, UnreadableError
from shuttle_diplomacy.package.http import (
    NOT_SERVED,
    Deadline,
    Limits,
    RefusedError,
    answer,
    open_session,
    reason_of,
)

if TYPE_CHECKING:
    import requests

_CHUNK = 1 << 14
_OK, _PARTIAL, _NOT_SATISFIABLE = 200, 206, 416
_MAY_PASS = {408, 425, 429, 500, 502, 503, 504}
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")


@dataclass(frozen=True)
class Bounds:
    """Bounds of a download; how long it takes as a whole has none.

    Attributes:
        connect_seconds: how long to wait for a connection.
        quiet_seconds: within this time an answer has to begin, and then 16 KiB have to come, again and again.
        max_bytes: the largest file that is accepted, whatever the server says of its size.
        max_redirects: how many redirects are followed.
        attempts: how often to try without getting any further.
        pause_seconds: how long to wait before the second attempt; longer before later ones.
    """

    connect_seconds: float = 10
    quiet_seconds: float = 30
    max_bytes: int = 4 * 10**9
    max_redirects: int = 5
    attempts: int = 4
    pause_seconds: float = 0.5


DEFAULT_BOUNDS = Bounds()


class _InterruptedError(Exception):
    """What may be over when it is tried again."""


class _TooLargeError(RefusedError):
    """More than is accepted."""


class _ChangedError(Exception):
    """What has come so far is of no use any more."""


@dataclass
class Download:
    """A downloader for pooch that knows the address itself, so that pooch never sees a password.

    Attributes:
        address: what to fetch.
        sha256: what it has to be.
        part: where what has come so far is kept.
        origin: who says what the checksum has to be, for messages.
        bounds: bounds on time and size.
        progress: shows how far it is.
    """

    address: str = field(repr=False)
    sha256: str
    part: Part
    origin: str
    bounds: Bounds = DEFAULT_BOUNDS
    progress: Progress = field(default_factory=lambda: Progress("download"))

    def __call__(self, url: str, output_file: object, pooch: object, check_only: bool | None = False) -> None:
        """Put the whole file, found right, where pooch wants it.

        Raises:
            ChecksumError: it is not what the checksum promises; nothing of it is kept.
            NotServedError: there is no such file.
            UnreadableError: it cannot be fetched; what has come is kept if it can be gone on with.
            OSError: it cannot be written.
        """
        del url, pooch, check_only
        resumed = self.part.size > 0
        try:
            resumed = self._fetch() or resumed
            found = sha256_of(self.part.file)
            if found != self.sha256 and resumed:  # pieces of different files, perhaps
                self.part.drop()
                self._fetch()
                found = sha256_of(self.part.file)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                self.part.drop()
            raise
        if found != self.sha256:
            size = self.part.size
            self.part.drop()
            raise ChecksumError(
                f"{shown(self.address)} is not what it has to be: its SHA-256 is {found} ({size:,} bytes), but "
                f"{self.origin} says {self.sha256}; nothing was kept. Try again later, and tell the publisher if it "
                f"stays so"
            )
        self.part.file.replace(Path(str(output_file)))
        self.part.drop()

    def _fetch(self) -> bool:
        """Fetch until all is there; return whether it was put together from several answers."""
        best = failures = answers = 0
        while True:
            try:
                answers += 1
                self._attempt()
            except _ChangedError:
                self.part.drop()
                failures += 1
                reason = "it changes while it is fetched"
            except _InterruptedError as error:
                size = self.part.size
                failures = 1 if size > best + _CHUNK else failures + 1
                best = max(best, size)
                reason = str(error)
            else:
                return answers > 1
            if failures >= self.bounds.attempts:
                raise UnreadableError(f"{shown(self.address)} cannot be downloaded: {reason}{self._kept()}")
            self.progress.tell(f"{reason}; trying again")
            time.sleep(self.bounds.pause_seconds * failures)

    def _kept(self) -> str:
        size = self.part.size
        if not size or not self.part.validator(key_of(self.address)):
            return "; try again later"
        return f"; {amount(size)} of it are kept, the next try goes on from there"

    def _attempt(self) -> None:
        import requests
        import urllib3

        limits = Limits(
            connect_seconds=self.bounds.connect_seconds,
            read_seconds=self.bounds.quiet_seconds,
            max_redirects=self.bounds.max_redirects,
        )
        try:
            with Deadline(self.bounds.quiet_seconds) as quiet, open_session(quiet) as session:
                try:
                    with answer(session, self.address, limits, self._headers(), permit) as response:
                        self._take(response, quiet)
                except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                    if quiet.passed:
                        raise _InterruptedError(f"nothing came for {self.bounds.quiet_seconds:g} seconds") from error
                    raise
        except RefusedError as error:
            if isinstance(error, _TooLargeError):
                self.part.drop()
            kind = NotServedError if error.status in NOT_SERVED else UnreadableError
            raise kind(f"{shown(self.address)} {error}") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError) as error:
            raise UnreadableError(f"{shown(self.address)} cannot be fetched: {reason_of(error)}") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _InterruptedError(reason_of(error)) from error

    def _headers(self) -> dict[str, str]:
        """Ask for the rest, if what has come is of a state that the server can recognise."""
        headers = {"Accept-Encoding": "identity"}
        size, validator = self.part.size, self.part.validator(key_of(self.address))
        if size and validator:
            headers |= {"Range": f"bytes={size}-", "If-Range": validator}
        return headers

    def _take(self, response: "requests.Response", quiet: Deadline) -> None:
        status = response.status_code
        if status in _MAY_PASS:
            raise _InterruptedError(f"it answers with status {status}")
        if status == _NOT_SATISFIABLE and self.part.size:
            raise _ChangedError
        if status == _PARTIAL:
            total = self._check_rest(response)
        elif status == _OK:
            total = _number(response.headers.get("Content-Length"))
            self.part.begin({"key": key_of(self.address), "validator": _validator(response), "total": total})
        else:
            raise RefusedError(f"answers with status {status}", status)
        self._check_size(total or 0)
        self._write(response, total, quiet)
        if total is not None and self.part.size < total:
            raise _InterruptedError(f"the connection was cut after {amount(self.part.size)} of {amount(total)}")

    def _check_rest(self, response: "requests.Response") -> int | None:
        """Return the size of the whole, if the answer is the rest of what has come."""
        found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        same = _validator(response) in ("", self.part.validator(key_of(self.address)))
        if not found or int(found[1]) != self.part.size or not self.part.size or not same:
            raise _ChangedError
        return _number(found[2])

    def _check_size(self, size: int) -> None:
        if size > self.bounds.max_bytes:
            raise _TooLargeError(
                f"is larger than the limit of {amount(self.bounds.max_bytes)}; download it by other means and open the "
                f"file"
            )

    def _write(self, response: "requests.Response", total: int | None, quiet: Deadline) -> None:
        size = self.part.size
        with self.part.file.open("ab", buffering=0) as target:
            self.progress.show(size, total)
            # Bytes as they are stored: the checksum is of those.
            while chunk := response.raw.read(_CHUNK, decode_content=False):
                quiet.renew()
                size += len(chunk)
                self._check_size(size)
                if total is not None and size > total:
                    raise _ChangedError
                _write_all(target.fileno(), chunk)
                self.progress.show(size, total)
            os.fsync(target.fileno())
        if quiet.passed:  # a connection that was cut may look like the end
            raise _InterruptedError(f"nothing came for {self.bounds.quiet_seconds:g} seconds")


def _write_all(descriptor: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(descriptor, view) :]


def _number(text: str | None) -> int | None:
    """Return a number of a header, None where there is none or it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 20 else None  # noqa: PLR2004


def _validator(response: "requests.Response") -> str:
    """Return what ``If-Range`` may hold: a strong ETag, else the date of the last change."""
    etag = str(response.headers.get("ETag", "")).strip()
    if etag.startswith('"') and etag.endswith('"'):
        return etag
    return str(response.headers.get("Last-Modified", "")).strip()
