# ruff: noqa: E501 (tables of texts read better in long lines)
"""Sound packages that mutations start from: small, and together they use every part of the standard."""

import gzip
import hashlib
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzzing.cases import DESCRIPTOR, Case
from tests.fuzzing.emitting import to_json

Json = dict[str, Any]
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"

# Each type: properties a field of it may have, and texts that it then accepts.
SAMPLES: dict[str, list[tuple[Json, list[str]]]] = {
    "string": [({}, ["x", "é", "a b"]), ({"constraints": {"pattern": "[a-zé ]+", "minLength": 1, "maxLength": 9}}, ["x", "é"])],
    "integer": [({}, ["1", "-2", "+3"]), ({"constraints": {"minimum": -9, "exclusiveMaximum": "9"}}, ["1"]),
                ({"groupChar": ","}, ["1,000"]), ({"bareNumber": False}, ["5%"])],
    "number": [({}, ["1.5", "-2e3", "NaN"]), ({"decimalChar": ",", "groupChar": "."}, ["1.000,5"]), ({"bareNumber": False}, ["$5.5"])],
    "boolean": [({}, ["true", "0"]), ({"trueValues": ["ja"], "falseValues": ["nein"]}, ["ja"]), ({"constraints": {"enum": [True]}}, ["1"])],
    "date": [({}, ["2024-02-29"]), ({"constraints": {"minimum": "2000-01-01"}}, ["2024-02-29"]), ({"format": "%d.%m.%Y"}, ["29.02.2024"]),
             ({"format": "any"}, ["2024-02-29"])],
    "datetime": [({}, ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00"]), ({"format": "%Y-%m-%d %H:%M"}, ["2024-02-29 12:00"]),
                 ({"format": "%Y-%m-%dT%H:%M:%S%z"}, ["2024-02-29T12:00:00+0900"]), ({"format": "any"}, ["2024-02-29T12:00:00Z"])],
    "time": [({}, ["12:00:00"]), ({"format": "%H:%M"}, ["12:00"]), ({"constraints": {"maximum": "23:00:00"}}, ["12:00:00"])],
    "year": [({}, ["2024", "-0044", "12024"]), ({"constraints": {"maximum": 2030}}, ["2024"])],
    "yearmonth": [({}, ["2024-02"]), ({"constraints": {"enum": ["2024-02"]}}, ["2024-02"])],
    "duration": [({}, ["P1DT2H", "P1Y"]), ({"constraints": {"minimum": "PT1S"}}, ["PT2S"])],
    "geopoint": [({}, ["1,2"]), ({"format": "array"}, ["[1,2]"]), ({"format": "object"}, ['{"lon":1,"lat":2}'])],
    "geojson": [({}, ['{"type":"Point","coordinates":[1,2]}']), ({"format": "topojson"}, ['{"type":"Topology","objects":{},"arcs":[]}'])],
    "object": [({}, ['{"a":1}']), ({"constraints": {"minLength": 1, "jsonSchema": {"required": ["a"]}}}, ['{"a":1}'])],
    "array": [({}, ["[1,2]"]), ({"constraints": {"maxLength": 3, "jsonSchema": {"items": {"type": "integer"}}}}, ["[1,2]"])],
    "list": [({}, ["1,2", "x"]), ({"itemType": "integer", "delimiter": ";"}, ["1;2"]), ({"constraints": {"minLength": 1}}, ["3"]),
             ({"itemType": "date"}, ["2024-01-01,2024-01-02"])],
    "any": [({}, ["x", "1"]), ({"constraints": {"enum": ["x", "1"]}}, ["x"])],
}  # fmt: skip


def csv_line(cells: list[str], delimiter: str = ",") -> str:
    """Return a line of CSV; cells are quoted where they have to be."""
    special = {delimiter, '"', "\n", "\r"}
    return delimiter.join('"' + c.replace('"', '""') + '"' if special & set(c) else c for c in cells) + "\n"


def _case(area: str, descriptor: Json, **files: bytes) -> Case:
    named = {name.replace("_", "."): content for name, content in files.items()}
    return Case(area, {**named, DESCRIPTOR: to_json(descriptor)}, descriptor=descriptor)


def _table(name: str, path: Any, fields: list[Json], **more: Any) -> Json:
    schema = {"fields": fields, **more.pop("schema", {})}
    return {"name": name, "type": "table", "path": path, "encoding": "utf-8", "schema": schema, **more}


def typed(rng: Random) -> Case:
    """Return a package of one table with some fields of any type."""
    kinds = rng.sample(sorted(SAMPLES), rng.randint(1, 4))
    chosen = [rng.choice(SAMPLES[kind]) for kind in kinds]
    fields: list[Json] = [{"name": f"f{n}", "type": kinds[n], **more} for n, (more, _) in enumerate(chosen)]
    rows = [[rng.choice(texts) for _, texts in chosen] for _ in range(rng.randint(0, 3))]
    text = csv_line([str(f["name"]) for f in fields]) + "".join(map(csv_line, rows))
    return _case(
        "typed", {"$schema": V2, "name": "p", "resources": [_table("t", "t.csv", fields)]}, t_csv=text.encode()
    )


def keyed(_rng: Random) -> Case:
    """Return a package of two tables with every kind of key."""
    parent = _table(
        "p",
        "p.csv",
        [{"name": "id", "type": "integer"}, {"name": "a"}],
        schema={"primaryKey": "id", "uniqueKeys": [["a"]]},
    )
    key = {"fields": ["pid"], "reference": {"resource": "p", "fields": ["id"]}}
    itself = {"fields": ["up"], "reference": {"fields": ["id"]}}
    fields: list[Json] = [{"name": n, "type": "integer"} for n in ("id", "pid", "up")]
    child = _table("c", "c.csv", fields, schema={"primaryKey": ["id", "pid"], "foreignKeys": [key, itself]})
    descriptor = {"$schema": V2, "name": "k", "resources": [parent, child]}
    return _case("keyed", descriptor, p_csv=b"id,a\n1,x\n2,y\n", c_csv=b"id,pid,up\n1,1,\n2,2,1\n")


def described(_rng: Random) -> Case:
    """Return a package with all descriptive properties, labels of missing values and categories."""
    field = {
        "name": "id", "title": "T", "description": "D", "example": "x", "type": "string", "format": "default",
        "missingValues": [{"value": "-", "label": "none"}], "categories": [{"value": "x", "label": "X"}, {"value": "y", "label": "Y"}],
        "categoriesOrdered": True, "rdfType": "http://example.org/a", "constraints": {"required": True, "unique": True, "enum": ["x", "y"]},
    }  # fmt: skip
    number = {"name": "n", "type": "integer", "categories": [1, 2]}
    content = b"n,id\n1,x\n2,y\n"
    stamp = "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()
    descriptor = {
        "$schema": V2, "name": "d", "id": "1", "title": "T", "description": "D", "homepage": "https://example.org",
        "image": "i.png", "version": "1.0.0", "created": "2024-01-01T00:00:00Z", "keywords": ["k"],
        "licenses": [{"name": "CC-BY-4.0", "path": "https://example.org/l", "title": "L"}],
        "contributors": [{"title": "A", "roles": ["creator"], "email": "a@example.org"}],
        "sources": [{"title": "S", "path": "https://example.org/s", "version": "2"}],
        "resources": [_table("t", "t.csv", [field, number], schema={"missingValues": ["", "NA"], "fieldsMatch": "equal"},
            title="T", format="csv", mediatype="text/csv", bytes=len(content), hash=stamp, dialect={"delimiter": ",", "header": True})],
    }  # fmt: skip
    return _case("described", descriptor, t_csv=content)


def dialected(rng: Random) -> Case:
    """Return a package whose table has a dialect of its own."""
    mark, quote = rng.choice([";", "\t", "|", ","]), rng.choice(['"', "'"])
    dialect = {
        "delimiter": mark, "quoteChar": quote, "doubleQuote": True, "lineTerminator": "\n", "header": True,
        "headerRows": [2], "headerJoin": " ", "commentChar": "#", "commentRows": [4], "skipInitialSpace": True, "nullSequence": "\\N",
    }  # fmt: skip
    for name in rng.sample(sorted(dialect), rng.randint(0, 4)):
        del dialect[name]
    text = f"#c\nid{mark}n\n{quote}x{mark}{quote}{quote}y{quote}{mark} 1\nskipped\n\\N{mark}2\n"
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}]
    descriptor = {"$schema": V2, "name": "s", "resources": [_table("t", "t.csv", fields, dialect=dialect)]}
    return _case("dialected", descriptor, t_csv=text.encode())


def stored(rng: Random) -> Case:
    """Return a package whose data is inline, in parts, compressed, or JSON lines; schemas by reference."""
    fields: list[Json] = [{"name": "id", "type": "integer"}, {"name": "a", "type": "string"}]
    plain = b"id,a\n1,x\n2,y\n"
    inline = {"name": "i", "type": "table", "data": rng.choice(
        [[["id", "a"], [1, "x"]], [{"id": 1, "a": "x"}, {"id": 2}], [], "id,a\n1,x\n"]), "schema": {"fields": fields}}  # fmt: skip
    resources = [
        _table("parts", ["t.csv", "u.csv"], fields),
        _table("gz", "t.csv.gz", fields),
        _table("lines", "t.jsonl", fields, format="jsonl"),
        {"name": "ref", "type": "table", "path": "t.csv", "schema": "schema.json", "dialect": "dialect.json"},
        inline,
    ]
    descriptor = {"$schema": V2, "name": "s", "resources": rng.sample(resources, rng.randint(1, 3))}
    case = _case("stored", descriptor, t_csv=plain, u_csv=plain, schema_json=to_json({"fields": fields}),
                 dialect_json=b'{"delimiter": ","}', t_jsonl=b'{"id": 1, "a": "x"}\n{"id": 2, "a": null}\n')  # fmt: skip
    return Case(case.area, {**case.files, "t.csv.gz": gzip.compress(plain, mtime=0)}, descriptor=descriptor)


def first_version(_rng: Random) -> Case:
    """Return a package of version 1 of the standard."""
    fields: list[Json] = [{"name": "id", "type": "integer"}, {"name": "a"}]
    resource = {"name": "t", "path": "t.csv", "profile": "tabular-data-resource", "schema": {"fields": fields}}
    descriptor = {"name": "v", "profile": "tabular-data-package", "resources": [resource]}
    return _case("first_version", descriptor, t_csv=b"id,a\n1,x\n")


SEEDS: tuple[Callable[[Random], Case], ...] = (typed, keyed, described, dialected, stored, first_version)
