"""The fast pass gives what the careful scan gives, or leaves a block to it."""

import itertools
import random

import pytest

from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.plain import parse_plain
from shuttle_diplomacy.tabular.scanner import scan

CSV = Dialect()
PIECES = ["a", "ü", "", "1", ",", ",", "\n", "\n", '"', '"', '""', "\r\n", "\r", " ", ";", "'", "\t", "\ufeff", "\x01"]


def scanned(content: bytes, width: int, dialect: Dialect):
    """Return sound rows, and number, line, text and cells of the others, as the careful scan sees them."""
    rows, faulty = [], []
    for number, record in enumerate(scan(content.decode(), dialect)):
        if record.fault([""] * width) is None:
            rows.append([value or None for value in record.values])
        else:
            faulty.append((number, record.line - 1, len(record.values), record.quoting))
    return rows, faulty


@pytest.mark.parametrize(
    ("content", "rows", "simple"),
    [
        (b"a,b\nc,d\n", [("a", "b"), ("c", "d")], True),
        (b"a,b\nc,d", [("a", "b"), ("c", "d")], True),
        (b"a,b\r\nc,d\r\n", [("a", "b"), ("c", "d")], True),
        (b",\n", [(None, None)], True),
        (b'"a,1","b ""c"""\n', [("a,1", 'b "c"')], True),
        (b'"a\nx",b\nc,d\n', [("a\nx", "b"), ("c", "d")], False),
        (b'"a\r\nx",b\r\nc,d\r\n', [("a\r\nx", "b"), ("c", "d")], False),
        (b"", [], True),
        ("한국,ü\n".encode(), [("한국", "ü")], True),
        (b" a, b \n", [(" a", " b ")], True),
    ],
)
def test_sound_blocks(content, rows, simple):
    block = parse_plain(content, 2, CSV)
    assert block is not None
    assert (block.frame.rows(), block.faulty.height, block.records, block.simple) == (rows, 0, len(rows), simple)


@pytest.mark.parametrize(
    ("content", "rows", "faulty"),
    [
        (b"a,b\nc\nd,e\n", [("a", "b"), ("d", "e")], [(1, 1, 1)]),
        (b"a,b,c\nd,e\n", [("d", "e")], [(0, 0, 3)]),
        (b"a,b\n\n\nd,e\n", [("a", "b"), ("d", "e")], [(1, 1, 1), (2, 2, 1)]),
        (b"a,b\nc", [("a", "b")], [(1, 1, 1)]),
        (b"a,b\r\nc\r\nd,\r\n", [("a", "b"), ("d", None)], [(1, 1, 1)]),
        (b"a,b\nc,d,", [("a", "b")], [(1, 1, 3)]),
        (b'a,b\n"c",d,', [("a", "b")], [(1, 1, 3)]),
        (b"a,b,c\nd\n", [], [(0, 0, 3), (1, 1, 1)]),
        (b'"x\ny",b\n"c\nd"\ne,f\n', [("x\ny", "b"), ("e", "f")], [(1, 2, 1)]),
    ],
)
def test_faulty_records_are_left_out_and_named(content, rows, faulty):
    block = parse_plain(content, 2, CSV)
    assert block is not None
    assert block.frame.rows() == rows
    assert block.faulty.select("record", "line", "cells").rows() == faulty
    assert block.records == len(rows) + len(faulty)


def test_an_empty_line_is_a_cell_where_there_is_one_column():
    block = parse_plain(b"a\n\nb\n", 1, CSV)
    assert block is None or block.frame["0"].to_list() == ["a", None, "b"]


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbfa,b\n", b"a\n\xef\xbb\xbfb,c\n", b"a,b\rc,d\n", b'"a"x,b\n', b'a"b,c\n', b'"a,b\n', b'a,b\n"c,d\n'],
)
def test_what_only_the_careful_scan_can_tell_apart(content):
    assert parse_plain(content, 2, CSV) is None


@pytest.mark.parametrize("dialect", [CSV, Dialect(delimiter=";", quote="'"), Dialect(delimiter="\t", quote=None)])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_random_blocks_are_read_as_the_scan_reads_them(dialect, width):
    chance = random.Random(width)
    taken = 0
    for size in itertools.chain(range(12), [30] * 400, [8] * 1500):
        text = "".join(chance.choices(PIECES, k=size)).replace(",", dialect.delimiter)
        content = text.encode()
        block = parse_plain(content, width, dialect)
        if block is None:
            continue
        taken += 1
        rows, faulty = scanned(content, width, dialect)
        found = [[value or None for value in row] for row in block.frame.rows()]
        assert found == rows, text
        assert [row[:3] for row in faulty] == block.faulty.select("record", "line", "cells").rows(), text
        assert all(row[3] is None for row in faulty), text
        assert block.records == len(rows) + len(faulty), text
        assert block.simple == all(text.count("\n", r.start, r.end - 1) == 0 for r in scan(text, dialect))
    assert taken > 50
