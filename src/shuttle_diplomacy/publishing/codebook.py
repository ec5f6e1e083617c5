"""``CODEBOOK.md``: every table, field, enumerated value and rule of a package."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.labels import Code, Labels
from shuttle_diplomacy.publishing.markdown import code, escape, table
from shuttle_diplomacy.validation.rules import Rule

# In a codes table the value that stands for the field, and the field that stands for the table.
ITSELF = "*"
_FLAGS = ("required", "unique")
_SHOWN_ELSEWHERE = ("enum",)


def codebook(descriptor: Descriptor, labels: Labels | None = None, rules: Sequence[Rule] = ()) -> str:
    """Return the codebook of a package as Markdown.

    Args:
        descriptor: the package's descriptor, its schemas in place.
        labels: labels in further languages and notes, where a codes table has them.
        rules: the rules that the data keep.

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
            blocks += _table(resource, Schema(resource["schema"]), labels or Labels())
    if rules:
        rows = [[code(r.id), code(r.table), r.severity, escape(r.reason)] for r in rules]
        blocks += ["## Rules", "What the rows have to keep beside types, constraints and keys; `*` is any table."]
        blocks.append(table(["rule", "table", "severity", "reason"], rows))
    return "\n\n".join(blocks) + "\n"


def _table(resource: Descriptor, schema: Schema, labels: Labels) -> Iterator[str]:
    name = str(resource["name"])
    title = f": {escape(str(resource['title']))}" if resource.get("title") else ""
    yield f"## {code(name)}{title}"
    translated = _found(labels.languages, [(name, ITSELF, ITSELF)])
    if translated:
        yield " / ".join(escape(texts[name, ITSELF, ITSELF]) for texts in translated.values())
    if resource.get("description"):
        yield escape(str(resource["description"]))
    yield from _keys(schema)
    yield _fields(name, schema, labels)
    for field in schema.fields:
        if field.values:
            yield f"Values of {code(field.name)}:"
            yield _values(name, field, labels)


def _fields(name: str, schema: Schema, labels: Labels) -> str:
    titles = _found(labels.languages, [(name, field.name, ITSELF) for field in schema.fields])
    rows = [
        [
            code(f.name),
            *(escape(texts.get((name, f.name, ITSELF), "")) for texts in titles.values()),
            escape(f.type),
            _constraints(f),
            _description(f),
        ]
        for f in schema.fields
    ]
    return table(["field", *titles, "type", "constraints", "description"], rows)


def _values(name: str, field: Field, labels: Labels) -> str:
    keys = [(name, field.name, _plain(value)) for value in field.values]
    further = _found({**labels.languages, **labels.notes}, keys)
    rows = [
        [code(key[2]), escape(_label(field, value)), *(escape(texts.get(key, "")) for texts in further.values())]
        for key, value in zip(keys, field.values, strict=True)
    ]
    return table(["value", "label", *further], rows)


def _found(texts: Mapping[str, Mapping[Code, str]], keys: Iterable[Code]) -> dict[str, Mapping[Code, str]]:
    """Return the headings under which at least one of the keys has a text."""
    wanted = list(keys)
    return {heading: found for heading, found in texts.items() if any(key in found for key in wanted)}


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
