"""Scanning a text of rows cell by cell, with the place of each: exact (RFC 4180 and the dialect), slow, linear."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shuttle_diplomacy.tabular.dialect import Dialect
from shuttle_diplomacy.tabular.lines import column_of, count_lines

__all__ = ["Dialect", "Record", "column_of", "count_lines", "counted", "scan"]

Fault = tuple[str, int]
NEVER_CLOSED = "a quote is opened and never closed"
_AFTER_QUOTE = "text follows a closing quote; double the quotes inside a quoted cell"
_AFTER_QUOTE_ESCAPED = "text follows a closing quote; escape the quotes inside a quoted cell"
_INSIDE = "a quote stands inside a cell that is not quoted; quote the whole cell"
_ESCAPES_NOTHING = "the last character escapes nothing; double it or delete it"


@dataclass(slots=True)
class Record:
    """One record: its cells' texts, where each is in the text, and what is wrong with its quoting.

    Attributes:
        values: the cells, without quotes and escapes. The dialect's null sequence stays as it is written.
        line: physical line at which it starts, from 1 in the scanned text.
        start: offset of its first character.
        end: offset of the first character after its line end.
        quoting: note and offset of a fault in its quotes.
        comment: whether it is no row but a comment; the only value is the line.
    """

    values: list[str]
    line: int
    start: int
    end: int
    quoting: Fault | None = None
    comment: bool = False
    _source: "_Cells | None" = None
    _bounds: tuple[list[int], list[int]] | None = None

    @property
    def starts(self) -> list[int]:
        """Return the offset of each cell, at its opening quote if it is quoted."""
        return self._cell_bounds()[0]

    @property
    def ends(self) -> list[int]:
        """Return the offset after each cell as it is stored, quotes included."""
        return self._cell_bounds()[1]

    def _cell_bounds(self) -> tuple[list[int], list[int]]:
        """Return starts and ends; of a sound record they are found when asked for, which is seldom."""
        if self._bounds is None:
            bounds = self._source.record(self.start, self.line)._bounds if self._source else None  # noqa: SLF001
            self._bounds = bounds or ([self.start], [self.start + len(self.values[0])])
        return self._bounds

    def fault(self, names: Sequence[str]) -> tuple[str, str, int] | None:
        """Return error type, note and offset if the record does not have one sound cell for each column.

        Examples:
            >>> next(scan("a", Dialect())).fault(["id", "name"])
            ('missing-cell', "the row has 1 cell, the table 2 columns; missing from 'name' on (is a separator
            missing?)", 0)
        """
        width, count = len(names), len(self.values)
        if self.quoting:
            return "structure-error", *self.quoting
        if count == width:
            return None
        if count == 1 and self.ends[0] == self.start:
            return "blank-row", "the row is blank; delete the line", self.start
        note = f"the row has {counted(count, 'cell')}, the table {counted(width, 'column')}"
        if count < width:
            return (
                "missing-cell",
                f"{note}; missing from {names[count]!r} on (is a separator missing?)",
                self.starts[-1],
            )
        extra = f"the first extra cell is {self.values[width]!r} (is a quote missing?)"
        return "extra-cell", f"{note}; {extra}", self.starts[width]


def scan(text: str, dialect: Dialect, start: int = 0, first_row: int = 1) -> Iterator[Record]:
    r"""Yield the records of a text from an offset on, comments among them.

    A quote that is never closed is reported and ends with its line, so that the rest can still be read. A comment is
    a line: quotes in it mean nothing. The time taken grows with the length of the text, whatever it holds.

    Args:
        text: the decoded text.
        dialect: a dialect without faults.
        start: offset of the first record; its line counts as line 1.
        first_row: number of the first record, for ``commentRows``.

    Examples:
        >>> [r.values for r in scan('a,"b, c"\nd,e\n', Dialect())]
        [['a', 'b, c'], ['d', 'e']]
    """
    cells = _Cells(text, dialect)
    row_end, delimiter, splits, splits_quoted = cells.patterns.row_end, dialect.delimiter, *_may_split(dialect)
    quote, escape, one_line = dialect.quote or "\n", dialect.escape or "\n", dialect.terminator is None
    comment, comment_rows = dialect.comment, dialect.comment_rows
    at, line, row, size = start, 1, first_row, len(text)
    while at < size:
        found = row_end.search(text, at)
        stop, end = found.span() if found else (size, size)
        content = text[at:stop]
        if (comment and content.startswith(comment)) or row in comment_rows:
            record = Record([content], line, at, end, None, True)  # noqa: FBT003
        elif splits and quote not in content and escape not in content:
            record = Record(content.split(delimiter), line, at, end, None, False, cells)  # noqa: FBT003
        else:
            record = (splits_quoted and cells.split(at, stop, end, line)) or cells.record(at, line)
        yield record
        line += 1 if one_line and record.end == end else count_lines(text, at, record.end)
        at = record.end
        row += 1


def _may_split(dialect: Dialect) -> tuple[bool, bool]:
    """Return whether a row can be split at its delimiters if it has no quotes, and if it has some."""
    if dialect.skip_initial_space or (len(dialect.delimiter) > 1 and dialect.terminator is not None):
        return False, False  # several characters may overlap with those that end a row
    return True, bool(dialect.quote and len(dialect.delimiter) == 1 and dialect.double_quote and not dialect.escape)


def _split_quoted(content: str, quote: str, delimiter: str) -> list[str] | None:
    """Return the cells of a row with quotes, None if it is no sound record.

    Splitting at the quotes leaves what is outside of them at even places: there it has to begin and end with a
    delimiter, or to be empty, which says that a quote is doubled.
    """
    before, *parts = content.split(quote)
    if not parts:
        return before.split(delimiter)
    if len(parts) % 2 or (before and before[-1] != delimiter):
        return None
    values = before[:-1].split(delimiter) if before else []
    last, doubled = len(parts) - 2, ""
    for place in range(0, len(parts), 2):
        inside, outside = parts[place], parts[place + 1]
        if not outside and place < last:
            doubled += inside + quote
            continue
        values.append(doubled + inside)
        doubled = ""
        if outside == delimiter and place < last:
            continue
        if outside:
            if outside[0] != delimiter or (place < last and (len(outside) == 1 or outside[-1] != delimiter)):
                return None
            values += (outside[1:-1] if place < last else outside[1:]).split(delimiter)
    return values


@dataclass(frozen=True)
class _Patterns:
    """What the scanner looks for.

    Attributes:
        row_end: what ends a row.
        stop: what ends a bare cell: a row end (group 1), a delimiter, or the escape (group 2), which does not end it.
        quotes: inside quotes: a run of them, or with an escape each single mark.
        blanks: what is dropped after a delimiter.
    """

    row_end: re.Pattern[str]
    stop: re.Pattern[str]
    quotes: re.Pattern[str]
    blanks: re.Pattern[str]


@lru_cache
def _patterns(dialect: Dialect) -> _Patterns:
    row_end = r"\r\n|[\r\n]" if dialect.terminator is None else re.escape(dialect.terminator)
    escape = re.escape(dialect.escape) if dialect.escape else r"(?!)"
    quote = re.escape(dialect.quote) if dialect.quote else r"(?!)"
    # The first character of what ends a cell is never dropped, nor is what starts a text.
    kept = {dialect.delimiter[:1], (dialect.terminator or "")[:1], dialect.escape, dialect.quote}
    blanks = "".join(blank for blank in " \t" if blank not in kept)
    return _Patterns(
        re.compile(row_end),
        re.compile(f"({row_end})|{re.escape(dialect.delimiter)}|({escape})"),
        re.compile(f"[{escape}{quote}]" if dialect.escape and dialect.quote else f"(?:{quote})+"),
        re.compile(f"[{blanks}]*+" if dialect.skip_initial_space and blanks else ""),
    )


class _Cells:
    """Reads one text cell by cell, where splitting is not enough."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.patterns = _patterns(dialect)

    def split(self, at: int, stop: int, end: int, line: int) -> Record | None:
        """Return the record that starts at an offset if it is sound, given where its first line stops and ends.

        A line with an odd number of quotes leaves one open, up to the next such line. No line is looked at more than
        twice for it, whatever is found there.
        """
        quote = self.dialect.quote or ""
        if self.text.count(quote, at, stop) % 2:
            for found in self.patterns.row_end.finditer(self.text, end):
                if self.text.count(quote, end, found.start()) % 2:
                    stop, end = found.span()
                    break
                end = found.end()
            else:
                stop = end = len(self.text)
        values = _split_quoted(self.text[at:stop], quote, self.dialect.delimiter)
        return Record(values, line, at, end, _source=self) if values else None

    def record(self, at: int, line: int) -> Record:
        """Return the record that starts at an offset."""
        values: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        quoting: Fault | None = None
        begin, null, skips = at, self.dialect.null_sequence, self.dialect.skip_initial_space
        while True:
            starts.append(at)
            value, stop, fault, found = self._cell(at)
            if null is not None and self.text[at:stop] == null:
                value, fault = null, None  # such as \N, where the backslash is an escape
            values.append(value)
            ends.append(stop)
            quoting = quoting or fault
            at = found.end() if found else stop
            if found is None or found.group(1) is not None:
                return Record(values, line, begin, at, quoting, _bounds=(starts, ends))
            if skips and (blanks := self.patterns.blanks.match(self.text, at)):
                at = blanks.end()

    def _cell(self, at: int) -> tuple[str, int, Fault | None, re.Match[str] | None]:
        """Return a cell's value, the offset after it, a fault of its quotes, and what ends it (None: the text)."""
        quote = self.dialect.quote
        if not quote or not self.text.startswith(quote, at):
            return self._bare(at, at)
        value, close = self._quoted(at)
        if close < 0:
            value, stop, _, found = self._bare(at, at)
            return value, stop, (NEVER_CLOSED, at), found
        rest, stop, _, found = self._bare(close, -1)
        doubled = self.dialect.double_quote or not self.dialect.escape
        fault = (_AFTER_QUOTE if doubled else _AFTER_QUOTE_ESCAPED, close) if stop > close else None
        return value + rest, stop, fault, found

    def _bare(self, at: int, begin: int) -> tuple[str, int, Fault | None, re.Match[str] | None]:
        """Read up to a delimiter or row end; quotes are looked for from ``begin`` on (-1: not at all)."""
        text, quote, fault, parts = self.text, self.dialect.quote, None, []
        while True:
            found = self.patterns.stop.search(text, at)
            stop = found.start() if found else len(text)
            part = text[at:stop]
            inside = part.find(quote) if quote and begin >= 0 else -1
            if inside >= 0 and fault is None:
                fault = _INSIDE, at + inside
            parts.append(part)
            if found is None or found.group(2) is None:
                return "".join(parts), stop, fault, found
            escaped, at = self._escaped(found.end())
            if not escaped:
                return "".join([*parts, found.group(2)]), at, fault or (_ESCAPES_NOTHING, stop), None
            parts.append(escaped)

    def _escaped(self, at: int) -> tuple[str, int]:
        """Return what an escape before this offset makes text: one character, or a line end of two."""
        pair = self.dialect.terminator is None and self.text.startswith("\r\n", at)
        escaped = self.text[at : at + (2 if pair else 1)]
        return escaped, at + len(escaped)

    def _quoted(self, at: int) -> tuple[str, int]:
        """Return the value between quotes and the offset after the closing one, -1 if there is none.

        Looking for it in vain happens once in a text at most: behind such a quote all others stand in pairs or are
        escaped, so each cell that starts with one of them ends at the next.
        """
        if self.dialect.escape:
            return self._quoted_with_escapes(at)
        quote, body = self.dialect.quote or "", at + 1
        if not self.dialect.double_quote:
            close = self.text.find(quote, body)
            return self.text[body : max(close, body)], close + 1 if close >= 0 else -1
        for run in self.patterns.quotes.finditer(self.text, body):
            if (run.end() - run.start()) % 2:
                return self.text[body : run.end() - 1].replace(quote * 2, quote), run.end()
        return "", -1

    def _quoted_with_escapes(self, at: int) -> tuple[str, int]:
        text, quote, parts = self.text, self.dialect.quote or "", []
        at += 1
        while found := self.patterns.quotes.search(text, at):
            parts.append(text[at : found.start()])
            if found.group() != quote:
                escaped, at = self._escaped(found.end())
                parts.append(escaped)
            elif self.dialect.double_quote and text.startswith(quote, found.end()):
                parts.append(quote)
                at = found.end() + 1
            else:
                return "".join(parts), found.end()
        return "", -1


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where that is due.

    Examples:
        >>> counted(1, "cell"), counted(2, "cell")
        ('1 cell', '2 cells')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
