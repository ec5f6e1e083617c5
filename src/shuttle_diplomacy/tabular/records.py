"""The raw pass over a CSV file: bytes -> frames of texts, errors of structure, and exact positions.

Every block of the file is first looked at as a column of physical lines: if each is a sound record of the right
number of cells, polars parses the block as it is. Only a block that fails this test, or whose quoted cells span
lines, is scanned cell by cell. Structure follows RFC 4180: a quote stands only around a whole cell.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from shuttle_diplomacy.errors import UnsupportedError
from shuttle_diplomacy.package import Finding, Resource
from shuttle_diplomacy.tabular.header import check_header
from shuttle_diplomacy.tabular.scanner import Dialect, Record, scan

BLOCK_BYTES = 64 << 20
_BOM = codecs.BOM_UTF8
# Not text in rows: read as CSV, they would only give errors that are none.
_OTHER_KINDS = {"arrow", "bz2", "feather", "geojson", "gz", "json", "jsonl", "ndjson", "ods", "parquet", "sqlite"} | {
    *("xls", "xlsx", "xz", "zip", "zst"),
}


@dataclass(frozen=True)
class Block:
    """A run of whole records of one file.

    Attributes:
        content: the bytes, from the start of a record to the end of one.
        first_row: row number of the first record (the header of the file is 1).
        first_line: physical line at which the block starts, from 1.
        start: byte offset of the block in the file.
        plain: whether each physical line is one sound record.
    """

    content: bytes
    first_row: int
    first_line: int
    start: int
    plain: bool


@dataclass(frozen=True)
class Records:
    """The sound records of one block: a frame of texts (columns as in the schema) and their row numbers."""

    text: pl.DataFrame
    row_numbers: pl.Series


@dataclass
class RecordReader:
    """Reads the records of one resource, block by block, and finds positions afterwards.

    Attributes:
        resource: the resource that is read.
        findings: errors of structure, complete after :meth:`records` was exhausted.
        blocks: the blocks read so far, for :meth:`locate`.
    """

    resource: Resource
    block_bytes: int = BLOCK_BYTES
    findings: list[Finding] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the dialect and the encoding; what cannot be read yet is refused, never guessed."""
        self.dialect = Dialect.of(self.resource)
        kinds = {str(self.resource.descriptor.get("format", "")).lower(), self.resource.path.rpartition(".")[2].lower()}
        if other := sorted(kinds & _OTHER_KINDS):
            raise UnsupportedError(
                f"resource {self.resource.name!r}: files of the format {other[0]!r} are not read so far"
            )
        if codecs.lookup(_known_encoding(self.resource)).name != "utf-8":
            raise UnsupportedError(
                f"resource {self.resource.name!r} declares encoding {self.resource.encoding!r}; "
                "only utf-8 is read so far"
            )
        if self.resource.schema.descriptor.get("fieldsMatch", "exact") not in ("exact", ["exact"]):
            raise UnsupportedError(f"resource {self.resource.name!r}: fields are matched by 'exact' only so far")
        for name in self.resource.schema.names:
            if name == "*" or (name.startswith("^") and name.endswith("$")):  # polars takes it for many columns
                raise UnsupportedError(f"resource {self.resource.name!r}: the field name {name!r} is not read so far")

    def records(self) -> Iterator[Records]:
        """Yield the sound records of each block.

        Raises:
            UnreadableError: the file is not there.
        """
        raw = self.resource.read_bytes()
        if not self._decodes(raw):
            return
        start = len(_BOM) if raw.startswith(_BOM) else 0
        body, line = self._header(raw, start)
        if body is None:
            return
        row = 2
        for begin, end in _cuts(raw, body, self.block_bytes, self.dialect.quote.encode()):
            records, count = self._block(raw[begin:end], row, line, begin)
            yield records
            row += count
            line += raw.count(b"\n", begin, end)

    def _decodes(self, raw: bytes) -> bool:
        """Report bytes that are no UTF-8 and NUL bytes; text with either is not judged further."""
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            self._report_bytes(raw, error.start, f"the byte 0x{raw[error.start]:02x} is not valid UTF-8")
            return False
        nul = raw.find(b"\0")
        if nul >= 0:
            self._report_bytes(raw, nul, "the file holds a NUL byte, so it is no text")
        return nul < 0

    def _report_bytes(self, raw: bytes, at: int, note: str) -> None:
        begin = raw.rfind(b"\n", 0, at) + 1 or (len(_BOM) if raw.startswith(_BOM) else 0)
        column = len(raw[begin:at].decode("utf-8", errors="replace")) + 1
        line = raw.count(b"\n", 0, at) + 1
        self._report("encoding-error", note + "; store the file as UTF-8", line=line, column=column, byte_offset=at)

    def _report(self, kind: str, note: str, **where: object) -> None:
        finding = Finding(kind, note, resource=self.resource.name, path=self.resource.path)
        self.findings.append(finding.at(**where))

    def _header(self, raw: bytes, start: int) -> tuple[int | None, int]:
        """Check the header; return where the body starts (None: not to be read) and its first line."""
        first = next(scan(raw[start:].decode("utf-8"), self.dialect), None)
        names = self.resource.schema.names
        found = check_header(first, names)
        for finding in found:
            self.findings.append(finding.at(resource=self.resource.name, path=self.resource.path))
        if found or first is None:
            return None, 1
        text = raw[start:].decode("utf-8")
        return start + len(text[: first.end].encode()), 1 + text.count("\n", 0, first.end)

    def _block(self, content: bytes, row: int, line: int, start: int) -> tuple[Records, int]:
        names = self.resource.schema.names
        lines = _physical_lines(content)
        plain = lines is not None and _all_sound(lines, len(names), self.dialect)
        self.blocks.append(Block(content, row, line, start, plain))
        if plain and lines is not None:
            text = _parse(content, names, self.dialect)
            if text.height == lines.len():
                return Records(text, pl.int_range(row, row + text.height, eager=True)), text.height
            self.blocks[-1] = Block(content, row, line, start, plain=False)
        return self._careful(self.blocks[-1], names)

    def _careful(self, block: Block, names: list[str]) -> tuple[Records, int]:
        """Scan a block cell by cell; report records that are not sound and leave them out."""
        text = block.content.decode("utf-8")
        rows, numbers, row, ruler = [], [], block.first_row - 1, _Ruler(text)
        for row, record in enumerate(scan(text, self.dialect), block.first_row):
            note = record.fault(names)
            if note is None:
                rows.append(record.values)
                numbers.append(row)
                continue
            kind, message, at = note
            position = _position(ruler, record, at, block)
            self._report(kind, message, row_number=row, **position)
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        return Records(frame, pl.Series(numbers, dtype=pl.Int64)), row - block.first_row + 1

    def locate(self, cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int, int, str]]:
        """Return the position and stored text of cells.

        Args:
            cells: pairs of row number and field number (from 1; 0 means the row as a whole).

        Returns:
            For each pair: physical line, column, byte offset, and the text of the cell.
        """
        wanted: dict[int, set[int]] = {}
        for row, number in cells:
            wanted.setdefault(row, set()).add(number)
        found: dict[tuple[int, int], tuple[int, int, int, str]] = {}
        for block, following in zip(self.blocks, [*self.blocks[1:], None], strict=True):
            last = following.first_row if following else float("inf")
            rows = {row: fields for row, fields in wanted.items() if block.first_row <= row < last}
            if rows:
                found.update(self._locate_in(block, rows))
        return found

    def _locate_in(
        self, block: Block, rows: dict[int, set[int]]
    ) -> Iterator[tuple[tuple[int, int], tuple[int, int, int, str]]]:
        text = block.content.decode("utf-8")
        ruler, rows = _Ruler(text), dict(sorted(rows.items()))
        if block.plain:
            starts = _line_starts(text, {row - block.first_row for row in rows})
            records = ((row, next(scan(text, self.dialect, starts[row - block.first_row]))) for row in rows)
        else:
            records = ((row, rec) for row, rec in enumerate(scan(text, self.dialect), block.first_row) if row in rows)
        for row, record in records:
            for number in sorted(rows[row]):
                start = record.starts[max(number - 1, 0)] if number <= len(record.starts) else record.start
                cell = record.values[number - 1] if 0 < number <= len(record.values) else ""
                at = _position(ruler, record, start, block)
                if block.plain:
                    at["line"] = block.first_line + row - block.first_row
                yield (row, number), (at["line"], at["column"], at["byte_offset"], cell)


def _known_encoding(resource: Resource) -> str:
    try:
        codecs.lookup(resource.encoding)
    except (LookupError, ValueError):
        raise UnsupportedError(
            f"resource {resource.name!r} declares the unknown encoding {resource.encoding!r}"
        ) from None
    return resource.encoding


def _cuts(raw: bytes, body: int, size: int, quote: bytes) -> Iterator[tuple[int, int]]:
    """Yield the bounds of blocks that end with a line end outside quotes."""
    begin = body
    while begin < len(raw):
        end = min(begin + size, len(raw))
        quotes = raw.count(quote, begin, end)
        while end < len(raw):
            last, end = end, raw.find(b"\n", end) + 1 or len(raw)
            quotes += raw.count(quote, last, end)
            if quotes % 2 == 0:
                break
        yield begin, end
        begin = end


def _physical_lines(content: bytes) -> pl.Series | None:
    """Return each physical line as one text, without its line end; None if lines cannot be told apart this way."""
    if b"\x01" in content or content.replace(b"\r\n", b"").find(b"\r") >= 0:
        return None
    if content.startswith(_BOM):
        return None  # polars would take it for a mark and drop it, but inside a file it is text
    stripped = content.removesuffix(b"\n").removesuffix(b"\r")
    if not stripped:
        return pl.Series([], dtype=pl.String) if not content else None
    if b"\n\n" in content or b"\n\r\n" in content or content.startswith((b"\n", b"\r\n")):
        return None  # a blank row: the careful scan says where
    frame = pl.read_csv(
        content, has_header=False, separator="\x01", quote_char=None, infer_schema=False, new_columns=["line"]
    )
    return frame["line"].str.strip_suffix("\r")


def _all_sound(lines: pl.Series, width: int, dialect: Dialect) -> bool:
    """Return whether every line is one sound record of ``width`` cells."""
    if lines.is_empty():
        return True
    delimiter, quote = dialect.delimiter, dialect.quote
    line = pl.col("line")
    quoted = line.str.contains(quote, literal=True)
    bare = line.str.count_matches(delimiter, literal=True) == width - 1
    sound = pl.when(quoted).then(line.str.contains(dialect.line_pattern(width))).otherwise(bare)
    return bool(lines.alias("line").to_frame().select(sound.fill_null(value=False).all()).item())


def _parse(content: bytes, names: list[str], dialect: Dialect) -> pl.DataFrame:
    """Return a block as a frame of texts, an empty cell being an empty text."""
    if not content:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return pl.read_csv(
        content,
        has_header=False,
        separator=dialect.delimiter,
        quote_char=dialect.quote,
        infer_schema=False,
        new_columns=names,
        empty_string_is_null=False,
    )


def _line_starts(text: str, wanted: set[int]) -> dict[int, int]:
    """Return the offsets at which the wanted lines (from 0) start."""
    starts, at = {}, 0
    for number in range(max(wanted) + 1):
        if number in wanted:
            starts[number] = at
        at = text.find("\n", at) + 1 or len(text)
    return starts


class _Ruler:
    """Counts the bytes before places in a text; each only from the one asked for before, where it follows that."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._at = self._bytes = 0

    def bytes_before(self, at: int) -> int:
        if at < self._at:
            self._at = self._bytes = 0
        self._bytes += len(self.text[self._at : at].encode())
        self._at = at
        return self._bytes


def _position(ruler: _Ruler, record: Record, at: int, block: Block) -> dict[str, int]:
    """Return line, column and byte offset of a place inside a record of a block."""
    text = ruler.text
    begin = text.rfind("\n", 0, at) + 1
    return {
        "line": block.first_line + record.line - 1 + text.count("\n", record.start, at),
        "column": at - begin + 1,
        "byte_offset": block.start + ruler.bytes_before(at),
    }
