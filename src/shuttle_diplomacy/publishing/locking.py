"""Locks that end with their process: flock, or what stands for it on Windows."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PAUSE_SECONDS = 0.02
_PATIENCE_SECONDS = 60


def try_lock(descriptor: int) -> bool:
    """Lock an open file if nobody else holds it; the lock ends when the file is closed or the process dies."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def turn(file: Path) -> Iterator[None]:
    """Hold a lock file while a short piece of work is done, waiting for others; the file is gone afterwards.

    Raises:
        TimeoutError: others held it for a minute.
        OSError: the file cannot be made.
    """
    descriptor = _acquire(file)
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink()
        os.close(descriptor)


def _acquire(file: Path) -> int:
    started = time.monotonic()
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            # A holder removes the file before letting go: whoever waited for the removed one has to take the new one.
            if try_lock(descriptor) and _is_still(file, descriptor):
                return descriptor
        except BaseException:  # interrupted: a file that this call may have made is not left behind
            if try_lock(descriptor) and _is_still(file, descriptor):
                file.unlink(missing_ok=True)
            os.close(descriptor)
            raise
        os.close(descriptor)
        if time.monotonic() - started > _PATIENCE_SECONDS:
            raise TimeoutError(None, f"another process holds {file}")
        time.sleep(_PAUSE_SECONDS)


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
