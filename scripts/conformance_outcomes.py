"""Comparing what a tool says of a conformance case with what is right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.conformance_cases import Case

AGREES, FALSE_PASS, FALSE_ALARM = "agrees", "false pass", "false alarm"
WRONG_PLACE, SILENT, CRASH, NOT_JUDGED = "wrong place", "silent", "crash", "not judged"
OUTCOMES = (AGREES, FALSE_PASS, FALSE_ALARM, WRONG_PLACE, SILENT, CRASH, NOT_JUDGED)


@dataclass(frozen=True)
class Judgement:
    """What a tool says of a package.

    Attributes:
        valid: its verdict; None where it gives none.
        errors: its errors, each with those of type, resource, row, field, line and column that it knows.
        warnings: the types of its warnings; None where it has no such thing.
        crash: one sentence where it failed.
        crashed: the rows on whose values alone it failed.
    """

    valid: bool | None = None
    errors: Sequence[dict[str, Any]] = ()
    warnings: Sequence[str] | None = None
    crash: str = ""
    crashed: Sequence[int] = ()


def outcomes(case: Case, judgement: Judgement, *, strict: bool = False) -> Iterator[str]:
    """Yield the outcome of a case, or of each of its values.

    Args:
        case: the case.
        judgement: what a tool says.
        strict: whether types of errors, lines and columns count, too (they do for our gate; other tools may name
            errors as they like, and few know lines).
    """
    if judgement.crash:
        yield from (CRASH for _ in case.names)
    elif judgement.valid is None:
        yield from (NOT_JUDGED for _ in case.names)
    elif case.cells:
        yield from _outcomes_of_cells(case, judgement, strict=strict)
    elif judgement.valid != case.valid:
        yield FALSE_PASS if judgement.valid else FALSE_ALARM
    elif not (_same if strict else _alike)(case.expected, judgement.errors):
        yield WRONG_PLACE
    elif case.warnings is None or (not strict and not case.warnings):
        yield AGREES
    else:
        yield AGREES if sorted(set(case.warnings)) == sorted(set(judgement.warnings or [])) else SILENT


def _outcomes_of_cells(case: Case, judgement: Judgement, *, strict: bool) -> Iterator[str]:
    by_row: dict[Any, list[dict[str, Any]]] = {}
    for error in judgement.errors:
        by_row.setdefault(error.get("row"), []).append(error)
    refused = not judgement.valid and not set(by_row) - {None, 1}  # the descriptor, not a value
    for row, cell in enumerate(case.cells, 2):
        found = by_row.get(row, [])
        if row in judgement.crashed:
            yield CRASH
        elif refused:
            yield FALSE_ALARM if cell.valid else NOT_JUDGED
        elif cell.valid or not found:
            yield FALSE_ALARM if found else AGREES if cell.valid else FALSE_PASS
        else:
            fits = any(e.get("field") in {"value", None} for e in found)
            if strict:
                fits = all(e.get("field") == "value" and e.get("type") == case.error for e in found)
            yield AGREES if fits else WRONG_PLACE


def _same(expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> bool:
    """Return whether the errors are those that are expected, one for one, in all that is said of each."""
    left = list(found)
    for wanted in sorted(expected, key=len, reverse=True):
        fitting = next((e for e in left if all(e.get(key) == value for key, value in wanted.items())), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return not left


def _alike(expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> bool:
    """Return whether the errors stand in the expected rows and fields, as far as both sides name them."""
    rows = {error["row"] for error in expected if "row" in error}
    if not rows or len(rows) < len({e.get("row") or e.get("line") for e in expected}):
        return True
    fields = {(error["row"], error["field"]) for error in expected if "field" in error}
    named = {(error["row"], error["field"]) for error in found if error.get("field") and error.get("row")}
    rows_named = {row for row, _ in named}
    same_fields = all(pair in named for pair in fields if pair[0] in rows_named)
    return rows == {error["row"] for error in found if error.get("row")} and same_fields


def outcomes_of_metadata(case: Case, judgement: Judgement) -> Iterator[str]:
    """Yield the outcomes of a tool that reads no data: elsewhere only a sound descriptor that it refuses counts."""
    if case.about_metadata or judgement.valid is None:
        yield from outcomes(case, judgement)
        return
    yield NOT_JUDGED if judgement.valid else FALSE_ALARM
    yield from (NOT_JUDGED for _ in case.names[1:])
