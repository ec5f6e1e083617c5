"""Schemas and dialects in files of their own."""

# ruff: noqa: E501 (one case a line)

import json
from functools import partial

import pytest

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package import Package, open_package
from shuttle_diplomacy.package.metadata import check_meaning, require_shape
from shuttle_diplomacy.package.references import References, path_of
from shuttle_diplomacy.package.storage import Folder, Remote
from tests.metadata.descriptors import V1, V2, found, resource
from tests.metadata.test_http import Quiet, serve

FIELDS = {"fields": [{"name": "id", "type": "integer"}]}


def write(folder, **files):
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content if isinstance(content, str) else json.dumps(content))


def said(folder, **properties):
    return [(f.type, f.severity, f.path, f.pointer, f.note) for f in found(resource(**properties), folder)]


def test_schema_and_dialect_are_read(tmp_path):
    write(tmp_path, schema_json=FIELDS, dialect_yaml='delimiter: ";"\n')
    write(tmp_path, datapackage_json=resource(schema="schema.json", dialect="dialect.yaml"))
    package = open_package(tmp_path)
    (table,) = package.resources
    assert (table.schema.names, table.dialect) == (["id"], {"delimiter": ";"})
    assert package.descriptor["resources"][0]["schema"] == "schema.json"
    assert package.dereferenced == resource(schema=FIELDS, dialect={"delimiter": ";"})
    assert check_meaning(package) == []


@pytest.mark.parametrize("key", ["schema", "dialect"])
@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("gone.json", "is not there"),
        ("../x.json", "path '../x.json' leads out of the package"),
        ("x" * 5000, "xxx cannot be read: File name too long"),
        ("list.json", "list.json is not a JSON object"),
        ("https://x.org/s.json", "'https://x.org/s.json' is outside of the package, and nothing from there is read; copy "),
        ("https://u:secret@x.org/s.json", "'https://x.org/s.json' is outside of the package"),
        ("file:///etc/passwd", "'file:///etc/passwd' is not an address that can be read; copy it into the package and"),
    ],
)  # fmt: skip
def test_reference_that_cannot_be_read(tmp_path, key, reference, note):
    write(tmp_path, list_json=[])
    ((kind, severity, path, pointer, text),) = said(tmp_path, **{key: reference})
    assert (kind, severity, path, pointer) == (f"{key}-error", "error", "", f"/resources/0/{key}")
    assert text.startswith(f"resource 'a': {key!r} cannot be read: ")
    assert note in text


def test_referenced_schema_is_judged_like_any_other(tmp_path):
    write(tmp_path, s_json={"fields": [{"name": "x", "type": "int"}, {}]})
    assert said(tmp_path, schema="s.json") == [
        (
            "field-error",
            "error",
            "s.json",
            "/fields/0/type",
            (
                "resource 'a', schema ('s.json'), field 'x': 'type' is 'int', but has to be one of: string, number, integer, "
                "boolean, object, array, list, datetime, date, time, year, yearmonth, duration, geopoint, geojson, any"
            ),
        ),
        ("field-error", "error", "s.json", "/fields/1", "resource 'a', schema ('s.json'), field 2 has no name"),
    ]
    write(tmp_path, s_json={**FIELDS, "primaryKey": "idd", "primarykey": 1})
    assert [line[:4] for line in said(tmp_path, schema="s.json")] == [
        ("schema-error", "error", "s.json", "/primaryKey"),
        ("unknown-property", "warning", "s.json", "/primarykey"),
    ]


def test_file_of_its_own_may_name_its_version(tmp_path):
    write(tmp_path, s_json={"fields": [{"name": "x", "type": "list"}]})
    old = found(resource(V1, schema="s.json"), tmp_path)
    assert [f.type for f in old] == ["field-error"]
    profile = V2.replace("datapackage.json", "tableschema.json")
    write(tmp_path, s_json={"$schema": profile, "fields": [{"name": "x", "type": "list"}]})
    assert found(resource(V1, schema="s.json"), tmp_path) == []


def test_model_is_not_used_on_a_broken_reference(tmp_path):
    write(tmp_path, s_json={"fields": 3})
    with pytest.raises(
        UnreadableError, match="the descriptor has 1 error; the first: .*'fields' is 3, but has to be a"
    ):
        require_shape(Package(resource(schema="s.json"), Folder(tmp_path)))


def test_each_file_is_read_once(tmp_path):
    write(tmp_path, s_json=FIELDS)
    references = References(Folder(tmp_path))
    first = references.read("s.json")
    (tmp_path / "s.json").unlink()
    assert references.read("s.json") is first


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("https://x.org/p/s.json", "s.json"),
        ("https://x.org/p/a%20b/s.json", "a b/s.json"),
        ("a/s.json", "a/s.json"),
    ],
)
def test_address_below_a_remote_package_is_a_path(reference, path):
    assert path_of(reference, Remote("https://x.org/p/")) == path
    assert path_of(reference, Remote("https://user:secret@x.org/p/")) == path


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("https://x.org/q/s.json", "outside of the package"),
        ("https://x.org/p/../q/s.json", "leads out of the package"),
        ("https://x.org/p/%2e%2e/s.json", "leads out of the package"),
        ("https://x.org.evil.org/p/s.json", "outside of the package"),
        ("https://[x/s.json", "not an address that can be read"),
    ],
)
def test_address_elsewhere_is_refused(reference, note):
    with pytest.raises(Exception, match=note):
        path_of(reference, Remote("https://x.org/p/"))


def test_schema_of_a_package_at_an_address(tmp_path):
    write(tmp_path, s_json=FIELDS, datapackage_yaml="resources: [{name: a, path: a.csv, schema: s.json}]")
    for address in serve(partial(Quiet, directory=str(tmp_path))):
        write(tmp_path, datapackage_json=resource(schema=f"{address}/s.json"))
        for name in ("datapackage.json", "datapackage.yaml"):
            assert open_package(f"{address}/{name}").resource("a").schema.names == ["id"]
