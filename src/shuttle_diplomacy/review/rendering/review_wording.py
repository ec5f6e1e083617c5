"""Words that every form of a review shares."""

from collections.abc import Iterator, Sequence

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.review.citing import Citation
from shuttle_diplomacy.review.difference import TableDifference
from shuttle_diplomacy.review.reviewed import Review, TouchedRow
from shuttle_diplomacy.review.words import WordChange
from shuttle_diplomacy.validation.rendering.wording import row_key

_SORTS = {"number": "numbers", "negation": "negations", "name": "names"}
_OTHER_WORDS = "with other numbers, negations or names"
SOURCES = 5  # sources named of a row
WHAT_WORDS_ARE = (
    "Numbers, negations and capitalised words inside sentences whose count changed; words are compared, not their "
    "meaning."
)


def grade(row: TouchedRow) -> str:
    """Return the grade of a row, and the one before where it was another."""
    now = row.grade or "none"
    was = row.grade_before or "none"
    return now if row.how != "changed" or now == was else f"{was} → {now}"


def sources(citations: Sequence[Citation]) -> list[tuple[str, str]]:
    """Return the sources that are named, each with the fields it is cited for."""
    fields: dict[str, list[str]] = {}
    for item in citations:
        fields.setdefault(item.source, []).append(item.field)
    return [(source, ", ".join(sorted(set(names)))) for source, names in list(fields.items())[:SOURCES]]


def more_sources(citations: Sequence[Citation]) -> int:
    """Return how many sources are not named."""
    return max(len({item.source for item in citations}) - SOURCES, 0)


def words(changes: Sequence[WordChange]) -> str:
    """Return which words went and came.

    Examples:
        >>> words([WordChange("number", ("2018",), ("2019",)), WordChange("negation", (), ("not",))])
        'numbers: 2018 → 2019; negations: + not'
    """
    return "; ".join(f"{_SORTS[item.sort]}: {_pair(item)}" for item in changes)


def _pair(item: WordChange) -> str:
    gone, come = ", ".join(item.gone), ", ".join(item.come)
    return f"{gone} → {come}" if gone and come else f"- {gone}" if gone else f"+ {come}"


def place(finding: Finding) -> str:
    """Return where a finding is: table, row and field, without the line, which moves."""
    parts = [finding.resource or "package", row_key(finding), finding.field_name or ""]
    return " / ".join(filter(None, parts))


def whole_rows(table: TableDifference, most: int | None) -> Iterator[tuple[str, list[str], int]]:
    """Yield which rows of a derived table came, went or have another key: a title, the first ones, and how many."""
    for title, rows in (("New rows", table.added), ("Gone rows", table.removed)):
        if rows is not None and rows.text.height:
            key = rows.schema.primary_key
            yield title, rows.ids(key, most).to_list() if key else [], rows.text.height
    if table.renamed.height:
        shown = table.renamed if most is None else table.renamed.head(most)
        named = [f"{before} is now {after}" for before, after, _, _ in shown.iter_rows()]
        yield "Renamed keys", named, table.renamed.height


def points(review: Review) -> list[str]:
    """Return what a reviewer has to look at, in numbers, the gravest first."""
    errors = sum(f.severity == "error" for f in review.new)
    found = [
        (errors, "new error", "new errors"),
        (len(review.new) - errors, "new warning", "new warnings"),
        (len(review.uncited), "new or changed row without a source", "new or changed rows without a source"),
        (len(review.lost), "source lost by a row that stays", "sources lost by rows that stay"),
        (len(review.texts), f"text {_OTHER_WORDS}", f"texts {_OTHER_WORDS}"),
        (len(review.derived), "derived table that moved", "derived tables that moved"),
        (len(review.gone), "finding gone", "findings gone"),
    ]
    return [f"{number:,} {one if number == 1 else several}" for number, one, several in found if number]
