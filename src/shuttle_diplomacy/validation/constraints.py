"""Value constraints of one batch, checked by a pandera schema compiled from the Table Schema."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import MOST_HINTS, ConfigurationError, did_you_mean
from shuttle_diplomacy.package import Field, Finding, Resource
from shuttle_diplomacy.tabular.reader import Batch


class ConstraintChecker:
    """Checks the batches of one resource.

    Raises:
        ConfigurationError: a constraint does not fit its field.
    """

    def __init__(self, resource: Resource) -> None:
        from shuttle_diplomacy.tabular.columns import compile_schema

        self._resource = resource
        self._schema = compile_schema(resource.schema, constrained_only=True)

    def check(self, batch: Batch) -> list[Finding]:
        """Return the cells of a batch that break a constraint; cells of a wrong type are not judged again."""
        from pandera.errors import SchemaErrors

        try:
            self._schema.validate(batch.frame, lazy=True)
        except SchemaErrors as errors:
            return list(self._findings(errors.failure_cases, batch))
        return []

    def _findings(self, cases: pl.DataFrame, batch: Batch) -> Iterator[Finding]:
        names = self._resource.schema.names
        wrong = {name: set(rows) for name, rows in batch.wrong.items()}
        for number, case in enumerate(cases.iter_rows(named=True)):
            if case["index"] is None or case["column"] not in names:
                raise ConfigurationError(
                    f"resource {self._resource.name!r}: the check {case['check']!r} cannot run: {case['failure_case']}"
                )
            field, row = self._resource.schema.field(case["column"]), case["index"]
            if row in wrong.get(field.name, ()):
                continue
            if case["check"] == "not_nullable":
                constraint = "required"
            else:
                constraint = self._schema.columns[field.name].checks[case["check_number"]].name
            cell = batch.text[field.name][row]
            yield Finding(
                "constraint-error",
                _note(field, constraint, cell, hint=number < MOST_HINTS),
                resource=self._resource.name,
                path=self._resource.path,
                row_number=batch.row_numbers[row],
                field_name=field.name,
                field_number=names.index(field.name) + 1,
                cell=cell or "",
            )


def _note(field: Field, constraint: str, cell: str | None, *, hint: bool = True) -> str:
    bound: Any = field.constraints.get(constraint)
    if constraint == "required":
        return "the cell is empty, but a value is required"
    if constraint == "enum":
        values = [str(v) for v in field.values]
        near = did_you_mean(cell or "", values) if hint else ""
        return f"{cell!r} is not one of the allowed values;{near} Allowed: {', '.join(values)}"
    if constraint == "pattern":
        return f"{cell!r} does not match the pattern {bound!r}"
    length = len(cell or "")
    return {
        "minLength": f"{cell!r} has {length} characters, fewer than {bound}",
        "maxLength": f"the text has {length} characters, more than {bound}",
        "minimum": f"{cell!r} is below {bound!r}",
        "maximum": f"{cell!r} is above {bound!r}",
        "exclusiveMinimum": f"{cell!r} is not above {bound!r}",
        "exclusiveMaximum": f"{cell!r} is not below {bound!r}",
    }[constraint]
