"""Waiting until files are on the disk, so that a power failure after their exchange cannot leave empty ones."""

import os
import sys
from pathlib import Path


def settle(folder: Path) -> None:
    """Return when all files and folders below a folder, and it, are on the disk.

    Also the place at which disks that accept first and refuse later (network file systems, quotas) say so.

    Raises:
        OSError: the disk is full or broken.
    """
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            _flush(os.path.join(place, name), os.O_RDWR)  # noqa: PTH118 (a text is what os.walk gives)
        settle_entries(Path(place))


def settle_entries(folder: Path) -> None:
    """Return when the names in a folder are on the disk; where folders cannot be flushed that is the system's affair.

    Raises:
        OSError: the disk is full or broken.
    """
    if sys.platform != "win32":
        _flush(str(folder), os.O_RDONLY)


def _flush(path: str, how: int) -> None:
    descriptor = os.open(path, how | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
