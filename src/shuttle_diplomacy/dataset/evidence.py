"""How well the rows are attested: the figures of the view ``evidence_by_table``, for people."""

from typing import Any

from shuttle_diplomacy.dataset.opened import OpenPackage

_VIEW = "evidence_by_table"
_COUNTS = ("records", "grade_a", "grade_b", "grade_c", "grade_d")
_SUMMED = (*_COUNTS, "graded", "two_publishers", "both_sides", "field_citations", "contradicted")
_HEADER = ("table", "rows", "A", "B", "C", "D", "two publishers", "both sides", "cells cited", "contradicted")


def evidence_summary(data: OpenPackage) -> str:
    """Return a table of grades, of shares with two publishers and with sources of both sides, and of contradictions.

    Args:
        data: the bundled package; any other has no such view.

    Raises:
        UnknownNameError: the package has no such view.
    """
    tables = data.load(_VIEW).to_dicts()
    total = {"table_name": "all", **{name: sum(t[name] for t in tables) for name in _SUMMED}}
    lines = [_HEADER, *(_line(t) for t in tables), _line(total)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [
        "  ".join([first.ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(rest, widths[1:], strict=True))])
        for first, *rest in lines
    ]
    note = "Shares are of the rows with a grade; an absence that rests on silent pages alone has none."
    return "\n".join([*shown, "", note])


def _line(table: dict[str, Any]) -> tuple[str, ...]:
    counts = [f"{table[name]:,}" for name in _COUNTS]
    shares = [_share(table[name], table["graded"]) for name in ("two_publishers", "both_sides")]
    return str(table["table_name"]), *counts, *shares, f"{table['field_citations']:,}", f"{table['contradicted']:,}"


def _share(count: int, whole: int) -> str:
    """Return a count as a share.

    Examples:
        >>> _share(1, 3), _share(0, 0)
        ('33 %', '-')
    """
    return f"{100 * count / whole:.0f} %" if whole else "-"
