"""Findings get their places: in files by row and field, in descriptors by pointer."""

import json

import pytest

from shuttle_diplomacy.package import Finding, open_package
from shuttle_diplomacy.tabular.reader import TableReader
from shuttle_diplomacy.validation.placing import placed, placed_in_descriptor


@pytest.fixture
def reader(folder):
    folder.table("t", 'id,n\na,1\n"b\nc",x\n,3\n', primaryKey=["id"])
    reader = TableReader(open_package(folder.root).resource("t"))
    list(reader.batches())
    return reader


def test_a_cell_gets_its_place_its_text_and_the_key_of_its_row(reader):
    (found,) = placed(reader, [Finding("foreign-key", "", row_number=3, field_number=2)])
    assert (found.path, found.line, found.column, found.byte_offset) == ("t.csv", 4, 4, 15)
    assert (found.cell, found.key, found.source_line, found.width) == ("x", {"id": "b\nc"}, 'c",x', 1)


def test_a_row_gets_its_start_and_no_cell(reader):
    (found,) = placed(reader, [Finding("primary-key", "", row_number=3)])
    assert (found.line, found.column, found.cell, found.key) == (3, 1, None, {"id": "b\nc"})


def test_what_has_a_place_keeps_it_and_gets_the_key(reader):
    (found,) = placed(reader, [Finding("missing-cell", "", row_number=2, line=77, column=9, path="x.csv", cell="y")])
    assert (found.line, found.column, found.path, found.cell, found.key) == (77, 9, "x.csv", "y", {"id": "a"})


def test_an_empty_key_is_shown_as_it_is_stored(reader):
    (found,) = placed(reader, [Finding("primary-key", "", row_number=4, field_number=1)])
    assert (found.cell, found.key) == ("", {"id": ""})


@pytest.mark.parametrize("finding", [Finding("byte-count", ""), Finding("blank-header", "", row_number=1, line=1)])
def test_what_is_about_no_row_of_data_stays_as_it_is(reader, finding):
    assert placed(reader, [finding]) == [finding]


def test_without_a_table_nothing_is_looked_for():
    finding = Finding("source-error", "", row_number=3)
    assert placed(None, [finding]) == [finding]


def test_the_order_stays(reader):
    rows = [4, 2, 3, 2]
    found = placed(reader, [Finding("type-error", "", row_number=row, field_number=2) for row in rows])
    assert [(f.row_number, f.line) for f in found] == [(4, 5), (2, 2), (3, 4), (2, 2)]


def at_pointer(root, pointer, kind="schema-error", path=""):
    (found,) = placed_in_descriptor(open_package(root), [Finding(kind, "", path=path, pointer=pointer)])
    return found


@pytest.mark.parametrize(
    ("pointer", "kind", "line", "column"),
    [
        ("", "package-error", 1, 1),
        ("/name", "package-error", 2, 11),
        ("/name", "unknown-property", 2, 3),
        ("/resources/0/path", "resource-error", 4, 26),
        ("/a~1b", "package-error", 6, 11),
    ],
)
def test_a_pointer_leads_to_a_line_and_column(tmp_path, pointer, kind, line, column):
    text = '{\n  "name": "é",\n  "resources": [\n    {"name": "t", "path": "t.csv"}\n  ],\n  "a/b": "𝄞", "c": 1\n}\n'
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    found = at_pointer(tmp_path, pointer, kind)
    if pointer == "/a~1b":
        column = text.split("\n")[5].index('"𝄞"') + 1
    if pointer == "/resources/0/path":
        column = text.split("\n")[3].index('"t.csv"') + 1
    assert (found.line, found.column, found.source_line) == (line, column, text.split("\n")[line - 1])


def test_a_long_line_of_a_descriptor_is_cut(tmp_path):
    descriptor = {"name": "x" * 1000, "id": 5, "title": "y" * 1000, "resources": [{"name": "t", "path": "t.csv"}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    found = at_pointer(tmp_path, "/id")
    assert found.line == 1
    assert len(found.source_line) < 400
    assert found.source_line[found.column - found.source_start :].startswith("5,")


@pytest.mark.parametrize("pointer", ["/nowhere", "/resources/7", "no pointer"])
def test_a_pointer_into_nothing_gives_no_traceback(tmp_path, pointer):
    (tmp_path / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    found = at_pointer(tmp_path, pointer)
    assert found.pointer == pointer


def test_a_pointer_into_a_file_of_its_own(tmp_path):
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "t", "schema": "s.json"}]}')
    (tmp_path / "s.json").write_text('{\n "fields": []}')
    assert (at_pointer(tmp_path, "/fields", path="s.json").line, at_pointer(tmp_path, "/x", path="gone.json").line) == (
        2,
        None,
    )
