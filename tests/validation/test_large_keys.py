"""Keys of tables that are too large to keep: what is found on hashes is what is found on values."""

import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.tabular.records import RecordReader
from shuttle_diplomacy.validation import judging, pipeline
from shuttle_diplomacy.validation.keys import EXACT_ROWS
from shuttle_diplomacy.validation.pipeline import validate

TEXT = {"name": "id", "type": "string"}
LIMITS = [0, 1, 3, EXACT_ROWS]


@pytest.fixture(params=LIMITS)
def found(request, folder, monkeypatch):
    """Return a function that judges the folder's tables in small blocks, and returns its findings in their order."""
    plain = judging.PackageKeys
    monkeypatch.setattr(pipeline, "PackageKeys", lambda package: plain(package, request.param))
    whole = RecordReader.__init__

    def small(self, *given, **named):
        whole(self, *given, **named)
        self.block_bytes = 16

    monkeypatch.setattr(RecordReader, "__init__", small)

    def judge(limit=0):
        report = validate(open_package(folder.root), limit_errors=limit)
        judge.report = report
        return [(f.type, f.row_number, f.field_name) for task in report.all_tasks for f in task.errors]

    return judge


def typed(**types):
    return [{"name": name, "type": kind} for name, kind in types.items()]


def refer(fields, resource, to):
    return {"foreignKeys": [{"fields": fields, "reference": {"resource": resource, "fields": to}}]}


def rows(*lines):
    return "\n".join(["id,n", *lines, ""])


@pytest.mark.parametrize("key", [{"primaryKey": ["id"]}, {"uniqueKeys": [["id"]]}])
def test_each_later_row_is_named_with_the_first(folder, found, key):
    folder.table("t", rows("a,1", "b,2", "c,3", "b,4", "a,5", "d,6", "b,7"), **key)
    kind = "primary-key" if "primaryKey" in key else "unique-key"
    assert found() == [(kind, 5, "id"), (kind, 6, "id"), (kind, 8, "id")]
    notes = [f.note for f in found.report.tasks[0].errors]
    assert [note.split(" already")[0] for note in notes] == [
        "id 'b' stands in row 3",
        "id 'a' stands in row 2",
        "id 'b' stands in row 3",
    ]


@pytest.mark.parametrize(
    ("kind", "cells", "repeated"),
    [
        ("integer", ["1", "-1", "01", "+1", "9223372036854775807", "-9223372036854775808", "-01"], [4, 5, 8]),
        ("number", ["1", "1.0", "-0.0", "0", "1e0", "INF", "-INF", "INF"], [3, 5, 6, 9]),
        ("year", ["2004", "-2004", "2004"], [4]),
        ("date", ["2004-01-01", "2004-01-02", "2004-01-01"], [4]),
        ("boolean", ["true", "false", "True", "1"], [4, 5]),
        ("string", ["a", "A", "a ", "é", "e\u0301", "a"], [7]),
        ("duration", ["P1D", "PT24H", "P1M", "P1Y", "P12M"], [3, 6]),
        ("list", ["a;b", "a", "b", "a;b"], [5]),
        ("datetime", ["2004-01-01T00:00:00Z", "2004-01-01T01:00:00Z", "2004-01-01T00:00:00Z"], [4]),
    ],
)
def test_values_are_compared_and_not_texts(folder, found, kind, cells, repeated):
    fields = [TEXT, {"name": "n", "type": kind, "constraints": {"unique": True}}]
    fields[1] |= {"delimiter": ";"} if kind == "list" else {}
    folder.table("t", rows(*(f"x,{cell}" for cell in cells)), fields)
    assert found() == [("unique-error", row, "n") for row in repeated]


def test_rows_with_a_null_part_are_left_out(folder, found):
    folder.table("t", rows("a,1", "a,", "a,", ",1", ",1", "b,1", "a,1", ","), uniqueKeys=[["id", "n"]])
    assert found() == [("unique-key", 8, "id")]


def test_a_primary_key_with_null_parts(folder, found):
    folder.table("t", rows("a,1", "a,", ",2", "a,1", "b,x"), primaryKey=["id", "n"])
    assert sorted(found()) == [
        ("primary-key", 3, "n"),
        ("primary-key", 4, "id"),
        ("primary-key", 5, "id"),
        ("type-error", 6, "n"),
    ]


def test_the_parts_of_a_key_do_not_run_into_each_other(folder, found):
    folder.table("t", "id,n\nab,c\na,bc\n,abc\n", typed(id="string", n="string"), uniqueKeys=[["id", "n"]])
    assert found() == []


def test_several_keys_of_one_table(folder, found):
    fields = [TEXT, {"name": "n", "type": "integer", "constraints": {"unique": True}}]
    folder.table("t", rows("a,1", "a,1", "b,1"), fields, primaryKey=["id"], uniqueKeys=[["id", "n"]])
    assert sorted(found()) == [
        ("primary-key", 3, "id"),
        ("unique-error", 3, "n"),
        ("unique-error", 4, "n"),
        ("unique-key", 3, "id"),
    ]


@pytest.mark.parametrize(
    ("limit", "listed"),
    [
        (1, [("unique-key", 3, "id")]),
        (2, [("unique-key", 3, "id"), ("foreign-key", 5, "id")]),
        (3, [("unique-key", 3, "id"), ("unique-key", 4, "id"), ("foreign-key", 5, "id")]),
    ],
)
def test_all_are_counted_where_some_are_listed(folder, found, limit, listed):
    folder.table("u", rows("a,1"))
    more = refer(["id"], "u", ["id"])
    folder.table("t", rows("a,1", "a,2", "a,3", "x,4", "y,5", "z,6"), uniqueKeys=[["id"]], **more)
    assert found(limit) == listed
    assert found.report.counts == {("unique-key", "error"): 2, ("foreign-key", "error"): 3}


@pytest.mark.parametrize(
    ("here", "there", "children", "parents", "absent"),
    [
        ("string", "string", ["a", "b", "", "c"], ["a", "c", "a"], [3]),
        ("integer", "integer", ["1", "-2", "03", "4", ""], ["01", "3", "-2"], [5]),
        ("integer", "string", ["1", "02", "3"], ["1", "2", "x"], [4]),
        ("string", "integer", ["1", "02", "3"], ["1", "2", "9"], [3, 4]),
        ("integer", "number", ["1", "2", "3"], ["1.0", "2.5", "3"], [3]),
        ("number", "integer", ["1.0", "2.5", "3"], ["1", "2", "3"], [3]),
        ("year", "integer", ["2004", "2005"], ["2004", "2006"], [3]),
        ("date", "string", ["2004-01-02", "2004-01-03"], ["2004-01-02", "x"], [3]),
        ("boolean", "boolean", ["true", "false"], ["1"], [3]),
        ("any", "string", ["a", "b"], ["a"], [3]),
        ("string", "string", ["a", "b"], [], [2, 3]),
        ("string", "string", [], ["a"], []),
        ("string", "string", ["", ""], [], []),
    ],
)
def test_references_into_another_table(folder, found, here, there, children, parents, absent):
    folder.table("p", rows(*(f"x,{cell}" for cell in parents)), typed(id="string", n=there))
    folder.table("t", rows(*(f"x,{cell}" for cell in children)), typed(id="string", n=here), **refer("n", "p", "n"))
    assert found() == [("foreign-key", row, "n") for row in absent]


def test_composite_references(folder, found):
    folder.table("p", rows("a,1", "a,2", "b,1", "b,"))
    folder.table("t", rows("a,1", "b,2", "b,", ",1", "b,1", "c,1"), **refer(["id", "n"], "p", ["id", "n"]))
    assert found() == [("foreign-key", 3, "id"), ("foreign-key", 7, "id")]


def test_composite_references_whose_parts_differ_in_type(folder, found):
    folder.table("p", rows("a,2004", "b,2005"), typed(id="string", n="year"))
    folder.table(
        "t", rows("a,2004", "a,2005", "b,2005"), typed(id="any", n="integer"), **refer(["id", "n"], "p", ["id", "n"])
    )
    assert found() == [("foreign-key", 3, "id")]


def test_references_within_a_table(folder, found):
    folder.table("t", rows("a,", "b,c", "c,a", "d,e"), typed(id="string", n="string"), **refer("n", "", "id"))
    assert found() == [("foreign-key", 5, "n")]


def test_a_small_table_may_refer_to_a_large_one_and_the_other_way(folder, found):
    folder.table("p", rows(*(f"k{n},1" for n in range(40))))
    folder.table("q", rows("k1,1"))
    folder.table("t", rows("k39,1", "k40,1"), **refer("id", "p", "id"))
    folder.table("u", rows(*(f"k{n % 3},1" for n in range(9))), **refer("id", "q", "id"))
    assert found() == [("foreign-key", 3, "id")] + [("foreign-key", n, "id") for n in (2, 4, 5, 7, 8, 10)]


def test_no_reference_is_judged_against_a_table_that_could_not_be_read(folder, found):
    folder.table("p", b"id,n\na,1\n\xff,2\n")
    folder.table("t", rows("b,1"), **refer("id", "p", "id"))
    assert found() == [("encoding-error", None, None)]
