"""Compiling a Table Schema into a pandera schema: the column checks of validation.

pandera gets what it is good at: values and nullability of scalar columns. Constraints on lists, structs, durations and
JSON texts are :class:`~shuttle_diplomacy.tabular.constraints.Constraint` expressions of our own; keys and ``unique``
are checked in :mod:`shuttle_diplomacy.validation.keys`. What users get is compiled in
:mod:`shuttle_diplomacy.tabular.frame_schema`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pandera.polars as pa
import polars as pl

from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.tabular.constraints import Constraint, constraints_of
from shuttle_diplomacy.tabular.types import reading_of

BUILT_IN = {
    "minimum": pa.Check.ge,
    "maximum": pa.Check.le,
    "exclusiveMinimum": pa.Check.gt,
    "exclusiveMaximum": pa.Check.lt,
    "enum": pa.Check.isin,
    "categories": pa.Check.isin,
}


def compile_schema(
    schema: Schema,
    *,
    columns: Sequence[str] | None = None,
    constrained_only: bool = False,
) -> pa.DataFrameSchema:
    """Return a pandera schema with every value constraint that pandera can check.

    Args:
        schema: the Table Schema; enumerated texts are String.
        columns: the names of the columns, one a field; the fields' names where it is left out.
        constrained_only: leave out columns without any constraint, and let each check keep only its first failure: for
            a frame whose types are known to be right, of which only is asked which checks fail.

    Raises:
        ConfigurationError: a constraint does not fit its field (a bound that does not parse, a broken pattern).

    Examples:
        >>> schema = Schema({"fields": [{"name": "year", "type": "year", "constraints": {"minimum": "1965"}}]})
        >>> [check.name for check in compile_schema(schema).columns["year"].checks]
        ['minimum']
    """
    names = schema.names if columns is None else columns
    compiled = {}
    for index, (field, name) in enumerate(zip(schema.fields, names, strict=True)):
        column = _column(field, index, most=1 if constrained_only else None)
        if not constrained_only or column.checks or not column.nullable:
            compiled[name] = column
    return pa.DataFrameSchema(compiled, strict=not constrained_only)


def _column(field: Field, index: int, *, most: int | None) -> pa.Column:
    dtype: Any = reading_of(field).dtype
    checks = [check for c in constraints_of(field, index) if c.scalar for check in _checks(c, dtype, most)]
    return pa.Column(dtype, checks=checks, nullable=not field.required)


def _checks(constraint: Constraint, dtype: pl.DataType, most: int | None) -> Iterator[pa.Check]:
    name = constraint.name
    if name in BUILT_IN:
        yield BUILT_IN[name](constraint.value, name=name, n_failure_cases=most)
    if name not in BUILT_IN or (dtype.is_float() and name in {"minimum", "exclusiveMinimum"}):
        # For floats as well: the built-in comparisons take NaN for the largest number.
        yield pa.Check(_expressed(constraint), name=name, n_failure_cases=most)


def _expressed(constraint: Constraint) -> Any:
    def holds(data: Any) -> pl.LazyFrame:
        frame: pl.LazyFrame = data.lazyframe
        return frame.select(constraint.holds(data.key))

    return holds
