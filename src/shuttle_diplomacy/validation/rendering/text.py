"""The report as text for people: grouped by table, the place first, then what is wrong and what would be right."""

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.validation.report import Report, Task

_LISTED = 20
_COLOURS = {"error": "31", "warning": "33", "good": "32", "bold": "1", "dim": "2"}


def render(report: Report, *, colour: bool = False, listed: int = _LISTED) -> str:
    """Return the report as text.

    Args:
        report: the report.
        colour: whether to mark up with ANSI colours.
        listed: how many findings are shown a table; the rest is counted.
    """
    paint = _Paint(colour)
    lines: list[str] = []
    for task in report.all_tasks:
        lines += _table(task, paint, listed)
    lines += _rules(report, paint)
    lines.append(_verdict(report, paint))
    return "\n".join(lines) + "\n"


class _Paint:
    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, *styles: str) -> str:
        if not self._colour:
            return text
        codes = ";".join(_COLOURS[s] for s in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"


def _table(task: Task, paint: _Paint, listed: int) -> list[str]:
    findings = [*task.errors, *task.warnings]
    if not findings:
        return []
    count = _count(task.error_count, "error")
    if task.warning_count:
        count += f", {_count(task.warning_count, 'warning')}"
    lines = [f"{paint(plain(task.name) or 'datapackage.json', 'bold')}: {count}"]
    for finding in findings[:listed]:
        lines += _finding(finding, task, paint)
    hidden = task.error_count + task.warning_count - min(len(findings), listed)
    if hidden:
        lines.append(paint(f"  ... and {hidden} more in this table", "dim"))
    return [*lines, ""]


def _finding(finding: Finding, task: Task, paint: _Paint) -> list[str]:
    place = finding.at(path=task.file or finding.path).place
    kind = finding.rule or finding.type
    head = f"  {paint(plain(place), 'bold')}  {paint(plain(kind), finding.severity)}"
    about = [f"row {' / '.join(plain(v) for v in finding.key.values())}"] if finding.key else []
    about += [f"field {plain(finding.field_name)}"] if finding.field_name else []
    lines = [head + (paint("  " + ", ".join(about), "dim") if about else "")]
    lines.append(f"      {plain(finding.note)}")
    return lines


def _rules(report: Report, paint: _Paint) -> list[str]:
    if report.rules.not_run:
        shown = ", ".join(rule for rule, _ in report.rules.not_run[:5])
        more = len(report.rules.not_run) - 5
        rest = f" and {more} more" if more > 0 else ""
        reason = report.rules.not_run[0][1]
        return [paint(plain(f"Rules not run because {reason}: {shown}{rest}."), "warning")]
    if report.rules.reason:
        return [paint(plain(f"No rules ran: {report.rules.reason}."), "dim")]
    return []


def _verdict(report: Report, paint: _Paint) -> str:
    if report.failure:
        return paint(f"Not judged: {plain(report.failure)}", "error")
    what = f"{_count(len(report.tasks), 'table')}, {_count(report.row_count, 'row')}"
    if report.rules.ran:
        what += f", {_count(len(report.rules.ran), 'rule')}"
    name = plain(report.package or report.where)
    if report.valid:
        warned = f", {_count(report.warning_count, 'warning')}" if report.warning_count else ""
        return f"{paint('valid', 'good', 'bold')}  {name}: {what}{warned}"
    counts = f"{_count(report.error_count, 'error')}, {_count(report.warning_count, 'warning')}"
    return f"{paint('invalid', 'error', 'bold')}  {name}: {counts} in {what}"


def _count(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples:
        >>> _count(1, "error"), _count(2000, "row")
        ('1 error', '2,000 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
