"""The report as JUnit XML, which build servers read: a suite a table, a case a check; a suite for the SQL rules."""

from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.package.finding import Severity
from shuttle_diplomacy.validation.rendering.kinds import CHECKS, UNREADABLE, check_of
from shuttle_diplomacy.validation.rendering.wording import characters, count, kinds, row_key
from shuttle_diplomacy.validation.report import Report, Task

_SHOWN = 20


def render(report: Report) -> str:
    """Return the report as one XML document, ending with a line end."""
    root = ET.Element("testsuites", name="shuttle validate")
    if report.failure:
        case = ET.SubElement(_suite(root, "package"), "testcase", name="readable", classname="package")
        _element(case, "error", message=report.failure, type="package-error")
    else:
        for task in report.all_tasks:
            _table(_suite(root, task.name or "datapackage.json"), task, report)
        _rules(_suite(root, "rules"), report)
    for node in [*root, root]:
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            node.set(name, str(sum(1 for _ in node.iter(tag))))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str) -> ET.Element:
    return _element(root, "testsuite", name=name)


def _element(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name: characters(value) for name, value in attributes.items()})
    if text is not None:
        element.text = text
    return element


def _table(suite: ET.Element, task: Task, report: Report) -> None:
    """Add a case for each check, also for those that found nothing: they are what passed."""
    expected = [check for check in CHECKS if check != "descriptor"] if task.labels else ["file"]
    found: dict[str, Counter[tuple[str, Severity]]] = {check: Counter() for check in expected if task.name}
    found = found or {"descriptor": Counter()}
    for (kind, severity), number in task.counts.items():
        if kind != "rule-error":
            found.setdefault(check_of(kind), Counter())[kind, severity] += number
    unreadable = next((kind for kind in UNREADABLE if task.counts[kind, "error"]), None)
    for check, counts in found.items():
        case = _element(suite, "testcase", name=check, classname=task.name or "datapackage.json")
        fails = Counter({key: number for key, number in counts.items() if report.strict or key[1] == "error"})
        listed = [f for f in task.listed if (f.type, f.severity) in (fails or counts)]
        if fails:
            text = ", ".join(kinds(number, kind, severity) for (kind, severity), number in fails.items())
            message = listed[0].note if fails.total() == 1 and listed else text
            _element(case, "failure", _text(task, listed, fails.total()), message=message, type=next(iter(fails))[0])
        elif counts:
            _element(case, "system-out", _text(task, listed, counts.total()))
        elif unreadable:
            _element(case, "skipped", message=f"not judged because of a {unreadable}")


def _rules(suite: ET.Element, report: Report) -> None:
    found: dict[str, list[tuple[Task, Finding]]] = {}
    for task in report.all_tasks:
        for finding in task.listed:
            found.setdefault(finding.rule or "", []).append((task, finding))
    for rule in report.rules.ran:
        case = _element(suite, "testcase", name=rule, classname="rules")
        broken = found.get(rule, [])
        fails = [(t, f) for t, f in broken if report.strict or f.severity == "error"]
        text = "\n".join(_text(t, [f], 1) for t, f in (fails or broken)[:_SHOWN])
        if fails:
            purpose = report.rules.purposes.get(rule, "") or "the rule is broken"
            _element(case, "failure", text, message=f"{count(len(fails), 'row')} listed: {purpose}", type="rule-error")
        elif broken:
            _element(case, "system-out", text)
    for rule, reason in report.rules.not_run:
        _element(_element(suite, "testcase", name=rule, classname="rules"), "skipped", message=reason)


def _text(task: Task, listed: Iterable[Finding], number: int) -> str:
    shown = list(listed)[:_SHOWN]
    lines = []
    for finding in shown:
        about = f" (row {row_key(finding)})" if finding.key else ""
        field = f"{finding.field_name}: " if finding.field_name else ""
        lines.append(characters(f"{finding.at(path=task.file or finding.path).place}{about} {field}{finding.note}"))
    if number > len(shown):
        lines.append(f"... and {number - len(shown):,} more")
    return "\n".join(lines)
