"""Matching the labels of a file to the fields of a schema (``fieldsMatch``)."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from shuttle_diplomacy.errors import did_you_mean
from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.tabular.labels import Label, Labels, field_names, read_labels

__all__ = ["HeaderMatch", "Label", "Labels", "field_names", "match_header", "read_labels"]

MODES = ("exact", "equal", "subset", "superset", "partial")
_MAY_HAVE_MORE = ("subset", "partial")
_MAY_HAVE_FEWER = ("superset", "partial")
_MOST_NAMES = 50  # a header row that should be is spelt out up to here
_MOST_HINTS = 20  # so many labels are compared with the fields' names: comparing takes time
_MOST_COMPARED = 1000
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad"


@dataclass(frozen=True)
class HeaderMatch:
    """How the columns of a file belong to the fields of a schema.

    Attributes:
        findings: what is wrong with the labels; at most as many as asked for.
        more: number of further findings, by type.
        columns: for each field the index of its column; None where the file has none: all its values are null, which
            ``findings`` says where it matters.
        width: number of columns in the file.
        fatal: whether the rows are not to be read, because columns and fields do not belong together.
    """

    findings: list[Finding]
    columns: list[int | None]
    width: int
    fatal: bool = False
    more: Counter[str] = field(default_factory=Counter)


def match_header(
    labels: Labels,
    names: Sequence[str] | None,
    mode: object = "exact",
    *,
    required: Collection[str] = (),
    room: int | None = None,
) -> HeaderMatch:
    """Match the labels of a file to the fields of a schema.

    ``exact`` maps by order, and each label has to be the name of its field; the other modes map by name. In the modes
    that allow for fewer columns a required field still has to have one: without it all its values would be null.
    Where there are no labels (``header: false``) fields are mapped by order in every mode.

    Args:
        labels: the header of the file.
        names: the schema's field names; None where there is no schema: each label is a field.
        mode: ``fieldsMatch``; anything that is no mode counts as ``exact``.
        required: names of the fields that must have a value, those of the primary key among them.
        room: how many findings are described; None: all.

    Examples:
        >>> match_header(Labels.of(["name", "id"]), ["id", "name"], "equal").columns
        [1, 0]
        >>> match_header(Labels.of(["idd"]), ["id"]).findings[0].note
        "the label is 'idd'; here the schema has 'id'"
    """
    mode = mode[0] if isinstance(mode, list) and len(mode) == 1 else mode
    mode = mode if mode in MODES else "exact"
    if labels.faults:
        spelt = mode == "exact" and names and len(names) <= _MOST_NAMES
        hint = f"; it has to be: {','.join(names or ())}" if spelt else ""
        found = [f.at(note=f.note + hint) if f.type != "structure-error" else f for f in labels.faults]
        return HeaderMatch(found, [], len(labels.texts), fatal=True)
    if labels.found is None:
        count = len(names or ())
        return HeaderMatch([], list(range(count)), count)
    matching = _Matching(labels, labels.found, names, str(mode), room)
    return matching.by_order() if mode == "exact" else matching.by_name(required)


class _Matching:
    """One header against one schema."""

    def __init__(
        self, labels: Labels, found: Sequence[Label], names: Sequence[str] | None, mode: str, room: int | None
    ) -> None:
        self.labels = found
        self.texts = labels.texts
        self.names = self.texts if names is None else list(names)
        self.has_schema = names is not None
        self.mode = mode
        self.room = room
        self.row, self.line = labels.row, found[-1].line if found else None
        self.findings: list[Finding] = []
        self.listed: Counter[str] = Counter()
        self.more: Counter[str] = Counter()
        self.first: dict[str, int] = {}
        for index, text in enumerate(self.texts):
            self.first.setdefault(text, index)

    def by_order(self) -> HeaderMatch:
        """Match label after label; a label that is the name of another field says that columns are displaced."""
        known, width, count = set(self.names), len(self.texts), len(self.names)
        order = ""
        if Counter(self.texts) == Counter(self.names):
            order = " (the columns are in another order than the schema's fields)"
        displaced = matched = 0
        for index, text in enumerate(self.texts):
            name = self.names[index] if index < count else None
            again = self.first[text] != index
            if text == name and (self.has_schema or (text and not again)):
                matched += 1
                continue
            displaced += self.has_schema and text in known and not again
            if name is None:
                self._extra(index, text)
            else:
                self._mislabelled(index, text, name, order)
        self._missing(range(width, count))
        fatal = bool(displaced) or (not matched and width != count)
        return self._result([i if i < width else None for i in range(count)], fatal=fatal)

    def _mislabelled(self, index: int, text: str, name: str, order: str) -> None:
        kind = "blank-label" if not text else "duplicate-label" if self.first[text] != index else "incorrect-label"
        if self._is_full(kind):
            return
        here = f"; here the schema has {name!r}" if self.has_schema else ""
        if not text:
            self._add(kind, index, f"column {index + 1} has no label{here}", name)
        elif kind == "duplicate-label":
            self._add(kind, index, f"{self._again(text)}{here}", name)
        else:
            self._add(kind, index, f"the label is {text!r}{here}{order}{_likeness(text, [name])}", name)

    def _again(self, text: str) -> str:
        return f"the label {text!r} occurs twice, first in column {self.first[text] + 1}"

    def by_name(self, required: Collection[str]) -> HeaderMatch:
        """Find the column of each field by its name; of a name that stands several times each takes the next."""
        wanted, seen = Counter(self.names), Counter[str]()
        places: dict[tuple[str, int], int] = {}
        for index, text in enumerate(self.texts):
            seen[text] += 1
            if seen[text] <= wanted[text]:
                places[text, seen[text]] = index
            elif text in wanted and not self._is_full("duplicate-label"):
                self._add("duplicate-label", index, self._again(text), text)
            elif text not in wanted and self.mode not in _MAY_HAVE_MORE:
                self._extra(index, text)
        taken = Counter[str]()
        columns: list[int | None] = []
        for name in self.names:
            taken[name] += 1
            columns.append(places.get((name, taken[name])))
        absent = [index for index, column in enumerate(columns) if column is None]
        if self.mode == "partial" and self.names and len(absent) == len(self.names):
            listed = f": {', '.join(self.names)}" if len(self.names) <= _MOST_NAMES else ""
            self._add("unmatched-header", None, f"no column is a field of the schema; at least one has to be{listed}")
            return self._result(columns, fatal=True)
        self._missing(i for i in absent if self.mode not in _MAY_HAVE_FEWER or self.names[i] in required)
        return self._result(columns)

    def _extra(self, index: int, text: str) -> None:
        if self._is_full("extra-label"):
            return
        if not text:
            note = f"column {index + 1} has no label and is not in the schema"
        elif text in self.names[:_MOST_NAMES]:
            note = f"the column {text!r} is one more than the schema has fields"
        else:
            note = f"the column {text!r} is not in the schema"
            note += self._hint(text, (name for name in self.names if name not in self.first))
        self._add("extra-label", index, note)

    def _missing(self, fields: Iterable[int]) -> None:
        known = set(self.names)
        for number, index in enumerate(fields, len(self.texts) + 1):
            name = self.names[index]
            if self._is_full("missing-label"):
                continue
            note = f"there is no column {name!r}"
            if self.mode == "exact" and index:
                note += f"; it comes after {self.names[index - 1]!r}"
            elif self.mode in _MAY_HAVE_FEWER:
                note += ", and the field needs a value in each row"
            if self.mode != "exact":
                note += self._hint(name, (text for text in self.texts if text not in known))
            self._add("missing-label", None, note, name, number)

    def _hint(self, text: str, others: Iterable[str]) -> str:
        """Return which name was meant; for a few only, because comparing takes time."""
        if len(self.findings) >= _MOST_HINTS:
            return ""
        near = list(islice(others, _MOST_COMPARED))
        hint = did_you_mean(text, near)
        return _likeness(text, near) or (hint and f";{hint}")

    def _is_full(self, kind: str) -> bool:
        """Return whether no more of a type are described; if so one more is counted."""
        full = self.room is not None and self.listed[kind] >= self.room
        self.more[kind] += full
        return full

    def _add(self, kind: str, index: int | None, note: str, name: str | None = None, number: int | None = None) -> None:
        finding = Finding(kind, note, row_number=self.row, line=self.line, field_name=name, field_number=number)
        if index is not None:
            label = self.labels[index]
            finding = finding.at(field_number=index + 1, cell=label.text, line=label.line, column=label.column)
            finding = finding.at(width=label.end - label.start or None)
        self.listed[kind] += 1
        self.findings.append(finding)

    def _result(self, columns: list[int | None], *, fatal: bool = False) -> HeaderMatch:
        return HeaderMatch(self.findings, columns, len(self.texts), fatal, +self.more)


def _likeness(text: str, others: Iterable[str]) -> str:
    """Return a hint at a name that differs from the text only in what is hard to see."""
    for other in others:
        if text != other and _visible(text) == _visible(other):
            return f"; it differs from {other!r} only in {_difference(text, other)}"
    return ""


def _visible(text: str) -> str:
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if c not in _INVISIBLE)
    return "".join(kept.split()).casefold()


def _difference(text: str, other: str) -> str:
    if unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", other):
        return "its Unicode normal form (the same letters, other code points)"
    if any(c in _INVISIBLE for c in text + other):
        return "characters that cannot be seen, such as a byte order mark"
    if text.casefold() == other.casefold():
        return "upper and lower case"
    return "blanks" if "".join(text.split()) == "".join(other.split()) else "case and blanks"
