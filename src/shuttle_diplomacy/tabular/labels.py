"""The labels of a file: reading its header rows, and names for columns that no schema names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.tabular.scanner import Dialect, Record, column_of, count_lines, scan


@dataclass(frozen=True)
class Label:
    """One label and where it is.

    Attributes:
        text: the label; of several header rows joined.
        line, column: physical line and column of its cell in the last header row; None where it is in no line.
        start, end: offsets of this cell in the text.
    """

    text: str
    line: int | None = None
    column: int | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Labels:
    """The header of a file.

    Attributes:
        found: the labels; None where the file has none (``header: false``).
        row: number of the last header row; the first row of data is ``row + 1``.
        line: physical line at which the rows of data start, from 1.
        end: offset in the text at which they start.
        faults: why there are no labels to be read, if so.
    """

    found: tuple[Label, ...] | None
    row: int = 0
    line: int = 1
    end: int = 0
    faults: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str], line: int | None = None) -> "Labels":
        """Return labels that are no cells of a text, such as the keys of JSON objects."""
        return cls(tuple(Label(text, line, line and 1) for text in texts), row=1)

    @property
    def texts(self) -> list[str]:
        """Return the labels' texts, empty where there are none."""
        return [label.text for label in self.found or ()]


def read_labels(text: str, dialect: Dialect, start: int = 0) -> Labels:
    r"""Return the labels at the head of a text and where the rows of data start.

    Several header rows are joined; a shorter one repeats its last label, and blank cells are left out. Rows before
    and between the header rows are skipped. Where the first row is a comment the next one is the header.

    Args:
        text: the head of the file, at least up to the end of its header rows.
        dialect: a dialect without faults.
        start: offset of the first record, behind a byte order mark.

    Examples:
        >>> read_labels("fruit\nid,name\n1,apple\n", Dialect(header_rows=(1, 2))).texts
        ['fruit id', 'fruit name']
    """
    if not dialect.header:
        return Labels(None, end=start)
    rows: list[Record] = []
    row = 0
    for row, record in enumerate(scan(text, dialect, start), 1):
        is_header = row in dialect.header_rows or dialect.header_rows == (1,)
        if is_header and not record.comment:
            rows.append(record)
        if row >= dialect.header_rows[-1] and (rows or dialect.header_rows != (1,)):
            break
    if not rows or row < dialect.header_rows[-1]:
        note = "the file is empty; it needs a header row" if not row else "the file ends before its header row"
        return Labels(None, faults=(Finding("source-error", note),))
    faults = tuple(_faults(text, start, row, rows))
    line = 1 + count_lines(text, start, record.end)
    return Labels(_joined(text, start, rows, dialect.header_join), row, line, record.end, faults)


def _faults(text: str, start: int, number: int, rows: list[Record]) -> Iterable[Finding]:
    for record in rows:
        if record.quoting:
            note, at = record.quoting
            line = record.line + count_lines(text, record.start, at)
            yield Finding("structure-error", note, row_number=number, line=line, column=_column(text, start, at))
    if all(record.values == [""] for record in rows):
        yield Finding("blank-header", "the header row is blank", row_number=number, line=rows[-1].line, column=1)


def _column(text: str, start: int, at: int) -> int:
    """Return the column of an offset where a line starts at ``start``, though a byte order mark is before it."""
    return min(column_of(text, at), at - start + 1)


def _joined(text: str, start: int, rows: list[Record], join: str) -> tuple[Label, ...]:
    last, width = rows[-1], max(len(record.values) for record in rows)
    line, at, labels = last.line, last.start, []
    column = _column(text, start, at)
    for number in range(width):
        parts = [record.values[min(number, len(record.values) - 1)] for record in rows]
        place = min(number, len(last.values) - 1)
        begin, end = last.starts[place], last.ends[place]
        lines = count_lines(text, at, begin)  # a label before it may hold line ends
        line, column, at = line + lines, _column(text, start, begin) if lines else column + begin - at, begin
        labels.append(Label(join.join(part for part in parts if part), line, column, begin, end))
    return tuple(labels)


def field_names(labels: Labels, width: int = 0) -> list[str]:
    """Return names for the columns of a table without a schema: its labels, made unique and never blank.

    Args:
        labels: the header of the file.
        width: number of columns, needed where the file has no labels.

    Examples:
        >>> field_names(Labels.of(["a", "", "a"])), field_names(Labels(None), 2)
        (['a', 'field2', 'a2'], ['field1', 'field2'])
    """
    wanted = labels.texts if labels.found is not None else [""] * width
    names: list[str] = []
    used: set[str] = set()
    tried: Counter[str] = Counter()
    for number, text in enumerate(wanted, 1):
        base = name = text or f"field{number}"
        while name in used:
            tried[base] += 1
            name = f"{base}{tried[base] + 1}"
        used.add(name)
        names.append(name)
    return names
