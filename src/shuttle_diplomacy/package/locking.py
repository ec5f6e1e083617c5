"""Locks that end with their process: flock, or what stands for it on Windows."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PAUSE_SECONDS = 0.02
_PATIENCE_SECONDS = 60


def try_lock(descriptor: int) -> bool:
    """Lock an open file if nobody else holds it; the lock ends when the file is closed or the process dies.

    Raises:
        OSError: the file system has no locks.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is what Windows says
        return False
    return True


@contextmanager
def turn(
    file: Path, patience: float | None = _PATIENCE_SECONDS, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold a lock file while a piece of work is done, waiting for others; the file is gone afterwards.

    Args:
        file: the lock file.
        patience: how many seconds to wait; None: as long as others work, since their lock dies with them.
        waiting: called once, if others hold it.

    Raises:
        TimeoutError: others held it for so long.
        OSError: the file cannot be made, or the file system has no locks.
    """
    descriptor = _acquire(file, patience, waiting)
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink()
        os.close(descriptor)


def _acquire(file: Path, patience: float | None, waiting: Callable[[], None]) -> int:
    started, told = time.monotonic(), False
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            # A holder removes the file before letting go: whoever waited for the removed one has to take the new one.
            mine = try_lock(descriptor) and _is_still(file, descriptor)
        except BaseException:  # interrupted: a file that this call may have made is not left behind
            with suppress(OSError):
                if try_lock(descriptor) and _is_still(file, descriptor):
                    file.unlink(missing_ok=True)
            os.close(descriptor)
            raise
        if mine:
            return descriptor
        os.close(descriptor)
        if patience is not None and time.monotonic() - started > patience:
            raise TimeoutError(None, f"another process holds {file}")
        if not told:
            waiting()
            told = True
        time.sleep(_PAUSE_SECONDS)


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
