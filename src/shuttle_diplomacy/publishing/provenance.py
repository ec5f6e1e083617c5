"""From what a release was built: commit, date, versions. git is asked where it is there, and for nothing else."""

import os
import platform
import sqlite3
import subprocess
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError

_SECONDS = 30


@dataclass(frozen=True)
class Source:
    """The commit that a file belongs to.

    Attributes:
        commit: its hash.
        epoch: its date, in seconds since 1970.
        dirty: whether the work tree differs from it, new files included.
    """

    commit: str
    epoch: int
    dirty: bool


def source_of(file: Path, out: Path) -> Source | None:
    """Return the commit of the repository that tracks a file; None without git, a repository or a commit.

    Args:
        file: a file of the repository.
        out: a folder whose files do not make the tree dirty: the release itself.
    """
    folder = file.resolve().parent
    top = _git(folder, "rev-parse", "--show-toplevel")
    tracked = _git(folder, "ls-files", "--error-unmatch", "--", file.name)
    log = _git(folder, "log", "-1", "--format=%H %ct")
    if top is None or tracked is None or not log:
        return None
    commit, epoch = log.split()
    status = _git(folder, "status", "--porcelain", "--untracked-files=normal", "--", ":/", *_without(out, Path(top)))
    return Source(commit, int(epoch), dirty=status != "")


def _without(out: Path, top: Path) -> list[str]:
    """Return the pathspecs that leave out the release, and what killed builds left beside it."""
    try:
        place = out.resolve().relative_to(top.resolve())
    except ValueError:
        return []
    beside = (place.parent / f".{place.name}.").as_posix()
    literal, pattern = ":(top,exclude,literal)", ":(top,exclude,glob)"
    return [literal + place.as_posix(), f"{pattern}{beside}*", f"{pattern}{beside}*/**"]


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git answers, None if it is not there, fails or takes too long."""
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", errors="surrogateescape").strip() if done.returncode == 0 else None


def release_epoch(source: Source | None, created: Any) -> int:
    """Return the date of a release: SOURCE_DATE_EPOCH, else the commit's, else that of ``created``, else 1980.

    Raises:
        ConfigurationError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        if not (given.isascii() and given.isdecimal()):
            raise ConfigurationError(f"SOURCE_DATE_EPOCH is {given!r}, but has to be whole seconds since 1970")
        return int(given)
    if source is not None:
        return source.epoch
    try:
        at = datetime.fromisoformat(str(created))
    except ValueError:
        at = datetime(1980, 1, 1, tzinfo=UTC)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def build_record(name: str, version: str, source: Source | None, epoch: int) -> dict[str, Any]:
    """Return what ``build.json`` says: no folder, host, time or user, so that it is the same wherever it is built."""
    return {
        "name": name,
        "version": version,
        "commit": source.commit if source else None,
        "dirty": source.dirty if source else None,
        "SOURCE_DATE_EPOCH": epoch,
        "versions": versions_here(),
    }


def versions_here() -> dict[str, str]:
    """Return the versions of what the bytes of a release may depend on."""
    return {
        "python": platform.python_version(),
        "polars": pl.__version__,
        "sqlite": sqlite3.sqlite_version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
