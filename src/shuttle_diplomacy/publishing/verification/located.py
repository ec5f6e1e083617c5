"""Finding what is meant by a release: its folder, its zip, the folder with both, or an address of one of them."""

import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError
from shuttle_diplomacy.package.guarded import open_regular, whole
from shuttle_diplomacy.package.http import DEFAULT_LIMITS, Limits, fetch_into, without_credentials
from shuttle_diplomacy.package.reading import DESCRIPTOR_NAME
from shuttle_diplomacy.package.storage import Archive, Remote, safe_path
from shuttle_diplomacy.publishing.checksums import NAME as CHECKSUMS
from shuttle_diplomacy.publishing.verification.outcome import Verification
from shuttle_diplomacy.publishing.verification.sums import MOST_BYTES, parsed

_MARKS = (DESCRIPTOR_NAME, "build.json")
_AGAIN = "download the release again"
_LEAST_GROWTH = 256 << 20  # an archive may grow to this, or to a hundred times its size if that is more
_GROWTH = 100
_MOST_MEMBERS = 200_000
_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True)
class Located:
    """A release on this machine.

    Attributes:
        folder: its files; of an archive what was unpacked.
        archive: its archive, if there is one.
        unpacked: whether the folder was made from the archive just now.
        outer: the folder that holds release and archive with a list of both, if it was named.
        stem: name of the release's folder, ``<name>-<version>``; empty where it is not known.
    """

    folder: Path
    archive: Path | None = None
    unpacked: bool = False
    outer: Path | None = None
    stem: str = ""


@contextmanager
def located(where: str, outcome: Verification, limits: Limits = DEFAULT_LIMITS) -> Iterator[Located]:
    """Yield the release that is meant; what is fetched or unpacked for it is gone afterwards.

    Raises:
        UnreadableError: there is none.
    """
    with tempfile.TemporaryDirectory(prefix="verify-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        if where.startswith(("http://", "https://")):
            yield _fetched(where, folder, outcome, limits)
            return
        found = _on_disk(Path(where))
        if found.unpacked:
            assert found.archive is not None
            unpack(found.archive, folder / "unpacked", outcome, limits)
            found = replace(found, folder=folder / "unpacked")
        yield found


def _on_disk(path: Path) -> Located:
    try:
        if path.is_dir():
            return _in_folder(path)
        if not path.exists():
            raise UnreadableError(f"{path} is not there")
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{str(path)!r} is not a path that can be read: {error}") from error
    if path.name in {DESCRIPTOR_NAME, CHECKSUMS, "build.json"}:
        return _in_folder(path.parent)
    if path.suffix != ".zip":
        raise UnreadableError(f"{path} is no release: name its folder, its zip, or the folder that holds both")
    return Located(path, archive=path, unpacked=True, stem=path.stem)


def _in_folder(path: Path) -> Located:
    """Return the release that a folder is or holds."""
    if any((path / mark).is_file() for mark in _MARKS):
        name = path.resolve().name
        return Located(path, stem=name if "-" in name else "")
    entries = sorted(path.iterdir())
    folders = [e for e in entries if not e.is_symlink() and any((e / mark).is_file() for mark in _MARKS)]
    archives = [e for e in entries if e.suffix == ".zip" and e.is_file()]
    stems = sorted({entry.name.removesuffix(".zip") for entry in (*folders, *archives)})
    if not stems:
        raise UnreadableError(f"{path} holds no release: neither {DESCRIPTOR_NAME} nor a folder with one nor a zip")
    if len(stems) > 1:
        raise UnreadableError(f"{path} holds several releases: {', '.join(stems[:3])}; name one of them")
    archive = archives[0] if archives else None
    if folders:
        return Located(folders[0], archive=archive, outer=path, stem=stems[0])
    return Located(path, archive=archive, unpacked=True, outer=path, stem=stems[0])


def unpack(archive: Path, target: Path, outcome: Verification, limits: Limits) -> None:
    """Write the files of an archive into a folder; what is no plain file is told of and left out.

    Raises:
        UnreadableError: it is no zip archive, or grows beyond all measure.
    """
    target.mkdir()
    most = min(limits.max_bytes * 4, max(_LEAST_GROWTH, _GROWTH * archive.stat().st_size))
    storage, seen = Archive(archive, limits), set()
    for info in members(archive):
        note = _unfit(info)
        if note is None and info.filename.casefold() in seen:
            note = "is there twice"
        if note is not None:
            outcome.add("archive", f"{archive.name}: {info.filename[:200]}", note, "do not trust this release")
            continue
        seen.add(info.filename.casefold())
        if info.is_dir():
            continue
        most -= info.file_size
        if most < 0:
            raise UnreadableError(f"{archive} grows to more than a hundred times its size; it was not unpacked")
        try:
            file = target / info.filename
            file.parent.mkdir(parents=True, exist_ok=True)
            with storage.open(info.filename) as member, file.open("xb") as copy:
                shutil.copyfileobj(member, copy)
        except UnreadableError as error:
            file.unlink(missing_ok=True)
            outcome.add("archive", f"{archive.name}: {info.filename}", str(error), _AGAIN)
        except OSError as error:
            raise UnreadableError(f"{archive} cannot be unpacked: {info.filename}: {error.strerror}") from error


def members(archive: Path) -> list[zipfile.ZipInfo]:
    """Return the members of an archive, as it lists them.

    Raises:
        UnreadableError: it is no zip archive, or lists more members than any release.
    """
    try:
        with open_regular(archive) as file, zipfile.ZipFile(file) as opened:
            found = opened.infolist()
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError, EOFError) as error:
        raise UnreadableError(f"{archive} cannot be read as a zip archive: {error}") from error
    if len(found) > _MOST_MEMBERS:
        raise UnreadableError(f"{archive} lists more than {_MOST_MEMBERS:,} members, more than any release")
    return found


def _unfit(info: zipfile.ZipInfo) -> str | None:
    """Return why a member is not unpacked."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is a link or device; a release holds files only"
    if info.flag_bits & 1:
        return "is encrypted"
    try:
        path = info.filename.removesuffix("/")
        return None if safe_path(path) == path else "is not a plain path"
    except UnsafePathError:
        return "is a path that leads out of the release"


def _fetched(where: str, folder: Path, outcome: Verification, limits: Limits) -> Located:
    """Fetch an archive, or the files that a list of checksums beside a descriptor names."""
    path = PurePosixPath(unquote(urlsplit(where).path))
    if path.suffix == ".zip":
        stem = path.stem if _STEM.fullmatch(path.stem) else "release"
        archive = folder / f"{stem}.zip"
        with archive.open("wb") as body:
            fetch_into(where, body, limits)
        unpack(archive, folder / "unpacked", outcome, limits)
        return Located(folder / "unpacked", archive=archive, unpacked=True, stem=stem if stem != "release" else "")
    remote = Remote(_base(where), limits)
    content = remote.read(CHECKSUMS, MOST_BYTES)
    target = folder / "fetched"
    target.mkdir()
    (target / CHECKSUMS).write_bytes(content)
    left = limits.max_bytes * 4
    # The list is read for its paths here; what is wrong with it is told when it is checked.
    for name in parsed(content, CHECKSUMS, Verification(where)):
        file = target / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with remote.open(name) as stream, file.open("xb") as copy:
                shutil.copyfileobj(stream, copy)
        except UnreadableError as error:
            outcome.add("checksums", name, str(error), "try again, or download the zip")
        except OSError as error:
            raise UnreadableError(f"{name!r} cannot be written here: {error.strerror}") from error
        finally:
            remote.close()
        left -= file.stat().st_size if file.exists() else 0
        if left < 0:
            raise UnreadableError(f"{without_credentials(where)} is larger than {limits.max_bytes * 4:,} bytes")
    return Located(target)


def _base(where: str) -> str:
    """Return the address of the folder: that of a descriptor or list without its last part."""
    last = urlsplit(where).path.rpartition("/")[2]
    return where.rpartition("/")[0] + "/" if "." in last or last == CHECKSUMS else where.rstrip("/") + "/"


def read_small(file: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file that is never large.

    Raises:
        UnreadableError: it cannot be read, or is too large.
    """
    return whole(open_regular(file), str(file), most)
