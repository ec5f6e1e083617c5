"""The model of a review: the difference of two packages, and what a reviewer of data has to look at because of it."""

from dataclasses import dataclass

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.review.citing import Citation
from shuttle_diplomacy.review.difference import Difference, TableDifference
from shuttle_diplomacy.review.semver import Verdict
from shuttle_diplomacy.review.words import WordChange


@dataclass(frozen=True)
class TouchedRow:
    """A new or changed row with its sources.

    Attributes:
        table, record: the row.
        how: ``added``, ``changed`` or ``renamed``.
        citations: what it cites now.
        grade: its grade now, and before; None where there is none.
    """

    table: str
    record: str
    how: str
    citations: tuple[Citation, ...]
    grade: str | None = None
    grade_before: str | None = None


@dataclass(frozen=True)
class ChangedText:
    """A text of which words that bear meaning changed."""

    table: str
    record: str
    field: str
    before: str
    after: str
    words: tuple[WordChange, ...]


@dataclass(frozen=True)
class LostSource:
    """A row that lost a source, and how many it has left."""

    table: str
    record: str
    source: str
    left: int


@dataclass(frozen=True)
class Review:
    """What a reviewer looks at.

    Attributes:
        difference: what differs.
        verdict: what that asks of the version.
        rows: the new and changed rows of tables whose rows are cited, with their sources.
        lost: rows that lost a source.
        texts: texts of which words that bear meaning changed.
        unlooked: changed texts beyond those whose words were compared.
        derived: views whose result moved.
        new, gone: findings that only the later or only the earlier package has.
        errors: how many errors the later package has, and the earlier one had.
        unsaid: what could not be looked at, and why.
        judged: whether the repository's rules could be read, and run on the later package.
    """

    difference: Difference
    verdict: Verdict
    rows: tuple[TouchedRow, ...] = ()
    lost: tuple[LostSource, ...] = ()
    texts: tuple[ChangedText, ...] = ()
    unlooked: int = 0
    derived: tuple[TableDifference, ...] = ()
    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    errors: tuple[int, int] = (0, 0)
    unsaid: tuple[str, ...] = ()
    judged: bool = True

    @property
    def failed(self) -> bool:
        """Return whether there are new errors, or the later package could not be compared or judged.

        More errors than before are new ones, also where they are too many to tell which.
        """
        more = self.errors[0] > self.errors[1] or any(finding.severity == "error" for finding in self.new)
        return more or not self.judged or bool(self.difference.unread)

    @property
    def uncited(self) -> list[TouchedRow]:
        """Return the new and changed rows without any source."""
        return [row for row in self.rows if not row.citations]
