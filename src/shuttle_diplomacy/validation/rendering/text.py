"""The report as text for people: by table and kind, with the line of the file and a mark under the cell."""

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.rendering.excerpt import excerpt
from shuttle_diplomacy.validation.rendering.grouping import Group, groups
from shuttle_diplomacy.validation.rendering.wording import (
    cells,
    count,
    harmless,
    kinds,
    row_key,
    size,
    whole_report,
    wrapped,
)
from shuttle_diplomacy.validation.report import Report, Task

_LISTED = 20
_OF_A_KIND = 10
_UNLIMITED = 120  # source lines where no terminal says its width
_LINES = 8
_COLOURS = {"error": "31", "warning": "33", "good": "32", "bold": "1", "dim": "2"}


def render(
    report: Report, *, colour: bool = False, width: int | None = None, listed: int = _LISTED, after: str = ""
) -> str:
    """Return the report as text.

    Args:
        report: the report.
        colour: whether to mark up with ANSI colours.
        width: the terminal's; None: notes stay on one line.
        listed: how many findings are shown a table, half of them at most of one type; the rest is counted.
        after: a text that follows, such as a second opinion.
    """
    writer = _Writer(report, Paint(colour), width, listed)
    text = "\n".join(writer.lines()) + "\n"
    return text + "\n" + after.rstrip("\n") + "\n" if after else text


class Paint:
    """Marks texts up with ANSI colours, or leaves them as they are."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, *styles: str) -> str:
        """Return a text in a style: ``error``, ``warning``, ``good``, ``bold`` or ``dim``."""
        if not self._colour:
            return text
        codes = ";".join(_COLOURS[s] for s in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"


class _Writer:
    def __init__(self, report: Report, paint: Paint, width: int | None, listed: int) -> None:
        self.report, self.paint, self.width, self.listed = report, paint, width, listed
        self.hidden = 0
        self.explained: set[str] = set()

    def lines(self) -> list[str]:
        lines = [line for task in self.report.all_tasks for line in self._table(task)]
        lines += self._rules()
        lines += self._kinds()
        lines += self._verdict()
        if self.hidden:
            lines += ["", self.paint(f"to see everything: {whole_report(self.report)}", "dim")]
        return lines

    def _table(self, task: Task) -> list[str]:
        found = groups(task, self.listed, max(self.listed // 2, 1))
        if not found:
            return []
        name = start(harmless(task.name) or "datapackage.json")
        lines = [f"{self.paint(name, 'bold')}: {_counts(task.error_count, task.warning_count)}"]
        for group in found:
            lines += [*self._group(group, task), ""]
        return lines

    def _group(self, group: Group, task: Task) -> list[str]:
        lines = []
        for finding, like in group.shown:
            lines += self._finding(finding, task)
            if like:
                self.hidden += len(like)
                lines += self._wrapped(f"... and {len(like):,} more like this{_lines_of(like)}", 6, "dim")
        rest = group.total - group.told
        if rest > 0:
            self.hidden += rest
            more = kinds(rest, group.type, group.severity).split(" ", 1)
            lines.append(self.paint(f"  ... and {more[0]} more {more[1]} in this table", "dim"))
        return lines

    def _finding(self, finding: Finding, task: Task) -> list[str]:
        place = harmless(finding.at(path=task.file or finding.path).place)
        kind = harmless(finding.rule or finding.type)
        about = [f"row {harmless(row_key(finding))}"] if finding.key else []
        about += [f"field {harmless(finding.field_name)}"] if finding.field_name else []
        about = about or ([f"at {harmless(finding.pointer)}"] if finding.pointer else [])
        head = f"  {self.paint(start(place), 'bold')}  {self.paint(kind, finding.severity)}"
        length = cells(place + kind + ", ".join(about)) + 6
        if about and self.width is not None and length > self.width:
            lines = [head, *self._wrapped(", ".join(about), 6, "dim")]
        else:
            lines = [head + (self.paint("  " + ", ".join(about), "dim") if about else "")]
        lines += self._wrapped(start(harmless(finding.note)), 6)
        return [*lines, *self._source(finding), *self._purpose(finding)]

    def _source(self, finding: Finding) -> list[str]:
        number = str(finding.line or "")
        gutter = len(number) + 9
        shown = excerpt(finding, (self.width or _UNLIMITED) - gutter - 1)
        if shown is None:
            return []
        bar = self.paint(f"      {number} |", "dim")
        under = self.paint(" " * (gutter - 3) + " |", "dim")
        mark = " " * shown.indent + self.paint("^" * shown.marked, finding.severity, "bold")
        return [f"{bar} {shown.text}".rstrip(), f"{under} {mark}"]

    def _purpose(self, finding: Finding) -> list[str]:
        """Say once why a rule is there."""
        purpose = self.report.rules.purposes.get(finding.rule or "")
        if not purpose or finding.rule in self.explained:
            return []
        self.explained.add(finding.rule or "")
        return self._wrapped(f"why: {harmless(purpose)}", 6, "dim")

    def _wrapped(self, text: str, indent: int, *styles: str) -> list[str]:
        pieces = [text] if self.width is None else wrapped(text, self.width - indent - 1)
        return [" " * indent + (self.paint(start(piece), *styles) if styles else start(piece)) for piece in pieces]

    def _rules(self) -> list[str]:
        rules = self.report.rules
        if rules.not_run:
            shown = ", ".join(rule for rule, _ in rules.not_run[:5])
            more = len(rules.not_run) - 5
            rest = f" and {more} more" if more > 0 else ""
            text = f"Rules not run because {rules.not_run[0][1]}: {shown}{rest}."
            return self._wrapped(harmless(text), 0, "warning")
        return self._wrapped(harmless(f"No rules ran: {rules.reason}."), 0, "dim") if rules.reason else []

    def _kinds(self) -> list[str]:
        counts = self.report.counts
        tables = sum(bool(task.counts) for task in self.report.all_tasks)
        if len(counts) == 1 or not (self.hidden or tables > 1):  # all of it is in sight
            return []
        lines = [""] if self.report.rules.not_run or self.report.rules.reason else []
        wide = len(f"{max(counts.values()):,}")
        longest = max(len(kind) for kind, _ in counts)
        for (kind, severity), number in sorted(counts.items(), key=lambda item: (item[0][1], -item[1], item[0][0])):
            where = [task.name or "datapackage.json" for task in self.report.all_tasks if task.counts[kind, severity]]
            more = f" and {len(where) - 3} more" if len(where) > 3 else ""  # noqa: PLR2004
            names = harmless(", ".join(where[:3])) + more
            lines.append(f"  {number:>{wide},}  {self.paint(f'{kind:<{longest}}', severity)}  in {names}")
        return [*lines, ""]

    def _verdict(self) -> list[str]:
        report, paint = self.report, self.paint
        if report.failure:
            return [paint(f"Not judged: {harmless(report.failure)}", "error")]
        name, what = harmless(report.package or report.where), size(report)
        if report.valid:
            warned = f", {count(report.warning_count, 'warning')}" if report.warning_count else ""
            return [f"{paint('valid', 'good', 'bold')}  {name}: {what}{warned}"]
        counts = f"{count(report.error_count, 'error')}, {count(report.warning_count, 'warning')}"
        return [f"{paint('invalid', 'error', 'bold')}  {name}: {counts} in {what}"]


def start(text: str) -> str:
    r"""Return a text that may start a line; two colons there would be a command of GitHub's.

    Examples:
        >>> print(start("::error::x"))
        :\x3aerror::x
    """
    return text.replace("::", r":\x3a", 1) if text.lstrip().startswith("::") else text


def _counts(errors: int, warnings: int) -> str:
    parts = [count(errors, "error")] if errors or not warnings else []
    return ", ".join([*parts, count(warnings, "warning")] if warnings else parts)


def _lines_of(findings: list[Finding]) -> str:
    """Return on which lines, as far as they are known and few.

    Examples:
        >>> _lines_of([Finding("type-error", "", line=n) for n in (3, 5)])
        ', on lines 3, 5'
    """
    lines = [f"{f.line}" for f in findings if f.line is not None]
    if len(lines) != len(findings):
        return ""
    dots = ", ..." if len(lines) > _LINES else ""
    return f", on line{'s' if len(lines) > 1 else ''} {', '.join(lines[:_LINES])}{dots}"
