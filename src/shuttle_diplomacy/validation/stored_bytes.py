"""Size and checksum of the files as they are stored: ``bytes`` and ``hash`` of a resource."""

import hashlib
import os
from functools import partial

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError, did_you_mean
from shuttle_diplomacy.package import Finding, Resource

_PIECE = 1 << 20
# What hashlib has on every machine; the shake family has no length of its own.
_ALGORITHMS = sorted(name for name in hashlib.algorithms_guaranteed if not name.startswith("shake"))


class HashingTap:
    """Compares stored bytes that are handed over by someone who reads them anyway.

    Only for files that are stored as they are read: not compressed, nothing put in between.

    Attributes:
        size: how many bytes were seen.

    Examples:
        >>> from shuttle_diplomacy.package.storage import Folder
        >>> from pathlib import Path
        >>> tap = HashingTap(Resource({"name": "a", "path": "a.csv", "bytes": 3}, Folder(Path())))
        >>> tap.update(b"id")
        >>> [finding.note for finding in tap.findings()]
        ['the file has 2 bytes, the descriptor says 3']
    """

    def __init__(self, resource: Resource) -> None:
        self.size = 0
        self._resource = resource
        wanted = resource.descriptor.get("hash")
        self._wanted = wanted if isinstance(wanted, str) else ""
        named, _, self._digits = self._wanted.rpartition(":")
        self._algorithm = named if ":" in self._wanted else "md5"
        known = self._wanted and self._algorithm in _ALGORITHMS
        self._hash = hashlib.new(self._algorithm, usedforsecurity=False) if known else None

    @property
    def needed(self) -> bool:
        """Return whether the bytes themselves have to be seen, not only counted."""
        return self._hash is not None

    def update(self, content: bytes) -> None:
        """Take the next bytes."""
        self.size += len(content)
        if self._hash is not None:
            self._hash.update(content)

    def findings(self) -> list[Finding]:
        """Return what is wrong, after all bytes were seen."""
        return [*self._of_size(), *self._of_hash()]

    def _of_size(self) -> list[Finding]:
        wanted = self._resource.descriptor.get("bytes")
        if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted == self.size:
            return []
        return [self._finding("byte-count", f"the file has {self.size:,} bytes, the descriptor says {wanted:,}")]

    def _of_hash(self) -> list[Finding]:
        if not self._wanted:
            return []
        if self._hash is None:
            hint = did_you_mean(self._algorithm.lower(), _ALGORITHMS)
            note = f"the checksum {self._algorithm!r} is not known;{hint} There are: {', '.join(_ALGORITHMS)}"
            return [self._finding("resource-error", note)]
        found = self._hash.hexdigest()
        if found == self._digits.lower():
            return []
        note = f"the file's {self._algorithm} is {found}, the descriptor says {self._wanted}"
        if ":" not in self._wanted and len(self._wanted) != len(found):
            note += "; a hash without the name of its algorithm is read as md5, write for example 'sha256:...'"
        return [self._finding("hash-count", note)]

    def _finding(self, kind: str, note: str) -> Finding:
        return Finding(kind, note, resource=self._resource.name, path=self._resource.path)


def check_stored_bytes(resource: Resource) -> list[Finding]:
    """Compare size and checksum of a resource's files with the declared ones, in one pass over the stored bytes.

    Compressed files count as they are stored. The standard says nothing of several files: ``bytes`` is taken for
    their sum, ``hash`` for that of their concatenation.

    Raises:
        UnreadableError: a file is not there or cannot be read.
        UnsafePathError: a path leads out of the package.
    """
    if not resource.paths or not {"bytes", "hash"} & set(resource.descriptor):
        return []
    tap = HashingTap(resource)
    for path in resource.paths:
        with resource.storage.open(path) as stream:
            if not tap.needed and stream.seekable():
                tap.size += stream.seek(0, os.SEEK_END)
                continue
            for piece in iter(partial(stream.read, _PIECE), b""):
                tap.update(piece)
    return tap.findings()


def exists(resource: Resource) -> list[Finding]:
    """Return a ``source-error`` for each path of a resource that is no readable file of the package."""
    found = []
    for path in resource.paths:
        try:
            with resource.storage.open(path) as stream:
                stream.read(1)
        except (UnreadableError, UnsafePathError) as error:
            found.append(Finding("source-error", str(error), resource=resource.name, path=path))
    return found
