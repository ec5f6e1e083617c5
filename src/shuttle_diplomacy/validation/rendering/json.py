"""The report as JSON: a superset of the Frictionless report."""

import json
from collections import Counter
from typing import Any

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.package.finding import Severity
from shuttle_diplomacy.validation.rendering.kinds import CHECKS, kind_of
from shuttle_diplomacy.validation.report import Report, Task

_OF_HEADER = set(CHECKS["header"]) - {"repeated-header"}
_OF_CELL = {"extra-cell", "missing-cell", "type-error", "constraint-error", "unique-error", *_OF_HEADER}
_OF_CELL -= {"blank-header"}
_OF_ROW = {"blank-row", "primary-key", "foreign-key", *_OF_CELL} - _OF_HEADER


def render(report: Report, *, second_opinion: dict[str, Any] | None = None) -> str:
    """Return the report as one JSON object, ending with a line end.

    Args:
        report: the report.
        second_opinion: what another validator says, where it was asked.

    Examples:
        >>> json.loads(render(Report("p", failure="no such file")))["valid"]
        False
    """
    tasks = [_task(t) for t in report.all_tasks if t.name or t.error_count or t.warning_count]
    failure = [_finding(Finding("package-error", report.failure))] if report.failure else []
    value: dict[str, Any] = {
        "valid": report.valid,
        "package": report.package,
        "stats": {
            "tasks": len(tasks),
            "errors": report.error_count,
            "warnings": report.warning_count,
            "rows": report.row_count,
            "types": _types(report.counts, "error"),
            "warningTypes": _types(report.counts, "warning"),
        },
        "warnings": [],
        "errors": failure,
        "tasks": tasks,
        "rules": {
            "ran": report.rules.ran,
            "notRun": [{"rule": rule, "reason": reason} for rule, reason in report.rules.not_run],
            "reason": report.rules.reason,
        },
    }
    if second_opinion is not None:
        value["secondOpinion"] = second_opinion
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _task(task: Task) -> dict[str, Any]:
    return {
        "name": task.name or "package",
        "type": "table" if task.labels else "file",
        "valid": not task.error_count,
        "place": task.path,
        "labels": task.labels,
        "stats": {
            "errors": task.error_count,
            "warnings": task.warning_count,
            "rows": task.rows,
            "types": _types(task.counts, "error"),
            "warningTypes": _types(task.counts, "warning"),
        },
        "errors": [_finding(f) for f in task.errors],
        "warnings": [_finding(f) for f in task.warnings],
    }


def _types(counts: Counter[tuple[str, Severity]], severity: Severity) -> dict[str, int]:
    return {kind: number for (kind, how), number in sorted(counts.items()) if how == severity and number}


def _finding(finding: Finding) -> dict[str, Any]:
    """Return a finding; what Frictionless knows is left out where there is none, since it allows no null there."""
    kind = kind_of(finding.type)
    return {
        "type": finding.type,
        "title": kind.title,
        "description": kind.help,
        "message": f"{finding.place}: {finding.note}",
        "tags": [],
        "note": finding.note,
        **_theirs(finding),
        "severity": finding.severity,
        "rule": finding.rule,
        "key": finding.key,
        "line": finding.line,
        "column": finding.column,
        "width": finding.width,
        "byteOffset": finding.byte_offset,
        "sourceLine": finding.source_line,
        "sourceColumn": None if finding.source_line is None else finding.source_start,
        "pointer": finding.pointer,
    }


def _theirs(finding: Finding) -> dict[str, Any]:
    """Return what Frictionless says of an error; it cannot read one that lacks what belongs to its type."""
    known = {
        "rowNumber": finding.row_number,
        "fieldName": finding.field_name,
        "fieldNumber": finding.field_number,
        "cell": finding.cell,
    }
    values: dict[str, Any] = {name: value for name, value in known.items() if value is not None}
    if finding.type in _OF_ROW:
        values["cells"] = []  # the whole row is not kept
    if finding.type in _OF_HEADER:
        values |= {"labels": [], "rowNumbers": [finding.row_number or 1]}
    if finding.type in _OF_HEADER & _OF_CELL:
        values["label"] = finding.cell or ""
    if finding.type in _OF_CELL:
        values = {"fieldName": "", "fieldNumber": 0, "cell": "", **values}
    if finding.type == "foreign-key":
        fields = [finding.field_name] if finding.field_name else []
        values |= {"fieldNames": fields, "fieldCells": [finding.cell or ""] * len(fields)}
        values |= {"referenceName": "", "referenceFieldNames": []}
    return values
