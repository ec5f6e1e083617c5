"""A built release as it lies on the disk: verified against its checksums, and the files of it that portals get."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.checksums import NAME as CHECKSUMS
from shuttle_diplomacy.publishing.checksums import sha256, sha256_of
from shuttle_diplomacy.publishing.portals.faults import MismatchError, PortalError
from shuttle_diplomacy.publishing.release import BUILD_RECORD
from shuttle_diplomacy.publishing.released import Release

_LINE = re.compile(r"(?P<sum>[0-9a-f]{64})  (?P<path>[^\x00-\x1f]+)")
# Written out, because what Python knows depends on its version and on this computer.
_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "ttl": "text/turtle",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
BYTES = "application/octet-stream"


@dataclass(frozen=True)
class Asset:
    """A file as a portal gets it.

    Attributes:
        name: its name there, of plain letters, so that no portal changes it.
        path: its path in the release, for people.
        size: in bytes.
        sha256: its checksum, in hexadecimal digits.
        source: where its bytes are: a file, or the bytes themselves.
    """

    name: str
    path: str
    size: int
    sha256: str
    source: Path | bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """Return the media type that its ending stands for."""
        return _TYPES.get(self.name.rpartition(".")[2].lower(), BYTES)

    @cached_property
    def md5(self) -> str:
        """Return the checksum that some portals give instead of SHA-256."""
        with self.open() as stream:
            return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()

    def open(self) -> io.BufferedReader | io.BytesIO:
        """Open it for reading."""
        return io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")


@dataclass(frozen=True)
class BuiltRelease:
    """A release whose files are those that its checksums say.

    Attributes:
        folder: where it lies.
        sums: the SHA-256 of each file, by path in the folder.
        archive: the SHA-256 of the archive beside it.
        descriptor: its descriptor.
        record: what ``build.json`` says.
    """

    folder: Path
    sums: dict[str, str] = field(repr=False)
    archive: str
    descriptor: Descriptor = field(repr=False)
    record: dict[str, Any] = field(repr=False)

    @cached_property
    def described(self) -> Release:
        """Return what its descriptor says, as other metadata are made of it."""
        epoch = self.record.get("SOURCE_DATE_EPOCH")
        return Release(self.descriptor, "", epoch if isinstance(epoch, int) else 0)

    @property
    def version(self) -> str:
        """Return the package's version."""
        return self.described.version

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        """Return the archive, the files at the top of the release, and checksums of just these.

        Raises:
            PortalError: two of them would have one name.
        """
        zipped = self.folder.with_name(f"{self.folder.name}.zip")
        top = [path for path in sorted(self.sums) if "/" not in path and path != CHECKSUMS]
        found = [_asset(zipped, zipped.name, self.archive), *(self.asset(path) for path in top)]
        lines = "".join(f"{asset.sha256}  {asset.name}\n" for asset in sorted(found, key=lambda asset: asset.name))
        content = lines.encode()
        found.append(Asset(CHECKSUMS, CHECKSUMS, len(content), sha256(content), content))
        names: dict[str, str] = {}
        for asset in found:
            if other := names.get(asset.name.casefold()):
                raise PortalError(
                    f"{plain(other)} and {plain(asset.path)} of {self.folder} would both be called {asset.name}; "
                    "rename one and build again"
                )
            names[asset.name.casefold()] = asset.path
        return tuple(found)

    def objects(self, key: str) -> list[dict[str, Any]]:
        """Return the objects of a list in the descriptor, whatever else it may hold."""
        found = self.descriptor.get(key)
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    def people(self, *roles: str) -> list[dict[str, Any]]:
        """Return the contributors of some roles that have a name, which stands at ``name``."""
        named = [item | {"name": name} for item in self.objects("contributors") if (name := _name(item))]
        return [item for item in named if _roles(item) & set(roles)]

    @property
    def creators(self) -> list[dict[str, Any]]:
        """Return who made it: creators and authors, all contributors where none is called so."""
        return self.people("creator", "author") or [
            i | {"name": n} for i in self.objects("contributors") if (n := _name(i))
        ]

    @property
    def keywords(self) -> list[str]:
        """Return the keywords."""
        found = self.descriptor.get("keywords")
        return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []

    def asset(self, path: str) -> Asset:
        """Return a file of the folder."""
        return _asset(self.folder / path, path, self.sums[path])

    def read(self, *names: str) -> dict[str, Any] | None:
        """Return the first of some JSON files that is there, None if there is none.

        Raises:
            PortalError: it is no JSON object.
        """
        for name in names:
            if name in self.sums:
                return _object(self.folder / name)
        return None


def _name(person: dict[str, Any]) -> str:
    parts = [str(person[key]) for key in ("familyName", "givenName") if person.get(key)]
    return str(person.get("title") or ", ".join(parts))


def _roles(person: dict[str, Any]) -> set[str]:
    """Return the roles of a contributor: a list in version 2, one in version 1; without any, a creator."""
    found = person.get("roles") or person.get("role") or "creator"
    return {str(role) for role in (found if isinstance(found, list) else [found])}


def _asset(file: Path, path: str, checksum: str) -> Asset:
    return Asset(plain_name(PurePosixPath(path).name), path, file.stat().st_size, checksum, file)


def plain_name(name: str) -> str:
    """Return a name that portals keep as it is: GitHub replaces what else there is, and drops dots at the ends.

    Examples:
        >>> plain_name(".zenodo.json"), plain_name("my table (1).csv"), plain_name("한국")
        ('zenodo.json', 'my.table.1.csv', 'file')
    """
    return re.sub(r"[^A-Za-z0-9_-]*\.[^A-Za-z0-9_-]*", ".", re.sub(r"[^A-Za-z0-9._-]+", ".", name)).strip(".") or "file"


def newest_release(out: Path) -> Path:
    """Return the newest release in a folder that ``shuttle build`` filled.

    Raises:
        PortalError: there is none, or two are equally new.
    """
    found = sorted((_age(record), record.parent) for record in out.glob(f"*/{BUILD_RECORD}"))
    if not found:
        raise PortalError(f"{out} holds no release; build one: shuttle build, or name its folder")
    newest = [folder for age, folder in found if age == found[-1][0]]
    if len(newest) > 1:
        raise PortalError(f"{out} holds several releases; name one: {', '.join(str(folder) for folder in newest)}")
    return newest[0]


def _age(record: Path) -> int:
    epoch = _object(record).get("SOURCE_DATE_EPOCH")
    return epoch if isinstance(epoch, int) else 0


def _object(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise PortalError(f"{file} is no JSON object that can be read; build the release again")
    return content


def open_release(folder: Path) -> BuiltRelease:
    """Read a release and make sure that every file of it is what its checksums say.

    Args:
        folder: the release; beside it lie its archive and ``SHA256SUMS``, as ``shuttle build`` leaves them.

    Raises:
        MismatchError: a file is missing, differs, or stands in no list.
        PortalError: it is no release, or cannot be read.
    """
    folder = folder.resolve()
    listed = folder.parent / CHECKSUMS
    zipped = folder.with_name(f"{folder.name}.zip")
    for needed in (folder / BUILD_RECORD, listed, zipped):
        if not needed.is_file():
            raise PortalError(f"{folder} is no release as shuttle build leaves it: {needed} is missing")
    try:
        sums = _sums(listed)
        found = {file.relative_to(folder.parent).as_posix(): file for file in [zipped, *_files(folder)]}
        expected = {path: s for path, s in sums.items() if path == zipped.name or path.startswith(f"{folder.name}/")}
        _compare(folder, found, expected)
    except OSError as error:
        raise PortalError(f"{error.filename or folder} cannot be read: {error.strerror}") from error
    inside = {path.removeprefix(f"{folder.name}/"): s for path, s in expected.items() if path != zipped.name}
    descriptor = open_package(folder).descriptor
    for key in ("name", "version"):
        if not isinstance(descriptor.get(key), str):
            raise PortalError(f"{folder} has no {key}; build the release again")
    return BuiltRelease(folder, inside, sums[zipped.name], descriptor, _object(folder / BUILD_RECORD))


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_symlink():  # it could lead to any file of this computer
            raise PortalError(f"{plain(str(file))} is a link; a release holds none, build it again")
        if file.is_file():
            yield file


def _sums(file: Path) -> dict[str, str]:
    found = {}
    for number, line in enumerate(file.read_bytes().decode("utf-8", errors="replace").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise PortalError(f"{file}:{number} is no line of checksums; build the release again")
        found[match["path"]] = match["sum"]
    return found


def _compare(folder: Path, found: dict[str, Path], expected: dict[str, str]) -> None:
    wrong = dict.fromkeys(expected.keys() - found.keys(), "is missing")
    wrong |= dict.fromkeys(found.keys() - expected.keys(), "stands in no list of checksums")
    wrong |= {
        p: "differs from its checksum" for p in found.keys() & expected.keys() if sha256_of(found[p]) != expected[p]
    }
    if wrong:
        first = min(wrong)
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise MismatchError(f"{folder}: {plain(first)} {wrong[first]}{more}; nothing was sent, build the release again")
