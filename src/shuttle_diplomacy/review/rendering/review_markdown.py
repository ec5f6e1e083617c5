"""A review as Markdown, for the comment on a pull request; cells are code with each special character as an entity."""

from collections.abc import Sequence

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.review.difference import TableDifference
from shuttle_diplomacy.review.rendering import review_wording as say
from shuttle_diplomacy.review.rendering import wording
from shuttle_diplomacy.review.rendering.markdown import ENOUGH, body, cell, details, heading, table_of
from shuttle_diplomacy.review.reviewed import Review, TouchedRow
from shuttle_diplomacy.validation.rendering.markdown import code, escaped
from shuttle_diplomacy.validation.rendering.wording import count

_LONGEST = 200


def render(review: Review, most: int | None) -> str:
    """Return a review as Markdown, ending with a line end; short enough for a comment on GitHub."""
    lines = heading(review.difference, review.verdict)
    now, before = review.errors
    mark = "❌" if now else "✅"
    lines += [f"{mark} Gate: {count(now, 'error')} (before: {before:,})", ""]
    if points := say.points(review):
        lines += [*(f"- {escaped(point)}" for point in points), ""]
    room = ENOUGH - sum(map(len, lines))
    parts = [
        _findings("New findings", review.new, most),
        _rows(review, most),
        _lost(review, most),
        _texts(review, most),
        *_derived(review.derived, most),
        _findings("Findings that are gone", review.gone, most),
    ]
    for part in filter(None, parts):
        room -= sum(len(line) + 1 for line in part)
        if room < 0:
            lines += ["More is not shown here, too long for a comment.", ""]
            break
        lines += part
    lines += body(review.difference, most, max(room, 0))
    lines += [f"- Not looked at: {code(text)}" for text in _unsaid(review)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _unsaid(review: Review) -> list[str]:
    texts = list(review.unsaid)
    if review.unlooked:
        texts.append(f"the words of {count(review.unlooked, 'further changed text')}")
    return texts


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


def _derived(tables: Sequence[TableDifference], most: int | None) -> list[list[str]]:
    found = []
    for table in tables:
        lines = [code(table.reason)] if table.reason else []
        rows = []
        changed = table.changed(most)
        for cells in changed:
            rows += [[code(c["key"]), code(c["field"]), cell(c["before"]), cell(c["after"])] for c in cells]
        if rows:
            lines += [f"Cells that moved: {code(wording.by_field(table))}", ""]
            lines += table_of(["row", "field", "before", "after"], rows)
            lines += ["", wording.rest(table.changed_rows, len(changed), "row")]
        for word, rows_ in (("New", table.added), ("Gone", table.removed)):
            if rows_ is not None and rows_.text.height:
                few = rows_.ids(rows_.schema.primary_key, most).to_list() if rows_.schema.primary_key else []
                more = wording.rest(rows_.text.height, len(few), "row")
                lines += ["", f"{word} rows: {', '.join(map(code, few))} {more}".rstrip()]
        found.append(details(f"Derived: {code(table.name)}: {escaped(wording.counts(table))}", lines))
    return found
