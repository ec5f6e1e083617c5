import csv
import json

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.publishing.contents import write_data
from shuttle_diplomacy.publishing.files import ReleaseFolder
from shuttle_diplomacy.publishing.labels import Labels
from shuttle_diplomacy.publishing.released import Release
from shuttle_diplomacy.tabular.views import parse_view

HOSTILE = ["a'b", 'c"d', "select", "한국", "*", "^.*$", "[x]", "A'B", "a;--\n/*", "%s{0}$1", "rank", "rowid", " "]
TYPES = {
    "string": ["a", "", "=1+1", 'it\'s "quoted"\r\n; DROP TABLE t; --', "회담\U0001f600\x1b", None],
    "integer": ["0", "-9223372036854775808", "9223372036854775807", None],
    "number": ["0.1", "-0.0", "1e300", "INF", "-INF", "NaN", "5e-324", None],
    "boolean": ["true", "false", None],
    "date": ["0001-01-01", "9999-12-31", "2024-02-29", None],
    "datetime": ["2026-01-13T09:30:59.999999Z", "2026-01-13T09:30:00+09:00", "0001-01-01T00:00:00Z", None],
    "time": ["00:00:00", "23:59:59", None],
    "year": ["2026", "-0044", "12026", None],
    "yearmonth": ["2026-01", "0001-12", None],
    "duration": ["P1Y2M3DT4H5M6.7S", "-P1M", "PT0S", "P999999999Y", None],
    "geopoint": ["126.98, 37.57", "-180, 90", "1e-7, 0", None],
    "list": ["a,b", "", ",한", None],
    "object": ['{"a": [1, {"b": null}]}', "{}", None],
    "array": ['["\\udc00", 1e999]', "[]", None],
    "geojson": ['{"type": "Point", "coordinates": [1, 2]}', None],
    "any": ["1", "x", None],
}


def schema_of(types):
    return {"fields": [{"name": name, "type": type_} for name, type_ in types.items()]}


def released(folder, tables, views=(), **descriptor):
    """Release tables (name: (schema, rows of texts)) as a build does, without the final judgement."""
    (folder / "in").mkdir(parents=True)
    resources = []
    for number, (name, (schema, rows)) in enumerate(tables.items()):
        path = f"t{number}.csv"
        with (folder / "in" / path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow([f["name"] for f in schema["fields"]])
            writer.writerows([["\u2400" if cell is None else cell for cell in row] for row in rows])
        titled = {"title": schema["title"]} if "title" in schema else {}
        resources.append({"name": name, "path": path, **titled, "schema": {"missingValues": ["\u2400"], **schema}})
    known = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "zoo", "version": "1.2.0"}
    described = {**known, **descriptor}
    (folder / "in/datapackage.json").write_text(json.dumps({**described, "resources": resources}), encoding="utf-8")
    parsed = [parse_view(n, sql, lambda s=s: json.dumps(s).encode(), n) for n, (sql, s) in dict(views).items()]
    return write_data(
        ReleaseFolder(folder / "out"),
        Release(described, "https://zoo.example/", 0, citation="How to cite it."),
        open_package(folder / "in"),
        parsed,
        Labels(),
        lambda _: None,
    )
