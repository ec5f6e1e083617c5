"""Exact positions: where a cell stands in its file, and the line to show. Computed only for what is reported."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.tabular.blocks import Block
from shuttle_diplomacy.tabular.scanner import Record, column_of, count_lines, scan

if TYPE_CHECKING:
    from shuttle_diplomacy.tabular.records import RecordReader

_LONGEST = 1 << 16
_AROUND = 160  # code points of a long line that are kept on each side of a cell


@dataclass(frozen=True)
class Position:
    """Where something stands.

    Attributes:
        path: the file, as the descriptor spells it.
        line, column: from 1, the column in code points.
            (both None where they are not known, as in JSON)
        byte_offset: from 0 in the file as stored; None where the file is compressed or not in UTF-8 or a single-byte
            encoding.
        source_line: the physical line, shortened around the place.
        source_start: the column at which ``source_line`` starts.
        width: how many code points of the line the cell takes.
        cell: the text of the cell, None for a row as a whole.
    """

    path: str
    line: int | None
    column: int | None
    byte_offset: int | None
    source_line: str | None
    source_start: int
    width: int | None
    cell: str | None = None

    def put(self, finding: Finding) -> Finding:
        """Return a finding that knows this place."""
        return finding.at(
            path=self.path,
            line=self.line,
            column=self.column,
            byte_offset=self.byte_offset,
            source_line=self.source_line,
            source_start=self.source_start,
            width=self.width,
        )


@dataclass
class BlockText:
    """The text of one block, in which positions are looked for; faster if they are asked for in their order.

    Attributes:
        block: where the block is.
        text: its text.
        path: its file.
        exact: whether offsets in the text are, with ``shift`` added, offsets in the file as stored.
        shift: how many bytes stand before the text of the file (a byte order mark).
        single: whether each code point is one byte in the file.
    """

    block: Block
    text: str
    path: str
    exact: bool
    shift: int
    single: bool
    _seen: int = 0
    _bytes: int = 0
    _lines: int = 0

    def position(self, at: int, end: int, cell: str | None = None) -> Position:
        """Return the position of what stands between two offsets of the text."""
        if at < self._seen:
            self._seen = self._bytes = self._lines = 0
        self._bytes += len(self.text[self._seen : at].encode())
        self._lines += count_lines(self.text, self._seen, at)
        self._seen = at
        begin, stop = _line_bounds(self.text, at)
        first, last = max(begin, at - _AROUND), min(stop, max(end, at) + _AROUND, at + 3 * _AROUND)
        return Position(
            self.path,
            self.block.first_line + self._lines,
            column_of(self.text, at),
            self._offset(at),
            self.text[first:last],
            first - begin + 1,
            max(min(end, last) - at, 1),
            cell,
        )

    def _offset(self, at: int) -> int | None:
        if self.exact:
            return self.shift + self.block.start + self._bytes
        return self.shift + self.block.characters + at if self.single else None


def locate(reader: "RecordReader", cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Position]:
    """Return the positions of cells; the blocks that hold them are read again.

    Args:
        reader: a reader whose records were read.
        cells: pairs of row number and field number (from 1; 0 means the row as a whole).
    """
    wanted: dict[int, set[int]] = {}
    for row, number in cells:
        wanted.setdefault(row, set()).add(number)
    found: dict[tuple[int, int], Position] = {}
    for number, block in enumerate(reader.blocks, 1):
        last = reader.blocks[number].first_row if number < len(reader.blocks) else float("inf")
        rows = {row: wanted[row] for row in wanted if block.first_row <= row < last}
        if rows:
            found.update(_in_block(reader, reader.read_block(block), dict(sorted(rows.items()))))
    return found


def _in_block(
    reader: "RecordReader", text: BlockText, rows: dict[int, set[int]]
) -> Iterator[tuple[tuple[int, int], Position]]:
    assert reader.match is not None
    for row, record in _records(reader, text, rows):
        for number in sorted(rows[row]):
            column = reader.match.columns[number - 1] if number else None
            if column is None or column >= len(record.values):
                yield (row, number), text.position(record.start, record.start)
            else:
                at, end = record.starts[column], record.ends[column]
                yield (row, number), text.position(at, end, record.values[column])


def _records(reader: "RecordReader", text: BlockText, rows: dict[int, set[int]]) -> Iterator[tuple[int, Record]]:
    """Yield the wanted records; where each line is a record only these are scanned."""
    first = text.block.first_row
    if text.block.simple:
        starts = line_starts(text.text, {row - first for row in rows})
        for row in rows:
            record = next(scan(text.text, reader.dialect, starts[row - first]), None)
            if record is not None:  # none: labels that a later file repeats, which belong to no block
                yield row, record
        return
    last = max(rows)
    for row, record in islice(enumerate(scan(text.text, reader.dialect, first_row=first), first), last - first + 1):
        if row in rows:
            yield row, record


def line_starts(text: str, wanted: set[int]) -> dict[int, int]:
    """Return the offsets at which the wanted lines (from 0) start."""
    starts, at = {}, 0
    for number in range(max(wanted, default=-1) + 1):
        if number in wanted:
            starts[number] = at
        at = text.find("\n", at) + 1 or len(text)
    return starts


def _line_bounds(text: str, at: int) -> tuple[int, int]:
    """Return the offsets at which the physical line of an offset starts and ends."""
    begin = at - column_of(text, at) + 1
    ends = [end for end in (text.find("\n", at), text.find("\r", at, at + _LONGEST)) if end >= 0]
    return begin, min(ends, default=len(text))
