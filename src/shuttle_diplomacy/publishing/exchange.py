"""Putting a finished release in place of the old one, as a whole: whoever looks sees the one or the other.

A build works in ``.<name>.build-*`` beside its target, locked as long as its process lives. What killed builds left
is told from what running ones need by that lock, and swept by the next build.
"""

import ctypes
import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shuttle_diplomacy.errors import TargetError
from shuttle_diplomacy.package.locking import try_lock, turn
from shuttle_diplomacy.publishing.checksums import NAME as CHECKSUMS
from shuttle_diplomacy.publishing.settling import settle, settle_entries

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_LOCK, _NEW, _OLD = "lock", "new", "old"
_HINTS = dict.fromkeys(
    (errno.EXDEV, errno.EBUSY),
    " (it is a mount point or part of a container's image, which cannot be renamed: name a folder in it with --out)",
)
_VERSION = r"[0-9][0-9A-Za-z.+-]*(?<!\.zip)"


def check_target(out: Path, name: str) -> None:
    """Check that a folder may be replaced: it is not there, or holds releases of this package and nothing else.

    Raises:
        TargetError: it holds something else, is no folder, or its parent is not there.
    """
    if not out.parent.is_dir():
        raise TargetError(f"{out} cannot be made: the folder {out.parent} is not there; make it first")
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise TargetError(f"{out} is not a folder; name another one with --out")
    release = re.compile(re.escape(name) + "-" + _VERSION)
    try:
        foreign = sorted(entry.name for entry in os.scandir(out) if not _belongs(entry, release))
    except OSError as error:
        raise TargetError(f"{out} cannot be read: {error.strerror}") from error
    if foreign:
        raise TargetError(f"{out} holds {foreign[0]!r}, no release of {name!r}; name another folder with --out")


def _belongs(entry: os.DirEntry[str], release: re.Pattern[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return release.fullmatch(entry.name) is not None
    is_archive = entry.name.endswith(".zip") and release.fullmatch(entry.name.removesuffix(".zip")) is not None
    return entry.is_file(follow_symlinks=False) and (is_archive or entry.name == CHECKSUMS)


@contextmanager
def replacing(out: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder; if the work in it succeeds, it takes the place of ``out``, else all stays as it was.

    What is written is on the disk before it takes the place: neither the death of the process nor that of the
    machine leaves a part of a release.

    Args:
        out: the folder to replace.
        name: the package's name, by which releases are told from foreign content.

    Raises:
        TargetError: ``out`` may not be replaced, its place is not writable, or the disk is full.
    """
    out = Path(os.path.realpath(out))
    guard, workspace, lock = out.with_name(f".{out.name}.lock"), _unused(out), None
    try:
        check_target(out, name)
        with turn(guard):
            _recover(out)
            check_target(out, name)
            lock = _prepare(workspace)
        yield workspace / _NEW
        settle(workspace / _NEW)
        with turn(guard):
            check_target(out, name)
            _put(workspace, out)
    except OSError as error:
        raise TargetError(_sentence(error, out)) from error
    finally:
        if lock is not None:
            os.close(lock)
        _remove(workspace, out)


def _unused(out: Path) -> Path:
    """Return a name for the folder of this build; known before it is made, so that whatever happens it is removed."""
    return out.with_name(f".{out.name}.build-{secrets.token_hex(8)}")


def _prepare(workspace: Path) -> int:
    """Make the folder of this build and lock it; the descriptor that is returned holds the lock."""
    workspace.mkdir(mode=0o700)
    lock = os.open(workspace / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try_lock(lock)
        (workspace / _NEW).mkdir()
        (workspace / _NEW).chmod(0o755)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _sentence(error: OSError, out: Path) -> str:
    """Return what is wrong; a file that has nothing to do with the target is named."""
    reason = error.strerror or str(error)
    beside = [file for file in (error.filename, error.filename2) if isinstance(file, str | bytes | os.PathLike)]
    foreign = [file for file in map(os.fsdecode, beside) if not Path(file).is_relative_to(out.parent)]
    if foreign:
        return f"{out} was not built: {foreign[0]}: {reason}; nothing was changed"
    hint = _HINTS.get(error.errno or 0, "")
    return f"{out} cannot be written: {reason}; nothing was changed{hint}"


def _recover(out: Path) -> None:
    """Sweep what killed builds left; one that was killed between its two renames is finished first."""
    for workspace in sorted(out.parent.glob(f".{_literal(out.name)}.build-*")):
        if workspace.is_symlink() or not workspace.is_dir() or _is_running(workspace):
            continue
        new, old = workspace / _NEW, workspace / _OLD
        if old.is_dir() and not os.path.lexists(out):
            (new if new.is_dir() else old).rename(out)
        _remove(workspace, out)


def _literal(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)


def _is_running(workspace: Path) -> bool:
    try:
        lock = os.open(workspace / _LOCK, os.O_RDWR)
    except FileNotFoundError:  # killed before it could lock; nobody else is making one, since this is our turn
        return False
    except PermissionError:  # somebody else's: theirs to sweep
        return True
    try:
        return not try_lock(lock)
    finally:
        os.close(lock)


def _put(workspace: Path, out: Path) -> None:
    new, old = workspace / _NEW, workspace / _OLD
    try:
        if not out.exists():
            new.rename(out)
        elif not exchange(new, out):
            out.rename(old)
            new.rename(out)
    except BaseException:
        if not os.path.lexists(out) and old.is_dir():
            old.rename(out)
        raise
    with suppress(OSError):  # it is done: what cannot be flushed changes nothing of that
        settle_entries(out.parent)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one step; return False where the system cannot.

    Raises:
        OSError: the system can, but not these two.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _remove(workspace: Path, out: Path) -> None:
    """Remove a workspace, but never the only release; what cannot be removed is left to the next build."""
    if os.path.lexists(out) or not (workspace / _OLD).is_dir():
        for place, folders, _ in os.walk(workspace):  # a release may have been made read-only
            for folder in (Path(place, name) for name in folders):
                with suppress(OSError):
                    if not folder.is_symlink():
                        folder.chmod(0o700)
        shutil.rmtree(workspace, ignore_errors=True)
