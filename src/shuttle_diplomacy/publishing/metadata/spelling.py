"""How cells are spelt in the CSV of a released table, as far as it decides what metadata may say of them.

A table's CSV is the stored file where that is plain CSV, with all the freedom that its schema leaves; else it was
made for the release, in the canonical spelling.
"""

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

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


def is_stored(table: ReleasedTable) -> bool:
    """Return whether a table's CSV is as its package stores it."""
    return bool(table.descriptor.get("path") == table.path) and table.view is None


def booleans(release: Release, table: ReleasedTable, field: Field) -> set[str]:
    """Return the texts that a field of booleans has, or may have where the file is not at hand; nulls aside."""
    import polars as pl

    yes, no = (list(field.descriptor.get(key, known)) for key, known in (("trueValues", YES), ("falseValues", NO)))
    if not is_stored(table):
        return {*yes[:1], *no[:1]}
    allowed = {*yes, *no}
    if release.folder is None or len(allowed) <= len(("true", "false")):
        return allowed
    texts = pl.read_csv(release.folder / table.path, columns=[field.name], infer_schema=False).to_series()
    return {text for text in texts.unique() if text in allowed}


def is_plain_number(field: Field) -> bool:
    """Return whether the numbers of a field are spelt as XML Schema does: no group marks, no units, a decimal point.

    Examples:
        >>> is_plain_number(Field({"name": "a"})), is_plain_number(Field({"name": "a", "groupChar": ","}))
        (True, False)
    """
    known = field.descriptor
    has_units = known.get("bareNumber", True) is False
    return not has_units and not known.get("groupChar") and known.get("decimalChar", ".") == "."
