"""Labels of enumerated values, from the table that a repository declares as its codebook."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError, UnsoundTableError, did_you_mean
from shuttle_diplomacy.package import Resource
from shuttle_diplomacy.tabular.reader import read_table

_COLUMNS = ("record", "field", "value", "label")
Code = tuple[str, str, str]


@dataclass(frozen=True)
class Labels:
    """Labels by table, field and value.

    Attributes:
        by_value: the label of each value.
        languages: labels in further languages, by heading, of each value; of a field itself where the value is ``*``.
        notes: what else the codebook says of each value, by heading.

    Examples:
        >>> labels = Labels({("visits", "kind", "s"): "State visit"})
        >>> labels.of("visits", "kind", "s"), labels.of("visits", "kind", "w"), labels.shared("kind", "s")
        ('State visit', 'w', 'State visit')
    """

    by_value: Mapping[Code, str] = field(default_factory=dict)
    languages: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    notes: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)

    def of(self, table: str, field: str, value: Any) -> str:
        """Return the label of a table's value; the value itself where it has none."""
        return self.by_value.get((table, field, str(value)), str(value))

    def shared(self, field: str, value: Any) -> str:
        """Return the label that a value has in all tables with a field of this name; the value where they differ."""
        found = {label for (_, name, text), label in self.by_value.items() if (name, text) == (field, str(value))}
        return found.pop() if len(found) == 1 else str(value)


def read_labels(resource: Resource, codes: Mapping[str, Any], where: str) -> Labels:
    """Return the labels that a codes table holds.

    Args:
        resource: the codes table.
        codes: which of its columns hold the table's name (``record``), ``field``, ``value`` and ``label``; optionally
            further columns by heading, as ``languages`` and ``notes``.
        where: the configuration file, for messages.

    Raises:
        ConfigurationError: the declaration does not name a column of the table for each of the four.
        UnreadableError: the table is not there.
        UnsoundTableError: it does not follow its schema.
    """
    further = {kind: codes.get(kind, {}) for kind in ("languages", "notes")}
    wanted = {column: codes.get(column) for column in _COLUMNS}
    for named in (wanted, *further.values()):
        _check_columns(resource, named, where)
    frame, findings = read_table(resource)
    if findings:
        raise UnsoundTableError(f"{findings[0].place}: {findings[0].note}; run: shuttle validate")

    def texts(column: str) -> dict[Code, str]:
        rows = frame.select(codes["record"], codes["field"], codes["value"], pl.col(column).alias("text")).iter_rows()
        return {(str(table), str(name), str(value)): str(text) for table, name, value, text in rows if text}

    languages, notes = ({head: texts(column) for head, column in further[k].items()} for k in ("languages", "notes"))
    return Labels(texts(codes["label"]), languages, notes)


def _check_columns(resource: Resource, named: Mapping[str, Any], where: str) -> None:
    names = resource.schema.names
    for role, column in named.items():
        if column not in names:
            near = did_you_mean(str(column or ""), names)
            note = f"codes in [tool.shuttle] has to name a column of {resource.name!r} as {role!r}"
            raise ConfigurationError(f"{where}: {note};{near}".rstrip(";"))


def categories(values: Iterable[tuple[Any, str]], place: str) -> list[dict[str, Any]]:
    """Return values and labels as the standard's ``categories``.

    Raises:
        ConfigurationError: two values have one label; the standard demands that labels differ.

    Examples:
        >>> categories([("a", "Air"), ("b", "Air")], "table 't', field 'f'")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.ConfigurationError: table 't', field 'f': the values 'a' and 'b' have one label, 'Air'
    """
    return list(_categories(values, place))


def _categories(values: Iterable[tuple[Any, str]], place: str) -> Iterator[dict[str, Any]]:
    seen: dict[str, Any] = {}
    for value, label in values:
        if label in seen:
            raise ConfigurationError(f"{place}: the values {seen[label]!r} and {value!r} have one label, {label!r}")
        seen[label] = value
        yield {"value": value, "label": label}
