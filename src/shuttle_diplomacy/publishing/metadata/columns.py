"""The columns of a released table's CSV, and how their cells are spelt, as far as metadata depend on it.

A table's CSV is the stored file where that is plain CSV, else one made for the release; both follow the schema, which
may let a file have more columns, or fewer, and booleans several spellings.
"""

from functools import lru_cache
from pathlib import Path

from shuttle_diplomacy.package import Field, Resource
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.publishing.released import Release, ReleasedTable
from shuttle_diplomacy.tabular.labels import read_labels
from shuttle_diplomacy.tabular.reader import TableReader, column_of
from shuttle_diplomacy.tabular.scanner import Dialect

MAX_HEADER = 1_000_000  # characters
YES, NO = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


def header(release: Release, table: ReleasedTable) -> list[str]:
    """Return the labels of the columns of a table's CSV; where the files are not at hand, the names of its fields."""
    if release.folder is None or table.schema.fields_match == "exact":
        return table.schema.names
    with (release.folder / table.path).open(encoding="utf-8-sig", newline="") as file:
        return read_labels(file.read(MAX_HEADER), Dialect()).texts


def field_of(table: ReleasedTable, label: str) -> Field | None:
    """Return the field of a column, or None for one that the schema leaves out."""
    return next((field for field in table.schema.fields if field.name == label), None)


def booleans(release: Release, table: ReleasedTable, field: Field) -> set[str]:
    """Return the texts that a field of booleans has, or may have where the file is not at hand; nulls aside."""
    allowed = {*field.descriptor.get("trueValues", YES), *field.descriptor.get("falseValues", NO)}
    if release.folder is None or len(allowed) <= len(("true", "false")):
        return allowed
    names = tuple(other.name for other in table.schema.fields if other.type == "boolean")
    return {text for text in _texts(release.folder, table.path, _Fields(table), names)[field.name] if text in allowed}


def are_decimals(release: Release, table: ReleasedTable, field: Field) -> bool:
    """Return whether all numbers of a field are finite and written without exponents, as far as is known."""
    if release.folder is None:
        return False
    texts = _texts(release.folder, table.path, _Fields(table), (field.name,))[field.name]
    return not any(set(text.lower()) & set("ein") for text in texts)


class _Fields:
    """The schema of a table, alike for each mention of the table."""

    def __init__(self, table: ReleasedTable) -> None:
        self.schema = table.schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Fields) and self.schema is other.schema

    def __hash__(self) -> int:
        return id(self.schema)


@lru_cache(maxsize=1)  # a table is asked field by field
def _texts(folder: Path, path: str, fields: _Fields, names: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the different texts of some fields that do not stand for null."""
    schema = fields.schema
    resource = Resource({"name": "table", "path": path, "schema": schema.descriptor}, Folder(folder), schema.version)
    found: dict[str, set[str]] = {name: set() for name in names}
    for batch in TableReader(resource).batches():
        for name, texts in found.items():
            texts.update(batch.text[column_of(schema.names.index(name))].unique().drop_nulls().to_list())
    return found


def is_plain_number(field: Field) -> bool:
    """Return whether the numbers of a field are spelt as XML Schema does: no group marks, no units, a decimal point.

    Examples:
        >>> is_plain_number(Field({"name": "a"})), is_plain_number(Field({"name": "a", "groupChar": ","}))
        (True, False)
    """
    known = field.descriptor
    has_units = known.get("bareNumber", True) is False
    return not has_units and not known.get("groupChar") and known.get("decimalChar", ".") == "."
