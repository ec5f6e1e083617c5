"""Which findings a reader meets first: by kind, a few of each form, the rest counted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.package.finding import Severity
from shuttle_diplomacy.validation.report import Task

_VALUE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d[\d.,:T+-]*""")
_OF_A_FORM = 3


@dataclass
class Group:
    """Findings of one table, type and severity.

    Attributes:
        type: the type.
        severity: the severity.
        total: how many there are in truth.
        shown: those to show, each with those that are like it and not shown.
    """

    type: str
    severity: Severity
    total: int
    shown: list[tuple[Finding, list[Finding]]] = field(default_factory=list)

    @property
    def told(self) -> int:
        """Return how many are shown or said to be like one that is shown."""
        return sum(1 + len(like) for _, like in self.shown)


def form(finding: Finding) -> tuple[str, str | None, str]:
    """Return what findings that differ only in their values share.

    Examples:
        >>> form(Finding("type-error", "'x' is no integer")) == form(Finding("type-error", "'17' is no integer"))
        True
    """
    return finding.rule or finding.type, finding.field_name, _VALUE.sub("\u2026", finding.note)


def groups(task: Task, most: int, most_of_a_kind: int) -> list[Group]:
    """Return a table's findings by type, errors first, no more shown than asked for, but one of each type.

    Args:
        task: the table.
        most: how many findings to show in all.
        most_of_a_kind: how many of a type.
    """
    listed: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in task.listed:
        listed.setdefault((finding.type, finding.severity), []).append(finding)
    for key in task.counts:
        listed.setdefault(key, [])
    result = []
    for position, (kind, severity) in enumerate(sorted(listed, key=lambda key: key[1])):
        later = len(listed) - position - 1
        room = max(min(most_of_a_kind, most - later), 1)
        group = Group(kind, severity, task.counts[kind, severity])
        group.shown = _first_of_each_form(listed[kind, severity], room)
        most -= len(group.shown)
        result.append(group)
    return result


def _first_of_each_form(findings: Iterable[Finding], room: int) -> list[tuple[Finding, list[Finding]]]:
    by_form: dict[tuple[str, str | None, str], list[Finding]] = {}
    for finding in findings:
        by_form.setdefault(form(finding), []).append(finding)
    shown: list[tuple[Finding, list[Finding]]] = []
    for alike in by_form.values():
        few = len(alike) if len(alike) == _OF_A_FORM + 1 else _OF_A_FORM  # one more is shown, not counted
        few = min(few, len(alike), room - len(shown))
        if few < 1:
            break
        shown += [(finding, []) for finding in alike[: few - 1]]
        shown.append((alike[few - 1], alike[few:]))
    return shown


def fairly(tasks: Sequence[Task], severity: Severity, first: int) -> list[tuple[Task, Finding]]:
    """Return all listed findings of a severity; the first ones are taken from each table and kind in turn.

    For readers that show a few only, so that one bad column does not hide everything else.

    Args:
        tasks: the tables.
        severity: ``error`` or ``warning``.
        first: how many are taken in turn; the others follow in their order.
    """
    found = [(t, f) for t in tasks for f in (t.errors if severity == "error" else t.warnings)]
    places: dict[tuple[str, str], int] = {}
    turns = []
    for index, (task, finding) in enumerate(found):
        key = (task.name, finding.rule or finding.type)
        places[key] = turn = places.get(key, -1) + 1
        turns.append((turn, index))
    chosen = [index for _, index in sorted(turns)[:first]]
    rest = sorted(set(range(len(found))) - set(chosen))
    return [found[index] for index in [*chosen, *rest]]
