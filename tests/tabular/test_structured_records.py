"""Tables in JSON, JSON lines and in the descriptor itself, from the files to typed rows."""

import gzip
import json

import polars as pl
import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.tabular.reader import TableReader, read_table

ROWS = [("a", 1), ("b", None)]


@pytest.fixture
def table(folder):
    """Return a function that writes one structured table and opens it."""

    def opened(content=b"", path="t.jsonl", *, fields=None, schema=None, **more):
        folder.table("t", "", fields, **(schema or {}))
        resource = folder.descriptor["resources"][0]
        del resource["encoding"]
        paths = [path] if isinstance(path, str) else path
        resource.update({"path": path, **more})
        if "data" in more:
            del resource["path"]
        for name, part in zip(paths, content if isinstance(content, list) else [content], strict=True):
            (folder.root / name).write_bytes(part.encode() if isinstance(part, str) else part)
        folder.write()
        return open_package(folder.root).resource("t")

    return opened


def told(findings):
    return [(f.type, f.path, f.line, f.row_number) for f in findings]


@pytest.mark.parametrize(
    ("path", "content", "more"),
    [
        ("t.json", '[{"id": "a", "n": 1}, {"n": null, "id": "b"}]', {}),
        ("t.json", '[["n", "id"], [1, "a"], [null, "b"]]', {"schema": {"fieldsMatch": "equal"}}),
        ("t.json", '{"x": {"rows": [{"id": "a", "n": 1}, {"id": "b"}]}}', {"dialect": {"property": "x.rows"}}),
        ("t.json", '[["a", 1], ["b", null]]', {"dialect": {"header": False}}),
        ("t.jsonl", '{"id": "a", "n": 1}\n{"id": "b"}', {}),
        ("t.ndjson", '["id", "n"]\n["a", 1]\n["b", null]\n', {}),
        ("t.jsonl", '\ufeff{"id": "a", "n": 1}\r\n{"id": "b"}\r\n', {}),
        ("t.jsonl", '{"id": "a", "n": 1}\n{"id": "b"}'.encode("utf-16"), {"encoding": "utf-16"}),
        ("t.jsonl.gz", gzip.compress(b'{"id": "a", "n": 1}\n{"id": "b"}'), {}),
        ("t", "", {"data": [{"id": "a", "n": 1}, {"id": "b"}]}),
        ("t", "", {"data": [["id", "n"], ["a", 1], ["b", ""]]}),
        ("t", "", {"data": "id,n\na,1\nb,\n", "format": "csv"}),
    ],
)
def test_each_form_gives_the_same_rows(table, path, content, more):
    frame, findings = read_table(table(content, path, **more))
    assert (frame.rows(), findings) == (ROWS, [])


def test_a_wrong_json_type_is_one_error_and_no_value(table):
    resource = table('{"id": "a", "n": "1"}\n{"id": 2, "n": true}\n{"id": "c", "n": 1.5}\n', format="jsonl")
    reader = TableReader(resource)
    (batch,) = reader.batches()
    assert batch.frame.rows() == [("a", 1), (None, None), ("c", None)]
    assert batch.text.rows() == [("a", "1"), ("2", "true"), ("c", "1.5")]
    assert {column: rows.to_list() for column, rows in batch.wrong.items()} == {"0": [1], "1": [1, 2]}
    assert [(f.row_number, f.field_name, f.cell) for f in reader.findings.kept] == [
        (3, "id", "2"),
        (3, "n", "true"),
        (4, "n", "1.5"),
    ]


def test_a_faulty_line_costs_only_its_row(table):
    frame, findings = read_table(table('{"id": "a", "n": 1}\n\n["x"]\n{"id"\n{"id": "b"}\n'))
    assert frame.rows() == ROWS
    assert told(findings) == [
        ("blank-row", "t.jsonl", 2, 3),
        ("structure-error", "t.jsonl", 3, 4),
        ("structure-error", "t.jsonl", 4, 5),
    ]


def test_rows_are_found_again_in_the_file_they_are_in(table):
    resource = table(['{"id": "a"}\n{"id": "b"}', '{"id": "c"}\n{"id": "d"}\n{"x"\n'], ["t.jsonl", "u.jsonl"])
    reader = TableReader(resource)
    assert pl.concat([batch.frame for batch in reader.batches()])["0"].to_list() == ["a", "b", "c", "d"]
    found = reader.records.locate([(2, 1), (5, 0), (5, 1), (9, 1)])
    assert {at: (place.path, place.line, place.column, place.cell) for at, place in found.items()} == {
        (2, 1): ("t.jsonl", 1, None, "a"),
        (5, 0): ("u.jsonl", 2, None, None),
        (5, 1): ("u.jsonl", 2, None, "d"),
    }
    assert told(reader.findings.kept) == [
        ("undeclared-format", "t.jsonl", None, None),
        ("structure-error", "u.jsonl", 3, 6),
    ]


@pytest.mark.parametrize(
    ("path", "content", "place"),
    [
        ("t.jsonl", b'{"id": "a"}\n{"id": "\xff"}\n', (2, 9)),
        ("t.json", b'[{"id": "a"},\n {"id": "\xff"}]', (2, 10)),
    ],
)
def test_bytes_that_are_no_text_are_the_only_error(table, path, content, place):
    reader = TableReader(table(content, path, format=path[2:]))
    rows = [row for batch in reader.batches() for row in batch.frame.rows()]
    (found,) = reader.findings.kept
    assert (found.resource, found.type, found.path, (found.line, found.column)) == ("t", "encoding-error", path, place)
    assert not reader.records.complete
    assert rows == ([("a", None)] if path == "t.jsonl" else [])


def test_an_encoding_that_is_taken_from_the_file_is_told(table):
    reader = TableReader(table('{"id": "a", "n": 1}\n'.encode("utf-16"), format="jsonl"))
    assert [batch.frame.rows() for batch in reader.batches()] == [[("a", 1)]]
    assert told(reader.findings.kept) == [("undeclared-encoding", "t.jsonl", None, None)]


@pytest.mark.parametrize("content", ['{"rows": []}', "[1", "", "3"])
def test_a_document_without_rows_is_one_error_that_says_nothing_of_labels(table, content):
    reader = TableReader(table(content, "t.json", format="json"))
    assert list(reader.batches()) == []
    (found,) = reader.findings.kept
    assert found.type == "source-error"
    assert "it has to be: id,n" not in found.note
    assert not reader.records.complete


def test_an_array_without_rows_is_a_table_without_rows(table):
    reader = TableReader(table("[]", "t.json", format="json"))
    assert sum(batch.frame.height for batch in reader.batches()) == 0
    assert reader.findings.kept == []
    assert reader.records.complete


@pytest.mark.parametrize(("required", "expected"), [(True, ["missing-label"]), (False, [])])
def test_a_key_of_no_row_is_missed_only_where_it_is_needed(table, required, expected):
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer", "constraints": {"required": required}}]
    resource = table('["id"]\n["a"]\n', fields=fields, schema={"fieldsMatch": "superset"}, format="jsonl")
    reader = TableReader(resource)
    assert [batch.frame.rows() for batch in reader.batches()] == [[("a", None)]]
    assert [f.type for f in reader.findings.kept] == expected


def test_a_table_without_a_schema_has_the_keys_as_fields(folder):
    (folder.root / "t.jsonl").write_text(json.dumps({"x": 1, "y": None}) + "\n" + json.dumps({"x": "a"}) + "\n")
    folder.descriptor["resources"] = [{"name": "t", "type": "table", "path": "t.jsonl", "format": "jsonl"}]
    frame, findings = read_table(open_package(folder.write().root).resource("t"))
    assert (frame.columns, frame.rows(), findings) == (["x", "y"], [("1", None), ("a", None)], [])
