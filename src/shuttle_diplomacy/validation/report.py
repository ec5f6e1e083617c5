"""The report: what was judged, what is wrong, and which rules ran."""

from dataclasses import dataclass, field

from shuttle_diplomacy.package import Finding

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
        error_count, warning_count: the true numbers.
    """

    name: str
    path: str = ""
    file: str = ""
    labels: list[str] = field(default_factory=list)
    rows: int = 0
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0

    def add(self, findings: list[Finding], limit: int) -> None:
        """Count findings and list them up to the limit (0: no limit)."""
        for severity, listed in (("error", self.errors), ("warning", self.warnings)):
            found = [f for f in findings if f.severity == severity]
            room = len(found) if not limit else max(limit - len(listed), 0)
            listed.extend(found[:room])
            if severity == "error":
                self.error_count += len(found)
            else:
                self.warning_count += len(found)


@dataclass
class RuleRun:
    """Which rules ran, and which did not and why."""

    ran: list[str] = field(default_factory=list)
    not_run: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""


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
    def row_count(self) -> int:
        """Return the number of rows read."""
        return sum(t.rows for t in self.tasks)

    @property
    def valid(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.error_count and not (self.strict and self.warning_count)
