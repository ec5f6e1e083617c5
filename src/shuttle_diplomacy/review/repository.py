"""A git repository as a place of earlier states: which commit a name means, and its files as they were stored.

git is called with fixed arguments, never through a shell. Files come from ``git ls-tree`` and ``git cat-file``, which
give the stored bytes; ``git archive`` would leave out or rewrite what a ``.gitattributes`` of the revision says.
"""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from shuttle_diplomacy.errors import UnreadableError

EVERYTHING = "."
_SECONDS = 60
_PIECE = 1 << 20
_FILES = ("100644", "100755", "100664")
_PLAIN = ("git", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs", "-c", "core.fsmonitor=false")


@dataclass(frozen=True)
class Repository:
    """A git repository with a working tree."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> "Repository":
        """Return the repository that a folder lies in.

        Raises:
            UnreadableError: there is none, or git is not installed.
        """
        try:
            top = _git(folder, "rev-parse", "--show-toplevel")
        except _GitError as error:
            raise UnreadableError(f"{folder} is in no git repository with a working tree: {error}") from error
        return cls(Path(os.fsdecode(top.removesuffix(b"\n"))))

    def commit(self, revision: str) -> str:
        """Return the hash of the commit that a name means.

        Raises:
            UnreadableError: there is no such commit here.
        """
        try:
            found = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except _GitError:
            raise UnreadableError(
                f"there is no revision {revision!r} in this repository; in a shallow clone it has to be fetched first "
                "(git fetch --unshallow --tags)"
            ) from None
        return found.decode().strip()

    def last_tag(self, pattern: str, revision: str = "HEAD") -> str | None:
        """Return the nearest tag of this form on the way back from a revision, or None."""
        try:
            tag = _git(self.root, "describe", "--tags", "--abbrev=0", f"--match={pattern}", self.commit(revision))
        except _GitError:
            return None
        return os.fsdecode(tag.strip())

    def first_commit(self, path: str, revision: str = "HEAD") -> str | None:
        """Return the first commit up to a revision that touches a path, or None."""
        try:
            log = _git(self.root, "log", "--format=%H", "--reverse", self.commit(revision), "--", path)
        except _GitError:
            return None
        return log.decode().partition("\n")[0] or None

    @property
    def is_shallow(self) -> bool:
        """Return whether the clone has only a part of the history."""
        return _git(self.root, "rev-parse", "--is-shallow-repository").strip() == b"true"

    def holds(self, commit: str, path: str) -> bool:
        """Return whether a commit has a file or folder."""
        return path == EVERYTHING or bool(_git(self.root, "ls-tree", "--full-tree", "-z", commit, "--", path))

    def extract(self, commit: str, paths: Sequence[str], into: Path, most: int) -> None:
        """Write the files of a commit below some paths into a folder; those that are there already are left.

        Only regular files are written: no links, no submodules. What has a name that leads out of the folder is left
        out, so that a package which needs it is told to lack it.

        Args:
            commit: its hash.
            paths: files and folders, relative to the root of the repository; ``.`` is everything.
            into: the folder.
            most: bytes that are written at most.

        Raises:
            UnreadableError: git fails, the files are larger, or cannot be written.
        """
        below = () if EVERYTHING in paths else ("--", *paths)
        try:
            listed = _git(self.root, "ls-tree", "-r", "--full-tree", "-z", commit, *below)
        except _GitError as error:
            raise UnreadableError(f"git cannot list the files of {commit[:12]}: {error}") from error
        wanted = []
        for entry in listed.split(b"\0"):
            about, tab, raw = entry.partition(b"\t")
            mode, _, blob = about.decode("ascii", "replace").split(" ")[:3] if tab else ("", "", "")
            if mode in _FILES and _stays_inside(name := os.fsdecode(raw)) and not (into / name).exists():
                wanted.append((blob, into / name))
        try:
            self._write(wanted, most)
        except OSError as error:
            raise UnreadableError(f"the files of {commit[:12]} cannot be written: {error.strerror}") from error

    def _write(self, wanted: Sequence[tuple[str, Path]], most: int) -> None:
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{blob}\n" for blob, _ in wanted).encode())
            asked.seek(0)
            command = [*_PLAIN, "-C", str(self.root), "cat-file", "--batch"]
            with subprocess.Popen(  # noqa: S603
                command, stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ) as process:
                assert process.stdout is not None
                try:
                    for _, target in wanted:
                        most -= _copy(process.stdout, target, most)
                finally:
                    process.kill()


def _stays_inside(name: str) -> bool:
    r"""Return whether a name of a tree is a plain relative path.

    Examples:
        >>> [_stays_inside(n) for n in ("data/a.csv", "../a", "/etc/a", "a/../../b", ".git/hooks/x", r"a\b")]
        [True, False, False, False, False, False]
    """
    parts = name.split("/")
    hostile = any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts)
    return not hostile and "\\" not in name and not PurePosixPath(name).is_absolute()


def _copy(stream: IO[bytes], target: Path, most: int) -> int:
    about = stream.readline().split()
    if len(about) != 3:  # noqa: PLR2004 (name, type, size)
        raise UnreadableError(f"git cannot give the content of {target.name!r}; is the clone complete?")
    size = left = int(about[2])
    if size > most:
        raise UnreadableError(
            f"the files of this revision are larger than allowed ({target.name!r} has {size:,} bytes)"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        left = _pour(stream, file, left)
    stream.read(1)
    if left:
        raise UnreadableError(f"git gives {target.name!r} cut short; is the clone complete?")
    return size


def _pour(stream: IO[bytes], file: BinaryIO, left: int) -> int:
    while left and (piece := stream.read(min(left, _PIECE))):
        file.write(piece)
        left -= len(piece)
    return left


class _GitError(Exception):
    """git failed."""


def _git(folder: Path, *arguments: str) -> bytes:
    command = [*_PLAIN, "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603
    except subprocess.CalledProcessError as error:
        raise _GitError(error.stderr.decode("utf-8", "replace").strip() or "git fails") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _GitError(str(error)) from error
    return done.stdout
