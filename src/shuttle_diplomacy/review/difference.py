"""What differs between two packages: the model that every form of it is rendered from."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Schema

CELLS = {
    "key": pl.String,
    "old_row": pl.Int64,
    "row": pl.Int64,
    "field": pl.String,
    "before": pl.String,
    "after": pl.String,
    "respelt": pl.Boolean,
}
KEYS = {"before": pl.String, "after": pl.String, "old_row": pl.Int64, "row": pl.Int64}


@dataclass(frozen=True)
class Stored:
    """A table as it is stored: the texts of its cells.

    Attributes:
        schema: its schema; where it declares none, one that has the labels of the file as fields.
        text: one String column a field, named by its position; null only where JSON holds null.
        numbers: the row number of each row, the header being 1.
    """

    schema: Schema
    text: pl.DataFrame
    numbers: pl.Series

    def rows(self, index: pl.Series) -> "Stored":
        """Return some rows."""
        return Stored(self.schema, self.text[index], self.numbers.gather(index))

    def head(self, most: int) -> list[dict[str, str | None]]:
        """Return the first rows by field name."""
        names = self.schema.names
        return [dict(zip(names, row, strict=True)) for row in self.text.head(most).iter_rows()]

    def ids(self, key: tuple[str, ...], most: int | None = None) -> pl.Series:
        """Return each row's primary key, parts joined by ``/``; an empty text where there is no key."""
        text = self.text if most is None else self.text.head(most)
        names = self.schema.names
        parts = [pl.col(str(names.index(name))).fill_null("") for name in key if name in names]
        if not parts:
            return pl.repeat("", text.height, dtype=pl.String, eager=True)
        return text.select(pl.concat_str(parts, separator="/")).to_series()


@dataclass(frozen=True)
class Change:
    """A change of a schema or of metadata.

    Attributes:
        kind: what sort of change, one of the kinds that :mod:`~shuttle_diplomacy.review.semver` knows.
        what: the property (``constraints.minimum``), or the field or key that was added or removed.
        field: the field that it is about, or an empty text.
        before, after: the JSON values; None where there was or is none.
        note: what to know of it, in words.
    """

    kind: str
    what: str
    field: str = ""
    before: Any = None
    after: Any = None
    note: str = ""


@dataclass(frozen=True)
class TableDifference:
    """What differs in one table.

    Attributes:
        name: the table.
        status: ``changed``, ``added``, ``removed``, or ``unread`` where it could not be compared.
        reason: why it could not be compared.
        key: the primary key that rows were matched by; empty: rows were compared as a whole.
        rows_before, rows_after: how many rows there were and are.
        added, removed: those rows, renamed ones left out.
        cells: the changed cells (:data:`CELLS`), by row.
        renamed: keys that changed while the rest of their row stayed (:data:`KEYS`).
        changed_rows: how many rows have a changed cell.
        respelt_rows: in how many of them only the spelling changed, the typed values being the same.
        schema: changes of the schema.
        references: fields that refer to another table.
        referenced: whether another table refers to this one, and by which fields.
        properties: changes of the resource's other properties.
        noise: changes that every change of data brings along (hash, bytes, date).
    """

    name: str
    status: str = "changed"
    reason: str = ""
    key: tuple[str, ...] = ()
    rows_before: int = 0
    rows_after: int = 0
    added: Stored | None = None
    removed: Stored | None = None
    cells: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CELLS))
    renamed: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KEYS))
    changed_rows: int = 0
    respelt_rows: int = 0
    schema: tuple[Change, ...] = ()
    references: frozenset[str] = frozenset()
    referenced: frozenset[str] = frozenset()
    properties: tuple[Change, ...] = ()
    noise: tuple[Change, ...] = ()

    def changed(self, most: int | None) -> list[list[dict[str, Any]]]:
        """Return the changed cells (:data:`CELLS`) of the first rows, one list a row."""
        rows = self.cells["row"].unique(maintain_order=True)
        if most is not None:
            rows = rows.head(most)
        found: dict[int, list[dict[str, Any]]] = {row: [] for row in rows}
        for cell in self.cells.filter(pl.col("row").is_in(rows.implode())).iter_rows(named=True):
            found[cell["row"]].append(cell)
        return list(found.values())

    @property
    def added_rows(self) -> int:
        """Return how many rows were added."""
        return self.added.text.height if self.added else 0

    @property
    def removed_rows(self) -> int:
        """Return how many rows were removed."""
        return self.removed.text.height if self.removed else 0

    @property
    def same(self) -> bool:
        """Return whether nothing differs but noise."""
        rows = self.added_rows + self.removed_rows + self.changed_rows + self.renamed.height
        return self.status == "changed" and not (rows or self.schema or self.properties)


@dataclass(frozen=True)
class Difference:
    """What differs between two packages.

    Attributes:
        old, new: how the two were named.
        old_version, new_version: their ``version``, as declared.
        tables: one a table that differs, or could not be compared.
        properties: changes of the package's own properties, and of files that are no tables.
        noise: changes of what every release changes.
        created: the new package's ``created``, or an empty text.
    """

    old: str
    new: str
    old_version: str | None = None
    new_version: str | None = None
    tables: tuple[TableDifference, ...] = ()
    properties: tuple[Change, ...] = ()
    noise: tuple[Change, ...] = ()
    created: str = ""

    @property
    def same(self) -> bool:
        """Return whether nothing differs but noise and the version."""
        return not self.properties and all(table.same for table in self.tables)

    @property
    def unread(self) -> list[TableDifference]:
        """Return the tables that could not be compared."""
        return [table for table in self.tables if table.status == "unread"]
