"""A difference as JSON: one object, its numbers true whatever is listed."""

import json
import re
from typing import Any

from shuttle_diplomacy.review.difference import Change, Difference, Stored, TableDifference
from shuttle_diplomacy.review.semver import Verdict
from shuttle_diplomacy.validation.rendering.wording import LOG_COMMAND

# What json.dumps leaves as it is although it is no visible character: later controls, formats, bidi, separators, tags.
_STEERING = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def render(difference: Difference, verdict: Verdict, most: int | None) -> str:
    """Return a difference as one JSON object, ending with a line end."""
    return dumped(as_json(difference, verdict, most))


def dumped(value: Any) -> str:
    r"""Return a value as JSON in which nothing steers a terminal or a build log: such characters are escapes.

    Examples:
        >>> print(dumped("##[group] \x9b \u202e \u65e5"), end="")
        "#\u0023[group] \u009b \u202e \u65e5"
    """
    text = _STEERING.sub(_escape, json.dumps(value, ensure_ascii=False, indent=2))
    return LOG_COMMAND.sub(r"#\\u0023", text) + "\n"


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]


def as_json(difference: Difference, verdict: Verdict, most: int | None) -> dict[str, Any]:
    """Return a difference as JSON values."""
    return {
        "old": {"where": difference.old, "version": difference.old_version},
        "new": {"where": difference.new, "version": difference.new_version},
        "same": difference.same,
        "version": {
            "needed": verdict.needed.word,
            "enough": verdict.enough,
            "text": verdict.text,
            "reasonCount": len(verdict.reasons),
            "reasons": [
                {"level": r.level.word, "table": r.table or None, "text": r.text} for r in verdict.reasons[:most]
            ],
        },
        "tables": [as_table(table, most) for table in difference.tables],
        "package": [_change(change) for change in difference.properties],
        "noise": [_change(change) for change in difference.noise],
    }


def as_table(table: TableDifference, most: int | None) -> dict[str, Any]:
    """Return what differs in one table as JSON values."""
    listed = table.status == "changed"
    renamed = table.renamed if most is None else table.renamed.head(most)
    return {
        "name": table.name,
        "status": table.status,
        "reason": table.reason or None,
        "key": list(table.key),
        "rows": {"before": table.rows_before, "after": table.rows_after},
        "counts": {
            "added": table.added_rows,
            "removed": table.removed_rows,
            "changed": table.changed_rows,
            "respelt": table.respelt_rows,
            "renamed": table.renamed.height,
            "cells": table.cells.height,
        },
        "added": _rows(table.added, table, most) if listed else [],
        "removed": _rows(table.removed, table, most) if listed else [],
        "renamed": [
            {"before": before, "after": after, "oldRow": old_row, "row": row}
            for before, after, old_row, row in renamed.iter_rows()
        ],
        "changed": [_changed(cells) for cells in table.changed(most)],
        "schema": [_change(change) for change in table.schema],
        "properties": [_change(change) for change in table.properties],
        "noise": [_change(change) for change in table.noise],
    }


def _rows(rows: Stored | None, table: TableDifference, most: int | None) -> list[dict[str, Any]]:
    if rows is None:
        return []
    shown = rows.head(rows.text.height if most is None else most)
    key = table.key if set(table.key) <= set(rows.schema.names) else rows.schema.primary_key
    ids, numbers = rows.ids(key, len(shown)), rows.numbers.head(len(shown))
    return [{"key": id_, "row": row, "cells": cells} for id_, row, cells in zip(ids, numbers, shown, strict=True)]


def _changed(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kept = ("field", "before", "after", "respelt")
    return {
        "key": cells[0]["key"],
        "row": cells[0]["row"],
        "oldRow": cells[0]["old_row"],
        "cells": [{name: cell[name] for name in kept} for cell in cells],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "field": change.field or None,
        "what": change.what,
        "before": change.before,
        "after": change.after,
        "note": change.note or None,
    }
