"""The report as JSON: a superset of the Frictionless report."""

import json
from typing import Any

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.report import Report, Task

_TITLES = {"rule-error": "Rule", "foreign-key": "Foreign key", "primary-key": "Primary key"}


def render(report: Report) -> str:
    """Return the report as one JSON object, ending with a line end.

    Examples:
        >>> json.loads(render(Report("p", failure="no such file")))["valid"]
        False
    """
    tasks = [_task(t) for t in report.all_tasks if t.name or t.error_count or t.warning_count]
    value: dict[str, Any] = {
        "valid": report.valid,
        "package": report.package,
        "stats": {
            "tasks": len(tasks),
            "errors": report.error_count,
            "warnings": report.warning_count,
            "rows": report.row_count,
        },
        "warnings": [],
        "errors": [{"type": "package-error", "message": report.failure, "note": report.failure}]
        if report.failure
        else [],
        "tasks": tasks,
        "rules": {
            "ran": report.rules.ran,
            "notRun": [{"rule": rule, "reason": reason} for rule, reason in report.rules.not_run],
            "reason": report.rules.reason,
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _task(task: Task) -> dict[str, Any]:
    return {
        "name": task.name or "package",
        "type": "table" if task.labels else "file",
        "valid": not task.error_count,
        "place": task.path,
        "labels": task.labels,
        "stats": {"errors": task.error_count, "warnings": task.warning_count, "rows": task.rows},
        "errors": [_finding(f) for f in task.errors],
        "warnings": [_finding(f) for f in task.warnings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    title = _TITLES.get(finding.type, finding.type.replace("-", " ").capitalize())
    return {
        "type": finding.type,
        "title": title,
        "message": f"{finding.place}: {finding.note}",
        "note": finding.note,
        "severity": finding.severity,
        "rule": finding.rule,
        "rowNumber": finding.row_number,
        "fieldName": finding.field_name,
        "fieldNumber": finding.field_number,
        "cell": finding.cell,
        "key": finding.key,
        "line": finding.line,
        "column": finding.column,
        "byteOffset": finding.byte_offset,
    }
