"""A difference as text. Each line starts with a sign or a word of its own, so that no cell begins a line."""

from collections.abc import Iterator, Sequence

from shuttle_diplomacy.review.difference import Change, Difference, Stored, TableDifference
from shuttle_diplomacy.review.rendering import wording
from shuttle_diplomacy.review.rendering.wording import brief, row_name
from shuttle_diplomacy.review.semver import Verdict
from shuttle_diplomacy.validation.rendering.wording import harmless

_LONGEST = 160


def render(difference: Difference, verdict: Verdict, most: int | None) -> str:
    """Return a difference as text, ending with a line end."""
    old, new = (f"{harmless(s)} ({brief(wording.version(v))})" for s, v in _sides(difference))
    lines = [f"old {old}", f"new {new}", f"all {wording.headline(difference)}", ""]
    lines += body(difference, most)
    lines.append(f"version: {harmless(verdict.text)}")
    return "\n".join(lines) + "\n"


def body(difference: Difference, most: int | None) -> Iterator[str]:
    """Yield the lines about each table, and about the package."""
    for table in difference.tables:
        if not table.same:
            yield from _table(table, most)
    if difference.properties:
        yield "package"
        yield from _changes(difference.properties, most)
        yield ""
    if noise := wording.noise(difference):
        yield from (f"noise: {harmless(noise)}", "")


def _sides(difference: Difference) -> list[tuple[str, str | None]]:
    return [(difference.old, difference.old_version), (difference.new, difference.new_version)]


def _table(table: TableDifference, most: int | None) -> Iterator[str]:
    yield f"table {brief(table.name)}: {wording.counts(table)}"
    if table.reason:
        yield f"  ! {harmless(table.reason)}"
    yield from _changes(table.schema, most)
    yield from _changes(table.properties, most)
    if table.status != "changed":
        yield ""
        return
    yield from _rows("+", table.added, table, most)
    yield from _rows("-", table.removed, table, most)
    renamed = table.renamed if most is None else table.renamed.head(most)
    for before, after, _, _ in renamed.iter_rows():
        yield f'  > "{brief(before)}" is now "{brief(after)}"'
    yield from _rest(table.renamed.height, renamed.height, "key renamed")
    changed = table.changed(most)
    for cells in changed:
        yield f"  ~ {row_name(cells[0]['key'], cells[0]['row'])}"
        for cell in cells:
            before, after = wording.around(cell["before"] or "", cell["after"] or "", _LONGEST)
            respelt = "  (only respelt)" if cell["respelt"] else ""
            yield f"      . {brief(cell['field'])}: {_quoted(before)} -> {_quoted(after)}{respelt}"
    yield from _rest(table.changed_rows, len(changed), "row changed")
    yield ""


def _rows(sign: str, rows: Stored | None, table: TableDifference, most: int | None) -> Iterator[str]:
    if rows is None or not rows.text.height:
        return
    total = rows.text.height
    shown = rows.head(total if most is None else most)
    key = table.key if set(table.key) <= set(rows.schema.names) else rows.schema.primary_key
    ids = rows.ids(key, len(shown))
    for number, cells in enumerate(shown):
        yield f"  {sign} {row_name(ids[number], rows.numbers[number])}"
        for name, text in cells.items():
            if text and name not in key:
                short, _ = wording.around(text, "", _LONGEST)
                yield f"      . {brief(name)}: {_quoted(short)}"
    yield from _rest(total, len(shown), "row added" if sign == "+" else "row removed")


def _changes(changes: Sequence[Change], most: int | None) -> Iterator[str]:
    for item in changes[:most]:
        kind, where, before, after = wording.change(item, _LONGEST)
        yield f"  * {kind}: {brief(where)}: {harmless(before)} -> {harmless(after)}"
    yield from _rest(len(changes), len(changes[:most]), "change")


def _rest(total: int, shown: int, noun: str) -> Iterator[str]:
    if text := wording.rest(total, shown, noun):
        yield f"  {text}"


def _quoted(text: str) -> str:
    return f'"{harmless(text)}"' if text else "(empty)"
