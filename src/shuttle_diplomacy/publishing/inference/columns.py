"""What all rows of a column say: whether an inferred type holds, whether it may be a key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.reader import shown
from shuttle_diplomacy.tabular.records import RecordReader
from shuttle_diplomacy.tabular.types import reading_of

_WIDER = {"integer": ("integer", "number"), "date": ("date",)}
_NUMBERS = ("integer", "number")
_NEAR = ("number", "date", "datetime")
_MOST = 0.5  # of the values: so many make it worth saying what keeps a text from being of another type
_LEADING_ZERO = r"^[+-]?0[0-9]"
_PLACEHOLDERS = {"na", "n/a", "nan", "null", "none", "-", "--", ".", "?", "unknown"}


@dataclass
class Column:
    """One column of a file, seen row by row.

    Attributes:
        name: the field's name.
        inferred: the type that the sample suggests.
        rows: how many rows the file has.
        filled: how many of them have a value.
        zeros: a value that would lose its leading zeros as a number, or an empty text.
        wrong: by type, how many values are not of it.
        example: by type, the first of them.
    """

    name: str
    inferred: str
    rows: int = 0
    filled: int = 0
    zeros: str = ""
    wrong: dict[str, int] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)
    _hashes: list[pl.Series] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Count from nothing."""
        self.wrong = dict.fromkeys(self.candidates or _NEAR, 0)

    @property
    def candidates(self) -> tuple[str, ...]:
        """Return the types to try, the narrowest first."""
        if self.inferred == "string":
            return ()
        return _WIDER.get(self.inferred, (self.inferred,))

    @property
    def type(self) -> str:
        """Return the narrowest type that every value is of."""
        if not self.filled or (self.zeros and self.inferred in _NUMBERS):
            return "string"
        return next((kind for kind in self.candidates if not self.wrong[kind]), "string")

    @property
    def is_key(self) -> bool:
        """Return whether each row has a value of its own."""
        return 0 < self.rows == self.filled == pl.concat(self._hashes).n_unique()

    @property
    def values(self) -> pl.Series:
        """Return the hashes of the values, which tell whether two columns share theirs."""
        return pl.concat(self._hashes).drop_nulls() if self._hashes else pl.Series([], dtype=pl.UInt64)

    def look_at(self, text: pl.Series) -> None:
        """Take in the texts of further rows; null where the cell is empty."""
        values = text.drop_nulls()
        self.rows += len(text)
        self.filled += len(values)
        cell = pl.col("value")
        self._hashes.append(
            text.alias("value").to_frame().select(pl.when(cell.is_not_null()).then(cell.hash()))["value"]
        )
        if not self.zeros and self.inferred in _NUMBERS:
            self.zeros = next(iter(values.filter(values.str.contains(_LEADING_ZERO))), "")
        for kind in self.wrong:
            reading = reading_of(Field({"name": self.name, "type": kind}), "value")
            wrong = values.alias("value").to_frame().filter(reading.wrong)["value"]
            self.wrong[kind] += len(wrong)
            if len(wrong):
                self.example.setdefault(kind, str(wrong[0]))

    def notes(self) -> Iterator[str]:
        """Yield what is to be looked at: a type that was given up, and why."""
        if not self.filled:
            yield f"field {self.name!r} has no value in any row; its type is string until somebody knows better"
        elif self.type == "string" and self.zeros and self.inferred in _NUMBERS:
            yield f"field {self.name!r} is a string: as a number {shown(self.zeros)} would lose its zeros"
        elif self.type != self.inferred:
            yield f"field {self.name!r} is of type {self.type}, because {self._misfits(self.inferred)}"
        elif self.inferred == "string":
            kind = min(_NEAR, key=lambda kind: self.wrong[kind])
            if self.wrong[kind] < _MOST * self.filled:
                yield f"field {self.name!r} is of type string, because {self._misfits(kind)}"

    def _misfits(self, kind: str) -> str:
        """Return how many values are not of a type, and the first of them."""
        wrong, example = self.wrong[kind], self.example.get(kind, "")
        if not wrong:
            return f"frictionless does not take it for {kind}, although all values are"
        hint = "; if it stands for no value, add it to missingValues" if example.lower() in _PLACEHOLDERS else ""
        are = "is" if wrong == 1 else "are"
        return f"{wrong:,} of {self.filled:,} values {are} not of type {kind}: {shown(example)}{hint}"


def columns_of(reader: RecordReader, inferred: Sequence[str]) -> list[Column]:
    """Return the columns of a file, having looked at every row.

    Args:
        reader: the reader of a resource without schema, whose labels become the names.
        inferred: the type of each column; where their number is not that of the labels they are not used.

    Raises:
        UnreadableError: the file cannot be read.
    """
    columns: list[Column] = []
    for records in reader.records():
        columns = columns or _columns(reader.schema.names, inferred)
        text = records.text.with_columns(pl.when(pl.all() != "").then(pl.all()))
        for number, column in enumerate(columns):
            column.look_at(text[str(number)])
    return columns or _columns(reader.schema.names, inferred)


def _columns(labels: Sequence[str], inferred: Sequence[str]) -> list[Column]:
    types = list(inferred) if len(inferred) == len(labels) else ["string"] * len(labels)
    return [Column(name, kind) for name, kind in zip(labels, types, strict=True)]
