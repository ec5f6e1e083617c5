"""Packages that put everything a descriptor may say into metadata: every type, odd names, hostile texts, nothing."""

import csv
import io
import json

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.publishing.release import build

# By name: the rest of the field's descriptor, and three cells.
EVERY = {
    "id": ({"type": "integer"}, ["1", "2", "3"]),
    "text": ({"type": "string", "constraints": {"pattern": "[a-z]+", "maxLength": 5}}, ["abc", "de", ""]),
    "odd_pattern": ({"type": "string", "constraints": {"pattern": r"\i\c*"}}, ["abc", "de", ""]),
    "uri": ({"type": "string", "format": "uri"}, ["https://a.example/x", "urn:a:b", ""]),
    "email": ({"type": "string", "format": "email"}, ["a@b.example", "", ""]),
    "binary": ({"type": "string", "format": "binary"}, ["YWJj", "", ""]),
    "grouped": ({"type": "integer", "groupChar": ","}, ["1,234", "12", ""]),
    "percent": ({"type": "integer", "bareNumber": False}, ["95%", "7", ""]),
    "bounded": ({"type": "integer", "constraints": {"minimum": 1, "exclusiveMaximum": 10}}, ["1", "9", ""]),
    "number": ({"type": "number", "constraints": {"minimum": -5}}, ["1.5", "INF", "-1e-3"]),
    "comma": ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,5", "2,5", ""]),
    "true": ({"type": "boolean"}, ["true", "false", ""]),
    "mixed": ({"type": "boolean"}, ["true", "FALSE", "1"]),
    "yes": ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["yes", "no", ""]),
    "bars": ({"type": "boolean", "trueValues": ["a|b"], "falseValues": ["no"]}, ["a|b", "no", ""]),
    "digits": ({"type": "boolean"}, ["1", "0", ""]),
    "date": ({"type": "date", "constraints": {"minimum": "2000-01-01"}}, ["2026-01-13", "2000-01-01", ""]),
    "day_first": ({"type": "date", "format": "%d/%m/%Y"}, ["13/01/2026", "01/02/2026", ""]),
    "any_date": ({"type": "date", "format": "any"}, ["13 January 2026", "2026-01-01", ""]),
    "time": ({"type": "time"}, ["10:00:00", "23:59:59", ""]),
    "clock": ({"type": "time", "format": "%H:%M"}, ["10:00", "23:59", ""]),
    "moment": ({"type": "datetime"}, ["2026-01-13T09:30:00Z", "2026-01-13T09:30:00.5+09:00", ""]),
    "minute": ({"type": "datetime", "format": "%Y-%m-%d %H:%M"}, ["2026-01-13 09:30", "2026-01-13 09:31", ""]),
    "year": ({"type": "year", "constraints": {"minimum": 1900}}, ["2026", "1999", ""]),
    "month": ({"type": "yearmonth"}, ["2026-01", "1999-12", ""]),
    "duration": ({"type": "duration"}, ["P1Y2M", "PT5M", ""]),
    "object": ({"type": "object"}, ['{"a": 1}', "{}", ""]),
    "array": ({"type": "array"}, ["[1, 2]", "[]", ""]),
    "point": ({"type": "geopoint"}, ["90.5, 45.5", "0,0", ""]),
    "point_array": ({"type": "geopoint", "format": "array"}, ["[90.5, 45.5]", "[0, 0]", ""]),
    "geojson": ({"type": "geojson"}, ['{"type": "Point", "coordinates": [1, 2]}', "", ""]),
    "list": ({"type": "list"}, ["a,b", "c", ""]),
    "numbers": ({"type": "list", "itemType": "integer", "delimiter": ";"}, ["1;2", "3", ""]),
    "singles": ({"type": "list", "itemType": "integer", "delimiter": ";"}, ["1", "3", ""]),
    "any": ({"type": "any"}, ["x", "1", ""]),
    "code": ({"type": "string", "constraints": {"enum": ["a.b", "c|d", "e"]}}, ["a.b", "c|d", ""]),
    "level": (
        {"type": "integer", "categories": [{"value": 1, "label": "One"}, {"value": 2, "label": "Two"}]},
        ["1", "2", ""],
    ),
    "missing": ({"type": "integer", "missingValues": ["-", "n.a."]}, ["1", "-", "n.a."]),
    "_이름 a-b": ({"type": "string", "title": "<script>alert(1)</script>"}, ["#hash", '"q', "x\ny"]),
    "select": ({"type": "string", "title": "id"}, ["a", "b", "c"]),
    "*": ({"type": "string"}, ["007", "1e5", "NA"]),
}
ODD = "동물 a/b*"


def _csv(columns):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(cells for _, cells in columns.values()), strict=True))
    return text.getvalue()


def _fields(*names, **more):
    return [{"name": name, "type": "string", **more.get(name, {})} for name in names]


FILES = {
    "data/every.csv": _csv(EVERY),
    "data/동물 목록 #1%.csv": "id,parent,every_id,pair_a,pair_b\na,,1,x,y\nb,a,2,x,z\n",
    "data/semicolons.csv": "k;v;on\n1;a;2026-01-02\n2;b;\n",
    "data/employees.csv": "k,head\n",
    "data/heads.csv": "k,employee\nx,\n",
    "data/more.csv": "z,b,a\n9,2,1\n",
    "data/bare.csv": "p,q\n1,2\n",
}
RESOURCES = [
    {
        "name": "every",
        "path": "data/every.csv",
        "schema": {"fields": [{"name": name, **known} for name, (known, _) in EVERY.items()], "primaryKey": "id"},
    },
    {
        "name": ODD,
        "path": "data/동물 목록 #1%.csv",
        "title": "</script><b>x</b>",
        "schema": {
            "fields": _fields("id", "parent", "every_id", "pair_a", "pair_b", every_id={"type": "integer"}),
            "primaryKey": ["pair_a", "pair_b"],
            "uniqueKeys": [["id"]],
            "foreignKeys": [
                {"fields": "parent", "reference": {"fields": "id"}},
                {"fields": ["every_id"], "reference": {"resource": "every", "fields": ["id"]}},
            ],
        },
    },
    {
        "name": "semicolons",
        "path": "data/semicolons.csv",
        "dialect": {"delimiter": ";"},
        "schema": {"fields": _fields("k", "v", "on", k={"type": "integer"}, on={"type": "date"})},
    },
    {
        "name": "inline",
        "data": [{"a": 1, "b": "x"}, {"a": 2, "b": None}],
        "schema": {"fields": _fields("a", "b", a={"type": "integer"})},
    },
    {
        "name": "employees",
        "path": "data/employees.csv",
        "schema": {
            "fields": _fields("k", "head"),
            "primaryKey": "k",
            "foreignKeys": [{"fields": "head", "reference": {"resource": "heads", "fields": "k"}}],
        },
    },
    {
        "name": "heads",
        "path": "data/heads.csv",
        "schema": {
            "fields": _fields("k", "employee"),
            "primaryKey": "k",
            "foreignKeys": [{"fields": "employee", "reference": {"resource": "employees", "fields": "k"}}],
        },
    },
    {
        "name": "more",
        "path": "data/more.csv",
        "schema": {
            "fieldsMatch": "subset",
            "fields": _fields("a", "b", a={"type": "integer"}, b={"type": "integer"}),
        },
    },
    {"name": "bare", "path": "data/bare.csv"},
]
PLAIN = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "every-type",
    "version": "1.0.0",
}
HOSTILE = {
    **PLAIN,
    "title": 'T "quoted": {x} </script> \\ \n- a: b',
    "description": "# line\n\n<b>x</b> & 'y'\n---\n%YAML",
    "keywords": ["no", "NULL", "1.0", "- x", "2026-01-01", "{a: b}", "&a", "*b", "!!c", "\x07\x85\u2028", "한국"],
    "id": "https://doi.org/10.5072/ABC",
    "contributors": [
        {
            "givenName": "Ada",
            "familyName": "Lovelace",
            "organization": "Engine: #1",
            "roles": ["creator"],
            "path": "https://orcid.org/0000-0002-1825-0097",
        },
        {"title": "yes", "roles": ["wrangler", "publisher"], "email": "x@y.example"},
    ],
    "licenses": [{"name": "ODC-PDDL-1.0"}],
    "sources": [{"title": "S", "path": "https://s.example/a"}],
    "created": "2026-02-03T00:00:00Z",
    "homepage": "https://every.example/a",
}


def built(root, descriptor=PLAIN):
    """Write the package with every type, build its release, and return the release's folder."""
    package = root / "package"
    for path, text in FILES.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, encoding="utf-8", newline="")
    resources = [{"type": "table", **resource} for resource in RESOURCES]
    whole = json.dumps({**descriptor, "resources": resources}, ensure_ascii=False)
    (package / "datapackage.json").write_text(whole, encoding="utf-8")
    return build(open_package(package), root / "dist")
