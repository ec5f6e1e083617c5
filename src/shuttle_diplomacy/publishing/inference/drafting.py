"""The descriptor of a folder of CSV files, and what somebody has to look at before it is relied on."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package import Package, Resource
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.package.versions import RECOMMENDED
from shuttle_diplomacy.publishing.inference.columns import Column, columns_of
from shuttle_diplomacy.publishing.inference.files import ENDINGS, Note, plain_name, resource_names, table_files
from shuttle_diplomacy.publishing.inference.sampling import Sample, sample_of
from shuttle_diplomacy.tabular.reader import shown
from shuttle_diplomacy.tabular.records import RecordReader

_KEY_NAMES = ("id", "key", "code", "uuid")
_LISTED = 5
_NUMBER = re.compile(r"[+-]?[\d.,]+")


@dataclass
class Draft:
    """A descriptor that was inferred.

    Attributes:
        package: the package, as it would be read from the descriptor.
        notes: what to look at.
        rows: the number of rows of each table.
    """

    package: Package
    notes: list[Note] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def draft_of(root: Path, progress: Callable[[str], None] = lambda _: None) -> Draft:
    """Return the package that the tables of a folder make.

    Types hold for every row of every file. A primary key is declared only where it is certain: one field is called
    as keys are (``id``, ``<table>_id``, ``code`` ...) and each row has a value of its own in it.

    Args:
        root: the folder.
        progress: called with the name of each table before it is read.

    Raises:
        UnreadableError: the folder holds no table, or a file cannot be read.
    """
    paths, notes = table_files(root)
    columns: dict[str, list[Column]] = {}
    resources: list[Descriptor] = []
    for name, path in zip(resource_names(paths), paths, strict=True):
        progress(name)
        sample = sample_of(root / path)
        table, told = _columns(name, path, sample, root)
        notes += [Note(path, text) for text in [*sample.notes, *told]]
        if table:
            columns[name] = table
            resources.append(_resource(name, path, sample, table))
    if not resources:
        reasons = [note for note in notes if note.text.startswith("left out")]
        left_out = f"; {reasons[0].where}: {reasons[0].text}" if reasons else ""
        raise UnreadableError(f"{root} holds no table; a table is a file that ends in {', '.join(ENDINGS)}{left_out}")
    for resource in resources:
        notes += [Note(resource["name"], text) for text in _key(resource, columns[resource["name"]])]
    notes += _references(resources, columns)
    descriptor = {"$schema": RECOMMENDED, "name": plain_name(root.resolve().name, "data"), "resources": resources}
    rows = {name: table[0].rows for name, table in columns.items()}
    return Draft(Package(descriptor, Folder(root)), notes, rows)


def _columns(name: str, path: str, sample: Sample, root: Path) -> tuple[list[Column], list[str]]:
    bare = {"name": name, "type": "table", "path": path, "encoding": sample.encoding}
    reader = RecordReader(Resource(bare | ({"dialect": sample.dialect} if sample.dialect else {}), Folder(root)))
    columns = columns_of(reader, sample.types)
    if not columns:
        if reader.findings.kept:
            return [], [f"left out: no row of it can be read: {reader.findings.kept[0].note}"]
        return [], ["left out: it is empty; a table needs at least a row with the names of its columns"]
    notes = [note for column in columns for note in column.notes()] if columns[0].rows else []
    if not columns[0].rows:
        none = "none of its rows is sound" if reader.findings.kept else "it has no rows"
        notes.append(f"{none}; every field is a string until somebody knows better")
    if sample.dialect.get("header") is False:
        notes.append("the first row was taken for data, so the fields have no names of their own; name them")
    elif all(_NUMBER.fullmatch(column.name) for column in columns):
        notes.append("the first row holds numbers only; if it is data, declare header: false and name the fields")
    return columns, notes


def _resource(name: str, path: str, sample: Sample, columns: list[Column]) -> Descriptor:
    tabs = sample.dialect.get("delimiter") == "\t"
    found: Descriptor = {
        "name": name,
        "type": "table",
        "path": path,
        "format": "tsv" if tabs else "csv",
        "mediatype": "text/tab-separated-values" if tabs else "text/csv",
        "encoding": sample.encoding,
    }
    if sample.dialect:
        found["dialect"] = dict(sample.dialect)
    fields: list[dict[str, Any]] = [{"name": column.name, "type": column.type} for column in columns]
    return found | {"schema": {"fields": fields}}


def _key(resource: Descriptor, columns: list[Column]) -> list[str]:
    """Declare the primary key if it is certain; return what is to be said about it."""
    table = resource["name"]
    known = {*_KEY_NAMES, *(f"{stem}{end}" for stem in _stems(table) for end in ("_id", "id", "_code", "_key"))}
    unique = [column for column in columns if column.is_key]
    certain = [column for column in unique if column.name.lower() in known]
    if len(certain) == 1:
        resource["schema"]["primaryKey"] = certain[0].name
        return []
    if not columns[0].rows:
        return []
    if not unique:
        return ["no single field tells its rows apart; if several do together, declare them as primaryKey"]
    names = ", ".join(shown(column.name) for column in unique[:_LISTED])
    more = f" and {len(unique) - _LISTED:,} more" if len(unique) > _LISTED else ""
    return [f"no primary key is declared; each row has a value of its own in {names}{more}"]


def _stems(table: str) -> set[str]:
    """Return a table's name, and what is likely its singular.

    Examples:
        >>> sorted(_stems("cities"))
        ['citi', 'citie', 'cities', 'city']
    """
    plain = table.replace("-", "_")
    return {plain, plain.removesuffix("s"), plain.removesuffix("es"), re.sub("ies$", "y", plain)}


def _references(resources: list[Descriptor], columns: dict[str, list[Column]]) -> list[Note]:
    """Return the foreign keys that the data would allow; none is declared, because a coincidence looks the same."""
    keys = {r["name"]: r["schema"]["primaryKey"] for r in resources if "primaryKey" in r["schema"]}
    parents = {name: next(c for c in columns[name] if c.name == key) for name, key in keys.items()}
    notes = []
    for child, table in columns.items():
        for column in table:
            for name, parent in parents.items():
                same = column.name == parent.name or column.name.lower() in {f"{s}_id" for s in _stems(name)}
                own = keys.get(child) == column.name and column.name in _KEY_NAMES
                if child == name or own or not same or column.type != parent.type or not column.filled:
                    continue
                if column.values.is_in(parent.values.implode()).all():
                    text = f"every {column.name!r} is in {name!r}: it may be a foreign key to {parent.name!r}"
                    notes.append(Note(child, text))
    return notes
