"""The report as SARIF 2.1.0 (OASIS), which code scanning and editors read."""

import hashlib
import json
import re
from collections import Counter
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.rendering.kinds import KINDS, WARNINGS, kind_of
from shuttle_diplomacy.validation.rendering.wording import characters, count
from shuttle_diplomacy.validation.report import Report, Task

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_NUMBERS = re.compile(r"\d+")
_HERE, _PACKAGE = "%SRCROOT%", "PACKAGE"

Object = dict[str, Any]


def render(report: Report) -> str:
    """Return the report as one SARIF log with one run, ending with a line end."""
    from shuttle_diplomacy import __version__

    ids = _rule_ids(report)
    seen: Counter[str] = Counter()
    results = [_result(task, finding, ids, seen) for task in report.all_tasks for finding in task.listed]
    driver = {
        "name": "shuttle",
        "fullName": "shuttle validate",
        "version": __version__,
        "rules": [_rule(rule, report) for rule in ids],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _HERE: {"description": {"text": "The folder in which the validation ran."}},
            _PACKAGE: {"description": {"text": "The package, where it is no folder on this machine."}},
        },
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule_ids(report: Report) -> dict[str, int]:
    """Return every type of error and every SQL rule with its place in the list of rules."""
    types = [*KINDS, *(kind for kind, _ in report.counts)]
    rules = [*report.rules.ran, *(rule for rule, _ in report.rules.not_run)]
    rules += [f.rule for task in report.all_tasks for f in task.listed if f.rule]
    ids = [*types, *(f"rule/{rule}" for rule in rules)]
    return {rule: place for place, rule in enumerate(dict.fromkeys(ids))}


def _rule(rule: str, report: Report) -> Object:
    """Return what a rule is; code scanning wants all three texts."""
    if rule.startswith("rule/"):
        name = title = rule.removeprefix("rule/")
        text = report.rules.purposes.get(name) or "A row breaks this rule of the repository."
    else:
        kind = kind_of(rule)
        title, text = kind.title, kind.help or kind.title
        name = "".join(part.capitalize() for part in rule.split("-"))
    return {
        "id": characters(rule),
        "name": characters(name),
        "shortDescription": {"text": _message(title)},
        "fullDescription": {"text": _message(text)},
        "help": {"text": _message(text)},
        "defaultConfiguration": {"level": "warning" if rule in WARNINGS else "error"},
    }


def _invocation(report: Report) -> Object:
    notes = []
    if report.failure:
        notes.append({"level": "error", "message": {"text": _message(report.failure)}})
    unlisted = report.error_count + report.warning_count - report.listed_count - bool(report.failure)
    if unlisted:
        text = f"{count(unlisted, 'further finding')} not listed; --limit-errors 0 lists all"
        notes.append({"level": "warning", "message": {"text": text}})
    for rule, reason in report.rules.not_run:
        text = _message(f"rule {rule} did not run because {reason}")
        notes.append({"level": "note", "message": {"text": text}})
    if report.rules.reason:
        notes.append({"level": "note", "message": {"text": _message(f"no rules ran: {report.rules.reason}")}})
    invocation: Object = {"executionSuccessful": not report.failure}
    return invocation | ({"toolExecutionNotifications": notes} if notes else {})


def _result(task: Task, finding: Finding, ids: dict[str, int], seen: Counter[str]) -> Object:
    rule = f"rule/{finding.rule}" if finding.rule else finding.type
    known = {
        "resource": task.name or None,
        "rowNumber": finding.row_number,
        "fieldName": finding.field_name,
        "fieldNumber": finding.field_number,
        "cell": finding.cell,
        "key": finding.key,
        "byteOffset": finding.byte_offset,
        "pointer": finding.pointer,
    }
    field = f"{finding.field_name}: " if finding.field_name else ""
    return {
        "ruleId": characters(rule),
        "ruleIndex": ids[rule],
        "level": finding.severity,
        "message": {"text": _message(field + finding.note) or rule},
        "locations": [_location(task, finding)],
        "partialFingerprints": {"finding/v1": _fingerprint(task, finding, rule, seen)},
        "properties": {name: value for name, value in known.items() if value is not None},
    }


def _location(task: Task, finding: Finding) -> Object:
    physical: Object = {"artifactLocation": _artifact(task, finding)}
    if finding.line:
        region: Object = {"startLine": finding.line}
        start = finding.column
        if start:
            region["startColumn"] = start
        if start and finding.width is not None:
            region["endColumn"] = start + finding.width
            if finding.source_line is not None:
                first = start - finding.source_start
                region["snippet"] = {"text": finding.source_line[max(first, 0) : max(first + finding.width, 0)]}
        physical["region"] = region
    location: Object = {"physicalLocation": physical}
    if finding.field_name or task.name:
        whole = "/".join(filter(None, [task.name, finding.field_name]))
        name = finding.field_name or task.name
        kind = "member" if finding.field_name else "resource"
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": whole, "kind": kind}]
    return location


def _artifact(task: Task, finding: Finding) -> Object:
    r"""Return where the file is: relative to the working directory, or inside a package that is elsewhere.

    Examples:
        >>> _artifact(Task("t", "a.csv", "data/\u65e5 1.csv"), Finding("type-error", ""))
        {'uri': 'data/%E6%97%A5%201.csv', 'uriBaseId': '%SRCROOT%'}
    """
    file = task.file
    if file and PurePath(file).is_absolute():
        return {"uri": PurePath(file).as_uri()}
    if file:
        return {"uri": _relative(file), "uriBaseId": _HERE}
    path = finding.path or task.path or "datapackage.json"
    if path.startswith(("http://", "https://")):
        return {"uri": quote(path, safe=":/?#[]@!$&'()*+,;=%~", errors="replace")}
    return {"uri": _relative(path), "uriBaseId": _PACKAGE}


def _relative(path: str) -> str:
    return quote(path.replace("\\", "/").removeprefix("./").lstrip("/"), safe="/", errors="replace")


def _fingerprint(task: Task, finding: Finding, rule: str, seen: Counter[str]) -> str:
    """Return what makes out the finding, also when rows are added above it: neither line nor row number."""
    parts = [rule, task.path, finding.field_name, finding.cell, finding.pointer]
    parts += [f"{name}={value}" for name, value in (finding.key or {}).items()]
    if not finding.key:
        parts.append(finding.source_line)
    if not finding.key and finding.cell is None:
        parts.append(_NUMBERS.sub("#", finding.note))
    text = json.dumps(parts)
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"


def _message(text: str) -> str:
    r"""Escape what SARIF would take for a link or a placeholder.

    Examples:
        >>> print(_message("see [x](y) {0}"))
        see \[x](y) {{0}}
    """
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\\[", characters(text)))
