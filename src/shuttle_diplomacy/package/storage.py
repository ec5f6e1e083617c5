"""Where the files of a package are: a folder, a zip archive or an http address. Nothing outside of it can be read.

Paths are checked by the rules of the standard's "URL or Path" section: POSIX, relative, no ``..``, no hidden
folders (https://datapackage.org/standard/data-resource/#path). On top of that no link may lead out of the folder.
"""

import lzma
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import quote, urljoin

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError
from shuttle_diplomacy.package.http import DEFAULT_LIMITS, Limits, fetch, without_credentials

_DAMAGED = (zlib.error, lzma.LZMAError)


class Storage(Protocol):
    """A place that holds the files of one package."""

    @property
    def where(self) -> str:
        """Return the place, for messages."""
        ...

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        ...

    def local(self, path: str) -> Path | None:
        """Return the file on this machine, or None where there is none."""
        ...


def safe_path(path: str) -> str:
    """Return the path if it stays inside the package.

    Raises:
        UnsafePathError: it is absolute, has a part that is hidden or leads upwards, or is written with backslashes.

    Examples:
        >>> safe_path("data/summits.csv")
        'data/summits.csv'
        >>> safe_path("../secret")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnsafePathError: path '../secret' leads out of the package; ...
    """
    parts = path.split("/")
    outside = not path or path.startswith(("/", "~")) or "\\" in path or "\0" in path or ":" in parts[0]
    if outside or any(part.startswith(".") and part != "." for part in parts):
        raise UnsafePathError(f"path {path!r} leads out of the package; use a relative path below datapackage.json")
    return str(PurePosixPath(path))


def _too_large(path: str, limits: Limits) -> UnreadableError:
    return UnreadableError(f"{path} is larger than the limit of {limits.max_bytes:,} bytes")


@dataclass(frozen=True)
class Folder:
    """A folder of this machine."""

    root: Path
    limits: Limits = DEFAULT_LIMITS

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
        if not target.resolve().is_relative_to(self.root.resolve()):
            raise UnsafePathError(f"path {path!r} is a link that leads out of the package")
        return target

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            UnreadableError: it is not there, not a file, or not readable.
            UnsafePathError: it is outside of the folder.
        """
        target = self.local(path)
        assert target is not None
        if not target.is_file():
            raise UnreadableError(f"{target} is not there")
        try:
            return target.read_bytes()
        except OSError as error:
            raise UnreadableError(f"{target} cannot be read: {error.strerror}") from error


@dataclass(frozen=True)
class Archive:
    """A zip archive with ``datapackage.json`` at its root."""

    file: Path
    limits: Limits = DEFAULT_LIMITS

    @property
    def where(self) -> str:
        """Return the archive's path."""
        return str(self.file)

    def local(self, path: str) -> Path | None:  # noqa: ARG002 (the protocol's signature)
        """Return None: the files are inside the archive."""
        return None

    def read(self, path: str) -> bytes:
        """Return the bytes of a member; never more than the limit, whatever the archive claims.

        Raises:
            UnreadableError: the archive is broken, has no such member, or the member is too large.
            UnsafePathError: the path leads out of the archive.
        """
        name = safe_path(path)
        try:
            with zipfile.ZipFile(self.file) as archive, archive.open(name) as member:
                content = member.read(self.limits.max_bytes + 1)
        except KeyError:
            raise UnreadableError(f"{self.file} has no member {name!r}") from None
        except (OSError, zipfile.BadZipFile, RuntimeError, EOFError, ValueError, *_DAMAGED) as error:
            raise UnreadableError(f"{self.file} cannot be read as a zip archive: {error}") from error
        if len(content) > self.limits.max_bytes:
            raise _too_large(f"{self.file}:{name}", self.limits)
        return content


@dataclass(frozen=True)
class Remote:
    """A package at an http(s) address; each file is fetched once."""

    base: str
    limits: Limits = DEFAULT_LIMITS
    _fetched: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def where(self) -> str:
        """Return the address, without any user name or password."""
        return without_credentials(self.base)

    def local(self, path: str) -> Path | None:  # noqa: ARG002 (the protocol's signature)
        """Return None: the files are elsewhere."""
        return None

    def read(self, path: str) -> bytes:
        """Return the bytes behind ``base`` + ``path``.

        Raises:
            UnreadableError: see :func:`~shuttle_diplomacy.package.http.fetch`.
            UnsafePathError: the path leads out of the package.
        """
        if path not in self._fetched:
            self._fetched[path] = fetch(urljoin(self.base, quote(safe_path(path))), self.limits)
        return self._fetched[path]
