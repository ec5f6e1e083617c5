"""From a resource to typed frames: what is validated is what is loaded, because both come from here."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.errors import UnsoundTableError, did_you_mean
from shuttle_diplomacy.package import Field, Finding, Resource, Schema
from shuttle_diplomacy.tabular.records import RecordReader, Records
from shuttle_diplomacy.tabular.types import Reading, reading_of


@dataclass(frozen=True)
class Batch:
    """A run of typed rows.

    Attributes:
        frame: typed values, one column a field; null where a cell is missing or wrong. Enumerated texts are String.
        text: the same rows as stored texts, missing values being null.
        row_numbers: Int64, the row number of each row (the header is 1).
        wrong: for each field with cells its type does not accept: their indices in the frame.
    """

    frame: pl.DataFrame
    text: pl.DataFrame
    row_numbers: pl.Series
    wrong: dict[str, list[int]]


@dataclass
class TableReader:
    """Reads a tabular resource as batches of typed rows.

    Attributes:
        records: the raw reader, which also finds positions.
        findings: errors of structure and type, complete after :meth:`batches` was exhausted.
    """

    resource: Resource
    findings: list[Finding] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare one reading a field, so that what cannot be read is refused before any byte is."""
        self.records = RecordReader(self.resource)
        self.readings = {f.name: reading_of(f) for f in self.resource.schema.fields}

    def batches(self) -> Iterator[Batch]:
        """Yield typed rows, batch by batch; a small file is one batch.

        Raises:
            UnreadableError: the file is not there.
            UnsupportedError: it is stored in a way that is not read so far.
        """
        for records in self.records.records():
            yield self._typed(records)
        self.findings.extend(self.records.findings)

    def _typed(self, records: Records) -> Batch:
        schema = self.resource.schema
        text = records.text.with_columns(_without_missing(f, schema.missing_values(f)) for f in schema.fields)
        frame = text.select(r.value.cast(r.dtype).alias(name) for name, r in self.readings.items())
        flags = text.select(r.wrong.alias(name) for name, r in self.readings.items())
        if flags.height != text.height:  # literals alone broadcast to one row
            flags = text.select(r.wrong.repeat_by(1).explode().alias(n) for n, r in self.readings.items())
        wrong: dict[str, list[int]] = {}
        for name, found in flags.select(pl.all().any()).row(0, named=True).items() if flags.height else ():
            if found:
                wrong[name] = flags[name].arg_true().to_list()
                self._report(schema.field(name), self.readings[name], wrong[name], text, records.row_numbers)
        return Batch(frame, text, records.row_numbers, wrong)

    def _report(
        self, field: Field, reading: Reading, rows: list[int], text: pl.DataFrame, row_numbers: pl.Series
    ) -> None:
        number = self.resource.schema.names.index(field.name) + 1
        for row in rows:
            cell = text[field.name][row]
            note = f"{cell!r} is not of type {field.type}: expected {reading.expected}"
            self.findings.append(
                Finding(
                    "type-error",
                    note,
                    resource=self.resource.name,
                    path=self.resource.path,
                    row_number=row_numbers[row],
                    field_name=field.name,
                    field_number=number,
                    cell=cell,
                )
            )


def _without_missing(field: Field, missing: list[str]) -> pl.Expr:
    column = pl.col(field.name)
    if not missing:
        return column
    return pl.when(column.is_in(missing)).then(None).otherwise(column).alias(field.name)


def read_table(resource: Resource) -> tuple[pl.DataFrame, list[Finding]]:
    """Return a whole resource as one typed frame, and what is wrong with its structure and types.

    Raises:
        UnreadableError: the file is not there.
            UnsupportedError: it is stored in a way that is not read so far.
    """
    reader = TableReader(resource)
    frames = [batch.frame for batch in reader.batches()]
    if not frames:
        frames = [pl.DataFrame(schema={name: r.dtype for name, r in reader.readings.items()})]
    return pl.concat(frames), reader.findings


def with_enums(frame: pl.DataFrame, name: str, schema: Schema) -> pl.DataFrame:
    """Return the frame with each enumerated text column as Enum, in the declared order of its values.

    Args:
        frame: typed rows, enumerated texts as String.
        name: the table, for messages.
        schema: its schema.

    Raises:
        UnsoundTableError: a value is not in its enumeration; the message names the first.
    """
    fields = [f for f in schema.fields if f.values and f.type in {"string", "any"}]
    for field in fields:
        values = [str(v) for v in field.values]
        try:
            frame = frame.with_columns(pl.col(field.name).cast(pl.Enum(values)))
        except pl.exceptions.InvalidOperationError:
            stray = frame[field.name].filter(~frame[field.name].is_in(values))[0]
            raise UnsoundTableError(
                f"{name!r} cannot be loaded: the field {field.name!r} holds {stray!r}, which is not one of its values;"
                f"{did_you_mean(stray, values)} run: shuttle validate"
            ) from None
    return frame
