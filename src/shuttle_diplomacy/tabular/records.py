"""The raw pass over the files of a table: bytes -> frames of texts, and errors of structure.

Each block of a file is parsed by polars where counting shows that its records are sound
(:mod:`~shuttle_diplomacy.tabular.plain`); any other is scanned cell by cell. Structure follows RFC 4180 and the Table
Dialect (https://datapackage.org/standard/table-dialect/).
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

import polars as pl

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package import Finding, Findings, Resource, Schema
from shuttle_diplomacy.package.compression import compression_of, open_decompressed
from shuttle_diplomacy.tabular.blocks import BLOCK_BYTES, Block, cut
from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.encoding import TextStream
from shuttle_diplomacy.tabular.header import HeaderMatch, Labels, field_names, match_header, read_labels
from shuttle_diplomacy.tabular.plain import parse_plain
from shuttle_diplomacy.tabular.positions import BlockText, Position, line_starts, locate
from shuttle_diplomacy.tabular.scanner import count_lines, scan
from shuttle_diplomacy.tabular.structured import inline_text

_HEAD = 1 << 16
_LONGEST_HEAD = 1 << 22
_REPEATED = (
    "this file repeats the labels of the first, which are left out; the files of one table are read one after the "
    "other as if they were one, so remove them"
)


@dataclass(frozen=True)
class Records:
    """The sound records of one block.

    Attributes:
        text: the texts of the cells, one column a field of the schema, named by its position; null where the cell
            is empty and unquoted and ``nulls`` is set, or where the file has no such column.
        row_numbers: the row number of each record (Int64).
        nulls: whether every empty cell is null already.
        mismatched: rows (by column) whose value is of a wrong JSON type, which is reported already.
    """

    text: pl.DataFrame
    row_numbers: pl.Series
    nulls: bool
    mismatched: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class _Place:
    """Where reading has come to in one file: the next row, and the offsets of its first character."""

    part: int
    row: int
    offset: int = 0
    line: int = 1
    characters: int = 0


@dataclass
class RecordReader:
    """Reads the records of one table, block by block.

    Attributes:
        resource: the table.
        findings: errors of structure.
        block_bytes: how much of a file is looked at at a time.
        blocks: where the blocks read so far are, for :func:`~shuttle_diplomacy.tabular.positions.locate`.
        match: how the columns of the file and the fields of the schema belong together; None before the header.
        schema: the resource's schema; where it declares none, one that has the labels of the file as fields.
        complete: whether all records could be read; what an incomplete table lacks is not known.
    """

    resource: Resource
    findings: Findings = field(default_factory=Findings)
    block_bytes: int = BLOCK_BYTES
    blocks: list[Block] = field(default_factory=list)
    match: HeaderMatch | None = None
    complete: bool = True

    def __post_init__(self) -> None:
        """Read the dialect.

        Raises:
            UnreadableError: it contradicts itself.
        """
        self.dialect = Dialect.of(self.resource)
        for fault in self.dialect.faults():
            raise UnreadableError(f"resource {self.resource.name!r} cannot be read: {fault}")
        self.schema = self.resource.schema
        self._labels: list[str] = []
        self._inline = inline_text(self.resource)

    def records(self) -> Iterator[Records]:
        """Yield the sound records of each block.

        Raises:
            UnreadableError: a file is not there, cannot be read, or declares an encoding that is not known.
            UnsafePathError: a path leads out of the package.
        """
        row = 1
        for part in range(max(len(self.resource.paths), 1)):
            place = _Place(part, row)
            head = self._head(place)
            if self.match is None or self.match.fatal:
                self.complete = False
                return
            yield from self._body(place, len(head))
            row = place.row

    def _open(self, part: int) -> BinaryIO:
        """Return the decompressed bytes of one file of the table."""
        if self._inline is not None:
            return io.BytesIO(self._inline)
        path = self.resource.paths[part]
        return open_decompressed(path, self.resource.storage, self._compression(part))

    def _compression(self, part: int) -> str:
        return "" if self._inline is not None else compression_of(self.resource.paths[part], self.resource.compression)

    def _text_of(self, stream: BinaryIO) -> TextStream:
        return TextStream(stream, "utf-8" if self._inline is not None else self.resource.declared_encoding)

    def _head(self, place: _Place) -> bytes:
        """Read what stands before the data, and match the labels of the first file with the schema."""
        with closing(self._open(place.part)) as stream:
            text = self._text_of(stream)
            content, tried = b"", 0
            for chunk in text.chunks(_HEAD):
                content += chunk
                if len(content) < min(2 * tried, _LONGEST_HEAD):
                    continue  # what did not suffice is doubled, so that the time taken grows with the length
                tried = len(content)
                labels = read_labels(content.decode("utf-8"), self.dialect)
                if labels.end < len(content) or len(content) >= _LONGEST_HEAD:
                    break
            decoded = content.decode("utf-8")
        labels = read_labels(decoded, self.dialect)
        if place.part == 0:
            if text.fault and (labels.faults or (labels.end == len(decoded) and not decoded.endswith(("\n", "\r")))):
                self._fault(place, text, decoded)
                return b""
            self._match(labels, self._block_text(Block(0, 0, len(content), 1, 1, simple=False), decoded, text), place)
        elif not self._labels or labels.texts != self._labels:
            return b""
        else:
            self._report(place, Finding("repeated-header", _REPEATED, row_number=place.row, line=1, severity="warning"))
        head = decoded[: labels.end]
        self._advance(place, head.encode(), head, labels.row)
        return head.encode()

    def _match(self, labels: Labels, head: BlockText, place: _Place) -> None:
        self._labels = labels.texts
        if "schema" not in self.resource.descriptor:
            first = next(scan(head.text, self.dialect, labels.end), None) if labels.found is None else None
            names = field_names(labels, len(first.values) if first else 0)
            self.schema = Schema({"fields": [{"name": name} for name in names]})
        declared = self.schema.names if self.schema is self.resource.schema else None
        needed = {f.name for f in self.schema.fields if f.required} | set(self.schema.primary_key)
        limit = self.findings.limit or None
        match = match_header(labels, declared, self.schema.fields_match, required=needed, room=limit)
        if labels.found is None and declared is None:
            match = HeaderMatch([], list(range(len(self.schema.fields))), len(self.schema.fields))
        self.match = match
        for finding in match.findings:
            number = finding.field_number if finding.cell is not None else None
            label = labels.found[number - 1] if labels.found and number else None
            at = head.position(label.start, label.end).put(finding) if label else finding
            self._report(place, at)
        for kind, number in match.more.items():
            self.findings.count(kind, number)

    def _body(self, place: _Place, head: int) -> Iterator[Records]:
        """Yield the records of one file after its head."""
        with closing(self._open(place.part)) as stream:
            text = self._text_of(stream)
            if text.assumed:
                self._report(place, Finding("undeclared-encoding", text.assumed, severity="warning"))
            rest = b""
            for content in cut(_without(text.chunks(self.block_bytes), head), self.dialect, self.block_bytes):
                whole = content
                if text.fault and not content.endswith(b"\n"):  # its last line ends at the fault
                    end = content.rfind(b"\n") + 1
                    whole, rest = content[:end], content[end:]
                if whole:
                    yield self._block(whole, place, text)
            if text.fault:
                self._fault(place, text, rest.decode("utf-8"))

    def _block(self, content: bytes, place: _Place, text: TextStream) -> Records:
        assert self.match is not None
        plain = parse_plain(content, self.match.width, self.dialect) if self.dialect.is_plain else None
        simple = plain is not None and plain.simple
        block = Block(place.part, place.offset, len(content), place.row, place.line, simple, place.characters)
        self.blocks.append(block)
        decoded = "" if simple and not text.single else content.decode("utf-8")
        if plain is not None:
            numbers = pl.int_range(block.first_row, block.first_row + plain.records, eager=True)
            if plain.faulty.height:
                faulty = plain.faulty["record"].cast(pl.Int64) + block.first_row
                numbers = numbers.filter(~numbers.is_in(faulty.implode()))
                self._faulty(plain.faulty, self._block_text(block, content.decode("utf-8"), text))
            cells = plain.frame.fill_null("") if plain.quoted else plain.frame  # an empty cell is a text, quoted or not
            records, count = Records(self._by_field(cells), numbers, nulls=not plain.quoted), plain.records
        else:
            records, count = self._scanned(self._block_text(block, decoded, text))
        self._advance(place, content, decoded, count, lines=count if simple else None)
        return records

    def _by_field(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Return the columns of the file in the order of the fields; null where there is none."""
        assert self.match is not None
        if self.match.columns == list(range(cells.width)):
            return cells
        absent = pl.Series([None], dtype=pl.String).new_from_index(0, cells.height)
        return pl.DataFrame(
            [
                (absent if column is None else cells[str(column)]).alias(str(number))
                for number, column in enumerate(self.match.columns)
            ]
        )

    def _scanned(self, text: BlockText) -> tuple[Records, int]:
        """Scan a block cell by cell; report records that are not sound and leave them out."""
        assert self.match is not None
        rows, numbers, count = [], [], 0
        first, names = text.block.first_row, self._column_names()
        for count, record in enumerate(scan(text.text, self.dialect, first_row=first), 1):
            if record.comment:
                continue
            fault = record.fault(names)
            if fault is None:
                rows.append(record.values)
                numbers.append(first + count - 1)
            else:
                self._report_fault(fault, first + count - 1, text)
        schema = {str(number): pl.String() for number in range(self.match.width)}
        cells = pl.DataFrame(rows, schema=schema, orient="row")
        return Records(self._by_field(cells), pl.Series(numbers, dtype=pl.Int64), nulls=False), count

    def _faulty(self, faulty: pl.DataFrame, text: BlockText) -> None:
        """Report records of a plain block that have too few or too many cells."""
        assert self.match is not None
        short = pl.when(pl.col("cells") < self.match.width).then(pl.lit("missing-cell")).otherwise(pl.lit("extra-cell"))
        kind = pl.when(pl.col("text") == "").then(pl.lit("blank-row")).otherwise(short)
        listed = []
        for (name,), records in faulty.group_by(kind.alias("kind"), maintain_order=True):
            room = self.findings.room(str(name))
            listed.append(records if room is None else records.head(room))
            self.findings.count(str(name), records.height - listed[-1].height)
        shown = pl.concat(listed).sort("record").select("record", "line")
        starts, names = line_starts(text.text, set(shown["line"].to_list())), self._column_names()
        for number, line in shown.iter_rows():
            fault = next(scan(text.text, self.dialect, starts[line])).fault(names)
            assert fault is not None
            self._report_fault(fault, text.block.first_row + number, text)

    def _column_names(self) -> list[str]:
        """Return for each column of the file the name of its field."""
        assert self.match is not None
        names = [f"column {number + 1}" for number in range(self.match.width)]
        for name, column in zip(self.schema.names, self.match.columns, strict=True):
            if column is not None:
                names[column] = name
        return names

    def _report_fault(self, fault: tuple[str, str, int], row: int, text: BlockText) -> None:
        kind, note, at = fault
        if self.findings.room(kind) == 0:
            self.findings.count(kind, 1)
            return
        finding = Finding(kind, note, self.resource.name, row_number=row)
        self.findings.add(text.position(at, at).put(finding))

    def _fault(self, place: _Place, text: TextStream, line: str) -> None:
        """Report where a file stops to be text; its rows from there on are not read."""
        assert text.fault is not None
        self.complete = False
        block = Block(place.part, place.offset, 0, place.row, place.line, simple=False, characters=place.characters)
        position = self._block_text(block, line, text).position(len(line), len(line))
        note = text.fault.note + "; what follows is not judged"
        self.findings.add(position.put(Finding("encoding-error", note, self.resource.name)))

    def _block_text(self, block: Block, decoded: str, text: TextStream) -> BlockText:
        part = block.part
        path = self.resource.paths[part] if part < len(self.resource.paths) else ""
        stored = not self._compression(part)
        return BlockText(block, decoded, path, text.exact and stored, text.bom, text.single and stored)

    def locate(self, cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Position]:
        """Return the positions of cells, given as row number and field number (from 1; 0: the row as a whole)."""
        return locate(self, cells)

    def read_block(self, block: Block) -> BlockText:
        """Return the text of a block, read again from its file."""
        with closing(self._open(block.part)) as stream:
            text = self._text_of(stream)
            if text.exact and not self._compression(block.part) and stream.seekable():
                stream.seek(text.bom + block.start)
                content = stream.read(block.length)
            else:
                content = _slice(text.chunks(1 << 20), block.start, block.length)
        return self._block_text(block, content.decode("utf-8"), text)

    def _report(self, place: _Place, *findings: Finding) -> None:
        path = self.resource.paths[place.part] if self.resource.paths else ""
        self.findings.extend(finding.at(resource=self.resource.name, path=path) for finding in findings)

    def _advance(self, place: _Place, content: bytes, text: str, rows: int, lines: int | None = None) -> None:
        place.row += rows
        place.offset += len(content)
        place.line += count_lines(text, 0, len(text)) if lines is None else lines
        place.characters += len(text)


def _without(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield a stream of bytes without the first of them."""
    for chunk in chunks:
        if size < len(chunk):
            yield chunk[size:] if size else chunk
        size = max(size - len(chunk), 0)


def _slice(chunks: Iterator[bytes], start: int, length: int) -> bytes:
    """Return a part of a stream of bytes."""
    found, at = bytearray(), 0
    for chunk in chunks:
        if at + len(chunk) > start:
            found += chunk[max(start - at, 0) : start + length - at]
        at += len(chunk)
        if at >= start + length:
            break
    return bytes(found)
