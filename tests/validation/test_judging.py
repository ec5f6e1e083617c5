"""One resource and what its faults mean for the others."""

import pytest

from shuttle_diplomacy.package import Findings, open_package
from shuttle_diplomacy.validation.judging import JudgedResource, PackageKeys
from shuttle_diplomacy.validation.pipeline import validate
from tests.conftest import TWO


def judged_one(folder, *, keep=False, told=lambda _: None):
    package = open_package(folder.write().root)
    item = JudgedResource(package.resource("t"), Findings())
    item.judge(PackageKeys(package), keep=keep, on_rows=told)
    return item


def types(report):
    return [(task.name, f.type) for task in report.tasks for f in [*task.errors, *task.warnings]]


def test_a_sound_table_is_kept_with_its_names_and_row_numbers(folder):
    folder.table("t", "id,n\na,1\nb,2\n")
    counted = []
    item = judged_one(folder, keep=True, told=counted.append)
    assert item.frame is not None
    assert item.frame.to_dicts() == [{"id": "a", "n": 1}, {"id": "b", "n": 2}]
    assert (item.row_numbers.to_list(), item.rows, counted) == ([2, 3], 2, [2])
    assert (item.complete, item.unsound) == (True, "")


@pytest.mark.parametrize("content", ["id,n\n", "id,n"])
def test_a_table_without_rows_is_complete(folder, content):
    folder.table("t", content)
    item = judged_one(folder, keep=True)
    assert item.frame is not None
    assert (item.frame.columns, item.frame.height, item.complete, item.unsound) == (["id", "n"], 0, True, "")


@pytest.mark.parametrize(
    ("content", "complete", "unsound"),
    [
        ("id,n\na,1\nb\n", True, "has errors of structure, type or key"),
        ("id,n\na,x\n", True, "has errors of structure, type or key"),
        ("id,n\na,1\na,2\n", True, "has errors of structure, type or key"),
        ("id,n\na,-1\n", True, ""),
        ("id,m\na,1\n", True, "has errors of structure, type or key"),
        ("x,y\na,1\n", True, "has errors of structure, type or key"),
        ("n,id\n1,a\n", False, "could not be read"),
        ("", False, "could not be read"),
        (b"id,n\na,\xff\n", False, "could not be read"),
    ],
)
def test_what_keeps_rules_from_reading_a_table(folder, content, complete, unsound):
    fields = [TWO[0], TWO[1] | {"constraints": {"minimum": 0}}]
    folder.table("t", content, fields, primaryKey=["id"])
    item = judged_one(folder, keep=True)
    assert (item.complete, item.unsound) == (complete, unsound)


def test_a_wrong_size_or_checksum_does_not_keep_rules_from_a_table(folder):
    folder.table("t", "id,n\na,1\n")
    folder.descriptor["resources"][0] |= {"bytes": 1, "hash": "md5:00"}
    item = judged_one(folder, keep=True)
    assert item.findings.types == {"byte-count", "hash-count"}
    assert item.unsound == ""


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"path": "gone.csv"}, "source-error"),
        ({"path": "t.xlsx"}, "format-error"),
        ({"format": "parquet"}, "format-error"),
        ({"encoding": "utf-9"}, "encoding-error"),
        ({"compression": "gz"}, "compression-error"),
        ({"compression": "lz4"}, "compression-error"),
        ({"path": "gone.csv", "bytes": 3}, "source-error"),
        ({"path": ["t.csv", "gone.csv"]}, "source-error"),
        ({"path": "gone.json"}, "source-error"),
    ],
)
def test_what_cannot_be_read_is_one_error_and_the_others_are_judged(folder, change, kind):
    folder.table("t", "id,n\na,1\n")
    folder.table("u", "id,n\na,x\n")
    folder.table("v", "id,n\nz,1\n", foreignKeys=[{"fields": "id", "reference": {"resource": "t", "fields": "id"}}])
    folder.descriptor["resources"][0] |= change
    report = validate(open_package(folder.write().root))
    errors = [(task.name, f.type) for task in report.tasks for f in task.errors]
    assert errors == [("t", kind), ("u", "type-error")]


def test_the_keys_of_a_table_whose_second_file_is_missing_are_not_known(folder):
    folder.table("t", "id,n\na,1\na,2\n", primaryKey=["id"])
    folder.table("u", "id,n\nz,1\n", foreignKeys=[{"fields": "id", "reference": {"resource": "t", "fields": "id"}}])
    folder.descriptor["resources"][0]["path"] = ["t.csv", "gone.csv"]
    assert types(validate(open_package(folder.write().root))) == [("t", "source-error")]


@pytest.mark.parametrize(("there", "kinds"), [(True, []), (False, ["source-error"])])
def test_a_resource_that_is_no_table_only_has_to_be_there(folder, there, kinds):
    folder.descriptor["resources"] = [{"name": "picture", "path": "a.bin"}]
    if there:
        (folder.root / "a.bin").write_bytes(b"\xff\0")
    report = validate(open_package(folder.write().root))
    assert [kind for _, kind in types(report)] == kinds


def test_data_in_the_descriptor_is_judged_like_a_file(folder):
    folder.descriptor["resources"] = [
        {
            "name": "t",
            "type": "table",
            "data": [["id", "n"], ["a", "1"], ["a", "2"]],
            "schema": {"fields": TWO, "primaryKey": "id"},
        }
    ]
    (task,) = validate(open_package(folder.write().root)).tasks
    assert [(f.type, f.row_number, f.field_name, f.key) for f in task.errors] == [("primary-key", 3, "id", {"id": "a"})]


def test_findings_are_in_the_order_of_rows_and_fields_and_then_of_the_checks(folder):
    folder.table("u", "id,n\nk,1\n")
    fields = [TWO[0], TWO[1] | {"constraints": {"maximum": 5, "unique": True}}]
    more = {"primaryKey": ["id"], "foreignKeys": [{"fields": "id", "reference": {"resource": "u", "fields": "id"}}]}
    folder.table("t", "id,n\nk,9\nk,x\nk\nz,9\n", fields, **more)
    folder.descriptor["resources"][1]["bytes"] = 1
    report = validate(open_package(folder.write().root))
    assert [(f.type, f.row_number) for f in report.tasks[1].errors] == [
        ("byte-count", None),
        ("constraint-error", 2),
        ("primary-key", 3),
        ("type-error", 3),
        ("missing-cell", 4),
        ("foreign-key", 5),
        ("constraint-error", 5),
        ("unique-error", 5),
    ]
