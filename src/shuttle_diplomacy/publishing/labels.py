"""Labels of enumerated values, from the table that a repository declares as its codebook."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shuttle_diplomacy.errors import ConfigurationError, UnsoundTableError, did_you_mean
from shuttle_diplomacy.package import Resource
from shuttle_diplomacy.tabular.reader import read_table

_COLUMNS = ("record", "field", "value", "label")


@dataclass(frozen=True)
class Labels:
    """Labels by table, field and value.

    Examples:
        >>> labels = Labels({("visits", "kind", "s"): "State visit"})
        >>> labels.of("visits", "kind", "s"), labels.of("visits", "kind", "w"), labels.shared("kind", "s")
        ('State visit', 'w', 'State visit')
    """

    by_value: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def of(self, table: str, field: str, value: Any) -> str:
        """Return the label of a table's value; the value itself where it has none."""
        return self.by_value.get((table, field, str(value)), str(value))

    def shared(self, field: str, value: Any) -> str:
        """Return the label that a value has in all tables with a field of this name; the value where they differ."""
        found = {label for (_, name, text), label in self.by_value.items() if (name, text) == (field, str(value))}
        return found.pop() if len(found) == 1 else str(value)


def read_labels(resource: Resource, codes: Mapping[str, str], where: str) -> Labels:
    """Return the labels that a codes table holds.

    Args:
        resource: the codes table.
        codes: which of its columns hold the table's name (``record``), ``field``, ``value`` and ``label``.
        where: the configuration file, for messages.

    Raises:
        ConfigurationError: the declaration does not name a column of the table for each of the four.
        UnreadableError: the table is not there.
        UnsoundTableError: it does not follow its schema.
    """
    names = resource.schema.names
    for column in _COLUMNS:
        if codes.get(column) not in names:
            near = did_you_mean(codes.get(column, ""), names)
            note = f"codes in [tool.shuttle] has to name a column of {resource.name!r} as {column!r}"
            raise ConfigurationError(f"{where}: {note};{near}".rstrip(";"))
    frame, findings = read_table(resource)
    if findings:
        raise UnsoundTableError(f"{findings[0].place}: {findings[0].note}; run: shuttle validate")
    rows = frame.select(codes[column] for column in _COLUMNS).iter_rows()
    return Labels({(str(table), str(name), str(value)): str(label) for table, name, value, label in rows if label})


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
