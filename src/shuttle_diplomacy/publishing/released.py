"""What a release holds, as the writers of formats and metadata see it: its descriptor, typed tables and files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from shuttle_diplomacy.package import Package, Schema
from shuttle_diplomacy.package.licences import Licence
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.checksums import sha256_of


class _Described:
    """What has a descriptor and is known by a name."""

    descriptor: Descriptor

    @property
    def title(self) -> str:
        """Return the title for people, else the name."""
        return str(self.descriptor.get("title") or self.descriptor["name"])

    @property
    def description(self) -> str:
        """Return the description, or an empty text."""
        return str(self.descriptor.get("description") or "")


@dataclass(frozen=True)
class ReleasedTable(_Described):
    """A table or view of a release.

    Attributes:
        name: the resource's name.
        schema: its Table Schema.
        frame: its typed rows, as they are loaded; enumerated texts are Enum.
        path: the path of the stored file (of a view: of its CSV); of inline data that of the CSV made from it.
        descriptor: the resource's descriptor.
        view: the path of the query it was computed by, None for a table.
        query: that query, if it ran in this build.
    """

    name: str
    schema: Schema
    frame: pl.DataFrame = field(repr=False)
    path: str
    descriptor: Descriptor = field(repr=False)
    view: str | None = None
    query: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ReleasedFile:
    """A file of a release.

    Attributes:
        path: its path in the release.
        format: its format, as a file's ending.
        media_type: its media type.
        size: in bytes.
        sha256: its checksum, in hexadecimal digits.
        title: what it is, for people.
        table: the name of the table whose rows it holds, None for any other file.
        portable: whether its bytes depend on nothing but the package and the lock file. Those of the others also
            depend on the SQLite or zlib that Python is linked to; no metadata may state their size or checksum.
    """

    path: str
    format: str
    media_type: str
    size: int
    sha256: str
    title: str
    table: str | None = None
    portable: bool = True


@dataclass(frozen=True)
class Release(_Described):
    """A release while it is written; it grows, and what is not written yet is not in it.

    Attributes:
        descriptor: the package's descriptor with schemas in their places; ``homepage`` is the release's address.
        base_url: the address below which the files of the release will be; ends with a slash.
        epoch: the date of the release's files, in seconds since 1970.
        tables: tables and views, by name.
        files: the files written so far, by path.
        citation: how to cite it, in one sentence.
        folder: where the written files are, None where they are not at hand.
        metadata: the tables of metadata that queries of its views read, by name.
    """

    descriptor: Descriptor = field(repr=False)
    base_url: str
    epoch: int
    tables: tuple[ReleasedTable, ...] = ()
    files: tuple[ReleasedFile, ...] = ()
    citation: str = ""
    folder: Path | None = None
    metadata: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Return the package's name."""
        return str(self.descriptor["name"])

    @property
    def version(self) -> str:
        """Return the package's version."""
        return str(self.descriptor["version"])

    @cached_property
    def issued(self) -> date:
        """Return the day that metadata state: that of ``created``, else that of the files."""
        try:
            return datetime.fromisoformat(str(self.descriptor.get("created"))).date()
        except ValueError:
            return datetime.fromtimestamp(self.epoch, tz=UTC).date()

    def address(self, path: str = "") -> str:
        """Return the address of a file of the release.

        Examples:
            >>> Release({}, "https://zoo.example/", 0).address("data/a b.csv")
            'https://zoo.example/data/a%20b.csv'
        """
        from urllib.parse import quote

        return self.base_url + quote(path)

    def address_of_licence(self, licence: Licence) -> str | None:
        """Return the address of a licence's text; a path inside the package is that of a file of the release.

        Examples:
            >>> Release({}, "https://zoo.example/", 0).address_of_licence(Licence(path="LICENSE.md"))
            'https://zoo.example/LICENSE.md'
        """
        return licence.address or (self.address(licence.path) if licence.path else None)

    def files_of(self, table: str) -> list[ReleasedFile]:
        """Return the files that hold the rows of a table."""
        return [file for file in self.files if file.table == table]


def measured(root: Path, path: str, **known: object) -> ReleasedFile:
    """Return a written file of a release with its size and checksum."""
    file = root / path
    return ReleasedFile(path=path, size=file.stat().st_size, sha256=sha256_of(file), **known)  # type: ignore[arg-type]


def base_url_of(package: Package, given: str | None) -> str:
    """Return the address of the release: the one given, else ``homepage``, else a reserved one that nobody can own.

    Examples:
        >>> from shuttle_diplomacy.package.storage import Folder
        >>> base_url_of(Package({"name": "zoo"}, Folder(Path())), None)
        'https://zoo.example/'
    """
    home = given or package.descriptor.get("homepage") or f"https://{_label(package.name)}.example/"
    return str(home) if str(home).endswith("/") else f"{home}/"


def _label(name: str) -> str:
    """Return a name as a part of a host's name can be."""
    kept: Iterable[str] = (char if char.isascii() and char.isalnum() else "-" for char in name.lower())
    return "".join(kept).strip("-")[:63] or "package"
