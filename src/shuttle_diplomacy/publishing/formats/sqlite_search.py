"""Full-text indexes of SQLite: one a table, over its prose, that stores no text a second time.

The tokenizer is ``trigram``: Japanese and Chinese do not separate words, and Korean words take endings; a search finds
any run of three characters or more, in any script. What a search for shorter words can do instead stands in the
metadata for Datasette.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shuttle_diplomacy.publishing.formats.ddl import NamedTable, Names, is_free_text, literal, quote, quoted

_SHADOWS = ("", "_data", "_idx", "_content", "_docsize", "_config")
_NOT_INDEXED = {"rank", "rowid"}  # names that FTS5 keeps to itself
_ROW_IDS = ("rowid", "_rowid_", "oid")


@dataclass(frozen=True)
class Search:
    """The full-text index of one table.

    Attributes:
        name: the index.
        table: the table.
        columns: the columns it covers.
        row_id: the name by which the table's rows are numbered; one that is no column of it.
    """

    name: str
    table: NamedTable
    columns: tuple[str, ...]
    row_id: str

    @property
    def statements(self) -> Iterable[str]:
        """Return what makes and fills the index."""
        content = f"content={quote(self.table.name)}, content_rowid={literal(self.row_id)}, tokenize='trigram'"
        name = quote(self.name)
        yield f"CREATE VIRTUAL TABLE {name} USING fts5 ({quoted(self.columns)}, {content})"
        yield f"INSERT INTO {name} ({name}) VALUES ('rebuild')"  # noqa: S608
        yield f"INSERT INTO {name} ({name}) VALUES ('optimize')"  # noqa: S608


def searches(tables: Iterable[NamedTable], names: Names) -> Mapping[str, Search]:
    """Return the full-text indexes of a database by table; computed tables have none: their texts are others'."""
    found = {}
    for named in tables:
        prose = [named.columns[field.name] for field in named.fields if is_free_text(named, field)]
        columns = tuple(name for name in prose if name.casefold() not in _NOT_INDEXED)
        taken = {name.casefold() for name in named.columns.values()}
        row_id = next((name for name in _ROW_IDS if name not in taken), None)
        if columns and row_id and named.table.view is None:
            found[named.name] = Search(names.take(f"{named.name}_fts", _SHADOWS), named, columns, row_id)
    return found
