"""The columns of a released table's CSV, and how their cells are spelt, as far as metadata depend on it.

A table's CSV is the stored file where that is plain CSV, else one made for the release; both follow the schema, which
may let a file have more columns, or fewer, and booleans several spellings.
"""

from typing import TYPE_CHECKING

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

if TYPE_CHECKING:
    import polars as pl

YES, NO = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


def header(release: Release, table: ReleasedTable) -> list[str]:
    """Return the labels of the columns of a table's CSV; where the files are not at hand, the names of its fields."""
    import polars as pl

    if release.folder is None or not table.schema.fields:
        return table.schema.names
    return pl.read_csv(release.folder / table.path, n_rows=0, infer_schema=False).columns


def field_of(table: ReleasedTable, label: str) -> Field | None:
    """Return the field of a column, or None for one that the schema leaves out."""
    return next((field for field in table.schema.fields if field.name == label), None)


def booleans(release: Release, table: ReleasedTable, field: Field) -> set[str]:
    """Return the texts that a field of booleans has, or may have where the file is not at hand; nulls aside."""
    allowed = {*field.descriptor.get("trueValues", YES), *field.descriptor.get("falseValues", NO)}
    if release.folder is None or len(allowed) <= len(("true", "false")):
        return allowed
    return {text for text in _texts(release, table, field).unique() if text in allowed}


def are_decimals(release: Release, table: ReleasedTable, field: Field) -> bool:
    """Return whether all numbers of a field are finite and written without exponents, as far as is known."""
    return release.folder is not None and not _texts(release, table, field).str.contains("(?i)[ein]").any()


def _texts(release: Release, table: ReleasedTable, field: Field) -> "pl.Series":
    import polars as pl

    assert release.folder is not None
    return pl.read_csv(release.folder / table.path, columns=[field.name], infer_schema=False).to_series()


def is_plain_number(field: Field) -> bool:
    """Return whether the numbers of a field are spelt as XML Schema does: no group marks, no units, a decimal point.

    Examples:
        >>> is_plain_number(Field({"name": "a"})), is_plain_number(Field({"name": "a", "groupChar": ","}))
        (True, False)
    """
    known = field.descriptor
    has_units = known.get("bareNumber", True) is False
    return not has_units and not known.get("groupChar") and known.get("decimalChar", ".") == "."
