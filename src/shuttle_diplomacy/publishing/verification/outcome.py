"""What was checked of a release, and what is wrong with it."""

from dataclasses import dataclass, field

MOST_LISTED = 100


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a release.

    Attributes:
        check: what was checked: ``checksums``, ``archive``, ``descriptor``, ``data``, ``documents``, ``build``,
            ``rebuild``.
        file: the file, as a path in the release, or the list or archive beside it.
        note: what is wrong.
        step: what to do next.
    """

    check: str
    file: str
    note: str
    step: str


@dataclass
class Verification:
    """The outcome of verifying one release.

    Attributes:
        where: where the release was read from.
        name: the package's name, as far as it is known.
        version: its version.
        checked: how many things each check looked at, by check; a check that is not named did not run.
        problems: what is wrong; of each check the first ones.
        counts: how much is wrong, by check.
        notes: what is worth knowing and not wrong.
        failure: one sentence where the release could not be looked at.

    Examples:
        >>> outcome = Verification("zoo.zip")
        >>> outcome.add("data", "a.parquet", "holds 3 rows, the table 4", "download it again")
        >>> outcome.valid, outcome.count
        (False, 1)
    """

    where: str
    name: str = ""
    version: str = ""
    checked: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failure: str = ""

    def add(self, check: str, file: str, note: str, step: str) -> None:
        """Count a problem, and list it if there is room."""
        self.counts[check] = self.counts.get(check, 0) + 1
        if self.counts[check] <= MOST_LISTED:
            self.problems.append(Problem(check, file, note, step))

    def looked(self, check: str, number: int = 1) -> None:
        """Count things that a check looked at."""
        self.checked[check] = self.checked.get(check, 0) + number

    @property
    def count(self) -> int:
        """Return how much is wrong."""
        return sum(self.counts.values())

    @property
    def valid(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.count and not self.failure
