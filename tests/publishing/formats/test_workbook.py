import datetime as dt
import math
import re
import time
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import polars as pl
import pytest

from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.publishing.formats import workbook
from shuttle_diplomacy.publishing.formats.sheet_names import sheet_names
from shuttle_diplomacy.publishing.formats.workbook import write_workbook
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

moment = dt.datetime.fromisoformat
HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    '=HYPERLINK("https://evil.example/")',
    "https://zoo.example/",
    "mailto:a@b.example",
    "a@b.example",
    "007",
    "1e5",
    "TRUE",
    "<r><t>x</t></r>",
    "<r></r>",
    "<b>&amp;</b> ]]>",
    "_x0041_",
    " blanks ",
    "two\nlines\r\tand a tab",
    "\x01\x1f\x7f\ufffe\uffff",
    "서울 é 😀",
    "#N/A",
    "'quoted",
]
DESCRIPTOR = {
    "name": "zoo",
    "version": "1.2.0",
    "title": "=A zoo\x02 <b>",
    "description": "Animals.\n=1+1",
    "created": "2026-01-13T00:00:00Z",
    "licenses": [{"name": "CC0-1.0", "path": "https://cc.example/"}],
    "contributors": [{"title": "A & B"}],
    "homepage": "https://zoo.example/",
}
TYPED = {
    "n": [1.5, 0.1 + 0.2, 1e300, -0.0, math.inf, -math.inf, math.nan, None],
    "i": [1, -1, 2**53, 2**53 + 1, -(2**63), 0, None, 7],
    "d": [dt.date(2026, 1, 13), dt.date(1899, 12, 31), dt.date(1900, 1, 1), None, *[dt.date(1, 1, 1)] * 4],
    "b": [True, False, None, True, True, True, True, True],
    "t": [dt.time(9, 30), dt.time(0), dt.time(23, 59, 59), None, *[dt.time(1, 2, 3, 4)] * 4],
    "l": [["a", "b"], [], None, *[["c"]] * 5],
    "m": [moment("2026-01-13T09:30:05.250000"), moment("1899-01-01T00:00:00"), None]
    + [moment("2026-01-01T00:00:00.000001")] * 5,
}
TYPES = {"n": "number", "i": "integer", "d": "date", "b": "boolean", "t": "time", "l": "list", "m": "datetime"}
SHOWN = {
    "n": [1.5, 0.1 + 0.2, 1e300, 0, "INF", "-INF", "NaN", None],
    "i": [1, -1, 2**53, "9007199254740993", "-9223372036854775808", 0, None, 7],
    "d": [moment("2026-01-13T00:00:00"), "1899-12-31", moment("1900-01-01T00:00:00"), None, *["0001-01-01"] * 4],
    "b": TYPED["b"],
    "t": [dt.time(9, 30), dt.time(0), dt.time(23, 59, 59), None, *["01:02:03.000004"] * 4],
    "l": ["a,b", "", None, *["c"] * 5],
    "m": [TYPED["m"][0], "1899-01-01 00:00:00", None, *["2026-01-01 00:00:00.000001"] * 5],
}


def table(frame, name="t", fields=None, **schema):
    fields = fields or [{"name": n, "type": TYPES.get(n, "string")} for n in frame.columns]
    return ReleasedTable(name, Schema({"fields": fields, **schema}), frame, "t.csv", {"name": name})


def written(folder, *tables, descriptor=DESCRIPTOR):
    file = folder / "zoo.xlsx"
    write_workbook(Release(descriptor, "https://zoo.example/", 0, tables, citation="Cite."), file)
    return file


def texts(sheet):
    return [cell for row in sheet.values for cell in row if cell is not None]


def unescaped(text):
    """Undo the escapes of what XML cannot hold; openpyxl undoes that of the escapes themselves."""
    return re.sub("_x(00[01][0-9A-F]|FFF[EF])_", lambda match: chr(int(match[1], 16)), text)


@pytest.mark.parametrize("most_in_memory", [0, 1_000_000])
def test_cells_are_typed(tmp_path, monkeypatch, most_in_memory):
    monkeypatch.setattr(workbook, "_LARGE", most_in_memory)
    frame = pl.DataFrame(TYPED)
    sheet = openpyxl.load_workbook(written(tmp_path, table(frame)))["t"]
    header, *rows = sheet.values
    assert header == tuple(TYPED)
    assert [list(column) for column in zip(*rows, strict=True)] == list(SHOWN.values())
    formats = {name: sheet.cell(2, number).number_format for number, name in enumerate(TYPED, 1)}
    assert (formats["d"], formats["m"], formats["t"]) == ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss")


@pytest.mark.parametrize("most_in_memory", [0, 1_000_000])
def test_texts_stay_texts(tmp_path, monkeypatch, most_in_memory):
    monkeypatch.setattr(workbook, "_LARGE", most_in_memory)
    sheet = openpyxl.load_workbook(written(tmp_path, table(pl.DataFrame({"text": HOSTILE}))), rich_text=True)["t"]
    cells = [sheet.cell(row, 1) for row in range(2, len(HOSTILE) + 2)]
    assert {(cell.data_type, cell.hyperlink) for cell in cells} == {("s", None)}
    assert [unescaped(str(cell.value)).replace("\r\n", "\n") for cell in cells] == HOSTILE


def test_texts_like_formulas_stay_texts_when_they_are_edited(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path, table(pl.DataFrame({"text": ["=1", "a"]}))))["t"]
    assert [sheet.cell(row, 1).quotePrefix for row in (2, 3)] == [True, False]


def test_long_texts_are_cut_and_that_is_said(tmp_path):
    frame = pl.DataFrame({"text": ["x" * 32_767, "y" * 32_768, "😀" * 20_000]})
    book = openpyxl.load_workbook(written(tmp_path, table(frame)))
    whole, cut, pairs = (book["t"].cell(row, 1).value for row in (2, 3, 4))
    assert whole == "x" * 32_767
    assert len(cut) == 32_767
    assert cut.endswith("y… [cut, 32,768 characters]")
    assert pairs.endswith("😀… [cut, 20,000 characters]")
    assert any("'t', 2 texts are cut at 32,767 characters" in text for text in map(str, texts(book["About"])))


def test_tables_too_large_are_left_out_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    few, many = pl.DataFrame({"a": ["x"] * 2}), pl.DataFrame({"a": ["x"] * 3})
    book = openpyxl.load_workbook(written(tmp_path, table(few, "few"), table(many, "many")))
    assert book.sheetnames == ["About", "Fields", "few"]
    assert any("'many' is not here: it has 3 rows" in text for text in map(str, texts(book["About"])))


def test_the_first_sheet_explains(tmp_path):
    frame = pl.DataFrame({"id": ["x", "y"]})
    book = openpyxl.load_workbook(written(tmp_path, table(frame, "it's")))
    about = book.worksheets[0]
    found = texts(about)
    for text in ("=A zoo_x0002_ <b>", "Version 1.2.0, 2026-01-13", "Animals.\n=1+1", "Cite.", "A & B"):
        assert text in found
    assert "CC0-1.0 (https://cc.example/)" in found
    links = {cell.value: cell.hyperlink for row in about for cell in row if cell.hyperlink}
    assert links["it's"].location == "'it''s'!A1"
    assert links["Fields"].location == "'Fields'!A1"
    assert links["https://zoo.example/"].target == "https://zoo.example/"
    assert ("it's", None, 2, 1, None) in list(about.values)


@pytest.mark.parametrize("homepage", ["javascript:alert(1)", "https://zoo.example/" + "x" * 3000, "file:///etc"])
def test_a_home_that_is_no_address_is_no_link(tmp_path, homepage):
    book = openpyxl.load_workbook(written(tmp_path, descriptor={**DESCRIPTOR, "homepage": homepage}))
    (cell,) = (cell for row in book["About"] for cell in row if cell.value == homepage)
    assert cell.hyperlink is None


def test_fields_are_explained(tmp_path):
    fields = [
        {
            "name": "kind",
            "type": "string",
            "title": "Kind",
            "description": "=What it is.",
            "categories": [{"value": "b", "label": "Bird"}, {"value": "m"}],
            "constraints": {"required": True, "maxLength": 3},
        },
        {"name": "on", "type": "date", "format": "%d.%m.%Y"},
    ]
    frame = pl.DataFrame({"kind": ["b"], "on": [dt.date(2026, 1, 1)]})
    key = {"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["id"]}}
    book = openpyxl.load_workbook(written(tmp_path, table(frame, fields=fields, primaryKey="kind", foreignKeys=[key])))
    _, first, second = book["Fields"].values
    assert first == (
        *("t", "kind", "Kind", "string", "primary key; required; maxLength 3; refers to kinds.id", "=What it is."),
        "b: Bird\nm",
    )
    assert second == ("t", "on", None, "date (%d.%m.%Y)", None, None, None)
    sheet = book["t"]
    assert sheet["A1"].comment.text == "Kind\n=What it is.\n(string)"
    assert sheet["B1"].comment is None
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:B2")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["a", "A", "é"], ["a", "A (2)", "é"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        (["😀" * 20], ["😀" * 15]),
        (["[a]:*?/\\", "'", "", "History", "a\x01b"], ["_a______", "Sheet", "Sheet (2)", "History_", "a_b"]),
        (["x" * 30 + "'y"], ["x" * 30]),
        (["About", "About"], ["About", "About (2)"]),
    ],
)
def test_sheet_names_are_valid_and_unique(wanted, found):
    assert sheet_names(wanted) == found


@pytest.mark.parametrize("name", ["About", "fields", "a&b", "x" * 80, "*", '"; DROP', "한국"])
def test_any_table_name_is_taken(tmp_path, name):
    book = openpyxl.load_workbook(written(tmp_path, table(pl.DataFrame({"*": ["x"]}), name)))
    assert book.worksheets[2]["A2"].value == "x"
    assert len(book.sheetnames) == 3


def test_a_bare_package_of_empty_tables_is_written(tmp_path):
    tables = (table(pl.DataFrame({"a": []}, schema={"a": pl.String}), "rows"), table(pl.DataFrame(), "fields"))
    book = openpyxl.load_workbook(written(tmp_path, *tables, descriptor={"name": "zoo", "version": "1.0.0"}))
    assert book["rows"]["A1"].value == "a"
    assert book.sheetnames == ["About", "Fields (2)", "rows", "fields"]


def test_bytes_depend_on_nothing_else(tmp_path, monkeypatch):
    first = written(tmp_path, table(pl.DataFrame(TYPED))).read_bytes()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1e8)
    monkeypatch.setenv("TZ", "Asia/Seoul")
    assert written(tmp_path, table(pl.DataFrame(TYPED))).read_bytes() == first


def test_every_part_is_sound_xml_and_dated_by_the_release(tmp_path):
    fields = [{"name": "a\x01", "description": "\x02 <r>]]>&", "type": "string"}]
    file = written(tmp_path, table(pl.DataFrame({"a\x01": HOSTILE}), "t\x03", fields))
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
        assert b"2026-01-13T00:00:00Z</dcterms:created>" in archive.read("docProps/core.xml")
