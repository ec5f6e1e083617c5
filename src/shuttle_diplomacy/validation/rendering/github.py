"""The report as GitHub workflow commands, one annotation an error, on the very line of the file.

Escaping follows the workflow commands' own rules: ``%``, carriage return and line feed in a message; comma and colon
too in a property (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
"""

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.report import Report, Task


def render(report: Report) -> str:
    """Return one ``::error`` or ``::warning`` line a finding, and a last line that counts."""
    lines = [f"::error title=not readable::{_message(report.failure)}"] if report.failure else []
    for task in report.all_tasks:
        lines += [_line(task, f) for f in [*task.errors, *task.warnings]]
        hidden = task.error_count - len(task.errors)
        if hidden:
            lines.append(f"::error file={_property(task.file or task.path)}::{hidden} more errors are not listed")
    verdict = "valid" if report.valid else "invalid"
    counts = f"{report.error_count} errors and {report.warning_count} warnings in {report.row_count} rows"
    lines.append(f"{verdict}: {counts}, {len(report.rules.ran)} rules ran".replace("\n", " "))
    return "\n".join(lines) + "\n"


def _line(task: Task, finding: Finding) -> str:
    values = {
        "file": task.file or finding.path,
        "line": finding.line,
        "col": finding.column,
        "title": finding.rule or finding.type,
    }
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in values.items() if value)
    who = f"{' / '.join(finding.key.values())}: " if finding.key else ""
    field = f"{finding.field_name}: " if finding.field_name else ""
    return f"::{finding.severity} {properties}::{_message(who + field + finding.note)}"


def _message(text: str) -> str:
    r"""Escape a message.

    Examples:
        >>> _message("100%\n::error::x")
        '100%25%0A::error::x'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property.

    Examples:
        >>> _property("a:b,c")
        'a%3Ab%2Cc'
    """
    return _message(text).replace(":", "%3A").replace(",", "%2C")
