"""Cutting a text into blocks of whole records, so that a file of any size needs bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass

from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.scanner import NEVER_CLOSED, scan

BLOCK_BYTES = 16 << 20
MOST_BYTES = 64 << 20  # a quoted cell is not looked for beyond this: its quote was never closed


@dataclass(frozen=True)
class Block:
    """Where a run of whole records of one file is.

    Attributes:
        part: the file, as a number in the resource's paths.
        start: offset of its first byte in the file's UTF-8 text.
        length: number of bytes in UTF-8.
        first_row: row number of the first record (the header of the file is 1).
        first_line: physical line at which the block starts, from 1.
        simple: whether each physical line is one record.
        characters: code points of the file before the block, counted where bytes are code points (single-byte
            encodings), else 0.
    """

    part: int
    start: int
    length: int
    first_row: int
    first_line: int
    simple: bool
    characters: int = 0


def cut(chunks: Iterator[bytes], dialect: Dialect, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield a text in blocks that end where a record ends; what follows the last record end comes last.

    Args:
        chunks: the text in UTF-8.
        dialect: how records end.
        size: how large a block should be; one is larger where a record is.
    """
    rest = b""
    for read in chunks:
        if len(rest) + len(read) < size:
            rest += read
            continue
        before, chunk = (rest, read) if dialect.is_plain else (b"", rest + read)
        end = _plain_end(chunk, before, dialect) if dialect.is_plain else _scanned_end(chunk, dialect)
        if not end and len(before) + len(chunk) >= max(MOST_BYTES, size):
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r", 0, -1)) + 1 or len(chunk)
        if end:
            yield b"".join((before, memoryview(chunk)[:end]))
            rest = chunk[end:]
        else:
            rest = before + chunk
    if rest:
        yield rest


def _plain_end(chunk: bytes, rest: bytes, dialect: Dialect) -> int:
    """Return the offset after the last line end of a chunk that is outside of quotes, or 0.

    Args:
        chunk: the bytes.
        rest: what stands before them and after the last record end.
        dialect: which quotes there are.
    """
    end = chunk.rfind(b"\n") + 1
    quote = (dialect.quote or "").encode()
    if not quote or (chunk.find(quote) < 0 and rest.find(quote) < 0):
        return end
    quotes = rest.count(quote) + chunk.count(quote, 0, end)
    while quotes % 2 and end:
        before = chunk.rfind(b"\n", 0, end - 1) + 1
        quotes -= chunk.count(quote, before, end)
        end = before
    return end


def _scanned_end(buffer: bytes, dialect: Dialect) -> int:
    """Return the offset at which the last record starts that may not be whole, or 0."""
    text = buffer.decode("utf-8")
    start = 0
    for record in scan(text, dialect):
        start = record.start
        if record.quoting and record.quoting[0] == NEVER_CLOSED:
            break
    return len(text[:start].encode())
