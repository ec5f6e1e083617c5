"""One thing that is wrong with a package, and the bounded collection of such things behind every report."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

_STEERING = {"Cc", "Cf", "Zl", "Zp"}
Severity = Literal["error", "warning"]


def plain(text: str) -> str:
    r"""Return the text with control characters made visible, so that no cell or name can steer the terminal.

    Examples:
        >>> plain("a\x1b[31m")
        'a\\x1b[31m'
    """
    return "".join(c if unicodedata.category(c) not in _STEERING else c.encode("unicode_escape").decode() for c in text)


@dataclass(frozen=True, slots=True)
class Finding:
    """An error or warning about a descriptor, a table, a row or a cell.

    Attributes:
        type: the error's type, spelt as frictionless spells it where it has one (``type-error``, ``foreign-key``).
        note: what is wrong, the value found and what is allowed, in one sentence.
        resource: name of the resource, or an empty text for the package itself.
        path: the resource's path inside the package, as the descriptor spells it.
        row_number: number of the record in its file, the header being 1 (as frictionless counts).
        field_name: name of the field.
        field_number: position of the field, from 1.
        cell: the text found, as stored.
        line: physical line in the file, from 1.
        column: column in that line, from 1, in Unicode code points.
        byte_offset: offset of the cell in the stored file, from 0; ``None`` in compressed input.
        key: the primary key of the row, by field name.
        rule: id of the SQL rule that fired.
        severity: ``error`` or ``warning``.
        source_line: the physical line as stored, shortened around the cell where it is long; starts at code point
            ``source_start`` of the line.
        source_start: column (from 1) at which ``source_line`` starts.
        width: how many code points of that line the cell takes, quotes included.
        pointer: JSON Pointer (RFC 6901) into the descriptor, for what is wrong with it.
    """

    type: str
    note: str
    resource: str = ""
    path: str = ""
    row_number: int | None = None
    field_name: str | None = None
    field_number: int | None = None
    cell: str | None = None
    line: int | None = None
    column: int | None = None
    byte_offset: int | None = None
    key: dict[str, str] | None = None
    rule: str | None = None
    severity: Severity = "error"
    source_line: str | None = None
    source_start: int = 1
    width: int | None = None
    pointer: str | None = None

    def at(self, **changes: Any) -> "Finding":
        """Return a copy with some attributes set.

        Examples:
            >>> Finding("type-error", "no date").at(line=3).line
            3
        """
        return replace(self, **changes)

    @property
    def place(self) -> str:
        """Return where it is, as editors understand it.

        Examples:
            >>> Finding("type-error", "no date", path="data/a.csv", line=3, column=5).place
            'data/a.csv:3:5'
            >>> Finding("schema-error", "no fields", resource="a").place
            'a'
        """
        where = self.path or self.resource or "datapackage.json"
        return ":".join([where, *(str(n) for n in (self.line, self.column) if n is not None)])


@dataclass
class Findings:
    """Findings of one resource: all are counted, of each type only so many are kept.

    Attributes:
        limit: how many of each type are kept (0: all).
        kept: the findings that are kept, in the order in which they were found.
        counts: the true number, by type and severity.

    Examples:
        >>> found = Findings(limit=1)
        >>> found.extend([Finding("type-error", "no date"), Finding("type-error", "no number")])
        >>> found.count("type-error", 7)
        >>> len(found.kept), found.total("error"), found.room("type-error"), found.room("blank-row")
        (1, 9, 0, 1)
    """

    limit: int = 0
    kept: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, Severity]] = field(default_factory=Counter)
    _kept: Counter[str] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if there is room."""
        self.counts[finding.type, finding.severity] += 1
        if not self.limit or self._kept[finding.type] < self.limit:
            self._kept[finding.type] += 1
            self.kept.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add several."""
        for finding in findings:
            self.add(finding)

    def count(self, kind: str, number: int, severity: Severity = "error") -> None:
        """Count findings that are not described one by one."""
        if number:
            self.counts[kind, severity] += number

    def room(self, kind: str) -> int | None:
        """Return how many more of a type will be kept; None: all."""
        return max(self.limit - self._kept[kind], 0) if self.limit else None

    def total(self, severity: Severity) -> int:
        """Return the true number of findings of a severity."""
        return sum(number for (_, kind), number in self.counts.items() if kind == severity)

    @property
    def types(self) -> set[str]:
        """Return the types that occur."""
        return {kind for kind, _ in self.counts}
