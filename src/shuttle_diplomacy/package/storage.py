"""Where the files of a package are: a folder, a zip archive or an http address. Nothing outside of it can be read.

Paths are checked by the rules of the standard's "URL or Path" section: POSIX, relative, no ``..``, no hidden
folders (https://datapackage.org/standard/data-resource/#path). On top of that no link may lead out of the folder,
and an address has to be below the package's own.
"""

import os
import re
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast
from urllib.parse import quote, unquote, urljoin, urlsplit

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError
from shuttle_diplomacy.package.guarded import (
    DAMAGED,
    Fetched,
    GuardedStream,
    Shared,
    buffered,
    open_regular,
    piece_of,
    reason,
    too_large,
    whole,
)
from shuttle_diplomacy.package.http import DEFAULT_LIMITS, Limits, fetch_into, origin, without_credentials

DESCRIPTOR_BYTES = 64 << 20  # a descriptor, schema or rule is never that large
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Storage(Protocol):
    """A place that holds the files of one package."""

    @property
    def where(self) -> str:
        """Return the place, for messages."""
        ...

    @property
    def limits(self) -> Limits:
        """Return the bounds on time and size."""
        ...

    @property
    def is_remote(self) -> bool:
        """Return whether the files are behind addresses."""
        ...

    def check_path(self, path: str) -> None:
        """Raise an UnsafePathError for what is outside of the package; nothing is opened or fetched."""
        ...

    def open(self, path: str) -> BinaryIO:
        """Return the bytes of a file as a stream, to be closed by the caller."""
        ...

    def read(self, path: str, most: int | None = None) -> bytes:
        """Return the bytes of a file of at most so many bytes."""
        ...

    def local(self, path: str) -> Path | None:
        """Return the file on this machine, or None where there is none."""
        ...


def safe_path(path: str) -> str:
    """Return the path if it stays inside the package.

    Raises:
        UnsafePathError: it is an address, absolute, has a part that is hidden or leads upwards (percent-encoded
            too), or is written with backslashes.

    Examples:
        >>> safe_path("data/summits.csv")
        'data/summits.csv'
        >>> safe_path("../secret")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnsafePathError: path '../secret' leads out of the package; ...
    """
    if _ADDRESS.match(path):
        raise _outside(path)
    decoded = _decoded(path)
    outside = not path or decoded.startswith(("/", "~")) or "\\" in decoded or "\0" in decoded
    hidden = any(part.startswith(".") and part != "." for part in [*path.split("/"), *decoded.split("/")])
    if outside or hidden or ":" in path.partition("/")[0] or str(PurePosixPath(path)) == ".":
        raise UnsafePathError(f"path {path!r} leads out of the package; use a relative path below datapackage.json")
    return str(PurePosixPath(path))


def address_below(base: str, path: str) -> str:
    """Return the address of a file of the package at ``base``; the path may be an address below it.

    Raises:
        UnsafePathError: it is not below.

    Examples:
        >>> address_below("https://example.org/p/", "data/a b.csv")
        'https://example.org/p/data/a%20b.csv'
        >>> address_below("https://example.org/p/", "https://EXAMPLE.org:443/p/a.csv?version=2")
        'https://example.org/p/a.csv?version=2'
        >>> address_below("https://example.org/p/", "https://example.org/q/a.csv")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnsafePathError: path 'https://example.org/q/a.csv' is an address outside of ...
    """
    if not _ADDRESS.match(path):
        return urljoin(base, quote(safe_path(path)))
    own = urlsplit(base)
    folder = own.path.rpartition("/")[0] + "/"
    try:
        parts, same = urlsplit(path), False
        # urlsplit leaves out line ends and tabs: what is checked would not be what is written
        if path.isprintable() and " " not in path and "@" not in parts.netloc:
            same = origin(parts) == origin(own) and parts.path.startswith(folder)
    except ValueError:
        raise _outside(path) from None
    if not same:
        raise _outside(path)
    below = parts.path.removeprefix(folder)
    safe_path(_decoded(below))
    return own._replace(path=folder + below, query=parts.query, fragment="").geturl()


def _outside(path: str) -> UnsafePathError:
    shown = without_credentials(path)
    return UnsafePathError(f"path {shown!r} is an address outside of the package; copy the file into the package")


def _decoded(path: str) -> str:
    """Return a path without percent-encoding, also where it was encoded several times."""
    while (decoded := unquote(path)) != path:
        path = decoded
    return path


@dataclass(frozen=True)
class Folder:
    """A folder of this machine."""

    root: Path
    limits: Limits = DEFAULT_LIMITS
    is_remote = False

    @property
    def where(self) -> str:
        """Return the folder."""
        return str(self.root)

    def local(self, path: str) -> Path | None:
        """Return the file's path.

        Raises:
            UnsafePathError: the path, or a link on its way, leads out of the folder.
        """
        target = self.root / safe_path(path)
        self._inside(target, path)
        return target

    def check_path(self, path: str) -> None:
        """Raise an UnsafePathError for what is outside of the folder."""
        self.local(path)

    def _inside(self, target: Path, path: str) -> str:
        """Return the target without links (``realpath`` does not fail on circular ones)."""
        try:
            real = os.path.realpath(target)
        except (OSError, ValueError) as error:  # ValueError: a name that the system's encoding cannot hold
            raise UnreadableError(f"path {path!r} cannot be looked up: {reason(error)}") from error
        if not Path(real).is_relative_to(os.path.realpath(self.root)):
            raise UnsafePathError(f"path {path!r} is a link that leads out of the package")
        return real

    def open(self, path: str) -> BinaryIO:
        """Return a file; it can be positioned and has no limit.

        Raises:
            UnreadableError: it is not there, not a regular file, or not readable.
            UnsafePathError: it is outside of the folder, also if a link was changed at this moment.
        """
        target = self.root / safe_path(path)
        self._inside(target, path)
        opened = open_regular(target)
        try:
            inside = os.path.samestat(os.fstat(opened.fileno()), os.lstat(self._inside(target, path)))
        except (OSError, UnreadableError, UnsafePathError):
            inside = False
        if not inside:
            opened.close()
            raise UnsafePathError(f"path {path!r} is a link that leads out of the package")
        return buffered(GuardedStream(opened, str(target)))

    def read(self, path: str, most: int | None = None) -> bytes:
        """Return the bytes of a file.

        Raises:
            UnreadableError: it is not there, not a file, not readable, or larger than ``most``.
            UnsafePathError: it is outside of the folder.
        """
        return whole(self.open(path), str(self.root / path), most)


@dataclass(frozen=True)
class Archive:
    """A zip archive with ``datapackage.json`` at its root.

    Attributes:
        file: the archive.
        limits: bounds on size.
        address: where it was fetched from, if it was; then ``fetched`` keeps the file as long as it is needed.
    """

    file: Path
    limits: Limits = DEFAULT_LIMITS
    address: str = ""
    fetched: object = field(default=None, repr=False, compare=False)
    is_remote = False

    @property
    def where(self) -> str:
        """Return the archive's path or address."""
        return self.address or str(self.file)

    def local(self, path: str) -> Path | None:  # noqa: ARG002 (the protocol's signature)
        """Return None: the files are inside the archive."""
        return None

    def check_path(self, path: str) -> None:
        """Raise an UnsafePathError for what leads out of the archive."""
        safe_path(path)

    def open(self, path: str) -> BinaryIO:
        """Return a member, decompressed as it is read; never more than the limit, whatever the archive claims.

        Raises:
            UnreadableError: the archive is broken, has no such member, or the member is too large.
            UnsafePathError: the path leads out of the archive.
        """
        name = safe_path(path)
        shown = f"{self.where}: {name}"
        with ExitStack() as stack:
            file = stack.enter_context(open_regular(self.file))
            try:
                archive = stack.enter_context(zipfile.ZipFile(file))
                info = archive.getinfo(name)
                if info.file_size > self.limits.max_bytes:
                    raise too_large(shown, self.limits.max_bytes)
                member = stack.enter_context(archive.open(info))
            except KeyError:
                raise UnreadableError(f"{self.where} has no member {name!r}") from None
            except (OSError, *DAMAGED) as error:
                raise UnreadableError(f"{self.where} cannot be read as a zip archive: {reason(error)}") from error
            stack.pop_all()
        guarded = GuardedStream(
            member,
            shown,
            most=self.limits.max_bytes,
            piece=piece_of(info),
            closing=(archive, file),
            fails="cannot be read as a zip archive",
        )
        return buffered(guarded)

    def read(self, path: str, most: int | None = None) -> bytes:
        """Return the bytes of a member.

        Raises:
            UnreadableError: see :meth:`open`; or it is larger than ``most``.
            UnsafePathError: the path leads out of the archive.
        """
        return whole(self.open(path), f"{self.where}: {path}", most)


@dataclass(frozen=True)
class Remote:
    """A package at an http(s) address; each file is fetched once."""

    base: str
    limits: Limits = DEFAULT_LIMITS
    is_remote = True
    _fetched: dict[str, Fetched] = field(default_factory=dict, repr=False, compare=False)

    @property
    def where(self) -> str:
        """Return the address, without any user name or password."""
        return without_credentials(self.base)

    def local(self, path: str) -> Path | None:  # noqa: ARG002 (the protocol's signature)
        """Return None: the files are elsewhere."""
        return None

    def check_path(self, path: str) -> None:
        """Raise an UnsafePathError for what is not below the package's address."""
        address_below(self.base, path)

    def open(self, path: str) -> BinaryIO:
        """Return the bytes behind ``base`` + ``path``; fetched as a whole before, kept until :meth:`close`.

        Raises:
            UnreadableError: see :func:`~shuttle_diplomacy.package.http.fetch_into`.
            UnsafePathError: the path is not below the package's address.
        """
        address = address_below(self.base, path)
        if address not in self._fetched:
            fetched = Fetched()
            fetch_into(address, cast(BinaryIO, fetched.file), self.limits)
            self._fetched[address] = fetched
        return buffered(GuardedStream(Shared(self._fetched[address]), without_credentials(address)))

    def read(self, path: str, most: int | None = None) -> bytes:
        """Return the bytes behind ``base`` + ``path``.

        Raises:
            UnreadableError: see :meth:`open`; or they are more than ``most``.
            UnsafePathError: the path is not below the package's address.
        """
        return whole(self.open(path), without_credentials(address_below(self.base, path)), most)

    def close(self) -> None:
        """Delete what was fetched; it happens by itself when the package is no longer used."""
        for fetched in self._fetched.values():
            fetched.close()
        self._fetched.clear()
