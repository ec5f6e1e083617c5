"""A review as Markdown, for the comment on a pull request; cells are code with each special character as an entity."""

from collections.abc import Sequence
from functools import partial

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.review.difference import TableDifference
from shuttle_diplomacy.review.rendering import review_wording as say
from shuttle_diplomacy.review.rendering import wording
from shuttle_diplomacy.review.rendering.markdown import (
    ENOUGH,
    Part,
    beside,
    body,
    cell,
    details,
    fitting,
    heading,
    table_of,
)
from shuttle_diplomacy.review.reviewed import Review, TouchedRow
from shuttle_diplomacy.validation.rendering.markdown import code, escaped
from shuttle_diplomacy.validation.rendering.wording import count

_LONGEST = 200
_UNSAID = 20


def render(review: Review, most: int | None) -> str:
    """Return a review as Markdown, ending with a line end; short enough for a comment on GitHub."""
    lines = heading(review.difference, review.verdict)
    now, before = review.errors
    mark = "❌" if now else "✅"
    lines += [f"{mark} Gate: {count(now, 'error')} (before: {before:,})", ""]
    if points := say.points(review):
        lines += [*(f"- {escaped(point)}" for point in points), ""]
    parts: list[Part] = [
        partial(_findings, "New findings", review.new),
        partial(_rows, review),
        partial(_lost, review),
        partial(_texts, review),
        *(partial(_derived, table) for table in review.derived),
        partial(_findings, "Findings that are gone", review.gone),
        *body(review.difference),
    ]
    end = [*beside(review.difference), *_unsaid(review)]
    room = ENOUGH - sum(len(line) + 1 for line in [*lines, *end])
    lines += [*fitting(parts, most, room), *end]
    return "\n".join(lines).rstrip("\n") + "\n"


def _unsaid(review: Review) -> list[str]:
    texts = list(review.unsaid)
    if review.unlooked:
        texts.append(f"the words of {count(review.unlooked, 'further changed text')}")
    lines = [f"- Not looked at: {code(text)}" for text in texts[:_UNSAID]]
    return [*lines, wording.rest(len(texts), len(lines), "not looked at")]


def _findings(title: str, findings: Sequence[Finding], most: int | None) -> list[str]:
    if not findings:
        return []
    shown = findings[:most]
    rows = [
        ["❌" if f.severity == "error" else "⚠️", code(f.rule or f.type), code(say.place(f)), code(f.note)]
        for f in shown
    ]
    lines = [*table_of(["", "kind", "where", "what"], rows), "", wording.rest(len(findings), len(shown), "finding")]
    return details(f"{title}: {len(findings):,}", lines)


def _rows(review: Review, most: int | None) -> list[str]:
    if not review.rows:
        return []
    order = sorted(review.rows, key=lambda row: bool(row.citations))
    shown = order[:most]
    rows = [[code(r.table), code(r.record), r.how, code(say.grade(r)), _sources(r)] for r in shown]
    lines = [*table_of(["table", "row", "", "grade", "sources"], rows), "", wording.rest(len(order), len(shown), "row")]
    return details(f"New and changed rows with their sources: {len(order):,}", lines)


def _sources(row: TouchedRow) -> str:
    if not row.citations:
        return "❌ none"
    more = say.more_sources(row.citations)
    named = [code(s) if fields == "*" else f"{code(s)} ({code(fields)})" for s, fields in say.sources(row.citations)]
    return "<br>".join([*named, *([f"and {more:,} more"] if more else [])])


def _lost(review: Review, most: int | None) -> list[str]:
    if not review.lost:
        return []
    shown = review.lost[:most]
    rows = [[code(i.table), code(i.record), code(i.source), f"{i.left:,}" if i.left else "❌ none"] for i in shown]
    header = ["table", "row", "lost source", "sources left"]
    lines = [*table_of(header, rows), "", wording.rest(len(review.lost), len(shown), "source")]
    return details(f"Rows that lost a source: {len(review.lost):,}", lines)


def _texts(review: Review, most: int | None) -> list[str]:
    if not review.texts:
        return []
    rows = []
    shown = review.texts[:most]
    for item in shown:
        before, after = wording.around(item.before, item.after, _LONGEST)
        where = f"{code(item.table)} {code(item.record)} {code(item.field)}"
        rows.append([where, code(say.words(item.words)), cell(before), cell(after)])
    table = table_of(["where", "words", "before", "after"], rows)
    lines = [say.WHAT_WORDS_ARE, "", *table, "", wording.rest(len(review.texts), len(shown), "text")]
    return details(f"Texts whose numbers, negations or names changed: {len(review.texts):,}", lines)


def _derived(table: TableDifference, most: int | None) -> list[str]:
    lines = [code(table.reason)] if table.reason else []
    changed = table.changed(most)
    rows = [[code(c["key"]), code(c["field"]), cell(c["before"]), cell(c["after"])] for cells in changed for c in cells]
    if table.cells.height:
        lines += [f"Cells that moved: {code(wording.by_field(table))}", ""]
        lines += table_of(["row", "field", "before", "after"], rows)
        lines += ["", wording.rest(table.changed_rows, len(changed), "row")]
    for title, ids, total in say.whole_rows(table, most):
        lines += ["", f"{title}: {', '.join(map(code, ids))} {wording.rest(total, len(ids), 'row')}".rstrip()]
    return details(f"Derived: {code(table.name)}: {escaped(wording.counts(table))}", lines)
