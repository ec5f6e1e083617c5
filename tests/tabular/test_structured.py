"""Rows of JSON documents, JSON lines and inline data: texts as written, kinds, and faults in their rows."""

import json
from pathlib import Path

import pytest

from shuttle_diplomacy.package import Field, Resource
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.tabular.native import lexical, native_mismatch
from shuttle_diplomacy.tabular.scanner import Dialect
from shuttle_diplomacy.tabular.structured import inline_text, read_inline, read_json, read_lines

NAMES = ["id", "n"]
LABELS = "; it has to start with an array of labels, or the dialect has to say header: false"
IN_ARRAY = "; rows have to be in an array"
DEEP = " nested too deeply; at most 100 levels are read"


def rows(table):
    return [(row.row_number, row.values) for row in table.rows]


def faults(table):
    return [(r.row_number, r.line, r.fault.type, r.fault.note) for r in table.rows if r.fault]


@pytest.mark.parametrize(
    ("text", "dialect", "labels", "expected"),
    [
        ('[{"id": 1, "n": "a"}, {"n": "b"}]', {}, NAMES, [(2, ["1", "a"]), (3, [None, "b"])]),
        ('[{"id": 1, "n": "a"}]', {"header": False}, NAMES, [(2, ["1", "a"])]),
        ('[["id", "n"], [1, "a"]]', {}, NAMES, [(2, ["1", "a"])]),
        ('[["id", 5, null], [1, "a", 2]]', {}, ["id", "5", ""], [(2, ["1", "a", "2"])]),
        ('[[1, "a"], [2, null]]', {"header": False}, [], [(1, ["1", "a"]), (2, ["2", None])]),
        ('{"rows": [{"id": 1}]}', {"data_property": "rows"}, NAMES, [(2, ["1", None])]),
        ('{"a": {"b": [{"id": 1}]}}', {"data_property": "a.b"}, NAMES, [(2, ["1", None])]),
        ('{"a.b": [{"id": 1}]}', {"data_property": "a.b"}, NAMES, [(2, ["1", None])]),
        ('[{"n": 1, "id": 2, "x": 3}]', {"item_keys": ("n",)}, ["n"], [(2, ["1"])]),
        ('[["id", "n"], [1, 2]]', {"item_type": "array"}, NAMES, [(2, ["1", "2"])]),
        ("[]", {}, NAMES, []),
    ],
)
def test_rows_of_a_document(text, dialect, labels, expected):
    table = read_json(text, Dialect(**dialect), NAMES)
    assert table.labels.texts == labels
    assert rows(table) == expected
    assert table.findings == []


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ('"a"', "a", "string"),
        ('""', "", "string"),
        ("1.50", "1.50", "number"),
        ("-0", "-0", "number"),
        ("1E400", "1E400", "number"),
        ("9" * 5000, "9" * 5000, "number"),
        ("true", "true", "boolean"),
        ("false", "false", "boolean"),
        ("null", None, "null"),
        ('{"b":[1.0,null,"ä\\n"]}', '{"b": [1.0, null, "ä\\n"]}', "object"),
        ("[true, {}]", "[true, {}]", "array"),
    ],
)
def test_value_keeps_its_text_and_kind(value, text, kind):
    (row,) = read_json(f'[{{"id": {value}}}]', Dialect(), ["id"]).rows
    assert (row.values, row.kinds) == ([text], [kind])


def test_inline_values_are_written_as_json():
    data = [{"id": 1, "n": 1.5}, {"id": True, "n": {"a": [None, 1e22]}}, {"id": "x"}]
    table = read_inline(data, Dialect(), NAMES)
    assert [(row.values, row.kinds) for row in table.rows] == [
        (["1", "1.5"], ["number", "number"]),
        (["true", '{"a": [null, 1e+22]}'], ["boolean", "object"]),
        (["x", None], ["string", "null"]),
    ]


@pytest.mark.parametrize(
    ("text", "dialect", "note", "place"),
    [
        ("[1,\n 2 3]", {}, "not JSON: expecting ',' delimiter", (2, 4)),
        ("", {}, "not JSON: expecting value", (1, 1)),
        ('[{"id": "NaN"},\n {"id": NaN}]', {}, "not JSON: NaN is no JSON value; use null", (2, 9)),
        ("[-Infinity]", {}, "not JSON: -Infinity is no JSON value; use null", (1, 2)),
        ("[" * 100_000, {}, "values are nested too deeply; at most 100 levels are read", (None, None)),
        ("5", {}, "the data are a number; rows have to be in an array", (None, None)),
        (
            '{"a": 1}',
            {},
            "the data are an object" + IN_ARRAY + "; if the rows are inside of it, declare property",
            (None, None),
        ),
        (
            '{"row": []}',
            {"data_property": "rows"},
            "there is no property 'rows' in the data; did you mean 'row'?",
            (None, None),
        ),
        ("[1]", {"data_property": "rows"}, "there is no property 'rows' in the data", (None, None)),
        (
            '{"rows": {}}',
            {"data_property": "rows"},
            "the data are an object; rows have to be in an array",
            (None, None),
        ),
        ("[]", {"item_type": "array"}, "the table is empty" + LABELS, (None, None)),
        ('[{"id": 1}]', {"item_type": "array"}, "the first row is an object" + LABELS, (None, None)),
    ],
)
def test_document_that_holds_no_rows(text, dialect, note, place):
    table = read_json(text, Dialect(**dialect), NAMES)
    (fault,) = table.labels.faults
    assert (fault.type, fault.note, (fault.line, fault.column)) == ("source-error", note, place)
    assert list(table.rows) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            '[["id", "n"], [1]]',
            (2, None, "missing-cell", "the row has 1 cell, the table 2 columns; missing from 'n' on"),
        ),
        ('[["id", "n"], [1, 2, 3]]', (2, None, "extra-cell", "the row has 3 cells, the table 2 columns")),
        ('[["id", "n"], {"id": 1}]', (2, None, "structure-error", "the row is an object; it has to be an array")),
        ('[{"id": 1}, [1]]', (3, None, "structure-error", "the row is an array; it has to be an object")),
        ('[null, {"id": 1}]', (2, None, "structure-error", "the row is null; it has to be an object")),
        ('[{"id": 1, "id": 2}]', (2, None, "structure-error", "the key 'id' is written twice in one object")),
        ('[{"id": {"a": 1, "a": 2}}]', (2, None, "structure-error", "the key 'a' is written twice in one object")),
        (
            '[{"id": "\\ud800"}]',
            (2, None, "structure-error", "'\\ud800' is half a character (a lone surrogate), so the text is none"),
        ),
        ('[{"id": ' + "[" * 150 + "]" * 150 + "}]", (2, None, "structure-error", "a value is" + DEEP)),
    ],
)
def test_fault_is_that_of_its_row(text, fault):
    assert faults(read_json(text, Dialect(), NAMES)) == [fault]


def test_rows_without_header_have_the_width_of_the_schema():
    table = read_json("[[1], [1, 2]]", Dialect(header=False), NAMES)
    note = "the row has 1 cell, the table 2 columns; missing from 'n' on"
    assert faults(table) == [(1, None, "missing-cell", note)]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_inline_number_has_to_be_one(value):
    note = f"{value} is no JSON value; use null"
    assert faults(read_inline([{"id": value}], Dialect(), ["id"])) == [(2, None, "structure-error", note)]


def test_lines_are_rows_with_their_physical_line():
    table = read_lines(['{"id": 1}\r\n', '{"n": "a"}\n'], Dialect(), NAMES)
    assert [(r.row_number, r.line, r.values) for r in table.rows] == [(2, 1, ["1", None]), (3, 2, [None, "a"])]


def test_lines_of_arrays_start_with_labels():
    table = read_lines(['["id", "n"]\n', "[1, 2]\n"], Dialect(), NAMES)
    assert [(r.row_number, r.line, r.values) for r in table.rows] == [(2, 2, ["1", "2"])]
    assert [(label.text, label.line, label.column) for label in table.labels.found] == [("id", 1, 1), ("n", 1, 1)]


@pytest.mark.parametrize(
    ("line", "kind", "note", "column"),
    [
        ("\n", "blank-row", "the line is blank; delete it", None),
        ('{"id" 1}\n', "structure-error", "not JSON: expecting ':' delimiter", 7),
        ('{"id": 1} 2\n', "structure-error", "not JSON: extra data", 11),
        ('{"id": NaN}\n', "structure-error", "not JSON: NaN is no JSON value; use null", 8),
        ("5\n", "structure-error", "the row is a number; it has to be an object", None),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_bad_line_spoils_its_row_only(line, kind, note, column, first):
    lines = [line, '{"id": 1}\n'] if first else ['{"id": 1}\n', line, '{"id": 2}\n']
    read = list(read_lines(lines, Dialect(), NAMES).rows)
    (bad,) = [row for row in read if row.fault]
    place = 1 if first else 2
    assert (bad.line, bad.row_number) == (place, place + 1)
    fault = bad.fault
    assert (fault.type, fault.note, fault.line, fault.column, fault.row_number) == (
        kind,
        note,
        place,
        column,
        place + 1,
    )


def test_lines_that_start_with_no_json_have_no_labels():
    table = read_lines(["nonsense\n", '["id"]\n'], Dialect(), NAMES)
    (fault,) = table.labels.faults
    assert fault.line == 1
    assert fault.note.startswith("not JSON: expecting value; it has to start with an array of labels")


@pytest.mark.parametrize(
    ("mode", "notes"),
    [
        ("exact", ["the key 'idd' is not in the schema; did you mean 'id'?", "the key 'x' is not in the schema"]),
        ("superset", ["the key 'idd' is not in the schema; did you mean 'id'?", "the key 'x' is not in the schema"]),
        ("subset", []),
        ("partial", []),
    ],
)
def test_unknown_key_is_told_once(mode, notes):
    lines = ['{"id": 1}', '{"idd": 1}', '{"id": 2, "x": 1, "idd": 2}']
    table = read_lines(lines, Dialect(), NAMES, mode)
    assert len(rows(table)) == 3
    assert [f.note for f in table.findings] == notes
    assert [(f.type, f.row_number, f.line) for f in table.findings][:1] == [("extra-label", 3, 2)][: len(notes)]


def test_partial_needs_one_key_in_some_row():
    table = read_json('[{"x": 1}, {"y": 2}]', Dialect(), NAMES, "partial")
    assert rows(table) == [(2, [None, None]), (3, [None, None])]
    (finding,) = table.findings
    note = "no row has a field of the schema; at least one has to be there: id, n"
    assert (finding.type, finding.note) == ("unmatched-header", note)


def test_document_without_schema_has_all_its_keys():
    table = read_json('[{"b": 1}, {"a": 2}]', Dialect(), None)
    assert (table.labels.texts, rows(table)) == (["b", "a"], [(2, ["1", None]), (3, [None, "2"])])


def test_lines_without_schema_have_the_keys_of_the_first():
    table = read_lines(['{"b": 1}', '{"a": 2}'], Dialect(), None)
    assert rows(table) == [(2, ["1"]), (3, [None])]
    assert [f.note for f in table.findings] == ["the key 'a' is not in the first row; declare a schema or itemKeys"]


def test_lines_are_read_one_by_one():
    def lines():
        yield '{"id": 1}\n'
        yield '{"id": 2}\n'
        pytest.fail("read too far")

    table = read_lines(lines(), Dialect(), ["id"])
    assert next(table.rows).values == ["1"]


@pytest.mark.parametrize(("data", "expected"), [("a,b\n1,ä", "a,b\n1,ä".encode()), ([], None), (None, None), (5, None)])
def test_inline_text_is_the_content_of_a_file(data, expected):
    assert inline_text(Resource({"name": "t", "data": data}, Folder(Path()))) == expected


KINDS = ["string", "number", "boolean", "null", "object", "array"]


@pytest.mark.parametrize(
    ("field", "allowed"),
    [
        ({"type": "string"}, set()),
        ({"type": "integer"}, {"number"}),
        ({"type": "number"}, {"number"}),
        ({"type": "year"}, {"number"}),
        ({"type": "boolean"}, {"boolean"}),
        ({"type": "date"}, set()),
        ({"type": "duration"}, set()),
        ({"type": "object"}, {"object"}),
        ({"type": "geojson"}, {"object"}),
        ({"type": "array"}, {"array"}),
        ({"type": "list"}, {"array"}),
        ({"type": "geopoint"}, set()),
        ({"type": "geopoint", "format": "array"}, {"array"}),
        ({"type": "geopoint", "format": "object"}, {"object"}),
        ({}, {"number", "boolean", "object", "array"}),
    ],
)
def test_kinds_that_a_type_may_have(field, allowed):
    field = Field({"name": "a", **field})
    assert {kind for kind in KINDS if native_mismatch(field, kind) is None} == allowed | {"string", "null"}


@pytest.mark.parametrize(
    ("field", "kind", "note"),
    [
        ({"type": "string"}, "number", "a JSON number is not of type string: expected a text"),
        ({"type": "integer"}, "boolean", "a JSON boolean is not of type integer: expected a JSON number or a text"),
    ],
)
def test_mismatch_says_what_is_expected(field, kind, note):
    assert native_mismatch(Field({"name": "a", **field}), kind) == note


@pytest.mark.parametrize(
    ("field", "kind", "text", "expected"),
    [
        ({"type": "integer"}, "number", "1.0", "1"),
        ({"type": "integer"}, "number", "-12", "-12"),
        ({"type": "integer"}, "number", "1.5", "1.5"),
        ({"type": "integer"}, "number", "1.25e2", "125"),
        ({"type": "integer"}, "number", "1E3", "1000"),
        ({"type": "integer"}, "number", "10e-1", "10e-1"),
        ({"type": "integer"}, "number", "1e999999999999", "1e999999999999"),
        ({"type": "integer"}, "number", "1e400", "1e400"),
        ({"type": "integer"}, "string", "1.0", "1.0"),
        ({"type": "year"}, "number", "2024", "2024"),
        ({"type": "number", "decimalChar": ","}, "number", "1.5", "1,5"),
        ({"type": "number", "decimalChar": ","}, "string", "1.5", "1.5"),
        ({"type": "boolean"}, "boolean", "true", "true"),
        ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, "boolean", "true", "ja"),
        ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, "boolean", "false", "nein"),
        ({"type": "list"}, "array", '["a", 1.50, true]', "a,1.50,true"),
        ({"type": "list", "delimiter": ";"}, "array", '["a,b", "c"]', "a,b;c"),
        ({"type": "list"}, "array", "[]", ""),
        ({"type": "array"}, "array", "[1]", "[1]"),
        ({}, "number", "1.0", "1.0"),
    ],
)
def test_value_is_written_as_its_type_reads_it(field, kind, text, expected):
    assert lexical(Field({"name": "a", **field}), kind, text) == expected


@pytest.mark.parametrize("items", [["a,b"], [[1]], [None], [{"a": 1}]])
def test_array_that_is_no_list(items):
    note = native_mismatch(Field({"name": "a", "type": "list"}), "array", json.dumps(items))
    assert note == "this JSON array is not of type list: expected texts, numbers or booleans, without ',' in them"
