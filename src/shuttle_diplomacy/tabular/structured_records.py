"""The raw pass over JSON, JSON lines and inline data: rows -> frames of texts, with the same interface as CSV."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Field, Finding, Findings, Resource, Schema
from shuttle_diplomacy.package.compression import compression_of, open_decompressed
from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.encoding import TextStream
from shuttle_diplomacy.tabular.formats import StoredForm
from shuttle_diplomacy.tabular.header import HeaderMatch, field_names, match_header
from shuttle_diplomacy.tabular.json_values import Kind
from shuttle_diplomacy.tabular.native import lexical, native_mismatch
from shuttle_diplomacy.tabular.positions import Position
from shuttle_diplomacy.tabular.records import Records
from shuttle_diplomacy.tabular.structured import (
    StructuredRow,
    StructuredTable,
    inline_text,
    read_inline,
    read_json,
    read_lines,
)

_ROWS = 50_000
_CHUNK = 1 << 20
_SHOWN = 200


@dataclass
class StructuredReader:
    """Reads the rows of one structured table; see :class:`~shuttle_diplomacy.tabular.records.RecordReader`."""

    resource: Resource
    stored: StoredForm
    findings: Findings = field(default_factory=Findings)
    match: HeaderMatch | None = None
    complete: bool = True

    def __post_init__(self) -> None:
        """Read the dialect."""
        self.dialect = Dialect.of(self.resource)
        self.schema = self.resource.schema
        self._fault: Finding | None = None
        self._assumed: dict[str, str] = {}  # by path, what was taken from the file
        self._parts: list[tuple[int, str]] = []  # how many lines stand before each file, and its path

    def records(self) -> Iterator[Records]:
        """Yield the sound rows, some thousands at a time.

        Raises:
            UnreadableError: a file is not there, cannot be read, or declares an encoding that is not known.
            UnsafePathError: a path leads out of the package.
        """
        table = self._table()
        self._match(table)
        if self.match is None or self.match.fatal:
            self.complete = False
            return
        rows = self._sound(table.rows)
        while batch := list(islice(rows, _ROWS)):
            yield self._records(batch)
        self._report(*table.findings, *self._undeclared())
        if self._fault is not None:
            self.complete = False
            self._report(self._fault)

    def _undeclared(self) -> list[Finding]:
        return [
            Finding("undeclared-encoding", note, path=path, severity="warning") for path, note in self._assumed.items()
        ]

    def _table(self) -> StructuredTable:
        names = self.schema.names if self._has_schema else None
        mode = self.schema.fields_match
        data = self.resource.descriptor.get("data")
        if data is not None and not isinstance(data, str):
            return read_inline(data, self.dialect, names, mode)
        lines = self._lines()
        if self.stored.form == "json":
            return read_json("".join(lines), self.dialect, names, mode)
        return read_lines(lines, self.dialect, names, mode)

    @property
    def _has_schema(self) -> bool:
        return "schema" in self.resource.descriptor

    def _lines(self) -> Iterator[str]:
        """Yield the physical lines of the files, one after the other."""
        inline = inline_text(self.resource)
        if inline is not None:
            yield from inline.decode("utf-8", errors="replace").splitlines(keepends=True)
        before, self._parts = 0, []
        for path in self.resource.paths:
            self._parts.append((before, path))
            kind = compression_of(path, self.resource.compression)
            with closing(open_decompressed(path, self.resource.storage, kind)) as stream:
                text = TextStream(stream, self.resource.declared_encoding)
                if text.assumed:
                    self._assumed[path] = text.assumed
                rest, number = b"", 0
                for chunk in text.chunks(_CHUNK):
                    *lines, rest = (rest + chunk).split(b"\n")
                    number += len(lines)
                    yield from (line.decode("utf-8") + "\n" for line in lines)
                before += number + bool(rest and not text.fault)
                if text.fault:
                    note = text.fault.note + "; what follows is not judged"
                    column = len(rest.decode("utf-8")) + 1
                    self._fault = Finding("encoding-error", note, path=path, line=number + 1, column=column)
                elif rest:
                    yield rest.decode("utf-8") + ("" if path == self.resource.paths[-1] else "\n")

    def _match(self, table: StructuredTable) -> None:
        labels = table.labels
        if labels.faults:  # what cannot be decoded is the reason, not what is missing behind it
            self.match = HeaderMatch([self._fault] if self._fault else list(labels.faults), [], 0, fatal=True)
            self._report(*self.match.findings)
            return
        if not self._has_schema:
            self.schema = Schema({"fields": [{"name": name} for name in field_names(labels)]})
        declared = self.schema.names if self._has_schema else None
        needed = {f.name for f in self.schema.fields if f.required} | set(self.schema.primary_key)
        mode = "superset" if table.keyed else self.schema.fields_match
        match = match_header(labels, declared, mode, room=self.findings.limit or None, required=needed)
        self.match = match
        self._report(*match.findings)

    def _sound(self, rows: Iterable[StructuredRow]) -> Iterator[StructuredRow]:
        for row in rows:
            if row.fault is None:
                yield row
            else:
                self._report(row.fault)

    def _records(self, rows: list[StructuredRow]) -> Records:
        assert self.match is not None
        columns: dict[str, list[str | None]] = {}
        mismatched: dict[str, list[int]] = {}
        for number, (declared, column) in enumerate(zip(self.schema.fields, self.match.columns, strict=True)):
            cells: list[str | None] = []
            for index, row in enumerate(rows):
                value = row.values[column] if column is not None else None
                kind: Kind = row.kinds[column] if column is not None else "null"
                if kind not in ("string", "null") and value is not None:
                    fault = native_mismatch(declared, kind, value)
                    if fault is not None:
                        mismatched.setdefault(str(number), []).append(index)
                        self._mismatch(declared, number, row, value, fault)
                    else:
                        value = lexical(declared, kind, value)
                cells.append(value)
            columns[str(number)] = cells
        text = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        numbers = pl.Series([row.row_number for row in rows], dtype=pl.Int64)
        return Records(text, numbers, nulls=False, mismatched=mismatched)

    def _mismatch(self, declared: Field, number: int, row: StructuredRow, value: str, note: str) -> None:
        at: dict[str, Any] = {"field_name": declared.name, "field_number": number + 1, "cell": value}
        self._report(Finding("type-error", note, row_number=row.row_number, **at))

    def _report(self, *findings: Finding) -> None:
        name = self.resource.name
        for found in findings:
            path, line = (found.path, found.line) if found.path else self._at(found.line)
            self.findings.add(found.at(resource=name, path=path, line=line))

    def _at(self, line: int | None) -> tuple[str, int | None]:
        """Return the file of a line that is counted through all files, and its number there."""
        before, path = next(
            ((before, path) for before, path in reversed(self._parts) if before < (line or 1)), (0, self.resource.path)
        )
        return path, line and line - before

    def locate(self, cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Position]:
        """Return the physical lines of rows, and the texts of their cells; columns are not known."""
        wanted: dict[int, set[int]] = {}
        for row_number, number in cells:
            wanted.setdefault(row_number, set()).add(number)
        if not wanted or self.match is None or self.match.fatal:
            return {}
        found: dict[tuple[int, int], Position] = {}
        last = max(wanted)
        for row in self._table().rows:
            if row.row_number > last:
                break
            path, line = self._at(row.line)
            for number in wanted.get(row.row_number, ()):
                column = self.match.columns[number - 1] if number else None
                cell = row.values[column] if column is not None and row.values else None
                found[row.row_number, number] = Position(path, line, None, None, None, 1, None, cell)
        return found
