"""A difference as Markdown: collapsed per table.

Whatever comes from a package stands in ``<code>`` with each special character as an entity: entities alone would not
do, since GitHub looks for mentions and links in what they stand for.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from shuttle_diplomacy.review.difference import Change, Difference, Stored, TableDifference
from shuttle_diplomacy.review.rendering import wording
from shuttle_diplomacy.review.semver import Verdict
from shuttle_diplomacy.validation.rendering.markdown import code, escaped
from shuttle_diplomacy.validation.rendering.wording import count

ENOUGH = 50_000  # characters; a comment on GitHub holds 65,536
_FEWER = (5, 1)  # what is listed of each kind where there is not room for more
_LONGEST = 200
Part = Callable[[int | None], list[str]]


def render(difference: Difference, verdict: Verdict, most: int | None) -> str:
    """Return a difference as Markdown, ending with a line end."""
    lines = [*heading(difference, verdict), *fitting(body(difference), most, ENOUGH), *beside(difference)]
    return "\n".join(lines).rstrip("\n") + "\n"


def heading(difference: Difference, verdict: Verdict) -> list[str]:
    """Return what is compared, the numbers, and what it asks of the version."""
    old, new = (
        f"{code(side)} ({code(wording.version(number))})"
        for side, number in ((difference.old, difference.old_version), (difference.new, difference.new_version))
    )
    mark = "✅" if verdict.enough else "⚠️"
    return [
        f"### {old} → {new}",
        "",
        f"{wording.headline(difference)}",
        "",
        f"{mark} Version: {code(verdict.text)}",
        "",
    ]


def body(difference: Difference) -> list[Part]:
    """Return what makes the collapsed part of each table, and that of the package."""
    parts = [partial(_table, table) for table in difference.tables if not table.same]
    return [*parts, *([partial(_package, difference.properties)] if difference.properties else [])]


def fitting(parts: Sequence[Part], most: int | None, room: int) -> list[str]:
    """Return the lines of the parts, each with as much as there is room for, and what is missing counted.

    Args:
        parts: each gives its lines when it is told how much to list; none of them where it has nothing to say.
        most: how much each lists if there is room.
        room: characters.
    """
    found = [(part, lines) for part in parts if (lines := part(0))]
    short = [lines for _, lines in found]
    while short and _size(short) > room:
        short.pop()
    left = room - _size(short)
    shown: list[str] = []
    for (part, _), lines in zip(found, short, strict=False):
        longer = (part(few) for few in (most, *_FEWER) if few is None or most is None or few <= most)
        best = next((more for more in longer if _size([more]) - _size([lines]) <= left), lines)
        left -= _size([best]) - _size([lines])
        shown += best
    if missing := len(found) - len(short):
        shown += [f"{count(missing, 'more part')} not shown here, too long for a comment.", ""]
    return shown


def _size(parts: Sequence[Sequence[str]]) -> int:
    return sum(len(line) + 1 for lines in parts for line in lines)


def beside(difference: Difference) -> list[str]:
    """Return what changed with every change."""
    return [f"Beside that: {escaped(noise)}.", ""] if (noise := wording.noise(difference)) else []


def details(summary: str, lines: Sequence[str]) -> list[str]:
    """Return lines that are collapsed below a summary, which is Markdown already."""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return [f"<details><summary>{summary}</summary>", "", text, "", "</details>", ""]


def table_of(header: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> list[str]:
    """Return a table, nothing where it has no rows; its cells are Markdown already."""
    rows = list(rows)
    if not rows:
        return []
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def cell(text: str | None) -> str:
    """Return the text of a cell, shortened where it is long."""
    return code(wording.around(text, "", _LONGEST)[0]) if text else "<i>empty</i>"


def _table(table: TableDifference, most: int | None) -> list[str]:
    lines: list[str] = [code(table.reason), ""] if table.reason else []
    for title, changes in (("Schema", table.schema), ("Other properties", table.properties)):
        lines += _changes(title, changes, most)
    if table.status == "changed":
        lines += _rows("Added", table.added, table, most)
        lines += _rows("Removed", table.removed, table, most)
        lines += _renamed(table, most)
        lines += _changed(table, most)
    return details(f"{code(table.name)}: {escaped(wording.counts(table))}", lines)


def _package(changes: Sequence[Change], most: int | None) -> list[str]:
    return details(f"metadata of the package: {count(len(changes), 'change')}", _changes("", changes, most))


def _changes(title: str, changes: Sequence[Change], most: int | None) -> list[str]:
    if not changes:
        return []
    shown = [wording.change(item, _LONGEST) for item in changes[:most]]
    lines = [f"**{title}**", ""] if title else []
    rows = [[escaped(kind), code(where), code(before), code(after)] for kind, where, before, after in shown]
    return [*lines, *table_of(["change", "where", "before", "after"], rows), *_rest(len(changes), len(shown), "change")]


def _rows(title: str, rows: Stored | None, table: TableDifference, most: int | None) -> list[str]:
    if rows is None or not rows.text.height:
        return []
    total = rows.text.height
    shown = rows.head(total if most is None else most)
    key = table.key if set(table.key) <= set(rows.schema.names) else rows.schema.primary_key
    ids = rows.ids(key, len(shown))
    lines = []
    for number, cells in enumerate(shown):
        content = [f"{code(name)} {cell(text)}" for name, text in cells.items() if text and name not in key]
        lines.append([_row(ids[number], rows.numbers[number]), "<br>".join(content)])
    return [f"**{title}**", "", *table_of(["row", "cells"], lines), *_rest(total, len(shown), f"row {title.lower()}")]


def _renamed(table: TableDifference, most: int | None) -> list[str]:
    if not table.renamed.height:
        return []
    shown = table.renamed if most is None else table.renamed.head(most)
    rows = [[cell(before), cell(after)] for before, after, _, _ in shown.iter_rows()]
    more = _rest(table.renamed.height, shown.height, "key renamed")
    return ["**Renamed**, the rest of the row being the same", "", *table_of(["before", "after"], rows), *more]


def _changed(table: TableDifference, most: int | None) -> list[str]:
    if not table.changed_rows:
        return []
    rows = []
    changed = table.changed(most)
    for cells in changed:
        for number, item in enumerate(cells):
            before, after = wording.around(item["before"] or "", item["after"] or "", _LONGEST)
            note = " <i>only respelt</i>" if item["respelt"] else ""
            rows.append(
                [
                    _row(item["key"], item["row"]) if not number else "",
                    code(item["field"]),
                    cell(before),
                    cell(after) + note,
                ]
            )
    more = _rest(table.changed_rows, len(changed), "row changed")
    return ["**Changed**", "", *table_of(["row", "field", "before", "after"], rows), *more]


def _row(key: str, row: int) -> str:
    return code(key) or f"row {row}"


def _rest(total: int, shown: int, noun: str) -> list[str]:
    text = wording.rest(total, shown, noun)
    return ["", text, ""] if text else [""]
