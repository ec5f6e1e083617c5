"""From a resource to typed frames: what is validated is what is loaded, because both come from here."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.errors import UnsoundTableError, did_you_mean
from shuttle_diplomacy.package import Field, Finding, Findings, Resource, Schema
from shuttle_diplomacy.package.compression import assumed_compression
from shuttle_diplomacy.tabular.formats import form_of
from shuttle_diplomacy.tabular.records import RecordReader, Records
from shuttle_diplomacy.tabular.structured_records import StructuredReader
from shuttle_diplomacy.tabular.types import Reading, reading_of


def column_of(index: int) -> str:
    """Return the name of a field's column inside the gate; field names may be what polars takes for patterns.

    Examples:
        >>> column_of(0)
        '0'
    """
    return str(index)


@dataclass(frozen=True)
class Batch:
    """A run of typed rows; each frame has one column a field, named by its position (:func:`column_of`).

    Attributes:
        frame: typed values; null where a cell is missing or wrong. Enumerated texts are String.
        text: the same rows as stored texts, missing values being null.
        row_numbers: Int64, the row number of each row (the header is 1).
        wrong: for each column with cells its type does not accept: their indices in the frame (UInt32).
        missing: for each field whose missing values have labels, by the name of its column: Enum, why a value is
            missing; only where the reader was asked for it.
    """

    frame: pl.DataFrame
    text: pl.DataFrame
    row_numbers: pl.Series
    wrong: dict[str, pl.Series]
    missing: pl.DataFrame = dataclasses.field(default_factory=pl.DataFrame)


@dataclass
class TableReader:
    """Reads a tabular resource as batches of typed rows.

    Attributes:
        resource: the table.
        findings: errors of structure and type, complete after :meth:`batches` was exhausted.
        records: the raw reader.
        schema: the resource's schema; where it declares none, one that has the labels of the file as fields.
        readings: how each field is read; known once the first batch was yielded.
        missing_labels: whether batches tell why values are missing.
    """

    resource: Resource
    findings: Findings = dataclasses.field(default_factory=Findings)
    missing_labels: bool = False

    def __post_init__(self) -> None:
        """Prepare one reading a field, so that what cannot be read is refused before any byte is."""
        stored = form_of(self.resource)
        self.records = (
            RecordReader(self.resource, self.findings)
            if stored.form == "csv"
            else StructuredReader(self.resource, stored, self.findings)
        )
        if stored.assumed:
            note = Finding("undeclared-format", stored.assumed, self.resource.name, severity="warning")
            self.findings.add(note.at(path=self.resource.path))
        if assumed := assumed_compression(self.resource.paths, self.resource.compression):
            note = Finding("undeclared-compression", assumed, self.resource.name, severity="warning")
            self.findings.add(note.at(path=self.resource.path))
        self.schema = self.resource.schema
        self.readings = _readings(self.schema)

    def batches(self) -> Iterator[Batch]:
        """Yield typed rows, batch by batch; a small file is one batch.

        Raises:
            UnreadableError: a file is not there or cannot be read.
        """
        for records in self.records.records():
            self._follow()
            yield self._typed(records)
        self._follow()

    def _follow(self) -> None:
        """Take the schema that the labels of the file gave, where the resource declares none."""
        if self.schema is not self.records.schema:
            self.schema = self.records.schema
            self.readings = _readings(self.schema)

    @property
    def empty(self) -> pl.DataFrame:
        """Return a typed frame without rows."""
        return pl.DataFrame(schema={column_of(n): r.dtype for n, r in enumerate(self.readings)})

    def _typed(self, records: Records) -> Batch:
        stored = records.text.with_columns(self._without_missing(records))
        text = _without_cells(stored, records.mismatched)
        frame = text.select(r.value.cast(r.dtype).alias(column_of(n)) for n, r in enumerate(self.readings))
        wrong: dict[str, pl.Series] = {}
        if text.height:
            counts = zip(text.null_count().row(0), frame.null_count().row(0), strict=True)
            for number, (missing, null) in enumerate(counts):
                reading, column = self.readings[number], column_of(number)
                if reading.total and missing == null:
                    continue
                rows = text.select(reading.wrong.alias("wrong"))["wrong"].arg_true()
                if rows.len():
                    wrong[column] = rows
                    self._report(number, rows, text, records.row_numbers)
        for column, known in records.mismatched.items():
            rows = pl.Series(known, dtype=pl.UInt32)
            wrong[column] = pl.concat([wrong[column].cast(pl.UInt32), rows]).sort() if column in wrong else rows
        missing = self._labels(records) if self.missing_labels else pl.DataFrame()
        return Batch(frame, stored, records.row_numbers, wrong | self._absent(text.height), missing)

    def _labels(self, records: Records) -> pl.DataFrame:
        """Return why values are missing, for each field that has a column and labels for its missing values."""
        assert self.records.match is not None
        present = [column is not None for column in self.records.match.columns]
        return records.text.select(
            _label(pl.col(column_of(number)), labels, nulls=records.nulls and present[number])
            for number, field in enumerate(self.schema.fields)
            if (labels := self.schema.missing_labels(field))
        )

    def _absent(self, height: int) -> dict[str, pl.Series]:
        """Return all rows for each field without a column: that was said once, so its cells are not judged."""
        assert self.records.match is not None
        columns = [number for number, column in enumerate(self.records.match.columns) if column is None]
        every = pl.int_range(height, dtype=pl.UInt32, eager=True) if columns else pl.Series(dtype=pl.UInt32)
        return {column_of(number): every for number in columns}

    def _without_missing(self, records: Records) -> list[pl.Expr]:
        """Return expressions for the columns in which some text stands for null, or an empty one does not."""
        assert self.records.match is not None
        found = []
        for number, field in enumerate(self.schema.fields):
            column = pl.col(column_of(number))
            missing = set(self.schema.missing_values(field))
            if self.records.dialect.null_sequence is not None:
                missing.add(self.records.dialect.null_sequence)
            others = sorted(missing - {""} if records.nulls else missing)
            value = column
            if records.nulls and "" not in missing and self.records.match.columns[number] is not None:
                value = value.fill_null("")
            if others:
                same = column == others[0] if len(others) == 1 else column.is_in(others)
                value = pl.when(same).then(None).otherwise(value)
            if value is not column:
                found.append(value.alias(column_of(number)))
        return found

    def _report(self, number: int, rows: pl.Series, text: pl.DataFrame, row_numbers: pl.Series) -> None:
        field, reading = self.schema.fields[number], self.readings[number]
        room = self.findings.room("type-error")
        listed = rows if room is None else rows.head(room)
        cells = text[column_of(number)].gather(listed)
        for cell, row in zip(cells, row_numbers.gather(listed), strict=True):
            self.findings.add(
                Finding(
                    "type-error",
                    f"{shown(cell)} is not of type {field.type}: expected {reading.expected}",
                    resource=self.resource.name,
                    path=self.resource.path,
                    row_number=row,
                    field_name=field.name,
                    field_number=number + 1,
                    cell=cell,
                )
            )
        self.findings.count("type-error", rows.len() - listed.len())


def _label(text: pl.Expr, labels: dict[str, str], *, nulls: bool) -> pl.Expr:
    """Return the label of each cell that holds a labelled text; ``nulls``: empty cells are null already."""
    cells = text.fill_null("") if nulls else text
    values = list(labels.values())
    return cells.replace_strict(list(labels), values, default=None, return_dtype=_label_type(labels))


def _label_type(labels: dict[str, str]) -> pl.Enum:
    return pl.Enum(list(dict.fromkeys(labels.values())))


def _no_labels(schema: Schema) -> pl.DataFrame:
    labels = {column_of(n): schema.missing_labels(field) for n, field in enumerate(schema.fields)}
    return pl.DataFrame(schema={name: _label_type(found) for name, found in labels.items() if found})


def _without_cells(text: pl.DataFrame, cells: dict[str, list[int]]) -> pl.DataFrame:
    """Return texts in which some cells, given as row indices by column, are null."""
    if not cells:
        return text
    index = pl.int_range(pl.len())
    return text.with_columns(pl.when(~index.is_in(rows)).then(pl.col(name)).alias(name) for name, rows in cells.items())


def shown(cell: str, most: int = 100) -> str:
    """Return a cell for a message: quoted, and shortened where it is long.

    Examples:
        >>> shown("a"), shown("b" * 1000, 4)
        ("'a'", "'bbbb...' (1,000 characters)")
    """
    if len(cell) <= most:
        return repr(cell)
    return f"{cell[:most] + '...'!r} ({len(cell):,} characters)"


def _readings(schema: Schema) -> list[Reading]:
    return [reading_of(field, column_of(number)) for number, field in enumerate(schema.fields)]


def read_table(resource: Resource, *, missing_labels: bool = False) -> tuple[pl.DataFrame, list[Finding]]:
    """Return a whole resource as one typed frame, and what is wrong with its structure and types.

    Args:
        resource: the table.
        missing_labels: whether to add, right of each field whose missing values have labels, an Enum column
            ``<field>.missing`` that says why a value is missing.

    Raises:
        UnreadableError: a file is not there or cannot be read.
        UnsoundTableError: two columns have the same name.
    """
    reader = TableReader(resource, missing_labels=missing_labels)
    batches = [(batch.frame, batch.missing) for batch in reader.batches()]
    frame = pl.concat(frame for frame, _ in batches) if batches else reader.empty
    try:
        frame = named(frame, reader.schema)
        if missing_labels:
            missing = pl.concat(missing for _, missing in batches) if batches else _no_labels(reader.schema)
            frame = _with_labels(frame, missing, reader.schema)
    except UnsoundTableError as error:
        raise UnsoundTableError(f"{resource.name!r} cannot be loaded: {error}") from None
    return frame, [f for f in reader.findings.kept if f.severity == "error"]


def _with_labels(frame: pl.DataFrame, missing: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the frame with each column of ``missing`` right of its field."""
    columns = []
    for number, name in enumerate(schema.names):
        columns.append(frame[name])
        if column_of(number) in missing.columns:
            labels = f"{name}.missing"
            if labels in frame.columns:
                raise UnsoundTableError(f"the labels of {name!r} would be named as the field {labels!r}; rename it")
            columns.append(missing[column_of(number)].alias(labels))
    return pl.DataFrame(columns)


def named(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return a frame of the gate with the names of its fields.

    Raises:
        UnsoundTableError: two fields have the same name.
    """
    if len(set(schema.names)) < len(schema.names):
        name = next(name for name, times in Counter(schema.names).items() if times > 1)
        raise UnsoundTableError(
            f"several fields are named {shown(name)}, so that columns cannot be told apart by name; give each its own"
        )
    frame = frame.clone()
    frame.columns = schema.names
    return frame


def enumerated(field: Field) -> bool:
    """Return whether a field is loaded as Enum."""
    return bool(field.values) and field.type in {"string", "any"}


def enum_values(field: Field) -> list[str]:
    """Return the values of a field that is loaded as Enum, each once, in their declared order."""
    return list(dict.fromkeys(str(value) for value in field.values))


def dtype_of(field: Field) -> pl.DataType:
    """Return the type of a column as it is loaded.

    Raises:
        FieldError: the field's type, format or a property of its type cannot be followed.
    """
    return pl.Enum(enum_values(field)) if enumerated(field) else reading_of(field).dtype


def with_enums(frame: pl.DataFrame, name: str, schema: Schema) -> pl.DataFrame:
    """Return the frame with each enumerated text column as Enum, in the declared order of its values.

    Args:
        frame: typed rows, enumerated texts as String.
        name: the table, for messages.
        schema: its schema.

    Raises:
        UnsoundTableError: a value is not in its enumeration; the message names the first.
    """
    for field in filter(enumerated, schema.fields):
        values = enum_values(field)
        try:
            frame = frame.with_columns(frame[field.name].cast(pl.Enum(values)))
        except pl.exceptions.InvalidOperationError:
            stray = frame[field.name].filter(~frame[field.name].is_in(values))[0]
            raise UnsoundTableError(
                f"{name!r} cannot be loaded: the field {field.name!r} holds {stray!r}, which is not one of its values;"
                f"{did_you_mean(stray, values)} run: shuttle validate"
            ) from None
    return frame
