"""Data types of Croissant for the fields of a table.

Source: Croissant 1.1, "DataType". A type is claimed where the cells, as they are spelt in the CSV, can be read as that
type by its reference implementation, which takes no formats, a fixed set of texts for null (those of pandas), and one
spelling of booleans and times. Any other cell is text.
"""

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.metadata import columns
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

_TEXT = "sc:Text"
_BY_TYPE = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "year": "sc:Integer",
    "date": "sc:Date",
    "time": "sc:Time",
    "datetime": "sc:DateTime",
}
_MOMENTS = {"date", "time", "datetime"}
_NULLS = {
    *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA"),
    *("NULL", "NaN", "None", "n/a", "nan", "null"),
}


def data_types(release: Release, table: ReleasedTable, field: Field, *, listed: bool) -> str:
    """Return the type of a field, or of the items of one that is a list.

    Args:
        release: the release.
        table: the table.
        field: its field.
        listed: whether cells are taken apart as lists.
    """
    if listed:
        return _BY_TYPE.get(str(field.descriptor.get("itemType", "string")), _TEXT)
    if field.type == "string":
        return "sc:URL" if field.format == "uri" and not field.values else _TEXT
    if not _NULLS.issuperset(table.schema.missing_values(field)):
        return _TEXT
    if field.type == "boolean":
        spelt = columns.booleans(release, table, field)
        is_known = any(spelt <= {yes, no} for yes, no in zip(columns.YES, columns.NO, strict=True))
        return "sc:Boolean" if is_known else _TEXT
    if field.type in _MOMENTS and field.format != "default":
        return _TEXT
    if field.type in {"integer", "number"} and not columns.is_plain_number(field):
        return _TEXT
    return _BY_TYPE.get(field.type, _TEXT)


def list_separator(table: ReleasedTable, field: Field) -> str | None:
    """Return what stands between the items of a list, None where cells cannot be taken apart.

    The reference implementation reads a column as numbers if all of its cells look like numbers, and does not split
    these; one list of two items is enough to make it a column of texts.
    """
    import polars as pl

    if field.type != "list" or field.name not in table.frame.columns:
        return None
    lists = table.frame[field.name]
    if not isinstance(lists.dtype, pl.List) or (lists.list.len().max() or 0) < len(("one", "other")):  # type: ignore[operator]
        return None
    return str(field.descriptor.get("delimiter", ","))
