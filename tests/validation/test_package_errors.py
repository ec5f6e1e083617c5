"""What a package as a whole can be wrong about."""

import hashlib

import pytest

from shuttle_diplomacy.errors import UnsupportedError
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.validation.pipeline import validate


def notes(report):
    return [f.note for task in report.all_tasks for f in [*task.errors, *task.warnings]]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"resources": []}, "'resources' has to be a list with at least one resource"),
        ({"resources": "x"}, "'resources' has to be a list with at least one resource"),
        ({"resources": [3]}, "resource 1 is not an object"),
        ({"resources": [{"path": "a.csv"}]}, "resource 1 has no name"),
        ({"resources": [{"name": "a"}]}, "needs either a path or data"),
        ({"resources": [{"name": "a", "path": 3}]}, "'path' is 3, but has to be a path"),
        ({"resources": [{"name": "a", "path": "../a.csv"}]}, "leads out of the package"),
        ({"resources": [{"name": "a", "path": "/etc/passwd"}]}, "leads out of the package"),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": {}}}]}, "'fields' has to be a list"),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": ["id"]}}]}, "not an object with a name"),
        (
            {"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "x", "type": "datum"}]}}]},
            "'type' is 'datum', but has to be one of",
        ),
        (
            {"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [], "foreignKeys": [{}]}}]},
            "'foreignKeys' is",
        ),
        ({"name": 5}, "'name' is 5, but has to be a text"),
    ],
)
def test_descriptor_error(folder, change, note):
    folder.descriptor |= change
    report = validate(open_package(folder.write().root))
    assert not report.valid
    assert note in notes(report)[0]


@pytest.mark.parametrize(
    ("schema", "note"),
    [
        ({"primaryKey": ["idd"]}, "primaryKey names the unknown field 'idd'; did you mean 'id'?"),
        ({"uniqueKeys": [["x"]]}, "uniqueKeys names the unknown field 'x'"),
        (
            {"foreignKeys": [{"fields": ["id"], "reference": {"resource": "tt", "fields": ["id"]}}]},
            "foreignKeys names the unknown resource 'tt'; did you mean 't'?",
        ),
        (
            {"foreignKeys": [{"fields": ["id", "n"], "reference": {"fields": ["id"]}}]},
            "a foreign key must name as many fields as it refers to",
        ),
    ],
)
def test_schema_error(judged, schema, note):
    assert any(note in found for found in notes(judged("id,n\na,1\n", **schema)))


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"type": "boolean", "trueValues": "id"}, "'trueValues' is 'id', but has to be a list of texts"),
        ({"type": "boolean", "falseValues": [0]}, "'falseValues' is [0], but has to be a list of texts"),
        ({"type": "list", "delimiter": ""}, "'delimiter' is '', but has to be a text of at least one"),
        ({"constraints": {"enum": [[1]]}}, "'enum' is [[1]], but has to be a list"),
        ({"constraints": {"maximum": None}}, "'maximum' is None, but has to be a number or a text"),
        ({"constraints": {"enum": ["a", "a"]}}, "enum holds 'a' twice"),
        ({"categories": ["a", {"value": "a"}]}, "categories holds 'a' twice"),
        ({"categories": ["a"], "constraints": {"enum": ["b"]}}, "enum holds 'b', which is not in categories"),
    ],
)
def test_field_error(judged, changes, note):
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "string", **changes}]
    assert note in notes(judged("id,n\na,a\n", fields))[0]


@pytest.mark.parametrize(
    "resource",
    [
        {"schema": "schema.json"},
        {"dialect": "dialect.json"},
        {"dialect": {"lineTerminator": ";"}},
        {"dialect": {"lineTerminator": []}},
        {"encoding": "utf-8\0"},
        {"hash": "shake_128:00"},
        {"format": "xlsx"},
        {"path": "t.csv.gz"},
        {"schema": {"fields": [{"name": "n"}], "fieldsMatch": "subset"}},
    ],
)
def test_what_is_not_read_so_far_is_refused(folder, judged, resource):
    folder.table("t", "id,n\na,1\n")
    folder.descriptor["resources"][0] |= resource
    folder.write()
    with pytest.raises(UnsupportedError):
        judged()


def test_misspelt_property_is_a_warning(folder, judged):
    folder.descriptor["licences"] = []
    report = judged("id,n\na,1\n")
    assert report.valid
    assert notes(report) == ["package: 'licences' is no property of the standard; did you mean 'licenses'?"]


def test_missing_file_is_one_error_and_the_rest_is_judged(folder, judged):
    folder.table("gone", "id,n\n")
    (folder.root / "gone.csv").unlink()
    report = judged("id,n\na,x\n")
    assert [f.type for t in report.tasks for f in t.errors] == ["source-error", "type-error"]


def test_link_out_of_the_package_is_not_followed(folder, judged, tmp_path):
    (tmp_path / "secret.csv").write_text("id,n\na,1\n")
    folder.table("t", "id,n\n")
    (folder.root / "t.csv").unlink()
    (folder.root / "t.csv").symlink_to(tmp_path / "secret.csv")
    (finding,) = judged().tasks[0].errors
    assert finding.note == "path 't.csv' is a link that leads out of the package"


def test_size_and_checksum_are_compared(folder, judged):
    content = "id,n\na,1\n"
    folder.table("t", content)
    resource = folder.descriptor["resources"][0]
    resource |= {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content.encode()).hexdigest()}
    folder.write()
    assert judged().valid
    (folder.root / "t.csv").write_text("id,n\na,12\n")
    assert [f.type for f in judged().tasks[0].errors] == ["byte-count-error", "hash-count-error"]
