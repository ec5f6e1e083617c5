"""Keys: primary keys, unique fields and keys, foreign keys. Nulls count as SQL counts them.

Of each key its values are gathered batch by batch. Up to a size they are kept as they are; above it only 64-bit
hashes are kept, so that a table of any length needs eight bytes a row and key. A key of one whole number is its own
hash. Equal hashes of other keys are confirmed on the values, in a second reading of the table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from shuttle_diplomacy.errors import MOST_HINTS, did_you_mean
from shuttle_diplomacy.package import Finding, Findings, Resource, Schema
from shuttle_diplomacy.tabular.comparable import comparable
from shuttle_diplomacy.tabular.reader import Batch, column_of

EXACT_ROWS = 1_000_000
_MANY = 5000  # above this, no nearest key is looked for
_ROW, _HASH = "row", "hash"
_WHOLE = (pl.Int64, pl.Int32)

Batches = Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class Key:
    """A key of one table.

    Attributes:
        fields: positions of its fields in the schema.
        as_text: whether its values are compared as texts, because the other side of a reference has another type.
    """

    fields: tuple[int, ...]
    as_text: bool = False


@dataclass
class KeyValues:
    """The values of one key of one table; rows with a null in the key are left out.

    Attributes:
        key: which key.
        dtypes: the types of its fields.
        distinct: whether only the set of values is wanted (the side of a foreign key), or each row's.
        exact_rows: how many rows are kept as values; from the next on hashes are.
    """

    key: Key
    dtypes: Sequence[pl.DataType]
    distinct: bool = False
    exact_rows: int = EXACT_ROWS
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _hashes: list[pl.Series] = field(default_factory=list)
    _rows: int = 0
    _merged: int = 0

    @property
    def names(self) -> list[str]:
        """Return the columns of :attr:`frame` that hold the key."""
        return [f"k{number}" for number in range(len(self.key.fields))]

    @property
    def exact(self) -> bool:
        """Return whether the values themselves are kept."""
        return self._rows <= self.exact_rows

    def rows_of(self, batch: Batch) -> pl.DataFrame:
        """Return row numbers and key values of a batch."""
        columns = [
            comparable(pl.col(column_of(number)), dtype, as_text=self.key.as_text).alias(name)
            for name, number, dtype in zip(self.names, self.key.fields, self.dtypes, strict=True)
        ]
        return batch.frame.select(batch.row_numbers.alias(_ROW), *columns).drop_nulls(self.names)

    def hashes_of(self, rows: pl.DataFrame) -> pl.Series:
        """Return one UInt64 a row: the value itself where the key is one whole number, else a hash."""
        if len(self.names) == 1 and rows.schema["k0"] in _WHOLE:
            return rows["k0"].cast(pl.Int64).reinterpret(signed=False).alias(_HASH)
        return rows.select(self.names).hash_rows(seed=20).alias(_HASH)

    def add(self, batch: Batch) -> None:
        """Gather the values of a batch."""
        rows = self.rows_of(batch)
        if self.exact and self._rows + rows.height > self.exact_rows:
            self._hashes = [self.hashes_of(frame) for frame in self._frames]
            self._frames = []
        self._rows += rows.height
        if self.exact:
            self._frames.append(rows)
        else:
            self._hashes.append(self.hashes_of(rows))
            self._merge()

    def _merge(self) -> None:
        """Keep each hash once where only the set is wanted; seldom enough to cost little."""
        kept = sum(map(len, self._hashes))
        if self.distinct and kept > max(2 * self._merged, self.exact_rows):
            self._hashes = [pl.concat(self._hashes).unique()]
            self._merged = len(self._hashes[0])

    @property
    def frame(self) -> pl.DataFrame:
        """Return row numbers and values of all rows, where they are kept."""
        if not self._frames:
            schema = {_ROW: pl.Int64(), **dict.fromkeys(self.names, pl.String())}
            return pl.DataFrame(schema=schema)
        return pl.concat(self._frames)

    def hashes(self) -> pl.Series:
        """Return the hashes in their order, of the values too where these are kept."""
        parts = [self.hashes_of(frame) for frame in self._frames] if self.exact else self._hashes
        found = pl.concat(parts) if parts else pl.Series(_HASH, [], dtype=pl.UInt64)
        if not self.exact:
            self._hashes = []  # sorted in place of the parts: half the memory
        found = (found.unique() if self.distinct else found).sort()
        if not self.exact:
            self._hashes = [found]
        return found


@dataclass
class KeyChecker:
    """Gathers and judges the keys of one table.

    Attributes:
        resource: the table.
        schema: its schema, as it is read.
        dtypes: the types of its fields.
        referenced: the keys that foreign keys of other tables, or its own, refer to.
        references: for each foreign key whether its values are compared as texts.
        exact_rows: see :class:`KeyValues`.
    """

    resource: Resource
    schema: Schema
    dtypes: Sequence[pl.DataType]
    referenced: Sequence[Key] = ()
    references: Sequence[Key | None] = ()
    exact_rows: int = EXACT_ROWS

    def __post_init__(self) -> None:
        """Prepare a collection for each key."""
        self._unique = {kind_and_key: self._values(kind_and_key[1]) for kind_and_key in self._unique_keys()}
        self.parents = {key: self._values(key, distinct=True) for key in self.referenced}
        self.children = [None if key is None else self._values(key, distinct=True) for key in self.references]

    def _values(self, key: Key, *, distinct: bool = False) -> KeyValues:
        return KeyValues(key, [self.dtypes[n] for n in key.fields], distinct, self.exact_rows)

    def _unique_keys(self) -> Iterator[tuple[str, Key]]:
        primary = positions(self.schema, self.schema.primary_key)
        if primary:
            yield "primary-key", Key(primary)
        for number, declared in enumerate(self.schema.fields):
            if declared.constraints.get("unique") and (number,) != primary:
                yield "unique-error", Key((number,))
        for names in self.schema.unique_keys:
            yield "unique-key", Key(positions(self.schema, names))

    def add(self, batch: Batch, findings: Findings) -> None:
        """Gather the keys of a batch; report empty cells in its primary key."""
        for values in (*self._unique.values(), *self.parents.values(), *filter(None, self.children)):
            values.add(batch)
        for number in positions(self.schema, self.schema.primary_key):
            if self.schema.fields[number].required:
                continue  # reported as a constraint
            judged = batch.wrong.get(column_of(number))
            empty = batch.text[column_of(number)].is_null()
            if judged is not None:
                empty = empty & ~pl.int_range(len(empty), eager=True).is_in(judged.implode())
            for row in batch.row_numbers.filter(empty):
                name = self.schema.fields[number].name
                note = f"{name!r} is part of the primary key and must not be empty"
                findings.add(self._finding("primary-key", note, row, number))

    def check_unique(self, again: Batches, findings: Findings) -> None:
        """Report each row whose key stood in an earlier row.

        Args:
            again: reads the table once more, where hashes have to be confirmed on the values.
            findings: where to report.
        """
        for (kind, key), values in self._unique.items():
            if values.exact:
                rows = values.frame
                if rows.select(values.names).hash_rows().n_unique() == rows.height:
                    continue
            else:
                hashes = values.hashes()
                twice = hashes.filter(hashes == hashes.shift(1)).unique()
                if twice.is_empty():
                    continue
                rows = self._rows_with(values, twice, again)
            self._report_twice(kind, key, values, rows, findings)
        self._unique.clear()

    def _rows_with(self, values: KeyValues, hashes: pl.Series, again: Batches) -> pl.DataFrame:
        """Return the rows whose hash is one of these, from a second reading."""
        wanted = hashes.to_frame(_HASH)
        found = []
        for batch in again():
            rows = values.rows_of(batch)
            marked = rows.with_columns(values.hashes_of(rows))
            found.append(marked.join(wanted, on=_HASH, how="semi", maintain_order="left").drop(_HASH))
        return pl.concat(found)

    def _report_twice(self, kind: str, key: Key, values: KeyValues, rows: pl.DataFrame, findings: Findings) -> None:
        first = pl.col(_ROW).min().over(values.names).alias("first")
        later = rows.with_columns(first).filter(pl.col(_ROW) > pl.col("first")).sort(_ROW)
        room = findings.room(kind)
        listed = later if room is None else later.head(room)
        names = " + ".join(self.schema.fields[n].name for n in key.fields)
        for row, *cells, standing in listed.iter_rows():
            shown = ", ".join(repr(str(cell)) for cell in cells)
            note = f"{names} {shown} stands in row {standing} already, but has to be unique"
            findings.add(self._finding(kind, note, row, key.fields[0]))
        findings.count(kind, later.height - listed.height)

    def check_references(self, parents: Sequence[KeyValues | None], again: Batches, findings: Findings) -> None:
        """Report rows that refer to what is not there.

        Args:
            parents: for each foreign key the values it refers to; None where the table could not be read, which is
                reported already.
            again: reads the table once more, to find the rows.
            findings: where to report.
        """
        for number, (child, parent) in enumerate(zip(self.children, parents, strict=True)):
            if child is None or parent is None:
                continue
            if child.exact and parent.exact:
                rows = child.frame
                if rows.height and parent.frame.height:
                    rows = rows.join(parent.frame, on=child.names, how="anti", maintain_order="left")
            else:
                absent = _absent(child.hashes(), parent.hashes())
                if absent.is_empty():
                    continue
                rows = self._rows_with(child, absent, again)
            self._report_dangling(number, child, parent, rows, findings)

    def _report_dangling(
        self, number: int, child: KeyValues, parent: KeyValues, rows: pl.DataFrame, findings: Findings
    ) -> None:
        reference = self.schema.foreign_keys[number]
        known: list[str] = []
        if parent.exact and parent.frame.height <= _MANY:
            distinct = parent.frame.select(parent.names).unique(maintain_order=True)
            known = ["/".join(map(str, cells)) for cells in distinct.iter_rows()]
        where = f"{reference.resource or self.resource.name}.{'+'.join(reference.reference_fields)}"
        room = findings.room("foreign-key")
        listed = rows if room is None else rows.head(room)
        for hint, (row, *cells) in enumerate(listed.iter_rows()):
            shown = "/".join(map(str, cells))
            near = did_you_mean(shown, known) if hint < MOST_HINTS else ""
            advice = f"{near} Add" if near else " add"
            note = f"{shown!r} is not in {where};{advice} the row there or correct the value"
            findings.add(self._finding("foreign-key", note, row, child.key.fields[0]))
        findings.count("foreign-key", rows.height - listed.height)

    def _finding(self, kind: str, note: str, row: int, number: int) -> Finding:
        return Finding(
            kind,
            note,
            resource=self.resource.name,
            path=self.resource.path,
            row_number=row,
            field_name=self.schema.fields[number].name,
            field_number=number + 1,
        )


_SEARCHED = 1 << 22


def _absent(child: pl.Series, parent: pl.Series) -> pl.Series:
    """Return the hashes of a sorted series that are not in another sorted one; piece by piece, to bound memory."""
    if parent.is_empty():
        return child
    found = []
    for start in range(0, len(child), _SEARCHED):
        piece = child.slice(start, _SEARCHED)
        at = parent.search_sorted(piece).clip(0, len(parent) - 1)
        found.append(piece.filter(parent.gather(at) != piece))
    return pl.concat(found) if found else child


def positions(schema: Schema, names: Sequence[str]) -> tuple[int, ...]:
    """Return the positions of fields in a schema."""
    order = {name: number for number, name in enumerate(schema.names)}
    return tuple(order[name] for name in names)
