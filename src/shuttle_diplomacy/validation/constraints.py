"""Value constraints of one batch: pandera says which checks fail, polars which rows."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import MOST_HINTS, ConfigurationError, did_you_mean
from shuttle_diplomacy.package import Field, Finding, Findings, Resource
from shuttle_diplomacy.tabular.constraints import COMPARISONS, Constraint, constraints_of
from shuttle_diplomacy.tabular.reader import Batch
from shuttle_diplomacy.tabular.types import reading_of
from shuttle_diplomacy.tabular.types.durations import ends
from shuttle_diplomacy.tabular.types.structured import parse_json

_KIND = "constraint-error"
_MOST_SHOWN = 30  # allowed values that a message lists
_LONGEST = 300  # characters of another library's message, which may quote the whole value
_UNITS = {"object": "properties", "array": "items", "list": "items"}


class ConstraintChecker:
    """Checks the batches of one resource, whose columns stand in the order of the schema's fields.

    Raises:
        ConfigurationError: a constraint does not fit its field.
    """

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._fields = resource.schema.fields
        self._constraints = [constraints_of(field, index) for index, field in enumerate(self._fields)]
        self._compiled: tuple[list[str], Any] | None = None
        self._hints = MOST_HINTS

    def check(self, batch: Batch, findings: Findings) -> None:
        """Add the cells of a batch that break a constraint; cells of a wrong type are not judged again.

        All are counted; only those for which there is room become findings, in the order of their rows.
        """
        if not batch.frame.height or not self._fields:  # a table without a schema has columns, but no constraints
            return
        room, total = findings.room(_KIND), 0
        listed: list[tuple[int, int, str]] = []
        for index, name, broken in self._broken(batch):
            total += int(broken.sum())
            rows = broken.arg_true() if room is None else broken.arg_true().head(room)
            listed += [(row, index, name) for row in rows.to_list()]
        listed.sort(key=lambda item: item[:2])
        shown = listed if room is None else listed[:room]
        for row, index, name in shown:
            findings.add(self._finding(batch, row, index, name))
        findings.count(_KIND, total - len(shown))

    def _broken(self, batch: Batch) -> Iterator[tuple[int, str, pl.Series]]:
        """Yield each constraint that is broken, by field and name, with whether each row breaks it."""
        names = batch.frame.columns
        failed = self._failed(batch.frame)
        for index, constraints in enumerate(self._constraints):
            column = names[index]
            if (index, "required") in failed:
                broken = batch.frame[column].is_null()
                wrong = pl.Series(batch.wrong.get(column, []), dtype=pl.Int64)
                if len(wrong):
                    broken = broken.scatter(wrong, values=False)
                if broken.any():
                    yield index, "required", broken
            for constraint in constraints:
                if constraint.scalar and (index, constraint.name) not in failed:
                    continue
                broken = batch.frame.select(~constraint.holds(column)).to_series().fill_null(value=False)
                if broken.any():
                    yield index, constraint.name, broken

    def _failed(self, frame: pl.DataFrame) -> set[tuple[int, str]]:
        """Return which checks of pandera fail, by the position of the field and the constraint."""
        from pandera.errors import SchemaErrors

        names = frame.columns
        if self._compiled is None or self._compiled[0] != names:
            from shuttle_diplomacy.tabular.columns import compile_schema

            self._compiled = names, compile_schema(self._resource.schema, columns=names, constrained_only=True)
        try:
            self._compiled[1].validate(frame, lazy=True)
        except SchemaErrors as errors:
            return {self._failure(error, names) for error in errors.schema_errors}
        return set()

    def _failure(self, error: Any, names: list[str]) -> tuple[int, str]:
        name = "required" if error.check == "not_nullable" else getattr(error.check, "name", None)
        column = getattr(error.schema, "name", None)
        if name is None or column not in names or error.reason_code.name == "CHECK_ERROR":
            raise ConfigurationError(f"resource {self._resource.name!r}: a constraint cannot be checked: {error}")
        return names.index(column), name

    def _finding(self, batch: Batch, row: int, index: int, name: str) -> Finding:
        field, cell = self._fields[index], batch.text[batch.frame.columns[index]][row]
        self._hints -= 1
        constraint = next((c for c in self._constraints[index] if c.name == name), None)
        return Finding(
            _KIND,
            _note(field, constraint, cell or "", hint=self._hints >= 0),
            resource=self._resource.name,
            path=self._resource.path,
            row_number=batch.row_numbers[row],
            field_name=field.name,
            field_number=index + 1,
            cell=cell or "",
        )


def _note(field: Field, constraint: Constraint | None, cell: str, *, hint: bool = True) -> str:
    """Return what is wrong with a cell; without a constraint it is empty and required."""
    if constraint is None:
        return "the cell is empty, but a value is required"
    name = constraint.name
    if name in {"enum", "categories"}:
        declared = field.constraints["enum"] if name == "enum" else field.categories
        values = [v if isinstance(v, str) else json.dumps(v) for v in declared]
        near = did_you_mean(cell, values) if hint else ""
        more = f" and {len(values) - _MOST_SHOWN:,} more" if len(values) > _MOST_SHOWN else ""
        return f"{cell!r} is not one of the allowed values;{near} Allowed: {', '.join(values[:_MOST_SHOWN])}{more}"
    bound: Any = field.constraints[name]
    if name == "pattern":
        return f"{cell!r} does not match the pattern {bound!r}"
    if constraint.json_schema is not None:
        message = constraint.json_schema.message(parse_json(cell))
        return f"the value does not follow the JSON schema: {textwrap.shorten(message, _LONGEST, placeholder=' ...')}"
    if name in {"minLength", "maxLength"}:
        return _length_note(field, name, cell, constraint.value)
    if field.type == "duration" and _incomparable(field, cell, bound):
        return f"{cell!r} cannot be compared with the {name} {bound!r}: months have no fixed number of days"
    if field.type == "number" and "nan" in cell.lower():
        return f"{cell!r} is not a number, so it cannot meet the {name} {bound!r}"
    return {
        "minimum": f"{cell!r} is below {bound!r}",
        "maximum": f"{cell!r} is above {bound!r}",
        "exclusiveMinimum": f"{cell!r} is not above {bound!r}",
        "exclusiveMaximum": f"{cell!r} is not below {bound!r}",
    }[name]


def _length_note(field: Field, name: str, cell: str, bound: int) -> str:
    unit = _UNITS.get(field.type, "characters")
    if field.type == "list":
        number = len(pl.DataFrame({"0": [cell]}).select(reading_of(field, "0").value).item())
    else:
        number = len(parse_json(cell)) if field.type in _UNITS else len(cell)
    if name == "minLength":
        return f"{cell!r} has {number} {unit}, fewer than {bound}"
    return f"the {'text' if unit == 'characters' else field.type} has {number} {unit}, more than {bound}"


def _incomparable(field: Field, cell: str, bound: str) -> bool:
    """Return whether neither of two durations is the longer one, nor both are equal."""
    typed = pl.DataFrame({"0": [cell, bound]}).select(reading_of(field, "0").value.alias("0"))
    first, second = typed.select(end.alias(str(number)) for number, end in enumerate(ends(pl.col("0")))).rows()
    return not any(
        all(compare(a, b) for a, b in zip(first, second, strict=True))
        for compare in (COMPARISONS["exclusiveMinimum"], COMPARISONS["exclusiveMaximum"], lambda a, b: a == b)
    )
