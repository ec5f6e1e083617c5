"""Compressed files of a package: gzip, and zip archives of one file."""

import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from shuttle_diplomacy.errors import CompressionError, UnreadableError
from shuttle_diplomacy.package.guarded import DAMAGED, GuardedStream, buffered, piece_of, reason, too_large
from shuttle_diplomacy.package.http import Limits
from shuttle_diplomacy.package.storage import Storage

_NONE = ("", "no")
_STARTS = {"gz": (b"\x1f\x8b",), "zip": (b"PK\x03\x04", b"PK\x05\x06")}  # the second: an archive without members
_ENCRYPTED = 0x1


def compression_of(path: str, declared: object) -> str:
    """Return how a file is compressed: ``gz``, ``zip``, or an empty text.

    Raises:
        CompressionError: another compression is declared.

    Examples:
        >>> compression_of("a.csv.gz", None), compression_of("a.csv.gz", "no")
        ('gz', '')
    """
    if declared is None:
        ending = path.lower().rpartition(".")[2]
        return ending if ending in _STARTS else ""
    if not isinstance(declared, str) or declared not in {*_STARTS, *_NONE}:
        raise CompressionError(f"compression {declared!r} is not read; store {path} as 'gz', 'zip' or uncompressed")
    return "" if declared in _NONE else declared


def assumed_compression(paths: Sequence[str], declared: object) -> str:
    r"""Return a sentence on the first path whose compression is told by its ending only; empty where none is.

    Examples:
        >>> assumed_compression(["a.csv.gz", "b.csv"], None)
        'compression \'gz\' is taken from the ending of \'a.csv.gz\'; declare "compression": "gz"'
        >>> assumed_compression(["a.csv.gz"], "gz")
        ''
    """
    for path in paths if declared is None else ():
        if kind := compression_of(path, None):
            return f'compression {kind!r} is taken from the ending of {path!r}; declare "compression": "{kind}"'
    return ""


def open_decompressed(path: str, storage: Storage, kind: str) -> BinaryIO:
    """Return a file of a package, decompressed.

    Args:
        path: its path.
        storage: where it is.
        kind: ``gz``, ``zip``, or an empty text.

    Raises:
        CompressionError: the file is not compressed so, or damaged; also while it is read.
        UnreadableError: it is not there or cannot be read.
        UnsafePathError: it is outside of the package.
    """
    with ExitStack() as stack:
        stored = stack.enter_context(storage.open(path))
        stream = _decompressed(path, stored, kind, storage.limits, stack) if kind else stored
        stack.pop_all()
    return stream


def _decompressed(path: str, stored: BinaryIO, kind: str, limits: Limits, stack: ExitStack) -> BinaryIO:
    start = cast(Any, stored).peek(4)[:4]
    if not start.startswith(_STARTS[kind]):
        found = f"starts with the bytes {start.hex(' ')}" if start else "is empty"
        raise CompressionError(f"{path} is not compressed as {kind!r}: it {found}")
    counted = _Counted(stored)
    if kind == "gz":
        source: Any = stack.enter_context(gzip.GzipFile(fileobj=cast(BinaryIO, counted), mode="rb"))
        return buffered(_Decompressed(source, path, counted, limits, closing=(stored,)))
    if not stored.seekable():
        counted = _Counted(stack.enter_context(_copied(stored)))
    try:
        archive = stack.enter_context(zipfile.ZipFile(cast(BinaryIO, counted)))
        info = _only_member(path, archive)
        source = stack.enter_context(archive.open(info))
    except (OSError, *DAMAGED) as error:
        raise CompressionError(f"{path} cannot be decompressed: {reason(error)}") from error
    closing = (archive, counted.source, stored)
    return buffered(_Decompressed(source, path, counted, limits, closing=closing, piece=piece_of(info)))


def _only_member(path: str, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the member that is the table: the one named like the archive, else the only one."""
    members = [info for info in archive.infolist() if not info.is_dir()]
    named = [info for info in members if info.filename == PurePosixPath(path).name[: -len(".zip")]]
    chosen = named if len(named) == 1 else members
    if len(chosen) != 1:
        raise CompressionError(f"{path} holds {len(members)} files; a compressed table is an archive of one file")
    if chosen[0].flag_bits & _ENCRYPTED:
        raise CompressionError(f"{path} is encrypted; store it without a password")
    return chosen[0]


def _copied(stored: BinaryIO) -> BinaryIO:
    """Return a copy that can be positioned, as reading an archive needs it."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the caller)
    try:
        shutil.copyfileobj(stored, copy)
    except OSError as error:
        copy.close()
        raise UnreadableError(f"an archive cannot be copied into a temporary file: {reason(error)}") from error
    except UnreadableError:
        copy.close()
        raise
    return cast(BinaryIO, copy)


class _Counted:
    """A stored file that counts what is read of it."""

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.count = source, 0

    def read(self, size: int = -1) -> bytes:
        content = self.source.read(size)
        self.count += len(content)
        return content

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)


class _Decompressed(GuardedStream):
    """What a decompressor gives, with a limit that grows with what it was given."""

    def __init__(self, source: Any, path: str, counted: _Counted, limits: Limits, **options: Any) -> None:
        super().__init__(source, path, kind=CompressionError, **options)
        self._counted, self._limits = counted, limits

    def readinto(self, buffer: Any) -> int:
        size = super().readinto(buffer)
        most = max(self._limits.max_bytes, self._limits.max_ratio * self._counted.count)
        if self.count > most:
            raise too_large(f"{self._shown}, decompressed,", most, CompressionError)
        return size
