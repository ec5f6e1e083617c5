"""Judging one resource: its stored bytes, its records, types, constraints and keys, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from shuttle_diplomacy.errors import (
    CompressionError,
    UnreadableError,
    UnsafePathError,
    UnsoundTableError,
    UnsupportedError,
)
from shuttle_diplomacy.package import Finding, Findings, Package, Resource, Schema
from shuttle_diplomacy.tabular.encoding import UnknownEncodingError
from shuttle_diplomacy.tabular.reader import Batch, TableReader, named
from shuttle_diplomacy.tabular.types import reading_of
from shuttle_diplomacy.validation.constraints import ConstraintChecker
from shuttle_diplomacy.validation.keys import EXACT_ROWS, Key, KeyChecker, KeyValues, positions
from shuttle_diplomacy.validation.stored_bytes import check_stored_bytes, exists

_HARMLESS = {"constraint-error", "hash-count", "byte-count"}
_LEFT_OUT = {"missing-cell", "extra-cell", "structure-error"}
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (CompressionError, "compression-error"),
    (UnknownEncodingError, "encoding-error"),
    (UnsupportedError, "format-error"),
    (UnreadableError, "source-error"),
    (UnsafePathError, "source-error"),
)


@dataclass
class JudgedResource:
    """One resource and what is known of it while its package is judged.

    Attributes:
        resource: the resource.
        findings: what is wrong with it.
        reader: its reader, where it is a table.
        keys: its keys, where it is a table that could be read.
        rows: how many sound records were read.
        frame: the whole typed table with its field names, where it is wanted for rules.
        row_numbers: the row number of each of its rows.
        unnamed: why the table cannot be given its field names, where it is wanted and sound but for that.
    """

    resource: Resource
    findings: Findings
    reader: TableReader | None = None
    keys: KeyChecker | None = None
    rows: int = 0
    frame: pl.DataFrame | None = None
    row_numbers: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.Int64))
    unnamed: str = ""

    @property
    def complete(self) -> bool:
        """Return whether every record could be read, so that what is absent is known to be absent."""
        return self.reader is not None and self.keys is not None and self.reader.records.complete

    @property
    def whole(self) -> bool:
        """Return whether no record was left out, so that what refers to the table can be judged."""
        return self.complete and not _LEFT_OUT & self.findings.types

    @property
    def unsound(self) -> str:
        """Return why rules cannot read the table, or an empty text."""
        if not self.complete or (self.frame is None and not self.unnamed):
            return "could not be read"
        wrong = {kind for kind, severity in self.findings.counts if severity == "error"} - _HARMLESS
        return "has errors of structure, type or key" if wrong else self.unnamed

    def again(self) -> Iterator[Batch]:
        """Read the table once more; what is wrong with it is reported already."""
        return TableReader(self.resource, Findings(limit=1)).batches()

    def judge(self, keys: "PackageKeys", *, keep: bool, on_rows: Callable[[int], None]) -> None:
        """Read the resource and check what can be checked without the others.

        Args:
            keys: which keys other tables refer to.
            keep: whether the whole table is wanted afterwards.
            on_rows: told how many rows were read, batch by batch.
        """
        try:
            self.findings.extend(check_stored_bytes(self.resource))
            if self.resource.is_table:
                self._read(keys, keep=keep, on_rows=on_rows)
            else:
                self.findings.extend(exists(self.resource))
        except tuple(kind for kind, _ in _KINDS) as error:
            kind = next(kind for raised, kind in _KINDS if isinstance(error, raised))
            self.findings.add(Finding(kind, str(error), resource=self.resource.name, path=self.resource.path))
            self.keys = None

    def _read(self, keys: "PackageKeys", *, keep: bool, on_rows: Callable[[int], None]) -> None:
        self.reader = TableReader(self.resource, self.findings)
        checker = ConstraintChecker(self.resource)
        batches: list[Batch] = []
        for batch in self.reader.batches():
            self.keys = self.keys or keys.checker(self.resource, self.reader.schema)
            checker.check(batch, self.findings)
            self.keys.add(batch, self.findings)
            self.rows += batch.frame.height
            on_rows(batch.frame.height)
            if keep:
                batches.append(batch)
        if self.reader.records.complete or self.keys is not None:
            self.keys = self.keys or keys.checker(self.resource, self.reader.schema)
            self.keys.check_unique(self.again, self.findings)
        if keep:
            self._keep(batches)

    def _keep(self, batches: list[Batch]) -> None:
        assert self.reader is not None
        frame = pl.concat([batch.frame for batch in batches]) if batches else self.reader.empty
        try:
            self.frame = named(frame, self.reader.schema)
        except UnsoundTableError as error:
            self.unnamed = str(error)
        self.row_numbers = pl.concat([self.row_numbers, *(batch.row_numbers for batch in batches)])


class PackageKeys:
    """Which keys of each table are referred to, and how they compare: as values, or as texts where types differ."""

    def __init__(self, package: Package, exact_rows: int = EXACT_ROWS) -> None:
        self._schemas = {r.name: r.schema for r in package.resources if r.is_table}
        self._dtypes = {name: _dtypes(schema) for name, schema in self._schemas.items()}
        self._referenced: dict[str, list[Key]] = {name: [] for name in self._schemas}
        self._references = {name: list(self._pairs(name)) for name in self._schemas}
        self._exact_rows = exact_rows
        for pairs in self._references.values():
            for target, key, _ in pairs:
                if key is not None and key not in self._referenced[target]:
                    self._referenced[target].append(key)

    def _pairs(self, name: str) -> Iterator[tuple[str, Key | None, Key | None]]:
        """Yield for each foreign key of a table: the other table, the key there, the key here."""
        schema = self._schemas[name]
        for reference in schema.foreign_keys:
            target = reference.resource or name
            other = self._schemas.get(target)
            if other is None:
                yield target, None, None
                continue
            here, there = positions(schema, reference.fields), positions(other, reference.reference_fields)
            same = [self._dtypes[name][n] for n in here] == [self._dtypes[target][n] for n in there]
            yield target, Key(there, not same), Key(here, not same)

    def checker(self, resource: Resource, schema: Schema) -> KeyChecker:
        """Return the checker of one table."""
        dtypes = self._dtypes[resource.name] if schema is resource.schema else _dtypes(schema)
        here = [key for _, _, key in self._references[resource.name]]
        return KeyChecker(resource, schema, dtypes, self._referenced[resource.name], here, self._exact_rows)

    def parents(self, name: str, judged: dict[str, JudgedResource]) -> list[KeyValues | None]:
        """Return for each foreign key of a table the values that it refers to; None where they are not all known."""
        found: list[KeyValues | None] = []
        for target, key, _ in self._references[name]:
            other = judged.get(target)
            known = key is not None and other is not None and other.whole and other.keys is not None
            found.append(other.keys.parents[key] if known and other and other.keys and key else None)
        return found


def _dtypes(schema: Schema) -> Sequence[pl.DataType]:
    return [reading_of(field, "0").dtype for field in schema.fields]
