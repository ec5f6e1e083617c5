"""Scanning a CSV text cell by cell, with the position of each: slow and exact (RFC 4180)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shuttle_diplomacy.errors import UnsupportedError
from shuttle_diplomacy.package import Resource

_READ_SO_FAR = {"delimiter", "quoteChar", "doubleQuote", "header", "lineTerminator", "$schema"}


@dataclass(frozen=True)
class Dialect:
    """What of a Table Dialect is read so far: delimiter and quote character, one header row."""

    delimiter: str = ","
    quote: str = '"'

    @classmethod
    def of(cls, resource: Resource) -> "Dialect":
        """Return the dialect of a resource.

        Raises:
            UnsupportedError: it declares something that is not read so far.
        """
        declared = resource.dialect
        defaults = {"doubleQuote": True, "header": True}
        odd = [k for k in declared if k not in _READ_SO_FAR or declared[k] != defaults.get(k, declared[k])]
        if odd:
            raise UnsupportedError(f"resource {resource.name!r}: dialect property {odd[0]!r} is not read so far")
        if declared.get("lineTerminator", "\n") not in ("\n", "\r\n"):
            raise UnsupportedError(f"resource {resource.name!r}: lines end with LF or CR LF only so far")
        dialect = cls(declared.get("delimiter", ","), declared.get("quoteChar", '"'))
        for char in (dialect.delimiter, dialect.quote):
            if not isinstance(char, str) or len(char.encode()) != 1 or char in "\r\n\x01":
                raise UnsupportedError(f"resource {resource.name!r}: dialect character {char!r} is not read so far")
        return dialect

    def line_pattern(self, width: int) -> str:
        """Return the regular expression of a physical line that is one sound record of ``width`` cells."""
        quote, delimiter = re.escape(self.quote), re.escape(self.delimiter)
        cell = f"(?:{quote}(?:[^{quote}]|{quote}{quote})*{quote}|[^{quote}{delimiter}]*)"
        return f"^{cell}(?:{delimiter}{cell}){{{width - 1}}}$"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells' texts, where each starts in the text, and what is wrong with its quoting.

    Attributes:
        line: physical line at which it starts, from 1 in the scanned text.
        start, end: offsets of its first character and of the first one after its line end.
        quoting: note and offset of a fault in its quotes.
    """

    values: list[str]
    starts: list[int]
    line: int
    start: int
    end: int
    quoting: tuple[str, int] | None

    def fault(self, names: Sequence[str]) -> tuple[str, str, int] | None:
        """Return error type, note and offset if the record does not have one sound cell for each field."""
        width, count = len(names), len(self.values)
        if self.quoting:
            return "structure-error", *self.quoting
        if count == 1 and not self.values[0] and width > 1:
            return "blank-row", "the row is blank; delete the line", self.start
        if count < width:
            note = f"the row has {count} cells, the table {width} fields; missing from {names[count]!r} on"
            return "missing-cell", note + " (is a separator missing?)", self.starts[-1]
        if count > width:
            note = f"the row has {count} cells, the table {width} fields; the first extra cell is"
            return "extra-cell", f"{note} {self.values[width]!r} (is a quote missing?)", self.starts[width]
        return None


@lru_cache
def _patterns(dialect: Dialect) -> tuple[re.Pattern[str], re.Pattern[str]]:
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    return re.compile(f"{quote}((?:[^{quote}]|{quote}{quote})*+){quote}"), re.compile(f"[^{delimiter}\r\n]*+")


def scan(text: str, dialect: Dialect, start: int = 0) -> Iterator[Record]:
    r"""Yield the records of a text from an offset on.

    A quote that is never closed is reported and ends with its line, so that the rest can still be read.

    Examples:
        >>> [r.values for r in scan('a,"b, c"\nd,e\n', Dialect())]
        [['a', 'b, c'], ['d', 'e']]
    """
    quoted, bare = _patterns(dialect)
    at, line, size = start, 1, len(text)
    while at < size:
        values: list[str] = []
        starts: list[int] = []
        quoting: tuple[str, int] | None = None
        begin = at
        while True:
            starts.append(at)
            value, at, fault = _cell(text, at, dialect, quoted, bare)
            values.append(value)
            quoting = quoting or fault
            if at < size and text[at] == dialect.delimiter:
                at += 1
                continue
            break
        at += 2 if text.startswith("\r\n", at) else 1 if at < size else 0
        yield Record(values, starts, line, begin, at, quoting)
        line += text.count("\n", begin, at)


def _cell(
    text: str, at: int, dialect: Dialect, quoted: re.Pattern[str], bare: re.Pattern[str]
) -> tuple[str, int, tuple[str, int] | None]:
    """Return the value of the cell that starts at an offset, the offset after it, and a fault of its quotes."""
    quote = dialect.quote
    if text.startswith(quote, at):
        match = quoted.match(text, at)
        if match is None:
            rest = bare.match(text, at)
            assert rest is not None
            return rest.group(), rest.end(), ("a quote is opened and never closed", at)
        rest = bare.match(text, match.end())
        assert rest is not None
        fault = ("text follows a closing quote; double the quotes inside a quoted cell", match.end())
        value = match.group(1).replace(quote * 2, quote)
        return value + rest.group(), rest.end(), fault if rest.group() else None
    match = bare.match(text, at)
    assert match is not None
    inside = match.group().find(quote)
    fault = ("a quote stands inside a cell that is not quoted; quote the whole cell", at + inside)
    return match.group(), match.end(), fault if inside >= 0 else None
