"""Table Schemas as pandera schemas for users' own pipelines: every constraint and key, on eager and lazy frames.

pandera by itself looks at no value of a lazy frame unless it is told to, takes nulls in a unique column for
duplicates, and its message names no row; :class:`FrameSchema` differs in these three.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, get_config_context, get_config_global
from pandera.constants import CHECK_OUTPUT_KEY
from pandera.errors import SchemaError, SchemaErrors

from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.tabular.columns import BUILT_IN
from shuttle_diplomacy.tabular.comparable import comparable
from shuttle_diplomacy.tabular.constraints import Constraint, constraints_of
from shuttle_diplomacy.tabular.reader import dtype_of

_LONGEST = 80  # characters of a declared value in a message


class FrameSchema(pa.DataFrameSchema):  # type: ignore[misc]  # pandera is not seen by the type checker
    """A pandera schema that reads the rows of lazy frames too, and whose messages name the first row at fault.

    Attributes:
        key: the fields that name a row in a message.
    """

    key: tuple[str, ...] = ()

    @classmethod
    def get_backend(cls, check_obj: Any = None, check_type: type | None = None) -> Any:
        """Return pandera's own backend; it looks for one by class."""
        return pa.DataFrameSchema.get_backend(check_obj, check_type)

    def validate(
        self,
        check_obj: Any,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,
        inplace: bool = False,
    ) -> Any:
        """Return the frame if it is sound; a lazy one is collected once, and what was judged is returned as lazy.

        Where pandera is set to look at the schema only (``PANDERA_VALIDATION_DEPTH``), or is switched off, that holds.

        Args:
            check_obj: the frame, eager or lazy.
            head: judge the first rows only.
            tail: judge the last rows only.
            sample: judge so many rows only.
            random_state: the seed of the sample.
            lazy: gather all errors instead of raising the first.
            inplace: has no effect, as in pandera.

        Raises:
            SchemaError: the first error, where ``lazy`` is not set.
            SchemaErrors: all errors, where it is.
        """
        is_lazy = isinstance(check_obj, pl.LazyFrame)
        frame = check_obj.collect() if is_lazy and _reads_values() else check_obj
        part = any(number is not None for number in (head, tail, sample))
        try:
            judged = super().validate(frame, head, tail, sample, random_state, lazy, inplace)
        except SchemaError as error:
            if not part:
                self._place(error, frame)
            raise
        except SchemaErrors as errors:
            if part:
                raise
            for each in errors.schema_errors:
                self._place(each, frame)
            raise SchemaErrors(self, errors.schema_errors, errors.data) from None
        return judged.lazy() if is_lazy else judged

    def _place(self, error: Any, frame: Any) -> None:
        """Say in the message of an error in how many rows it is, and which the first is."""
        output = error.check_output
        if not isinstance(output, pl.DataFrame) or not isinstance(frame, pl.DataFrame) or len(output) != len(frame):
            return
        rows = output.select(~pl.col(CHECK_OUTPUT_KEY).fill_null(value=True)).to_series().arg_true()
        if rows.is_empty():
            return
        first = rows[0]
        named = ", ".join(f"{name} {frame[name][first]!r}" for name in self.key if name in frame.columns)
        count = "in 1 row" if len(rows) == 1 else f"in {len(rows):,} rows, the first being"
        error.args = (f"{error}; {count}: row {first}{f' ({named})' if named else ''}, counted from 0",)


def _reads_values() -> bool:
    """Return whether pandera is left to look at values; a depth that the user chose counts."""
    chosen = get_config_context(validation_depth_default=None).validation_depth or get_config_global().validation_depth
    return bool(get_config_context().validation_enabled) and chosen is not ValidationDepth.SCHEMA_ONLY


def frame_schema(schema: Schema, columns: Collection[str] | None = None, *, strict: bool = True) -> FrameSchema:
    """Return a pandera schema for frames as they are loaded, with every constraint and key of a table.

    Args:
        schema: the Table Schema; enumerated texts are Enum.
        columns: the columns a frame has to have; all where it is left out. Keys count if all their fields are there.
        strict: whether a column that the schema does not know is an error.

    Raises:
        ConfigurationError: a constraint does not fit its field (a bound that does not parse, a broken pattern).
        UnknownNameError: there is no such column.

    Examples:
        >>> schema = Schema({"fields": [{"name": "year", "type": "year", "constraints": {"minimum": "1965"}}]})
        >>> frame_schema(schema).validate(pl.LazyFrame({"year": [1998, 1964]}))
        Traceback (most recent call last):
        ...
        pandera.errors.SchemaError: Column 'year' failed validator number 0: <Check minimum: minimum 1965> failure case
        examples: [{'year': 1964}]; in 1 row: row 1, counted from 0
    """
    wanted = {schema.field(name).name for name in (schema.names if columns is None else columns)}
    keys = [(kind, key) for kind, key in _keys(schema) if wanted.issuperset(key)]
    dtypes = {field.name: dtype_of(field) for field in schema.fields}
    compiled = {
        field.name: _column(field, index, [_unique(kind, key, dtypes) for kind, key in keys if key[0] == field.name])
        for index, field in enumerate(schema.fields)
        if field.name in wanted
    }
    for name in (name for name in schema.primary_key if name in compiled):
        compiled[name].nullable = False
    found = FrameSchema(compiled, strict=strict)
    found.key = schema.primary_key
    return found


def _column(field: Field, index: int, keys: Sequence[Any]) -> pa.Column:
    dtype: Any = dtype_of(field)
    checks = [check for c in constraints_of(field, index) for check in _checks(field, c, dtype)]
    nullable = not field.required
    if dtype.is_float() and not nullable:  # pandera takes NaN for null
        nullable, checks = True, [_check("required", pl.Expr.is_not_null, "required"), *checks]
    return pa.Column(dtype, checks=[*checks, *keys], nullable=nullable)


def _checks(field: Field, constraint: Constraint, dtype: pl.DataType) -> Iterator[pa.Check]:
    name = constraint.name
    declared = field.constraints.get(name, field.values)
    text = f"{name} {declared}"
    error = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    if isinstance(dtype, pl.Enum):
        if name not in {"enum", "categories"}:  # the type itself admits no other value
            yield pa.Check(_on_texts(constraint), name=name, error=error)
    elif constraint.scalar and name in BUILT_IN and not dtype.is_float():
        yield BUILT_IN[name](constraint.value, name=name, error=error)
    else:  # for floats too: pandera's comparisons take NaN for the largest number
        yield pa.Check(_expressed(constraint), name=name, error=error)


def _check(name: str, expression: Any, error: str) -> pa.Check:
    return pa.Check(lambda data: data.lazyframe.select(expression(pl.col(data.key))), name=name, error=error)


def _expressed(constraint: Constraint) -> Any:
    return lambda data: data.lazyframe.select(constraint.holds(data.key))


def _on_texts(constraint: Constraint) -> Any:
    return lambda data: data.lazyframe.select(pl.col(data.key).cast(pl.String)).select(constraint.holds(data.key))


def _keys(schema: Schema) -> Iterator[tuple[str, tuple[str, ...]]]:
    if schema.primary_key:
        yield "primaryKey", schema.primary_key
    for field in schema.fields:
        if field.constraints.get("unique") and (field.name,) != schema.primary_key:
            yield "unique", (field.name,)
    for key in schema.unique_keys:
        yield "uniqueKeys", key


def _unique(kind: str, key: tuple[str, ...], dtypes: dict[str, pl.DataType]) -> pa.Check:
    """Return the check that a key occurs once; as in SQL, rows with a null in it do not count."""
    values = [comparable(pl.col(name), dtypes[name], as_text=False).alias(str(n)) for n, name in enumerate(key)]
    some_null = pl.any_horizontal(pl.col(name).is_null() for name in key)
    once = some_null | pl.struct(values).is_unique()
    return pa.Check(lambda data: data.lazyframe.select(once), name=kind, error=f"{kind} {' + '.join(key)}")
