"""The report as Markdown, for the summary of a build: the verdict, the counts, and the first findings a table.

Whatever comes from the package stands in ``<code>`` with each special character as an entity: there neither Markdown
nor GitHub's own links and mentions are recognised.
"""

import re

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.rendering.grouping import groups
from shuttle_diplomacy.validation.rendering.wording import characters, count, kinds, row_key, size, whole_report
from shuttle_diplomacy.validation.report import Report, Task

_SPECIAL = re.compile(r"""[\\`*_{}\[\]<>|#~$&!@:+^"]|(?<=www)\.""", re.IGNORECASE)
_LISTED, _OF_A_KIND = 20, 10
_LONGEST = 300
_ENOUGH = 400_000  # characters; GitHub takes a mebibyte a step


def render(report: Report) -> str:
    """Return the report as Markdown."""
    if report.failure:
        return f"### ❌ Not judged\n\n{code(report.failure)}\n"
    verdict = "✅ valid" if report.valid else "❌ invalid"
    counts = f"{count(report.error_count, 'error')}, {count(report.warning_count, 'warning')} in {size(report)}"
    lines = [f"### {verdict}: {code(report.package or report.where)}", "", counts, ""]
    lines += _kinds(report)
    length = 0
    tasks = [task for task in report.all_tasks if task.counts]
    for place, task in enumerate(tasks):
        lines += (more := _table(task))
        length += sum(map(len, more))
        if length > _ENOUGH and place + 1 < len(tasks):
            lines += [f"{count(len(tasks) - place - 1, 'more table')} with findings not shown.", ""]
            break
    lines += _rules(report)
    if report.error_count + report.warning_count:
        lines += [f"Everything: {code(whole_report(report))}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _kinds(report: Report) -> list[str]:
    if not report.counts:
        return []
    lines = ["| | findings | tables |", "| --- | ---: | --- |"]
    for (kind, severity), number in sorted(report.counts.items(), key=lambda item: (item[0][1], -item[1], item[0][0])):
        where = [task.name or "datapackage.json" for task in report.all_tasks if task.counts[kind, severity]]
        more = f" and {len(where) - 3} more" if len(where) > 3 else ""  # noqa: PLR2004
        mark = "❌" if severity == "error" else "⚠️"
        lines.append(f"| {mark} {code(kind)} | {number:,} | {', '.join(map(code, where[:3]))}{more} |")
    return [*lines, ""]


def _table(task: Task) -> list[str]:
    found = groups(task, _LISTED, _OF_A_KIND)
    counts = f"{count(task.error_count, 'error')}, {count(task.warning_count, 'warning')}"
    lines = [f"<details><summary>{code(task.name or 'datapackage.json')}: {counts}</summary>", ""]
    lines += ["| place | kind | row | field | what is wrong |", "| --- | --- | --- | --- | --- |"]
    rest = []
    for group in found:
        lines += [_row(task, finding) for finding, _ in group.shown]
        hidden = group.total - len(group.shown)
        if hidden > 0:
            rest.append(kinds(hidden, group.type, group.severity))
    if rest:
        lines += ["", f"... and {escaped(', '.join(rest))} more in this table."]
    return [*lines, "", "</details>", ""]


def _row(task: Task, finding: Finding) -> str:
    place = finding.at(path=task.file or finding.path).place
    values = [place, finding.rule or finding.type, row_key(finding), finding.field_name or "", finding.note]
    return "| " + " | ".join(code(value) for value in values) + " |"


def _rules(report: Report) -> list[str]:
    if report.rules.not_run:
        reason = code(report.rules.not_run[0][1])
        return [f"{count(len(report.rules.not_run), 'rule')} not run because {reason}.", ""]
    return [f"No rules ran: {code(report.rules.reason)}.", ""] if report.rules.reason else []


def code(text: str) -> str:
    """Return a text of the package as code, shortened where it is long.

    Examples:
        >>> code("<b>|"), code("")
        ('<code>&#60;b&#62;&#124;</code>', '')
    """
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "..."
    return f"<code>{escaped(text)}</code>" if text else ""


def escaped(text: str) -> str:
    """Return a text of the package with each special character as an entity."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", characters(text))
