"""The report: what was judged, what is wrong, and which rules ran."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from shuttle_diplomacy.package import Finding, Findings
from shuttle_diplomacy.package.finding import Severity

DEFAULT_LIMIT = 1000


@dataclass
class Task:
    """What was found in one resource.

    Attributes:
        name: the resource.
        path: its path in the package.
        file: its path on this machine, relative to the working directory where possible; empty where there is none.
        labels: its field names.
        rows: rows read, those with errors of structure left out.
        errors, warnings: the findings that are listed.
        counts: the true numbers, by type and severity.
    """

    name: str
    path: str = ""
    file: str = ""
    labels: list[str] = field(default_factory=list)
    rows: int = 0
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, Severity]] = field(default_factory=Counter)

    def add(self, findings: list[Finding], limit: int) -> None:
        """Count findings and list them up to the limit (0: no limit)."""
        collected = Findings()
        collected.extend(findings)
        self.take(collected, limit)

    def take(self, found: Findings, limit: int = 0) -> None:
        """Count what was collected, and list by row what it kept, up to the limit (0: no limit)."""
        self.counts.update(found.counts)
        for severity, listed in (("error", self.errors), ("warning", self.warnings)):
            kept = sorted((f for f in found.kept if f.severity == severity), key=_order)
            listed.extend(_shared(kept, max(limit - len(listed), 0)) if limit else kept)

    @property
    def error_count(self) -> int:
        """Return the true number of errors."""
        return sum(number for (_, severity), number in self.counts.items() if severity == "error")

    @property
    def warning_count(self) -> int:
        """Return the true number of warnings."""
        return sum(number for (_, severity), number in self.counts.items() if severity == "warning")

    @property
    def listed(self) -> list[Finding]:
        """Return the findings that are listed, errors first."""
        return [*self.errors, *self.warnings]


def _shared(findings: list[Finding], room: int) -> list[Finding]:
    """Return as many findings as there is room for: of each type an equal share, the rest by row.

    Examples:
        >>> found = [*(Finding("type-error", str(n)) for n in range(9)), Finding("blank-row", "9")]
        >>> [finding.note for finding in _shared(found, 3)]
        ['0', '1', '9']
    """
    if len(findings) <= room:
        return findings
    seen: Counter[str] = Counter()
    share = room // len({finding.type for finding in findings})
    chosen = set()
    for number, finding in enumerate(findings):
        seen[finding.type] += 1
        if seen[finding.type] <= share:
            chosen.add(number)
    others = (number for number in range(len(findings)) if number not in chosen)
    chosen.update(islice(others, room - len(chosen)))
    return [findings[number] for number in sorted(chosen)]


def _order(finding: Finding) -> tuple[int, int]:
    return finding.row_number or 0, finding.field_number or 0


@dataclass
class RuleRun:
    """Which rules ran, and which did not and why.

    Attributes:
        ran: ids of the rules that ran.
        not_run: ids of those that did not, each with the reason.
        reason: why there are no rules at all.
        purposes: why a rule is there, by id, as its header says.
    """

    ran: list[str] = field(default_factory=list)
    not_run: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""
    purposes: dict[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """The outcome of judging one package.

    Attributes:
        package: the package's name.
        where: where it was read from.
        general: findings about the descriptor.
        tasks: one a resource.
        rules: which rules ran.
        strict: whether warnings make the package invalid.
        failure: one sentence where the package could not be judged at all.
    """

    package: str = ""
    where: str = ""
    general: Task = field(default_factory=lambda: Task("", "datapackage.json"))
    tasks: list[Task] = field(default_factory=list)
    rules: RuleRun = field(default_factory=RuleRun)
    strict: bool = False
    failure: str = ""

    @property
    def all_tasks(self) -> list[Task]:
        """Return the tasks, that of the descriptor first."""
        return [self.general, *self.tasks]

    @property
    def error_count(self) -> int:
        """Return the true number of errors."""
        return sum(t.error_count for t in self.all_tasks) + bool(self.failure)

    @property
    def warning_count(self) -> int:
        """Return the true number of warnings."""
        return sum(t.warning_count for t in self.all_tasks)

    @property
    def counts(self) -> Counter[tuple[str, Severity]]:
        """Return the true numbers of all tables, by type and severity."""
        return sum((t.counts for t in self.all_tasks), Counter())

    @property
    def listed_count(self) -> int:
        """Return how many errors and warnings are listed."""
        return sum(len(t.listed) for t in self.all_tasks)

    @property
    def row_count(self) -> int:
        """Return the number of rows read."""
        return sum(t.rows for t in self.tasks)

    @property
    def valid(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.error_count and not (self.strict and self.warning_count)
