"""A review as JSON: the object of the difference, and beside it what a reviewer has to look at."""

import dataclasses
from typing import Any

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.review.rendering.json import as_json, as_table, dumped
from shuttle_diplomacy.review.reviewed import Review


def render(review: Review, most: int | None) -> str:
    """Return a review as one JSON object, ending with a line end."""
    counts = {
        "errors": {"before": review.errors[1], "after": review.errors[0]},
        "new": len(review.new),
        "gone": len(review.gone),
        "rows": len(review.rows),
        "uncited": len(review.uncited),
        "lostSources": len(review.lost),
        "texts": len(review.texts),
        "textsNotLookedAt": review.unlooked,
        "derived": len(review.derived),
    }
    value: dict[str, Any] = {
        **as_json(review.difference, review.verdict, most),
        "review": {
            "counts": counts,
            "new": [_finding(f) for f in review.new[:most]],
            "gone": [_finding(f) for f in review.gone[:most]],
            "rows": [
                {
                    "table": row.table,
                    "record": row.record,
                    "how": row.how,
                    "grade": row.grade,
                    "gradeBefore": row.grade_before,
                    "citations": [dataclasses.asdict(c) for c in row.citations],
                }
                for row in review.rows[:most]
            ],
            "lostSources": [dataclasses.asdict(item) for item in review.lost[:most]],
            "texts": [dataclasses.asdict(item) for item in review.texts[:most]],
            "derived": [as_table(table, most) for table in review.derived],
            "notLookedAt": list(review.unsaid),
        },
    }
    return dumped(value)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "type": finding.type,
        "rule": finding.rule,
        "severity": finding.severity,
        "resource": finding.resource or None,
        "key": finding.key,
        "field": finding.field_name,
        "note": finding.note,
    }
