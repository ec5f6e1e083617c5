"""Streams whose errors are sentences: files, members of archives, and fetched bytes with several readers."""

import errno
import io
import lzma
import os
import stat
import struct
import tempfile
import threading
import weakref
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from shuttle_diplomacy.errors import UnreadableError

# What zipfile, gzip and the decompressors raise on damaged input.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, RuntimeError, ValueError, IndexError, OverflowError),
)
_IN_MEMORY = 16 << 20  # larger files from an address are kept in an anonymous temporary file
_PIECE = 1 << 20
# bz2 and lzma hand out all that a piece of input grows to; a small piece keeps that small.
_SMALL_PIECE = 1 << 12
_SMALL_STEPS = {zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


class GuardedStream(io.RawIOBase):
    """A stream whose errors, also those in the middle, are one sentence, and that ends at a limit.

    Attributes:
        count: how many bytes were read so far.
    """

    def __init__(
        self,
        source: Any,
        shown: str,
        *,
        most: int | None = None,
        piece: int = 1 << 30,
        closing: Iterable[Any] = (),
        kind: type[UnreadableError] = UnreadableError,
        fails: str = "cannot be read",
    ) -> None:
        """Guard a stream.

        Args:
            source: a binary stream with ``readinto``.
            shown: its name in messages.
            most: how many bytes may be read from it.
            piece: how many bytes are asked for at once.
            closing: what is closed after it.
            kind: the error to raise.
            fails: what the message says of it.
        """
        self.count = 0
        self._source, self._shown, self._most, self._piece, self._kind = source, shown, most, piece, kind
        self._fails = fails
        self._closing = [source, *closing]

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return whether the source can be positioned at no cost: a file can, a decompressor cannot."""
        return isinstance(self._source, io.FileIO | Shared)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Position the source; before its start is an OSError, on which zipfile relies."""
        return int(self._source.seek(offset, whence))

    def tell(self) -> int:
        """Return the position of the source."""
        return int(self._source.tell()) if self.seekable() else self.count

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer.

        Raises:
            UnreadableError: the file cannot be read on, is damaged, or is larger than the limit.
        """
        try:
            size = int(self._source.readinto(memoryview(buffer)[: self._piece]) or 0)
        except (OSError, *DAMAGED) as error:
            raise self._error(error) from error
        self.count += size
        if self._most is not None and self.count > self._most:
            raise too_large(self._shown, self._most, self._kind)
        return size

    def close(self) -> None:
        """Close the source and what belongs to it."""
        if not self.closed:
            with ExitStack() as stack:
                stack.callback(super().close)
                for item in reversed(self._closing):
                    stack.callback(item.close)

    def _error(self, error: Exception) -> UnreadableError:
        return self._kind(f"{self._shown} {self._fails}: {reason(error)}")


def reason(error: Exception) -> str:
    """Return what an error of the system or of a decompressor says, as a part of a sentence."""
    if isinstance(error, OSError) and error.errno == errno.EINVAL:  # so says a seek before the start
        return "it names a place that is not in it"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def too_large(shown: str, most: int, kind: type[UnreadableError] = UnreadableError) -> UnreadableError:
    """Return the error for a file above a limit."""
    return kind(f"{shown} is larger than the limit of {most:,} bytes")


def buffered(stream: io.RawIOBase) -> BinaryIO:
    """Return a stream whose ``read(n)`` gives n bytes unless it ends."""
    return cast(BinaryIO, io.BufferedReader(stream))


def whole(stream: BinaryIO, shown: str, most: int | None) -> bytes:
    """Return all bytes of a stream and close it."""
    content = bytearray()
    with stream:
        for piece in iter(partial(stream.read, _PIECE), b""):
            content += piece
            if most is not None and len(content) > most:
                raise too_large(shown, most)
    return bytes(content)


def open_regular(file: Path) -> io.FileIO:
    """Open a file without waiting for a pipe or touching a device.

    Raises:
        UnreadableError: it is not there, not a regular file, or not readable.
    """
    try:
        if stat.S_ISREG(file.stat().st_mode):  # looked at before: opening a device can have effects
            flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            opened = io.FileIO(os.open(file, flags | getattr(os, "O_CLOEXEC", 0)), "rb")
            if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):  # looked at again: it may be another one by now
                return opened
            opened.close()
        kind = "a folder" if file.is_dir() else "a pipe, device or socket"
        raise UnreadableError(f"{file} is {kind}, not a file")
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableError(f"{file} is not there") from None
    except (OSError, ValueError) as error:  # ValueError: a name that the system's encoding cannot hold
        raise UnreadableError(f"{file} cannot be read: {reason(error)}") from error


def piece_of(info: zipfile.ZipInfo) -> int:
    """Return how many bytes of a member may be asked for at once."""
    return _SMALL_PIECE if info.compress_type in _SMALL_STEPS else _PIECE


class Fetched:
    """The bytes behind one address, in memory or in a file without a name; gone with its last reader."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed by the finalizer)
        self.lock = threading.Lock()
        self.close = weakref.finalize(self, self.file.close)


class Shared(io.RawIOBase):
    """One of several readers of the same file, each with a position of its own."""

    def __init__(self, fetched: Fetched) -> None:
        self._fetched, self._at = fetched, 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Position this reader only."""
        with self._fetched.lock:
            start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
            at = (self._fetched.file.seek(0, os.SEEK_END) if start is None else start) + offset
            if at < 0:
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            self._at = at
        return self._at

    def tell(self) -> int:
        """Return the position of this reader."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read on from the position of this reader."""
        with self._fetched.lock:
            self._fetched.file.seek(self._at)
            size = self._fetched.file.readinto(buffer)
        self._at += size
        return size
