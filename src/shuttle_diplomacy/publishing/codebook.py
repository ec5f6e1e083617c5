"""``CODEBOOK.md``: every table, field and enumerated value of a package, from its descriptor alone."""

import json
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.markdown import code, escape, table

_FLAGS = ("required", "unique")
_SHOWN_ELSEWHERE = ("enum",)


def codebook(descriptor: Descriptor) -> str:
    """Return the codebook of a package as Markdown.

    Args:
        descriptor: the package's descriptor, its schemas in place.

    Examples:
        >>> schema = {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}
        >>> print(codebook({"title": "Visits", "resources": [{"name": "visits", "schema": schema}]}).split("## ")[1])
        `visits`
        <BLANKLINE>
        Primary key: `id`
        <BLANKLINE>
        | field | type | constraints | description |
        | --- | --- | --- | --- |
        | `id` | string |  |  |
        <BLANKLINE>
    """
    title = escape(str(descriptor.get("title") or descriptor.get("name") or "Data package"))
    version = f", version {escape(str(descriptor['version']))}" if "version" in descriptor else ""
    blocks = [f"# Codebook of {title}{version}"]
    for resource in descriptor["resources"]:
        if "schema" in resource:
            blocks += _table(resource, Schema(resource["schema"]))
    return "\n\n".join(blocks) + "\n"


def _table(resource: Descriptor, schema: Schema) -> Iterator[str]:
    title = f": {escape(str(resource['title']))}" if resource.get("title") else ""
    yield f"## {code(str(resource['name']))}{title}"
    if resource.get("description"):
        yield escape(str(resource["description"]))
    yield from _keys(schema)
    rows = [[code(f.name), escape(f.type), _constraints(f), _description(f)] for f in schema.fields]
    yield table(["field", "type", "constraints", "description"], rows)
    for field in schema.fields:
        if field.values:
            yield f"Values of {code(field.name)}:"
            yield table(["value", "label"], [[code(_plain(v)), escape(_label(field, v))] for v in field.values])


def _keys(schema: Schema) -> Iterator[str]:
    def names(key: tuple[str, ...]) -> str:
        return ", ".join(code(name) for name in key)

    if schema.primary_key:
        yield f"Primary key: {names(schema.primary_key)}"
    for key in schema.unique_keys:
        yield f"Unique together: {names(key)}"
    for reference in schema.foreign_keys:
        target = code(reference.resource) if reference.resource else "this table"
        yield f"{names(reference.fields)} refers to {names(reference.reference_fields)} of {target}"


def _constraints(field: Field) -> str:
    shown = [name for name in _FLAGS if field.constraints.get(name)]
    for name, value in field.constraints.items():
        if name not in (*_FLAGS, *_SHOWN_ELSEWHERE):
            shown.append(f"{escape(name)} {code(_plain(value))}")
    if field.values:
        shown.append(f"one of {len(field.values)} values (below)")
    return ", ".join(shown)


def _description(field: Field) -> str:
    title = f"{field.title}. " if "title" in field.descriptor and field.title != field.name else ""
    return escape(title + field.description)


def _label(field: Field, value: Any) -> str:
    listed = field.descriptor.get("categories", [])
    labels = {c["value"]: c.get("label", c["value"]) for c in listed if isinstance(c, dict)}
    return str(labels.get(value, value))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
