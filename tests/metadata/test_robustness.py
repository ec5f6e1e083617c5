"""Whatever stands in a descriptor, it is judged, and the model can be used where its shape is right."""

import copy
import json

import pytest

from shuttle_diplomacy.package import Package
from shuttle_diplomacy.package.metadata import check_meaning, check_shape, hinders
from shuttle_diplomacy.package.storage import Folder
from tests.metadata.descriptors import V1, V2, found, schema

JUNK = [
    None,
    True,
    0,
    -1.5,
    10**4000,
    "",
    "x",
    "\0",
    "\ud800",
    "../x",
    "http://[",
    [],
    [None],
    [[]],
    ["", ""],
    {},
    {"": {}},
]
WHOLE = {
    "name": "a",
    "profile": "data-package",
    "version": "1.0.0",
    "created": "2024-01-01T00:00:00Z",
    "homepage": "http://x.org",
    "image": "i.png",
    "keywords": ["a"],
    "licenses": [{"name": "MIT", "path": "LICENSE", "title": "MIT"}],
    "contributors": [{"title": "x", "email": "a@b.c", "path": "http://x.org", "roles": ["creator"], "role": "x"}],
    "sources": [{"title": "x", "path": "x", "email": "a@b.c", "version": "1"}],
    "resources": [
        {
            "name": "a",
            "path": ["a.csv"],
            "type": "table",
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "format": "csv",
            "mediatype": "text/csv",
            "compression": "gz",
            "bytes": 1,
            "hash": "0" * 32,
            "dialect": {"delimiter": ",", "headerRows": [1], "quoteChar": '"', "itemKeys": ["a"]},
            "schema": {
                "fields": [
                    {
                        "name": "x",
                        "type": "integer",
                        "format": "default",
                        "categories": [{"value": 1, "label": "one"}],
                        "missingValues": [{"value": "", "label": "none"}],
                        "constraints": {"enum": [1], "minimum": 0, "maximum": 3, "required": True},
                        "groupChar": ",",
                    },
                    {"name": "y", "type": "boolean", "trueValues": ["y"], "falseValues": ["n"]},
                ],
                "fieldsMatch": "subset",
                "missingValues": [""],
                "primaryKey": ["x"],
                "uniqueKeys": [["x"]],
                "foreignKeys": [{"fields": ["x"], "reference": {"fields": ["x"]}}],
            },
        }
    ],
}


def places(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed(path, junk):
    descriptor = copy.deepcopy(WHOLE)
    inner = descriptor
    for key in path[:-1]:
        inner = inner[key]
    if junk is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = junk
    return descriptor


def use(package):
    """Ask the model everything."""
    for resource in package.resources:
        parts = [resource.name, resource.paths, resource.encoding, resource.format, resource.mediatype]
        parts += [resource.compression, resource.inline_data, resource.is_table, resource.declared_encoding]
        table = resource.schema
        parts += [table.names, table.primary_key, table.unique_keys, table.foreign_keys, table.fields_match]
        for field in table.fields:
            parts += [field.type, field.format, field.required, field.values, field.title, field.description]
            parts += [table.missing_values(field), table.missing_labels(field)]
        assert parts
    return package.tables, package.dereferenced, package.version_of_standard


@pytest.mark.parametrize("profile", [V1, V2])
@pytest.mark.parametrize("path", list(places(WHOLE)), ids=lambda path: "/".join(map(str, path)))
def test_junk_anywhere_is_judged(tmp_path, path, profile):
    for junk in [..., *JUNK]:
        descriptor = {"$schema": profile, **changed(path, junk)}
        shape = check_shape(descriptor)
        assert all(finding.note and finding.severity == "error" for finding in shape)
        package = Package(descriptor, Folder(tmp_path))
        if not any(map(hinders, shape)) and not any("cannot be read" in f.note for f in check_meaning(package)):
            use(package)


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_no_descriptor(junk):
    assert check_shape(junk)


def test_the_whole_is_sound(tmp_path):
    descriptor = {"$schema": V2, **WHOLE}
    assert found(descriptor, tmp_path) == []
    assert use(Package(descriptor, Folder(tmp_path)))[:2] == (["a"], descriptor)


def test_deep_nesting_is_shown_in_short():
    deep: list[object] = []
    for _ in range(900):
        deep = [deep]
    (finding,) = found(schema(title=deep))
    assert finding.note == "resource 'a', schema: 'title' is [[[[...]]]], but has to be a text"


def test_long_texts_are_shown_in_short():
    long = "x" * 1_000_000
    descriptor = schema(fields=[{"name": long, "type": long, long: 1}], primaryKey=long[1:])
    assert all(len(finding.note) < 1000 for finding in found(descriptor))


def test_number_of_findings_is_bounded():
    descriptor = schema(fields=[0] * 100_010)
    assert len(found(descriptor)) == 100_000


def test_hints_are_bounded(monkeypatch):
    asked = []
    monkeypatch.setattr("shuttle_diplomacy.package.hints.get_close_matches", lambda *a, **_: asked.append(a) or [])
    fields = [{"name": f"x{n}", f"titel{n}": 1} for n in range(5000)]
    keys = [[f"y{n}"] for n in range(5000)]
    found(json.loads(json.dumps(schema(fields=fields, uniqueKeys=keys))))
    assert 0 < len(asked) <= 1500
