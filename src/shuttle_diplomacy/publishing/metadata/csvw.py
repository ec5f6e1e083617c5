"""``csvw-metadata.json``: the tables of a release as a group of tables of CSV on the Web.

Source: Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/). What a package allows and that
vocabulary cannot say (units beside numbers, keys with nulls) is left out: what is said holds for the files.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.package import Field, ForeignKey
from shuttle_diplomacy.package.agents import creators
from shuttle_diplomacy.package.declared import identifier, keywords, languages
from shuttle_diplomacy.package.licences import licences
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.assembly import to_json
from shuttle_diplomacy.publishing.metadata import columns
from shuttle_diplomacy.publishing.metadata.csvw_types import datatype
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

CONTEXT = "http://www.w3.org/ns/csvw"
# All but one are the defaults, which differ between the parts of the standard; with a prefix of comments, which the
# vocabulary has by default, rows that begin with # would be lost.
DIALECT: Descriptor = {
    "encoding": "utf-8",
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
    "headerRowCount": 1,
    "lineTerminators": ["\r\n", "\n"],
    "skipBlankRows": False,
    "skipInitialSpace": False,
    "trim": False,
    "commentPrefix": None,
}


def csvw(release: Release) -> bytes:
    """Return the description of a release's tables."""
    tables = [_table(release, table) for table in release.tables]
    return to_json({"@context": CONTEXT, **dict(_properties(release)), "dialect": DIALECT, "tables": tables})


def _properties(release: Release) -> Iterator[tuple[str, Any]]:
    descriptor = release.descriptor
    yield "dc:title", release.title
    if release.description:
        yield "dc:description", release.description
    yield "dc:identifier", identifier(descriptor) or release.base_url
    yield "dc:issued", release.issued.isoformat()
    yield "schema:version", release.version
    yield "dc:creator", [agent.name for agent in creators(descriptor)] or release.name
    if listed := licences(descriptor):
        addresses = [(item, release.address_of_licence(item)) for item in listed]
        yield "dc:license", [{"@id": address} if address else item.label for item, address in addresses]
    if words := keywords(descriptor):
        yield "dc:subject", words
    if tags := languages(descriptor):
        yield "dc:language", tags


def relative(path: str) -> str:
    """Return the relative address of a file: what means something else in an address is escaped.

    Examples:
        >>> relative("data/동물 #1.csv")
        'data/동물%20%231.csv'
    """
    from urllib.parse import quote

    return "".join(char if char.isalnum() else quote(char, safe="/-._~!$&'()*+,;=@") for char in path)


def column_name(label: str, number: int) -> str:
    """Return the name of a column: its label as a variable of a URI template, whatever its characters.

    Args:
        label: its label in the file.
        number: its place, from 1.

    Examples:
        >>> column_name("born_on", 1), column_name("_a-b c", 2), column_name("", 3)
        ('born_on', '%5Fa%2Db%20c', 'column.3')
    """
    from urllib.parse import quote

    if not label:
        return f"column.{number}"
    plain = re.compile(r"[A-Za-z0-9_]")
    escaped = "".join(c if plain.match(c) else quote(c, safe="").replace(c, f"%{ord(c):02X}") for c in label)
    return re.sub("^_", "%5F", escaped)


def _table(release: Release, table: ReleasedTable) -> Descriptor:
    labels = columns.header(release, table)
    known: Descriptor = {"url": relative(table.path), "dc:title": table.title}
    known |= {"dc:description": table.description} if table.description else {}
    schema: Descriptor = {"columns": list(_columns(release, table, labels))}
    names = {label: column_name(label, number) for number, label in enumerate(labels, 1)}
    if table.schema.primary_key and names.keys() >= {*table.schema.primary_key}:
        schema["primaryKey"] = [names[name] for name in table.schema.primary_key]
    if keys := [key for found in table.schema.foreign_keys for key in _foreign_keys(release, table, found)]:
        schema["foreignKeys"] = keys
    return {**known, "tableSchema": schema}


def _columns(release: Release, table: ReleasedTable, labels: list[str]) -> Iterator[Descriptor]:
    fields = [columns.field_of(table, label) for label in labels]
    shown = Counter(field.title for field in fields if field)
    for number, (label, field) in enumerate(zip(labels, fields, strict=True), 1):
        known: Descriptor = {"name": column_name(label, number), "titles": label}
        if field is not None:
            if field.title not in labels and shown[field.title] == 1:
                known["titles"] = [label, field.title]
            known |= _described(release, table, field)
        yield known


def _described(release: Release, table: ReleasedTable, field: Field) -> Descriptor:
    known: Descriptor = {"dc:description": field.description} if field.description else {}
    known["datatype"] = datatype(release, table, field)
    if field.type == "list":
        known["separator"] = str(field.descriptor.get("delimiter", ","))
    nulls = table.schema.missing_values(field)
    known |= {} if nulls == [""] else {"null": nulls}
    return known | ({"required": True} if field.required else {})


def _foreign_keys(release: Release, table: ReleasedTable, key: ForeignKey) -> Iterator[Descriptor]:
    """Yield a foreign key if each row refers to just one row, which is what the vocabulary means by one."""
    target = next((other for other in release.tables if other.name == (key.resource or table.name)), None)
    if target is None:
        return
    own, other = columns.header(release, table), columns.header(release, target)
    if not {*key.fields} <= {*own} or not {*key.reference_fields} <= {*other}:
        return
    referring, referred = table.frame.select(key.fields), target.frame.select(key.reference_fields)
    if any(referring.null_count().row(0)) or referred.drop_nulls().is_duplicated().any():
        return
    yield {
        "columnReference": [column_name(name, own.index(name) + 1) for name in key.fields],
        "reference": {
            "resource": relative(target.path),
            "columnReference": [column_name(name, other.index(name) + 1) for name in key.reference_fields],
        },
    }
