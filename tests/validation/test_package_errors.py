"""What a package as a whole can be wrong about."""

import gzip
import hashlib
import json

import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.validation.pipeline import validate


def notes(report):
    return [f.note for task in report.all_tasks for f in [*task.errors, *task.warnings]]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"resources": []}, "'resources' is [], but has to be a list with at least one resource"),
        ({"resources": [{"name": "a"}]}, "resource 'a' needs either a path or data"),
        ({"resources": [{"name": "a", "path": "/etc/passwd"}]}, "leads out of the package"),
        ({"name": 5}, "'name' is 5, but has to be a text"),
    ],
)
def test_descriptor_error(folder, change, note):
    folder.descriptor |= change
    report = validate(open_package(folder.write().root))
    assert not report.valid
    assert note in notes(report)[0]


def test_schema_error(judged):
    found = notes(judged("id,n\na,1\n", primaryKey=["idd"]))
    assert found == ["resource 't', schema: primaryKey names the unknown field 'idd'; did you mean 'id'?"]


def test_field_error(judged):
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "string", "constraints": {"minimum": 1}}]
    (note,) = notes(judged("id,n\na,a\n", fields))
    assert note.startswith("resource 't', field 'n': the constraint 'minimum' does not fit type 'string', only: ")


def test_referenced_schema_is_judged_and_used(folder, judged):
    folder.table("t", "id,n\na,x\n")
    resource = folder.descriptor["resources"][0]
    (folder.root / "schema.json").write_text(json.dumps(resource["schema"]))
    resource["schema"] = "schema.json"
    folder.write()
    assert [(f.type, f.line) for f in judged().tasks[0].errors] == [("type-error", 2)]
    (folder.root / "schema.json").write_text("{}")
    assert notes(judged()) == ["resource 't', schema ('schema.json') has no fields"]


@pytest.mark.parametrize(
    ("resource", "kind", "note"),
    [
        ({"encoding": "utf-8\0"}, "encoding-error", "the encoding 'utf-8\\x00' is not known; store the file as UTF-8"),
        ({"encoding": "base64"}, "encoding-error", "the encoding 'base64' is not known"),
        ({"hash": "shake_128:00"}, "resource-error", "the checksum 'shake_128' is not known"),
        ({"format": "xlsx"}, "format-error", "files of the format 'xlsx' are not read; store the table as one of csv"),
        ({"path": "t.csv.gz"}, "compression-error", "t.csv.gz is not compressed as 'gz'"),
        ({"compression": "xz"}, "compression-error", "compression 'xz' is not read; store t.csv as 'gz', 'zip' or un"),
        ({"dialect": {"lineTerminator": ";"}}, "incorrect-label", "the label is 'n\\na'; here the schema has 'n'"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_the_rest_is_judged(folder, judged, resource, kind, note):
    content = "id,n\na,1\n"
    folder.table("t", content).table("other", "id,n\na,x\n")
    (folder.root / "t.csv.gz").write_text(content)
    folder.descriptor["resources"][0] |= resource
    folder.write()
    unread, other = judged().tasks
    assert unread.errors[0].type == kind
    assert unread.errors[0].note.startswith(note)
    assert [(f.type, f.line) for f in other.errors] == [("type-error", 2)]


def test_dialect_that_contradicts_itself_is_an_error_of_the_descriptor(folder, judged):
    folder.table("t", "id,n\na,1\n")
    folder.descriptor["resources"][0]["dialect"] = {"delimiter": '"'}
    folder.write()
    assert [f.type for f in judged().general.errors] == ["dialect-error"]


@pytest.mark.parametrize(
    "resource",
    [
        {"dialect": {"lineTerminator": ";"}},
        {"schema": {"fields": [{"name": "n"}], "fieldsMatch": "subset"}},
        {"path": "t.csv.gz", "compression": "gz"},
    ],
)
def test_what_the_standard_allows_is_read(folder, judged, resource):
    content = "id,n;a,1;" if "dialect" in resource else "id,n\na,1\n"
    folder.table("t", content)
    (folder.root / "t.csv.gz").write_bytes(gzip.compress(content.encode()))
    folder.descriptor["resources"][0] |= resource
    folder.write()
    report = judged()
    assert notes(report) == []
    assert report.row_count == 1


@pytest.mark.parametrize("form", ["csv", "json"])
def test_compression_that_is_not_declared_is_told_once(folder, judged, form):
    folder.table("t", "")
    stored = {"csv": b"id,n\n", "json": b"[]"}[form]
    paths = [f"{number}.{form}.gz" for number in (1, 2)][: 2 if form == "csv" else 1]
    for path in paths:
        (folder.root / path).write_bytes(gzip.compress(stored))
    folder.descriptor["resources"][0] |= {"path": paths, "format": form}
    folder.write()
    found = [f for f in judged().tasks[0].warnings if f.type == "undeclared-compression"]
    ending = f"the ending of '1.{form}.gz'"
    assert [f.note for f in found] == [f'compression \'gz\' is taken from {ending}; declare "compression": "gz"']


def test_repeated_labels_are_told_with_their_line(folder, judged):
    folder.table("t", "id,n\na,1\n", primaryKey="id")
    (folder.root / "u.csv").write_text("id,n\nb,2\n")
    folder.descriptor["resources"][0]["path"] = ["t.csv", "u.csv"]
    folder.write()
    report = judged()
    (finding,) = report.tasks[0].warnings
    assert (finding.type, finding.path, finding.line, finding.row_number) == ("repeated-header", "u.csv", 1, 3)
    assert (report.valid, report.row_count) == (True, 2)


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
    assert [f.type for f in judged().tasks[0].errors] == ["byte-count", "hash-count"]
