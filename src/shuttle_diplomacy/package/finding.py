"""One thing that is wrong with a package: the record behind every line of a report."""

import unicodedata
from dataclasses import dataclass, replace
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
