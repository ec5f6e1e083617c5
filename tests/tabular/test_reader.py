"""Typed batches: what is null, what is wrong, and which columns there are."""

import polars as pl
import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.tabular.reader import TableReader, read_table

TEXTS = [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]


@pytest.fixture
def resource(folder):
    def opened(content, fields=None, dialect=None, **schema):
        folder.table("t", content, fields, **schema)
        if dialect:
            folder.descriptor["resources"][0]["dialect"] = dialect
        return open_package(folder.write().root).resource("t")

    return opened


# With and without quotes: a plain block has null for an empty cell, any other an empty text.
@pytest.mark.parametrize("last", ["x,y\n", '"x",y\n'])
@pytest.mark.parametrize(
    ("schema", "of_b", "rows"),
    [
        ({}, None, [(None, "-"), ("-", None), ("NA", "NA")]),
        ({"missingValues": ["-"]}, None, [("", None), (None, ""), ("NA", "NA")]),
        ({"missingValues": ["", "-"]}, None, [(None, None), (None, None), ("NA", "NA")]),
        ({"missingValues": []}, None, [("", "-"), ("-", ""), ("NA", "NA")]),
        ({}, ["NA"], [(None, "-"), ("-", ""), ("NA", None)]),
        ({"missingValues": ["-"]}, [""], [("", "-"), (None, None), ("NA", "NA")]),
        ({"missingValues": ["-"]}, [], [("", "-"), (None, ""), ("NA", "NA")]),
        ({"missingValues": [{"value": "-", "label": "none"}]}, None, [("", None), (None, ""), ("NA", "NA")]),
    ],
)
def test_missing_values(resource, schema, of_b, rows, last):
    fields = [TEXTS[0], TEXTS[1] | ({} if of_b is None else {"missingValues": of_b})]
    frame, findings = read_table(resource("a,b\n,-\n-,\nNA,NA\n" + last, fields, **schema))
    assert (frame.rows(), findings) == ([*rows, ("x", "y")], [])


@pytest.mark.parametrize("dialect", [{"nullSequence": "\\N"}, {"nullSequence": "\\N", "escapeChar": "\\"}])
def test_the_null_sequence_is_one_more_missing_value(resource, dialect):
    frame, _ = read_table(resource("a,b\n\\N,-\n,x\n", TEXTS, dialect, missingValues=["-"]))
    assert frame.rows() == [(None, None), ("", "x")]


def test_a_quoted_empty_cell_is_missing_like_any_other(resource):
    assert read_table(resource('a,b\n"",""\n', TEXTS))[0].rows() == [(None, None)]


@pytest.mark.parametrize("content", ["a,b\n1,x\n", 'a,b\n"1",x\n'])
def test_missing_values_come_before_types(resource, content):
    fields = [{"name": "a", "type": "integer", "missingValues": ["1"]}, TEXTS[1]]
    frame, findings = read_table(resource(content, fields))
    assert (frame.rows(), findings) == ([(None, "x")], [])


@pytest.mark.parametrize("missing", [[""], [], ["-"]])
@pytest.mark.parametrize("content", ["a\nx\n", 'a\n"x"\n'])
def test_a_field_without_a_column_is_null_and_never_judged(resource, content, missing):
    fields = [TEXTS[0], {"name": "b", "type": "integer", "constraints": {"minimum": 1}}]
    reader = TableReader(resource(content, fields, fieldsMatch="superset", missingValues=missing))
    (batch,) = reader.batches()
    assert batch.frame.rows() == [("x", None)]
    assert batch.frame.dtypes == [pl.String, pl.Int64]
    assert batch.wrong["1"].to_list() == [0]
    assert reader.findings.kept == []


@pytest.mark.parametrize("mode", ["subset", "partial"])
def test_columns_without_a_field_are_left_out(resource, mode):
    frame, findings = read_table(resource("x,b,a\n1,2,3\n", TEXTS, fieldsMatch=mode))
    assert (frame.to_dicts(), findings) == ([{"a": "3", "b": "2"}], [])


@pytest.mark.parametrize(
    ("content", "dialect", "names", "rows"),
    [
        ("a,,a\n1,2,3\n", {}, ["a", "field2", "a2"], [("1", "2", "3")]),
        ("1,x\n2,\n", {"header": False}, ["field1", "field2"], [("1", "x"), ("2", None)]),
        ("a,b\n", {}, ["a", "b"], []),
    ],
)
def test_a_table_without_a_schema_has_its_labels_as_fields(folder, content, dialect, names, rows):
    (folder.root / "t.csv").write_text(content)
    folder.descriptor["resources"] = [{"name": "t", "type": "table", "path": "t.csv", "dialect": dialect}]
    frame, _ = read_table(open_package(folder.write().root).resource("t"))
    assert (frame.columns, frame.rows()) == (names, rows)


def test_what_is_wrong_is_null_in_the_frame_and_kept_as_text(resource):
    reader = TableReader(resource("id,n\na,x\nb,\nc,3\n"))
    (batch,) = reader.batches()
    assert batch.frame["1"].to_list() == [None, None, 3]
    assert batch.text["1"].to_list() == ["x", None, "3"]
    assert {column: rows.to_list() for column, rows in batch.wrong.items()} == {"1": [0]}
    assert batch.row_numbers.to_list() == [2, 3, 4]


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_row_numbers_count_what_is_left_out(resource, size):
    reader = TableReader(resource("id,n\na,1\n\nb\nc,x\nd,4\n"))
    reader.records.block_bytes = size
    batches = list(reader.batches())
    assert [number for batch in batches for number in batch.row_numbers] == [2, 5, 6]
    assert [(f.type, f.row_number) for f in reader.findings.kept] == [
        ("blank-row", 3),
        ("missing-cell", 4),
        ("type-error", 5),
    ]


def test_of_many_wrong_cells_some_are_listed_and_all_are_counted(resource):
    reader = TableReader(resource("id,n\n" + "a,x\n" * 50))
    reader.findings.limit = 3
    (batch,) = reader.batches()
    assert [f.row_number for f in reader.findings.kept] == [2, 3, 4]
    assert reader.findings.total("error") == 50
    assert batch.wrong["1"].len() == 50


def test_a_long_cell_is_shortened_in_the_message(resource):
    (found,) = read_table(resource("id,n\na," + "x" * 5000 + "\n"))[1]
    assert len(found.note) < 300
    assert "(5,000 characters) is not of type integer" in found.note
    assert found.cell == "x" * 5000
