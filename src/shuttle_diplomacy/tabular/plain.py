"""The fast pass over a block of plain CSV: polars parses it, and counting proves that every record is sound.

polars fills short rows with nulls without a word and refuses long ones. A block without quotes is therefore sound if
no row is too long and the separators are as many as rows of the right width have: then none is too short. Where there
are quotes, each line (or run of lines that a quoted cell joins) has to match the form of a record.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.tabular.dialect import Dialect

_BOM = b"\xef\xbb\xbf"
_TEXT = "text"


_NONE_FAULTY = pl.DataFrame(
    schema={"record": pl.UInt32(), _TEXT: pl.String(), "cells": pl.UInt32(), "line": pl.Int64()}
)


@dataclass(frozen=True)
class PlainBlock:
    """A block as it was parsed.

    Attributes:
        frame: the sound records as texts, one column a cell, named by position; an unquoted empty cell is null.
        faulty: the records with too few or too many cells, which are left out: their number ``record`` and first
            physical ``line`` (both from 0 in the block), their ``text``, and how many ``cells`` they have.
        records: number of records, the faulty ones included.
        quoted: whether the block has quotes (so that an empty text may be there beside null).
        simple: whether each physical line is one record.
    """

    frame: pl.DataFrame
    faulty: pl.DataFrame
    records: int
    quoted: bool
    simple: bool


def parse_plain(content: bytes, width: int, dialect: Dialect) -> PlainBlock | None:
    """Return a block parsed by polars, or None if only the careful scan can tell its records apart.

    Args:
        content: whole records in UTF-8.
        width: how many cells a sound record has.
        dialect: a dialect that is plain (:attr:`Dialect.is_plain`).
    """
    if content.startswith(_BOM):
        return None  # it would be lost in the text of the lines too
    if content.find(b"\r") >= 0 and content.count(b"\r") != content.count(b"\r\n"):
        return None  # a lone CR ends a record
    quoted = bool(dialect.quote) and content.find(str(dialect.quote).encode()) >= 0
    if not quoted:
        frame = _parsed(content, width, dialect, quote=None)
        if frame is not None and _none_short(frame, content, dialect):
            return PlainBlock(frame, _NONE_FAULTY, frame.height, quoted=False, simple=True)
    return _by_line(content, width, dialect, quoted=quoted)


def _none_short(frame: pl.DataFrame, content: bytes, dialect: Dialect) -> bool:
    """Return whether no row is too short, where none is too long: a short one has a null in the last column."""
    if not frame.to_series(-1).null_count() or frame.width == 1:
        return True
    return content.count(dialect.delimiter.encode()) == (frame.width - 1) * frame.height


def _parsed(content: bytes, width: int, dialect: Dialect, quote: str | None) -> pl.DataFrame | None:
    names = [str(number) for number in range(width)]
    schema = dict.fromkeys(names, pl.String())
    if not content:
        return pl.DataFrame(schema=schema)
    if content.startswith(_BOM):
        return None  # inside a file the mark is text, which polars would drop
    if not content.endswith(b"\n"):
        content += b"\n"  # without it polars lets one more cell pass in the last row, if it is empty
    try:
        return pl.read_csv(content, has_header=False, schema=schema, separator=dialect.delimiter, quote_char=quote)
    except pl.exceptions.PolarsError:
        return None


def _by_line(content: bytes, width: int, dialect: Dialect, *, quoted: bool) -> PlainBlock | None:
    """Parse a block after looking at each of its lines, without the records that are not sound."""
    lines = _lines(content)
    count = content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    if lines is None or lines.len() != count:
        return None
    first, simple = pl.int_range(count, eager=True), True
    if quoted and not _all(lines, _sound_quotes(dialect)):
        starts = _record_starts(lines, str(dialect.quote))
        if starts is None:
            return None
        first, simple = starts.arg_true(), False
        lines = _joined(lines, starts)
        if not _all(lines, _sound_quotes(dialect)):
            return None
    records = lines.to_frame().with_columns(_cells(dialect, quoted=quoted).alias("cells"), first.alias("line"))
    sound = (pl.col("cells") == width) & ((pl.col(_TEXT) != "") | (width == 1))
    faulty = records.with_row_index("record").filter(~sound)
    if faulty.height:
        content = _without(content, faulty["record"].to_list(), [*first.to_list(), count])
    frame = _parsed(content, width, dialect, dialect.quote if quoted else None)
    if frame is None or frame.height != records.height - faulty.height:
        return None
    return PlainBlock(frame, faulty, records.height, quoted=quoted, simple=simple)


def _lines(content: bytes) -> pl.Series | None:
    """Return each physical line as one text, without its line end; None if a separator cannot be found for it."""
    if b"\x01" in content:
        return None
    frame = pl.read_csv(
        content,
        has_header=False,
        separator="\x01",
        quote_char=None,
        schema={_TEXT: pl.String()},
        empty_string_is_null=False,
    )
    return frame[_TEXT].str.strip_suffix("\r")


def _all(lines: pl.Series, holds: pl.Expr) -> bool:
    return bool(lines.to_frame().select(holds.all()).item())


def _sound_quotes(dialect: Dialect) -> pl.Expr:
    """Whether quotes stand only around whole cells, and doubled inside of them."""
    line = pl.col(_TEXT)
    quoted = line.str.contains(str(dialect.quote), literal=True)
    return pl.when(quoted).then(line.str.contains(_line_pattern(dialect))).otherwise(statement=True)


def _quoted_pattern(dialect: Dialect) -> str:
    quote = re.escape(str(dialect.quote))
    return f"{quote}(?:[^{quote}]|{quote}{quote})*{quote}"


def _line_pattern(dialect: Dialect) -> str:
    """Return the regular expression of a record with sound quotes, of any number of cells."""
    quote, delimiter = re.escape(str(dialect.quote)), re.escape(dialect.delimiter)
    cell = f"(?:{_quoted_pattern(dialect)}|[^{quote}{delimiter}]*)"
    return f"^{cell}(?:{delimiter}{cell})*$"


def _cells(dialect: Dialect, *, quoted: bool) -> pl.Expr:
    """How many cells a line with sound quotes has."""
    line = pl.col(_TEXT)
    if quoted:
        bare = line.str.replace_all(_quoted_pattern(dialect), "")
        has = line.str.contains(str(dialect.quote), literal=True)
        line = pl.when(has).then(bare).otherwise(line)
    return line.str.count_matches(dialect.delimiter, literal=True) + 1


def _record_starts(lines: pl.Series, quote: str) -> pl.Series | None:
    """Return for each line whether a record starts there: where an even number of quotes stands before it."""
    quotes = lines.str.count_matches(quote, literal=True)
    total = quotes.cum_sum()
    if total[-1] % 2:
        return None
    return (total - quotes) % 2 == 0


def _joined(lines: pl.Series, starts: pl.Series) -> pl.Series:
    """Return the text of each record."""
    frame = pl.DataFrame({_TEXT: lines, "record": starts.cum_sum()})
    return frame.group_by("record", maintain_order=True).agg(pl.col(_TEXT).str.join("\n"))[_TEXT]


def _without(content: bytes, records: Sequence[int], first: Sequence[int]) -> bytes:
    """Return a block without some of its records, of which each starts at a line and ends before the next."""
    lines = content.split(b"\n")
    left_out: set[int] = set()
    for record in records:
        left_out.update(range(first[record], first[record + 1]))
    return b"\n".join(line for number, line in enumerate(lines) if number not in left_out)
