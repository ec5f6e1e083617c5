"""Which form a table is stored in: CSV, JSON or JSON lines; any other is refused by name."""

from dataclasses import dataclass
from typing import Literal

from shuttle_diplomacy.errors import UnsupportedError
from shuttle_diplomacy.package import Resource

Form = Literal["csv", "json", "jsonl"]
_FORMS: dict[str, Form] = {
    "csv": "csv",
    "tsv": "csv",
    "tab": "csv",
    "txt": "csv",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
}
_COMPRESSED = ("gz", "zip")
# Not text in rows: read as CSV, they would only give errors that are none.
_OTHERS = {"arrow", "feather", "geojson", "ods", "parquet", "sqlite", "xls", "xlsx", "yaml", "yml", "xml", "bz2", "xz"}


@dataclass(frozen=True)
class StoredForm:
    """The form of a table, and what was taken from the ending of its path rather than declared (or an empty text)."""

    form: Form
    assumed: str = ""


def form_of(resource: Resource) -> StoredForm:
    """Return the form in which a table is stored.

    Raises:
        UnsupportedError: it is one that is not read.

    Examples:
        >>> from pathlib import Path
        >>> from shuttle_diplomacy.package.storage import Folder
        >>> form_of(Resource({"name": "a", "path": "a.jsonl", "format": "jsonl"}, Folder(Path()))).form
        'jsonl'
    """
    declared = str(resource.descriptor.get("format", "")).lower()
    data = resource.descriptor.get("data")
    if data is not None and not isinstance(data, str):
        return StoredForm("json")
    endings = resource.path.lower().rpartition("/")[2].split(".")[1:]
    while endings and endings[-1] in _COMPRESSED:
        endings.pop()
    ending = endings[-1] if endings else ""
    kind = declared or ending
    if kind in _OTHERS or (declared and declared not in _FORMS):
        known = ", ".join(sorted(_FORMS))
        raise UnsupportedError(f"files of the format {kind!r} are not read; store the table as one of {known}")
    form = _FORMS.get(kind, "csv")
    assumed = "" if declared or form == "csv" else f"no format is declared; the ending of {resource.path!r} says {form}"
    return StoredForm(form, assumed)
