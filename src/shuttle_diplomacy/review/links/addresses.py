"""Which cells of a package are addresses: those that its repository declares, or else every field of format ``uri``."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError, UnknownNameError
from shuttle_diplomacy.package import Finding, Package, Resource
from shuttle_diplomacy.tabular.reader import TableReader, column_of

_KEYS = {"table", "field", "archived"}
_NEEDED = {"table", "field"}
_ABOUT_ROWS = {"structure-error", "extra-cell", "missing-cell", "blank-row"}


@dataclass(frozen=True)
class Use:
    """A cell that holds an address.

    Attributes:
        table: the table's name.
        field: the field's name.
        field_number: its position, from 1.
        row_number: the row's number, the header being 1.
        key: the row's primary key, shown with slashes between its parts; empty where there is none.
        archived: the address of a copy that the same row names, or an empty text.
    """

    table: str
    field: str
    field_number: int
    row_number: int
    key: str = ""
    archived: str = ""


@dataclass
class Links:
    """The addresses of a package.

    Attributes:
        uses: the cells of each address, in the order in which the tables hold them.
        readers: the reader of each table, which knows where its rows stand.
        notes: what the person who asked has to know.
    """

    uses: dict[str, list[Use]] = field(default_factory=dict)
    readers: dict[str, TableReader] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def archived(self, address: str) -> str:
        """Return the copy that one of its rows names, or an empty text."""
        return next((use.archived for use in self.uses[address] if use.archived), "")

    def places(self, addresses: list[str], most: int) -> dict[Use, Finding]:
        """Return where the first cells of some addresses stand in their files.

        Args:
            addresses: the addresses.
            most: how many cells of each are wanted.
        """
        wanted: dict[str, list[Use]] = {}
        for address in addresses:
            for use in self.uses[address][:most]:
                wanted.setdefault(use.table, []).append(use)
        found = {}
        for table, uses in wanted.items():
            reader = self.readers[table]
            positions = reader.records.locate({(use.row_number, use.field_number) for use in uses})
            for use in uses:
                blank = Finding("link", "", table, reader.resource.path, use.row_number, use.field)
                position = positions.get((use.row_number, use.field_number))
                found[use] = position.put(blank) if position else blank
        return found


@dataclass(frozen=True)
class _Column:
    resource: Resource
    field: str
    archived: str = ""


def links_of(package: Package, declared: dict[str, str] | None = None) -> Links:
    """Return the addresses in a package's tables.

    Args:
        package: the package.
        declared: which cells are meant: ``table``, ``field``, and in ``archived`` the field of the same row that names
            a copy; None: every field of format ``uri``.

    Raises:
        ConfigurationError: the declaration names what is not there.
        UnreadableError: a table cannot be read.
    """
    links = Links()
    columns = [_declared(package, declared)] if declared else list(_found(package))
    if not columns:
        links.notes.append("no field has the format uri, and no [tool.shuttle] names a table and field in links")
    for column in columns:
        _read(column, links)
    return links


def _declared(package: Package, declared: dict[str, str]) -> _Column:
    said = "links in [tool.shuttle]"
    unknown = sorted(set(declared) - _KEYS)
    missing = sorted(_NEEDED - set(declared))
    if unknown or missing:
        problem = f"has an unknown key {unknown[0]!r}" if unknown else f"does not name its {missing[0]}"
        raise ConfigurationError(f"{said} {problem}; its keys are: table, field, archived")
    if not all(isinstance(value, str) for value in declared.values()):
        raise ConfigurationError(f"{said}: each value has to be one text")
    try:
        resource = package.resource(declared["table"])
        for key in sorted(_KEYS & set(declared) - {"table"}):
            resource.schema.field(declared[key])
    except UnknownNameError as error:
        raise ConfigurationError(f"{said}: {error}") from error
    return _Column(resource, declared["field"], declared.get("archived", ""))


def _found(package: Package) -> Iterator[_Column]:
    for resource in package.resources:
        if resource.is_table:
            for item in resource.schema.fields:
                if item.type == "string" and item.format == "uri":
                    yield _Column(resource, item.name)


def _read(column: _Column, links: Links) -> None:
    reader = TableReader(column.resource)
    table = column.resource.name
    for batch in reader.batches():
        names = reader.schema.names
        if column.field not in names:
            break
        number = names.index(column.field)
        archived = pl.col(column_of(names.index(column.archived))) if column.archived in names else pl.lit(None)
        key = [
            pl.col(column_of(names.index(name))).fill_null("") for name in reader.schema.primary_key if name in names
        ]
        rows = batch.text.select(
            address=pl.col(column_of(number)),
            row=batch.row_numbers,
            key=pl.concat_str(key, separator=" / ") if key else pl.lit(""),
            archived=archived.cast(pl.String).fill_null(""),
        ).drop_nulls("address")
        for address, row, shown, copy in rows.iter_rows():
            links.uses.setdefault(address, []).append(Use(table, column.field, number + 1, row, shown, copy))
    if table not in links.readers:
        links.readers[table] = reader
        unread = sum(n for (kind, _), n in reader.findings.counts.items() if kind in _ABOUT_ROWS)
        if unread or not reader.records.complete:
            links.notes.append(f"not every row of {table} can be read; shuttle validate says why")
