"""What SQL databases of a release have in common: names, quotes, keys and references, whatever a descriptor holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

_STANDS_FOR = "\ufffd"


def clean(text: str) -> str:
    r"""Return a text as a database can hold it in a statement: without NUL and halves of characters.

    Examples:
        >>> clean("a\0b\ud800")
        'a�b�'
    """
    whole = "".join(_STANDS_FOR if "\ud800" <= char <= "\udfff" else char for char in text)
    return whole.replace("\0", _STANDS_FOR)


def quote(name: str) -> str:
    """Return a name as an identifier of SQL.

    Examples:
        >>> print(quote('a "b" c'))
        "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def quoted(names: Iterable[str]) -> str:
    """Return names as identifiers, separated by commas."""
    return ", ".join(map(quote, names))


def literal(text: str) -> str:
    """Return a text as a literal of SQL.

    Examples:
        >>> literal("it's")
        "'it''s'"
    """
    return "'" + clean(text).replace("'", "''") + "'"


def remark(text: str) -> str:
    r"""Return a text as it can stand in a comment of one line, whatever it holds.

    Examples:
        >>> remark("one\r\ntwo\x1b[0m\u2028DROP")
        'one two [0m DROP'
    """
    return " ".join("".join(char if char.isprintable() else " " for char in clean(text)).split())


class Names:
    """Names that are free: databases do not tell cases apart, packages do.

    Args:
        taken: names that are not free from the start.
        reserved: what no name may start with.
        avoided: characters for which an underscore stands.

    Examples:
        >>> names = Names(["_tables"], reserved="sqlite_")
        >>> [names.take(name) for name in ("a", "A", "", "_tables", "sqlite_x")]
        ['a', 'A_2', 'unnamed', '_tables_2', '_sqlite_x']
    """

    def __init__(self, taken: Iterable[str] = (), reserved: str = "\0", avoided: str = "") -> None:
        self.avoided = str.maketrans(dict.fromkeys(avoided, "_"))
        self._taken = {name.casefold() for name in taken}
        self._reserved = reserved

    def take(self, wanted: str, endings: Iterable[str] = ("",)) -> str:
        """Return a free name, the one wanted if it is; with each of the endings it is then taken."""
        base = clean(wanted).translate(self.avoided) or "unnamed"
        base = f"_{base}" if base.casefold().startswith(self._reserved) else base
        name, number = base, 1
        while any(f"{name}{ending}".casefold() in self._taken for ending in endings):
            number += 1
            name = f"{base}_{number}"
        self._taken.update(f"{name}{ending}".casefold() for ending in endings)
        return name


@dataclass(frozen=True)
class NamedTable:
    """A table of a release with its names in a database.

    Attributes:
        table: the table.
        name: its name.
        columns: the name of each field's column.
    """

    table: ReleasedTable
    name: str
    columns: dict[str, str]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields, in the order of the frame's columns."""
        return self.table.schema.fields

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """Return the fields of the primary key, each once."""
        return self._known(self.table.schema.primary_key)

    @cached_property
    def unique_keys(self) -> tuple[tuple[str, ...], ...]:
        """Return the further unique keys, each once."""
        single = [(field.name,) for field in self.fields if field.constraints.get("unique") is True]
        keys = [self._known(key) for key in (*single, *self.table.schema.unique_keys)]
        return tuple(key for key in dict.fromkeys(keys) if key and key != self.primary_key)

    def _known(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names)) if set(names) <= set(self.columns) else ()

    def names_of(self, fields: Iterable[str]) -> str:
        """Return fields as identifiers, separated by commas."""
        return quoted(self.columns[field] for field in fields)


@dataclass(frozen=True)
class Reference:
    """A foreign key between two tables of a database."""

    child: NamedTable
    fields: tuple[str, ...]
    parent: NamedTable
    parent_fields: tuple[str, ...]

    @property
    def sql(self) -> str:
        """Return the constraint."""
        there = self.parent.names_of(self.parent_fields)
        return f"FOREIGN KEY ({self.child.names_of(self.fields)}) REFERENCES {quote(self.parent.name)} ({there})"


def named_tables(release: Release, names: Names) -> list[NamedTable]:
    """Return the tables of a release that a database can hold, those with a column, with their names in it."""
    found = []
    for table in release.tables:
        if table.schema.fields:
            columns = Names()
            columns.avoided = names.avoided
            found.append(
                NamedTable(table, names.take(table.name), {f.name: columns.take(f.name) for f in table.schema.fields})
            )
    return found


def references(child: NamedTable, tables: Iterable[NamedTable]) -> Iterator[Reference]:
    """Yield the foreign keys of a table that SQL can express.

    Left out are those to no table of the release, to a computed one, to fields that are no key there, and to fields of
    other types (the standard compares texts then).
    """
    by_name = {named.table.name: named for named in tables}
    seen = set()
    for key in child.table.schema.foreign_keys:
        parent = by_name.get(key.resource or child.table.name)
        if parent is None or parent.table.query is not None or (key in seen):
            continue
        seen.add(key)
        keys = (parent.primary_key, *parent.unique_keys)
        target = next((unique for unique in keys if unique and set(unique) == set(key.reference_fields)), None)
        pairs = dict(zip(key.reference_fields, key.fields, strict=False))
        fits = target and len(key.fields) == len(target) and set(key.fields) <= set(child.columns)
        if target and fits and all(_kind(child, pairs[field]) == _kind(parent, field) for field in target):
            yield Reference(child, tuple(pairs[field] for field in target), parent, target)


def _kind(named: NamedTable, field: str) -> pl.DataType:
    dtype = named.table.frame.schema[field]
    return pl.String() if isinstance(dtype, pl.Enum) else dtype


def is_free_text(named: NamedTable, field: Field) -> bool:
    """Return whether a field holds prose: texts that are neither enumerated nor patterned, nor identify a row."""
    keys = [named.primary_key, *(key.fields for key in named.table.schema.foreign_keys)]
    plain = field.type == "string" and field.format == "default"
    return (
        plain and not field.values and "pattern" not in field.constraints and not any(field.name in key for key in keys)
    )


def described(title: str, description: str) -> str:
    """Return title and description in one line.

    Examples:
        >>> described("Legs", "How many."), described("", "How many."), described("", "")
        ('Legs: How many.', 'How many.', '')
    """
    return remark(": ".join(filter(None, [title, description])))
