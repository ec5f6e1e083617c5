"""Which part of the version a difference asks to be raised: the version recipe of the Data Package standard.

Major: fields are added, removed, renamed or reordered, their type or format changes, a constraint becomes stricter, a
table or a row that others may refer to goes or is renamed. Minor: new tables, new rows, a looser constraint, a
reference that leads elsewhere. Patch: corrected values, and what is only told to people
(https://datapackage.org/recipes/data-package-version/). Below 1.0.0 a major change asks for a raised minor number.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from shuttle_diplomacy.package.shapes import shown
from shuttle_diplomacy.review.difference import Change, Difference, TableDifference

_NUMBER = r"(0|[1-9][0-9]{0,17})"
_PART = r"(?:0|[1-9][0-9]{0,17}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"  # of a pre-release
_BUILD = r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_PART}(?:\.{_PART})*))?{_BUILD}?")


class Level(IntEnum):
    """How much a change asks of the version."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """Return the name in running text."""
        return self.name.lower()


_LEVELS = {
    "identity": Level.MAJOR,
    "field-added": Level.MAJOR,
    "field-removed": Level.MAJOR,
    "field-renamed": Level.MAJOR,
    "fields-reordered": Level.MAJOR,
    "type": Level.MAJOR,
    "format": Level.MAJOR,
    "reading": Level.MAJOR,
    "missing-values": Level.MAJOR,
    "values-reordered": Level.MAJOR,
    "primary-key": Level.MAJOR,
    "constraint-tightened": Level.MAJOR,
    "constraint-loosened": Level.MINOR,
    "file-added": Level.MINOR,
    "file-removed": Level.MAJOR,
}
_WORDS = {
    "identity": "{whose} {what} changed",
    "field-added": "the field {what!r} was added",
    "field-removed": "the field {what!r} was removed",
    "field-renamed": "the field {before!r} was renamed {after!r}",
    "fields-reordered": "the fields stand in another order",
    "constraint-tightened": "{what} is stricter",
    "constraint-loosened": "{what} is looser",
    "file-added": "the file {what!r} was added",
    "file-removed": "the file {what!r} was removed",
    "file-changed": "the file {what!r} changed",
}


@dataclass(frozen=True)
class Reason:
    """One change and what it asks for.

    Attributes:
        level: which part of the version.
        table: the table, or an empty text for the package.
        text: the change in words.
    """

    level: Level
    table: str
    text: str

    @property
    def sentence(self) -> str:
        """Return table and change."""
        return f"{self.table}: {self.text}" if self.table else self.text


@dataclass(frozen=True)
class Verdict:
    """Whether a version was raised enough.

    Attributes:
        needed: what the difference asks for by the recipe.
        reasons: all changes, the decisive ones first.
        enough: whether the version was raised enough.
        text: the outcome in one sentence, with the decisive change where it is not enough.
    """

    needed: Level
    reasons: tuple[Reason, ...]
    enough: bool
    text: str

    @property
    def decisive(self) -> list[Reason]:
        """Return the changes that ask for the most."""
        return [reason for reason in self.reasons if reason.level == self.needed]


def level_of(change: Change) -> Level:
    """Return what one change of a schema or of metadata asks for."""
    return _LEVELS.get(change.kind, Level.PATCH)


def judge(difference: Difference) -> Verdict:
    """Return what a difference asks of the version, and whether the new package's version fulfils it."""
    reasons = [Reason(level_of(c), "", _words(c)) for c in difference.properties]
    for table in difference.tables:
        reasons += _of_table(table)
    reasons.sort(key=lambda reason: -reason.level)
    needed = reasons[0].level if reasons else Level.NONE
    enough, text = _outcome(difference, needed)
    if not enough and needed:
        first = [reason.sentence for reason in reasons if reason.level == needed]
        more = f" (and {len(first) - 1} more of that weight)" if len(first) > 1 else ""
        text += f"; decisive: {first[0]}{more}"
    return Verdict(needed, tuple(reasons), enough, text)


def _of_table(table: TableDifference) -> list[Reason]:
    name = table.name
    if table.status == "added":
        return [Reason(Level.MINOR, name, "the table was added")]
    if table.status == "removed":
        return [Reason(Level.MAJOR, name, "the table was removed")]
    if table.status == "unread":
        return [Reason(Level.MAJOR, name, "the table could not be compared")]
    found = [Reason(level_of(c), name, _words(c, "its")) for c in (*table.schema, *table.properties)]
    gone = Level.MAJOR if table.key else Level.PATCH  # what has no key cannot be referred to
    if table.renamed.height:
        first = table.renamed.row(0, named=True)
        which = f"the first {shown(first['before'])} to {shown(first['after'])}"
        text = f"{_count(table.renamed.height, 'key')} renamed, {which}"
        found.append(Reason(Level.MAJOR, name, text))
    if table.removed_rows:
        assert table.removed is not None
        names = tuple(f for f in table.removed.schema.primary_key)
        first_key = f", the first {shown(table.removed.ids(names, 1)[0])}" if table.key and names else ""
        found.append(Reason(gone, name, f"{_count(table.removed_rows, 'row')} removed{first_key}"))
    if table.added_rows:
        found.append(Reason(Level.MINOR, name, f"{_count(table.added_rows, 'row')} added"))
    return found + _of_cells(table)


def _of_cells(table: TableDifference) -> list[Reason]:
    """Return what changed cells ask for: more where other tables refer to them, or they to others."""
    found = []
    counts = dict(table.cells.group_by("field").len().iter_rows()) if table.cells.height else {}
    for field, number in sorted(counts.items()):
        cells = _count(number, "cell")
        if field in table.referenced:
            found.append(Reason(Level.MAJOR, table.name, f"{cells} of {field!r} changed, to which other rows refer"))
        elif field in table.references:
            refer = "refers" if number == 1 else "refer"
            found.append(Reason(Level.MINOR, table.name, f"{cells} of {field!r} {refer} to another row"))
        else:
            found.append(Reason(Level.PATCH, table.name, f"{cells} of {field!r} corrected"))
    return found


def _words(change: Change, whose: str = "the package's") -> str:
    text = _WORDS.get(change.kind, "{what} changed").format(
        whose=whose, what=change.what, before=str(change.before), after=str(change.after)
    )
    renamed = change.kind in {"field-added", "field-removed", "field-renamed"}
    field = f"of {change.field!r}: " if change.field and not renamed else ""
    return f"{field}{text}{f' ({change.note})' if change.note else ''}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _outcome(difference: Difference, needed: Level) -> tuple[bool, str]:
    old, new = difference.old_version, difference.new_version
    before, after = _parsed(old), _parsed(new)
    if needed == Level.NONE and old == new:
        return True, "nothing changed that asks for another version"
    if after is None:
        found = "there is no version" if new is None else f"the version is {shown(new)}"
        return False, f"{found}, but it has to be a semantic version, as 1.2.3"
    if before is None:
        return True, f"the version before was {shown(old)}, which is no semantic version; {new} is taken as it is"
    if _rank(after) < _rank(before):
        return False, f"the version was lowered from {old} to {new}"
    raised = _raised(before, after)
    asked = Level.MINOR if needed == Level.MAJOR and after[0] == 0 else needed
    why = f"a {needed.word} change" + (" below 1.0.0" if asked != needed else "")
    done = f"the version was raised from {old} to {new}" if raised else f"the version is {new} as before"
    if raised >= asked:
        return True, done if needed == Level.NONE else f"{done}, enough for {why}"
    return False, f"{done}, but {why} asks for a raised {asked.word} number: {_next(before, asked)}"


Parsed = tuple[int, int, int, str]


def _parsed(version: str | None) -> Parsed | None:
    match = _VERSION.fullmatch(version or "")
    return (int(match[1]), int(match[2]), int(match[3]), match[4] or "") if match else None


def _rank(version: Parsed) -> tuple[int, int, int, bool, tuple[tuple[bool, int, str], ...]]:
    """Return what versions are ordered by (https://semver.org/#spec-item-11)."""
    parts = [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in version[3].split(".")] if version[3] else []
    return (*version[:3], not version[3], tuple(parts))


def _raised(before: Parsed, after: Parsed) -> Level:
    """Return which part was raised; from a pre-release what its numbers had promised.

    Examples:
        >>> _raised((0, 1, 0, ""), (0, 2, 0, "")), _raised((1, 0, 0, "rc.1"), (1, 0, 0, ""))
        (<Level.MINOR: 2>, <Level.MAJOR: 3>)
    """
    levels = (Level.MAJOR, Level.MINOR, Level.PATCH)
    for level, was, now in zip(levels, before, after, strict=False):
        if isinstance(was, int) and isinstance(now, int) and now > was:
            return level
    if _rank(after) == _rank(before):
        return Level.NONE
    return Level.PATCH if after[2] else Level.MINOR if after[1] else Level.MAJOR


def _next(before: Parsed, level: Level) -> str:
    major, minor, patch, _ = before
    numbers = {
        Level.MAJOR: (major + 1, 0, 0),
        Level.MINOR: (major, minor + 1, 0),
        Level.PATCH: (major, minor, patch + 1),
    }
    return ".".join(map(str, numbers[level]))
