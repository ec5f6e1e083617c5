"""The report as GitHub workflow commands, one annotation an error, on the very line of the file.

Escaping follows the workflow commands' own rules: ``%``, carriage return and line feed in a message; comma and colon
too in a property (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
"""

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.package.finding import Severity
from shuttle_diplomacy.validation.rendering.grouping import fairly
from shuttle_diplomacy.validation.rendering.wording import count, harmless, row_key, size
from shuttle_diplomacy.validation.report import Report, Task

_SHOWN = 10  # annotations of a severity that GitHub shows a step


def render(report: Report) -> str:
    """Return one ``::error`` or ``::warning`` line a finding, and a last line that counts.

    The first ones are taken from each table and kind in turn, because GitHub shows no more than the first ten of a
    step; the rest is read in the log.
    """
    lines = [f"::error title=not readable::{_message(report.failure)}"] if report.failure else []
    severities: tuple[Severity, ...] = ("error", "warning")
    for severity in severities:
        lines += [_line(task, finding) for task, finding in fairly(report.all_tasks, severity, _SHOWN)]
    lines += _left_out(report)
    verdict = "valid" if report.valid else "invalid"
    counts = f"{count(report.error_count, 'error')}, {count(report.warning_count, 'warning')} in {size(report)}"
    return "\n".join([*lines, f"{verdict}: {counts}"]) + "\n"


def _left_out(report: Report) -> list[str]:
    """Say what is not among the annotations."""
    found = report.error_count + report.warning_count
    listed = report.listed_count + bool(report.failure)
    errors = sum(len(t.errors) for t in report.all_tasks) + bool(report.failure)
    shown = min(errors, _SHOWN) + min(listed - errors, _SHOWN)
    if found == shown:
        return []
    text = f"{found:,} findings, of which GitHub shows {shown:,} here; {listed:,} are in the log of this step"
    if found > listed:
        text += f", {found - listed:,} are not listed (--limit-errors 0 lists all)"
    return [f"::notice title=shuttle validate::{_message(text)}"]


def _line(task: Task, finding: Finding) -> str:
    values: dict[str, object] = {"file": task.file or finding.path, "line": finding.line, "col": finding.column}
    if finding.line and finding.column and finding.width:
        values["endColumn"] = finding.column + finding.width - 1
    values["title"] = finding.rule or finding.type
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in values.items() if value)
    who = f"{row_key(finding)}: " if finding.key else ""
    field = f"{finding.field_name}: " if finding.field_name else ""
    return f"::{finding.severity} {properties}::{_message(who + field + finding.note)}"


def _message(text: str) -> str:
    r"""Escape a message.

    Examples:
        >>> print(_message("100%\n::error::x"))
        100%25\n::error::x
    """
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property.

    Examples:
        >>> _property("a:b,c")
        'a%3Ab%2Cc'
    """
    return _message(text).replace(":", "%3A").replace(",", "%2C")
