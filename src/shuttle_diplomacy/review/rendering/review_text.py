"""A review as text. Each line starts with a sign or a word of its own, so that no cell begins a line."""

from collections.abc import Iterator, Sequence

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.review.difference import TableDifference
from shuttle_diplomacy.review.rendering import review_wording as say
from shuttle_diplomacy.review.rendering import text as plain_text
from shuttle_diplomacy.review.rendering import wording
from shuttle_diplomacy.review.rendering.wording import brief, row_name
from shuttle_diplomacy.review.reviewed import Review
from shuttle_diplomacy.validation.rendering.wording import count, harmless

_LONGEST = 160


def render(review: Review, most: int | None) -> str:
    """Return a review as text, ending with a line end."""
    lines = [plain_text.render(review.difference, review.verdict, most)]
    now, before = review.errors
    lines += [f"gate: {count(now, 'error')} (before: {before:,})"]
    lines += [f"look at: {point}" for point in say.points(review)]
    lines += ["", *_parts(review, most)]
    lines += [f"not looked at: {harmless(reason)}" for reason in review.unsaid]
    if review.unlooked:
        lines.append(f"not looked at: the words of {count(review.unlooked, 'further changed text')}")
    return "\n".join(lines).rstrip("\n") + "\n"


def _parts(review: Review, most: int | None) -> Iterator[str]:
    yield from _findings("new findings", "!", review.new, most)
    if review.rows:
        yield "new and changed rows with their sources"
        order = sorted(review.rows, key=lambda row: bool(row.citations))
        for row in order[:most]:
            named = ", ".join(brief(source) for source, _ in say.sources(row.citations)) or "NO SOURCE"
            more = say.more_sources(row.citations)
            shown = f"{named} and {more:,} more" if more else named
            where = f"{brief(row.table)} {brief(row.record)}"
            yield f"  . {where} ({row.how}, grade {brief(say.grade(row))}): {shown}"
        yield from _rest(len(order), most, "row")
    if review.lost:
        yield "rows that lost a source"
        for item in review.lost[:most]:
            where = f"{brief(item.table)} {brief(item.record)}"
            yield f"  . {where}: {brief(item.source)} ({item.left:,} left)"
        yield from _rest(len(review.lost), most, "source")
    if review.texts:
        yield f"texts whose numbers, negations or names changed. {say.WHAT_WORDS_ARE}"
        for text in review.texts[:most]:
            where = f"{brief(text.table)} {brief(text.record)} {brief(text.field)}"
            yield f"  . {where}: {brief(say.words(text.words))}"
        yield from _rest(len(review.texts), most, "text")
    for table in review.derived:
        yield from _derived(table, most)
    yield from _findings("findings that are gone", "-", review.gone, most)


def _findings(title: str, sign: str, findings: Sequence[Finding], most: int | None) -> Iterator[str]:
    if findings:
        yield title
        for finding in findings[:most]:
            yield f"  {sign} {finding.rule or finding.type}: {brief(say.place(finding))}: {harmless(finding.note)}"
        yield from _rest(len(findings), most, "finding")


def _derived(table: TableDifference, most: int | None) -> Iterator[str]:
    yield f"derived {brief(table.name)}: {wording.counts(table)}"
    if table.reason:
        yield f"  ! {harmless(table.reason)}"
    if table.cells.height:
        yield f"  = cells that moved: {harmless(wording.by_field(table))}"
    changed = table.changed(most)
    for cells in changed:
        for cell in cells:
            texts = wording.around(cell["before"] or "", cell["after"] or "", _LONGEST)
            before, after = (harmless(text) or "(empty)" for text in texts)
            yield f"  ~ {row_name(cell['key'], cell['row'])} {brief(cell['field'])}: {before} -> {after}"
    if more := wording.rest(table.changed_rows, len(changed), "row"):
        yield f"  {more}"
    for title, ids, total in say.whole_rows(table, most):
        yield f"  = {title.lower()}: {', '.join(map(brief, ids))} {wording.rest(total, len(ids), 'row')}".rstrip()
    yield ""


def _rest(total: int, most: int | None, noun: str) -> Iterator[str]:
    if more := wording.rest(total, total if most is None else most, noun):
        yield f"  {more}"
    yield ""
