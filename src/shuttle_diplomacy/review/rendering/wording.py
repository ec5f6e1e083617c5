"""Words that every form of a difference shares."""

import json
from typing import Any

from shuttle_diplomacy.review.difference import Change, Difference, TableDifference
from shuttle_diplomacy.validation.rendering.wording import count, harmless

_BRIEF = 160
_LEAD = 30  # characters shown before the first that differs


def counts(table: TableDifference) -> str:
    """Return what differs in a table, in numbers."""
    if table.status == "added":
        return f"table added, {count(table.rows_after, 'row')}"
    if table.status == "removed":
        return f"table removed, {count(table.rows_before, 'row')}"
    if table.status == "unread":
        return "could not be compared"
    found = [
        f"{count(table.added_rows, 'row')} added" if table.added_rows else "",
        f"{count(table.removed_rows, 'row')} removed" if table.removed_rows else "",
        f"{count(table.changed_rows, 'row')} changed" if table.changed_rows else "",
        f"{count(table.renamed.height, 'key')} renamed" if table.renamed.height else "",
        count(len(table.schema), "schema change") if table.schema else "",
        count(len(table.properties), "other property") if len(table.properties) == 1 else "",
        f"{len(table.properties):,} other properties" if len(table.properties) > 1 else "",
    ]
    respelt = f" ({table.respelt_rows:,} only respelt)" if table.respelt_rows else ""
    found[2] += respelt
    return ", ".join(filter(None, found)) or "only hash, size or date"


def by_field(table: TableDifference) -> str:
    """Return how many cells of each field changed, the most first.

    Examples:
        >>> import polars as pl
        >>> cells = [{"field": "n"}, {"field": "a"}, {"field": "n"}]
        >>> by_field(TableDifference("t", cells=pl.DataFrame(cells)))
        'n (2), a (1)'
    """
    counts = table.cells.group_by("field").len("cells").sort("cells", "field", descending=[True, False])
    return ", ".join(f"{field} ({number:,})" for field, number in counts.iter_rows())


def headline(difference: Difference) -> str:
    """Return the whole difference in numbers."""
    if difference.same:
        return "no difference in data, schemas or metadata"
    tables = [table for table in difference.tables if not table.same]
    found = [f"{len(tables):,} {'table differs' if len(tables) == 1 else 'tables differ'}"] if tables else []
    for word, number in (
        ("added", sum(t.added_rows for t in tables)),
        ("removed", sum(t.removed_rows for t in tables)),
        ("changed", sum(t.changed_rows for t in tables)),
    ):
        if number:
            found.append(f"{count(number, 'row')} {word}")
    if renamed := sum(t.renamed.height for t in tables):
        found.append(f"{count(renamed, 'key')} renamed")
    if schema := sum(len(t.schema) for t in tables):
        found.append(count(schema, "schema change"))
    if difference.properties:
        found.append(count(len(difference.properties), "change") + " of the package's metadata")
    if difference.unread:
        found.append(f"{count(len(difference.unread), 'table')} not compared")
    return ", ".join(found)


def noise(difference: Difference) -> str:
    """Return how often hash, size and the like changed, or an empty text."""
    found: dict[str, int] = {}
    for change in [*difference.noise, *(change for table in difference.tables for change in table.noise)]:
        found[change.what] = found.get(change.what, 0) + 1
    return ", ".join(f"{what} ({number:,})" for what, number in sorted(found.items()))


def brief(text: str) -> str:
    r"""Return a name, a key or a sentence for a line of text: harmless, and shortened where it is long.

    Examples:
        >>> brief("a\x1b"), len(brief("a" * 1000))
        ('a\\x1b', 163)
    """
    return harmless(text[:_BRIEF] + "..." if len(text) > _BRIEF else text)


def row_name(key: str, row: int) -> str:
    """Return what a row is called: its key, or its number where that is empty."""
    return brief(key) or f"row {row}"


def version(value: str | None) -> str:
    """Return a version for people."""
    return value if value is not None else "no version"


def text_of(value: Any) -> str:
    """Return a JSON value as a text on one line.

    Examples:
        >>> text_of(None), text_of("a"), text_of({"a": [1]})
        ('(none)', '"a"', '{"a": [1]}')
    """
    return "(none)" if value is None else json.dumps(value, ensure_ascii=False)


def around(before: str, after: str, most: int) -> tuple[str, str]:
    """Return two long texts from shortly before the first place where they differ.

    Examples:
        >>> around("a" * 100 + "b", "a" * 100 + "c", 80)
        ('...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', '...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaac')
    """
    if len(before) <= most and len(after) <= most:
        return before, after
    same = next((n for n, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), None)
    start = min(len(before), len(after)) if same is None else same
    start = max(start - _LEAD, 0)
    shown = [text[start : start + most] + ("..." if len(text) > start + most else "") for text in (before, after)]
    lead = "..." if start else ""
    return lead + shown[0], lead + shown[1]


def change(item: Change, most: int) -> tuple[str, str, str, str]:
    """Return kind, place, and the values before and after of a change of a schema or of metadata."""
    where = f"{item.field}: {item.what}" if item.field and item.what != item.field else item.what
    before, after = around(text_of(item.before), text_of(item.after), most)
    note = f" ({item.note})" if item.note else ""
    return item.kind.replace("-", " "), where + note, before, after


def rest(total: int, shown: int, noun: str) -> str:
    """Return a sentence about what is not listed, or an empty text.

    Examples:
        >>> rest(30, 20, "row added"), rest(2, 20, "row added")
        ('... and 10 more (row added)', '')
    """
    return f"... and {total - shown:,} more ({noun})" if total > shown else ""
