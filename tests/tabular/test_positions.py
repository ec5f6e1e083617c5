"""Where a cell stands: counted by hand on the stored bytes."""

import gzip
import random

import polars as pl
import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.tabular.reader import TableReader


@pytest.fixture
def places(folder):
    """Return a function that writes a table, reads it block by block and locates cells in it."""

    def located(content, cells, size=1 << 20, **more):
        parts = content if isinstance(content, list) else [content]
        folder.table("t", "")
        resource = folder.descriptor["resources"][0]
        paths = [f"t{n or ''}.csv" for n in range(len(parts))]
        resource.update({"path": paths if len(paths) > 1 else paths[0], **more})
        for path, part in zip(paths, parts, strict=True):
            (folder.root / path).write_bytes(part.encode() if isinstance(part, str) else part)
        reader = TableReader(open_package(folder.write().root).resource("t"))
        reader.records.block_bytes = size
        for _ in reader.batches():
            pass
        return reader.records.locate(cells)

    return located


SIZES = [1, 9, 1 << 20]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("content", "row", "line", "column", "source", "width"),
    [
        ("id,n\na,1\nb,22\n", 3, 3, 3, "b,22", 2),
        ("id,n\r\na,1\r\nb,22\r\n", 3, 3, 3, "b,22", 2),
        ("id,n\ra,1\rb,22\r", 3, 3, 3, "b,22", 2),
        ("\ufeffid,n\na,1\nb,22\n", 3, 3, 3, "b,22", 2),
        ('id,n\n"a\nx",1\nb,22\n', 3, 4, 3, "b,22", 2),
        ('id,n\n"a\r\n\r\nx",1\r\nb,22\r\n', 3, 5, 3, "b,22", 2),
        ('id,n\n"a\nx",22\n', 2, 3, 4, 'x",22', 2),
        ('id,n\n"a, ""b""","22"\n', 2, 2, 12, '"a, ""b""","22"', 4),
        ("id,n\n한국日本,22\n", 2, 2, 6, "한국日本,22", 2),
        ("id,n\n𝄞e\u0301,22\n", 2, 2, 5, "𝄞e\u0301,22", 2),
        ("id,n\na\u2028b,22\n", 2, 2, 5, "a\u2028b,22", 2),
        ("id,n\na,1\nb,\n", 3, 3, 3, "b,", 1),
        ("id,n\nx\nb,22\n\nc,33\n", 5, 5, 3, "c,33", 2),
    ],
)
def test_line_column_line_and_width(places, content, row, line, column, source, width, size):
    found = places(content, [(row, 2)], size)[row, 2]
    assert (found.line, found.column, found.source_line, found.width) == (line, column, source, width)
    assert found.byte_offset is not None
    assert content.encode()[found.byte_offset :].startswith(source[column - 1 :].encode())
    assert found.source_line[found.column - found.source_start :] == source[column - 1 :]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["latin-1", "cp1252"])
def test_offsets_in_single_byte_encodings(places, name, size):
    content = "id,n\né,1\nàß,22\nü,33\n".encode(name)
    found = places(content, [(3, 2), (4, 2)], size, encoding=name)
    assert [(p.line, p.column, p.byte_offset) for p in found.values()] == [
        (3, 4, content.index(b"22")),
        (4, 3, content.index(b"33")),
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("content", "more"),
    [
        (gzip.compress(b"id,n\na,1\nb,22\n"), {"compression": "gz"}),
        ("id,n\na,1\nb,22\n".encode("utf-16"), {"encoding": "utf-16"}),
        ("id,n\na,1\nb,22\n".encode("shift_jis"), {"encoding": "shift_jis"}),
        (gzip.compress("id,n\né,1\nb,22\n".encode("latin-1")), {"compression": "gz", "encoding": "latin-1"}),
    ],
)
def test_no_offset_where_a_byte_of_the_file_is_none_of_the_text(places, content, more, size):
    found = places(content, [(3, 2)], size, **more)[3, 2]
    assert (found.line, found.column, found.byte_offset, found.source_line) == (3, 3, None, "b,22")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("head", ["", "id,n\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_each_file_of_a_table_counts_from_its_own_start(places, head, end, mark, size):
    second = f'{mark}{head}"c\n,",3\nd,44\n'
    repeated = int(bool(head))
    found = places(["id,n\na,1\nb,2" + end, second], [(3, 2), (5 + repeated, 2)], size)
    first, last = found[3, 2], found[5 + repeated, 2]
    assert (first.path, first.line, first.column, first.byte_offset, first.cell) == ("t.csv", 3, 3, 11, "2")
    assert (last.path, last.line, last.column, last.cell) == ("t1.csv", 3 + repeated, 3, "44")
    assert last.byte_offset == second.encode().index(b"44")


@pytest.mark.parametrize("rows", ["a,1\n", '"a\nb",1\n', ""])
def test_rows_that_no_block_holds_have_no_place(places, rows):
    found = places(["id,n\n" + rows, "id,n\nc,3\n"], [(1, 0), (1, 1), (2 + bool(rows), 0), (99, 1)])
    assert found == {}


def test_a_row_as_a_whole_is_its_first_character(places):
    found = places('id,n\na,1\n"b\nc",2\n', [(3, 0)])[3, 0]
    assert (found.line, found.column, found.byte_offset, found.cell, found.width) == (3, 1, 9, None, 1)


def test_a_long_line_is_cut_around_the_cell(places):
    content = "id,n\n" + "x" * 5000 + ",22" + "," * 0 + "\n"
    found = places(content, [(2, 2)])[2, 2]
    assert found.column == 5002
    assert len(found.source_line) < 500
    assert found.source_line[found.column - found.source_start :] == "22"


def test_a_field_without_a_column_is_placed_at_its_row(folder):
    folder.table("t", "id\na\n", fieldsMatch="superset")
    reader = TableReader(open_package(folder.root).resource("t"))
    list(reader.batches())
    found = reader.records.locate([(2, 2)])[2, 2]
    assert (found.line, found.column, found.cell) == (2, 1, None)


def test_cells_in_columns_of_another_order(folder):
    folder.table("t", "n,id\n1,a\n", fieldsMatch="equal")
    reader = TableReader(open_package(folder.root).resource("t"))
    list(reader.batches())
    found = reader.records.locate([(2, 1), (2, 2)])
    assert [(p.column, p.cell) for p in found.values()] == [(3, "a"), (1, "1")]


@pytest.mark.parametrize("seed", range(6))
def test_random_tables_are_placed_where_their_bytes_are(places, seed):
    chance = random.Random(seed)
    end = chance.choice(["\n", "\r\n", "\r"])
    rows = []
    for number in range(60):
        text = chance.choice(["a", "한", f'"q""{end}é"', '"x,y"', "𝄞" * 3])
        rows.append(f"{text},{number + 1000}")
    content = chance.choice(["", "\ufeff"]) + end.join(["id,n", *rows, ""])
    cells = [(row, 2) for row in chance.sample(range(2, 62), 20)]
    for size in (16, 200, 1 << 20):
        for (row, _), place in places(content, cells, size).items():
            wanted = f"{row + 998}"
            assert place.cell == wanted
            assert content.encode()[place.byte_offset :].startswith(wanted.encode())
            before = content[: content.index("," + wanted) + 1].removeprefix("\ufeff")
            lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            assert (place.line, place.column) == (len(lines), len(lines[-1]) + 1)
            assert pl.Series([place.source_line]).str.contains(wanted, literal=True).all()
