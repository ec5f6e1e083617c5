"""The files of a release, each read once: sizes and checksums; links and devices are told from files, never opened."""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package.guarded import open_regular

_MOST_FILES = 200_000


@dataclass(frozen=True)
class Held:
    """Size and checksum of a file."""

    size: int
    sha256: str


@dataclass
class Holding:
    """The files below a folder.

    Attributes:
        root: the folder.
        files: paths of regular files, sorted.
        others: paths of what is neither a file nor a folder, with what it is.
    """

    root: Path
    files: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    _held: dict[str, Held] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> "Holding":
        """Return what a folder holds.

        Raises:
            UnreadableError: it cannot be listed, or holds more files than any release.
        """
        found = cls(root)
        folders = [root]
        try:
            while folders:
                for entry in os.scandir(folders.pop()):
                    path = Path(entry.path).relative_to(root).as_posix()
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False):
                        found.files.append(path)
                    else:
                        is_link = stat.S_ISLNK(entry.stat(follow_symlinks=False).st_mode)
                        found.others[path] = "a link" if is_link else "a pipe, device or socket"
                if len(found.files) + len(found.others) > _MOST_FILES:
                    raise UnreadableError(f"{root} holds more than {_MOST_FILES:,} files, more than any release")
        except OSError as error:
            raise UnreadableError(f"{error.filename or root} cannot be read: {error.strerror}") from error
        found.files.sort()
        return found

    def held(self, path: str) -> Held:
        """Return size and checksum of a file.

        Raises:
            UnreadableError: it cannot be read.
        """
        if path not in self._held:
            self._held[path] = held_by(open_regular(self.root / path), str(self.root / path))
        return self._held[path]


def held_by(stream: BinaryIO, shown: str) -> Held:
    """Return size and checksum of what a stream gives, and close it.

    Raises:
        UnreadableError: it cannot be read to its end.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        raise UnreadableError(f"{shown} cannot be read: {error.strerror or error}") from error
    return Held(size, digest.hexdigest())
