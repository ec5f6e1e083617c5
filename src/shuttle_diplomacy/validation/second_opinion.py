"""A second opinion: frictionless judges the same package, and where the two differ is listed.

frictionless runs in a child process, offline and bounded in time: it may crash or hang on a package, and then one
sentence says so. Its errors are matched with ours by what both know: type, resource, row and field.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package import Finding, Package
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.validation.report import Report

SECONDS = 600
_CHILD = "shuttle_diplomacy.validation.frictionless_child"
# Types that one of the two splits more finely: they are compared as one.
_FAMILIES = {
    **dict.fromkeys(
        ("package-error", "resource-error", "schema-error", "field-error", "dialect-error", "metadata-error"),
        "descriptor",
    ),
    **dict.fromkeys(
        ("blank-header", "blank-label", "duplicate-label", "incorrect-label", "extra-label", "missing-label"), "header"
    ),
    **dict.fromkeys(
        ("source-error", "scheme-error", "format-error", "encoding-error", "compression-error", "structure-error"),
        "reading",
    ),
}
_BY_FIELD = {"type-error", "constraint-error", "unique-error"}
_ONLY_OURS = {
    "unique-key": "frictionless does not check uniqueKeys",
    "structure-error": "frictionless reads faulty quotes without a word",
    "encoding-error": "frictionless guesses an encoding that is not declared",
    "dialect-error": "frictionless checks few properties of a dialect",
    "hash-count": "frictionless checks md5 and sha256 only",
}
_ONLY_THEIRS = {
    "blank-row": "frictionless calls a row blank if all its cells are missing values",
    "type-error": "frictionless knows no groupChar of integers, and no years of other than four digits",
}
_NOT_READ = "we do not judge the rows of a table whose header or file cannot be read"
Place = tuple[str, str, int | None, str | None]


@dataclass
class SecondOpinion:
    """What frictionless says of a package, beside our report.

    Attributes:
        agree: whether both find the same errors at the same places (False where frictionless failed).
        only_ours: errors that frictionless does not find.
        only_theirs: errors that only frictionless finds.
        failure: one sentence where frictionless could not judge the package; else empty.
        version: the version of frictionless.
        reasons: for a type of error, why the two may differ on it.
    """

    agree: bool = False
    only_ours: list[Finding] = field(default_factory=list)
    only_theirs: list[Finding] = field(default_factory=list)
    failure: str = ""
    version: str = ""
    reasons: dict[str, str] = field(default_factory=dict)


def second_opinion(package: Package, report: Report, *, limit: int = 1000, seconds: float = SECONDS) -> SecondOpinion:
    """Let frictionless judge a package, and compare with our report on it.

    Args:
        package: the package.
        report: our report.
        limit: how many errors frictionless lists per resource.
        seconds: how long it may take.
    """
    if report.failure:
        return SecondOpinion(failure=f"there is nothing to compare: {report.failure}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            file = package.storage.local(package.descriptor_path) or _copied(package, Path(folder))
        except ShuttleError as error:
            return SecondOpinion(failure=f"frictionless cannot be given the package: {error}")
        answer = _ask(file, limit, seconds)
    if "failure" in answer:
        return SecondOpinion(failure=answer["failure"], version=answer.get("version", ""))
    theirs = [Finding(**found) for found in answer["errors"]]
    capped = {task.name for task in report.all_tasks if task.error_count > len(task.errors)}
    ours = [finding for task in report.all_tasks for finding in task.errors if finding.type != "rule-error"]
    opinion = _compared(ours, theirs, capped, set(answer["capped"]))
    opinion.version = answer["version"]
    return opinion


def _copied(package: Package, folder: Path) -> Path:
    """Copy a package that is no folder of this machine into one; what is missing in it stays missing."""
    (folder / "datapackage.json").write_text(json.dumps(package.descriptor), encoding="utf-8")
    for path in set(_paths(package.descriptor)):
        target = folder / path
        if not target.resolve().is_relative_to(folder.resolve()) or target.exists():
            continue
        with suppress(ShuttleError, OSError, ValueError):  # both tools say themselves what they cannot read
            content = package.storage.read(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return folder / "datapackage.json"


def _paths(descriptor: Descriptor) -> Iterator[str]:
    resources = descriptor.get("resources")
    for resource in resources if isinstance(resources, list) else []:
        for key in ("path", "schema", "dialect") if isinstance(resource, dict) else ():
            value = resource.get(key)
            yield from (v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str))


def _ask(file: Path, limit: int, seconds: float) -> dict[str, Any]:
    """Return the child's answer, or why there is none."""
    command = [sys.executable, "-P", "-m", _CHILD, str(file), str(limit)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"failure": f"frictionless did not end within {seconds:g} seconds"}
    except ValueError:
        return {"failure": f"frictionless ended without an answer (exit code {done.returncode})"}
    return answer


def _compared(
    ours: list[Finding], theirs: list[Finding], capped_ours: set[str], capped_theirs: set[str]
) -> SecondOpinion:
    """Compare by place; what may stand beyond the end of a capped list is not called a difference."""
    our_places, their_places = set(map(_place, ours)), set(map(_place, theirs))
    ends = {name: max(f.row_number or 0 for f in theirs if f.resource == name) for name in capped_theirs}
    only_ours = [
        finding
        for finding in _once(ours)
        if _place(finding) not in their_places and (finding.row_number or 0) <= ends.get(finding.resource, sys.maxsize)
    ]
    only_theirs = [
        finding
        for finding in _once(theirs)
        if _place(finding) not in our_places and finding.resource not in capped_ours
    ]
    reasons = {f.type: _ONLY_OURS[f.type] for f in only_ours if f.type in _ONLY_OURS}
    unread = {resource for family, resource, *_ in our_places if family in {"header", "reading", "descriptor"}}
    for finding in only_theirs:
        if finding.resource in unread or "" in unread:
            reasons[finding.type] = _NOT_READ
        elif finding.type in _ONLY_THEIRS:
            reasons[finding.type] = _ONLY_THEIRS[finding.type]
    return SecondOpinion(not only_ours and not only_theirs, only_ours, only_theirs, reasons=reasons)


def _place(finding: Finding) -> Place:
    family = _FAMILIES.get(finding.type, finding.type)
    if family == "descriptor":
        return family, "", None, None
    if family in {"header", "reading"}:
        return family, finding.resource, None, None
    return family, finding.resource, finding.row_number, finding.field_name if family in _BY_FIELD else None


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: set[Place] = set()
    for finding in findings:
        if _place(finding) not in seen:
            seen.add(_place(finding))
            yield finding


def as_json(opinion: SecondOpinion) -> dict[str, Any]:
    """Return the opinion as one JSON object.

    Examples:
        >>> as_json(SecondOpinion(agree=True, version="5.21.0"))["agree"]
        True
    """
    return {
        "tool": "frictionless",
        "version": opinion.version,
        "agree": opinion.agree,
        "failure": opinion.failure,
        "onlyOurs": [_as_object(f) for f in opinion.only_ours],
        "onlyTheirs": [_as_object(f) for f in opinion.only_theirs],
        "reasons": opinion.reasons,
    }


def _as_object(finding: Finding) -> dict[str, Any]:
    return {
        "type": finding.type,
        "resource": finding.resource,
        "rowNumber": finding.row_number,
        "fieldName": finding.field_name,
        "note": finding.note,
    }


def render_text(opinion: SecondOpinion) -> str:
    """Return the opinion as text for people, ending with a line end.

    Examples:
        >>> print(render_text(SecondOpinion(failure="frictionless did not end within 5 seconds")), end="")
        second opinion: frictionless did not end within 5 seconds
    """
    if opinion.failure:
        return f"second opinion: {plain(opinion.failure)}\n"
    if opinion.agree:
        return f"second opinion: frictionless {opinion.version} finds the same\n"
    lines = [f"second opinion: frictionless {opinion.version} differs"]
    for title, findings in (("only we find", opinion.only_ours), ("only frictionless finds", opinion.only_theirs)):
        if findings:
            lines.append(f"  {title} {len(findings):,}:")
            lines += [f"    {_line(f)}" for f in findings]
    lines += [f"  {kind}: {reason}" for kind, reason in opinion.reasons.items()]
    return "\n".join(lines) + "\n"


def _line(finding: Finding) -> str:
    row = f"row {finding.row_number}" if finding.row_number else ""
    where = ", ".join(part for part in (finding.resource or "package", row, finding.field_name or "") if part)
    return plain(f"{where}: {finding.type}: {finding.note}")
