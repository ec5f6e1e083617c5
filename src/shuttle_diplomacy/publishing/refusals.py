"""What a disk refused, told from the errors of the libraries that write: each has a form of its own for it."""

import errno
import os
import re
import sqlite3

_RUST = re.compile(r"\(os error ([0-9]+)\)")  # as Rust's std::io::Error shows itself
_SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_PRIMARY = 0xFF  # SQLite's extended result codes hold the primary one in their last byte
_SILENT = {"LibrdataError"}  # says that it could not write, and not why


def refusal(error: BaseException, file: str) -> OSError | None:
    """Return the error of the system behind one of a library that was writing a file, None if there is none.

    Args:
        error: what the library raised.
        file: the file.

    Examples:
        >>> refusal(ValueError("parquet: underlying IO error: No space left on device (os error 28)"), "a.parquet")
        OSError(28, 'No space left on device')
        >>> refusal(ValueError("a wrong value"), "a.parquet")
    """
    number = _number(error)
    if number is None and type(error).__name__ in _SILENT:
        number = _asked(file)
    return None if number is None else OSError(number, os.strerror(number), file)


def _number(error: object) -> int | None:
    if isinstance(error, OSError) and error.errno:
        return error.errno
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    if not isinstance(error, BaseException):
        return None
    if found := _RUST.search(str(error)):
        return int(found[1])
    held = (*error.args, error.__cause__, error.__context__)
    return next((number for number in map(_number, held) if number is not None), None)


def _asked(file: str) -> int:
    """Ask the disk itself why a file could not be written."""
    try:
        with open(f"{file}.probe", "wb") as probe:  # noqa: PTH123 (a text is what is at hand)
            probe.write(bytes(1 << 20))
            os.fsync(probe.fileno())
    except OSError as error:
        return error.errno or errno.EIO
    finally:
        if os.path.lexists(f"{file}.probe"):
            os.unlink(f"{file}.probe")  # noqa: PTH108
    return errno.EIO
