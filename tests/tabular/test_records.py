"""Structure errors and positions: what the raw pass over a file sees."""

import polars as pl
import pytest

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package import Findings, open_package
from shuttle_diplomacy.tabular import records
from shuttle_diplomacy.tabular.reader import TableReader, read_table
from tests.conftest import PackageFolder, errors


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id,n\na,1\nb\n", ("missing-cell", 3, 1, None)),
        ("id,n\na,1,x\n", ("extra-cell", 2, 5, None)),
        ("id,n\n\na,1\n", ("blank-row", 2, 1, None)),
        ("id,n\na,1\n\n", ("blank-row", 3, 1, None)),
        ("id,n\nö,1\n\nx,2\n", ("blank-row", 3, 1, None)),
        ('id,n\n"a,1\nb,2\n', ("structure-error", 2, 1, None)),
        ('id,n\na"b,1\n', ("structure-error", 2, 2, None)),
        ('id,n\n"a"b,1\n', ("structure-error", 2, 4, None)),
        ('id,n\n"a\nb",1\nc\n', ("missing-cell", 4, 1, None)),
        ("id,n\r\na,1\r\nb\r\n", ("missing-cell", 3, 1, None)),
        ('"i"d,n\na,1\n', ("structure-error", 1, 4, None)),
        ("id,m\na,1\n", ("incorrect-label", 1, 4, "n")),
        ("id,\na,1\n", ("blank-label", 1, 4, "n")),
        ("id,id\na,1\n", ("duplicate-label", 1, 4, "n")),
        ("id,n,x\na,1,2\n", ("extra-label", 1, 6, None)),
        ("id\na\n", ("missing-label", 1, None, "n")),
        ("\na,1\n", ("blank-header", 1, 1, None)),
        ("", ("source-error", None, None, None)),
        ("id,n\na,1\n\xffb,2\n".encode("latin-1"), ("encoding-error", 3, 1, None)),
        (b"id,n\na,1\nb\0,2\n", ("encoding-error", 3, 2, None)),
        (b"\xef\xbb\xbfi\0,n\na,1\n", ("encoding-error", 1, 2, None)),
    ],
)
def test_structure_error_is_placed(judged, content, expected):
    assert errors(judged(content))[0] == expected


def test_only_the_faulty_row_is_left_out(folder: PackageFolder):
    folder.table("t", 'id,n\na,1\nb\n"c\nd",3\n')
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert frame.rows() == [("a", 1), ("c\nd", 3)]
    assert len(findings) == 1


@pytest.mark.parametrize("text", ["id,n\na,1\nb,2\n", "id,n\r\na,1\r\nb,2\r\n", "\ufeffid,n\na,1\nb,2"])
def test_line_ends_and_byte_order_mark_do_not_matter(folder: PackageFolder, text):
    folder.table("t", text)
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert (frame.rows(), findings) == ([("a", 1), ("b", 2)], [])


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_byte_order_mark_inside_a_file_is_text(folder: PackageFolder, size):
    folder.table("t", "id,n\n\ufeffa,1\n\ufeffb,2\n")
    reader = TableReader(open_package(folder.root).resource("t"))
    reader.records.block_bytes = size
    assert pl.concat([batch.frame for batch in reader.batches()])["0"].to_list() == ["\ufeffa", "\ufeffb"]


@pytest.mark.parametrize("size", range(1, 12))
def test_no_block_ends_inside_quotes_of_the_dialect(folder: PackageFolder, size):
    folder.table("t", "id,n\n'a\n\"\nb',1\n\"c,2\n")
    folder.descriptor["resources"][0]["dialect"] = {"quoteChar": "'"}
    reader = TableReader(open_package(folder.write().root).resource("t"))
    reader.records.block_bytes = size
    assert pl.concat([batch.frame for batch in reader.batches()]).rows() == [('a\n"\nb', 1), ('"c', 2)]
    assert reader.findings.kept == []


@pytest.mark.parametrize("name", ["*", "^a.*$", ""])
def test_a_field_may_have_any_name(folder: PackageFolder, name):
    folder.table("t", f"{name},ab\nx,y\n", [{"name": name, "type": "string"}, {"name": "ab", "type": "string"}])
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert (frame.columns, frame.rows(), [f.type for f in findings if name]) == ([name, "ab"], [("x", "y")], [])


def test_empty_table_keeps_its_types(folder: PackageFolder):
    folder.table("t", "id,n\n")
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert frame.schema == {"id": pl.String, "n": pl.Int64}
    assert findings == []


def test_position_counts_lines_columns_and_bytes(judged):
    content = 'id,n\n"long\ncell",1\nüß,x\n'
    (finding,) = judged(content).tasks[0].errors
    assert (finding.row_number, finding.line, finding.column) == (3, 4, 4)
    assert content.encode()[finding.byte_offset :].startswith(b"x")


def test_blocks_give_the_same_rows_and_positions_as_the_whole(folder: PackageFolder):
    rows = [f'"a{i}, ""q""\nx",{i}' if i % 7 == 0 else f"b{i},{'x' if i % 11 == 0 else i}" for i in range(200)]
    folder.table("t", "id,n\n" + "\n".join(rows) + "\n")
    resource = open_package(folder.root).resource("t")
    seen = []
    for size in (64, 1 << 20):
        reader = TableReader(resource)
        reader.records.block_bytes = size
        frame = pl.concat([batch.frame for batch in reader.batches()])
        wanted = [(f.row_number, 2) for f in reader.findings.kept]
        places = reader.records.locate(wanted)
        seen.append((frame.rows(), wanted, {k: (p.line, p.column, p.byte_offset, p.cell) for k, p in places.items()}))
    assert len(TableReader(resource).records.blocks) == 0
    assert seen[0] == seen[1]
    assert len(seen[0][1]) == sum(1 for i in range(200) if i % 11 == 0 and i % 7)


@pytest.mark.parametrize(("line", "kind"), [("", "blank-row"), ("a", "missing-cell"), ("a,1,2", "extra-cell")])
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_faulty_rows_beyond_those_listed_are_counted(folder: PackageFolder, line, kind, size):
    folder.table("t", "id,n\n" + f"{line}\nx,1\n" * 5)
    reader = TableReader(open_package(folder.root).resource("t"), Findings(limit=2))
    reader.records.block_bytes = size
    rows = [row for batch in reader.batches() for row in batch.row_numbers]
    assert [f.row_number for f in reader.findings.kept] == [2, 4]
    assert reader.findings.counts[kind, "error"] == 5
    assert rows == [3, 5, 7, 9, 11]


def test_a_dialect_that_contradicts_itself_is_refused(folder: PackageFolder):
    folder.table("t", "id,n\na,1\n")
    folder.descriptor["resources"][0]["dialect"] = {"delimiter": '"'}
    with pytest.raises(UnreadableError, match="'t' cannot be read: delimiter and quoteChar are both"):
        read_table(open_package(folder.write().root).resource("t"))


def test_the_repeated_header_of_a_later_file_is_no_row(judged, folder: PackageFolder):
    folder.table("t", "id,n\na,1\n")
    (folder.root / "u.csv").write_text("id,n\nb,2\n", encoding="utf-8")
    folder.descriptor["resources"][0]["path"] = ["t.csv", "u.csv"]
    folder.descriptor["resources"][0]["schema"]["primaryKey"] = ["id"]
    folder.write()
    [task] = judged().tasks
    assert [(f.type, f.path, f.line, f.key) for f in task.warnings] == [("repeated-header", "u.csv", 1, None)]
    assert task.rows == 2


def test_a_table_without_a_schema_has_texts_as_values(judged, folder: PackageFolder):
    folder.table("t", "id,\na,1\nb\n")
    del folder.descriptor["resources"][0]["schema"]
    folder.write()
    assert errors(judged()) == [("blank-label", 1, 4, ""), ("missing-cell", 3, 1, None)]


@pytest.mark.parametrize("first", ["a", '"a"', '"a\nb"'])
def test_an_empty_cell_is_a_text_where_no_text_stands_for_null(folder: PackageFolder, first):
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "string", "constraints": {"required": True}}]
    folder.table("t", f"id,n\n{first},x\nb,\n", fields, missingValues=[])
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert (frame["n"].to_list(), findings) == (["x", ""], [])


def test_a_header_of_any_length_is_read_in_proportional_time(folder: PackageFolder, monkeypatch):
    looked_at = []
    original = records.read_labels
    monkeypatch.setattr(
        records, "read_labels", lambda text, *more: looked_at.append(len(text)) or original(text, *more)
    )
    label = "a" * (1 << 21)
    folder.table("t", f"{label}\n1\n", [{"name": label, "type": "string"}])
    assert read_table(open_package(folder.root).resource("t"))[1] == []
    assert sum(looked_at) < 5 * len(label)
