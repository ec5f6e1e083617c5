"""Columns of SQLite: how the values of each field type are stored, and what is checked of them.

SQLite knows integers, floats and texts. Everything else is stored as a text that sorts as its values do where texts
can: ISO 8601 dates and times, ``YYYY-MM`` months, JSON of lists, ``lon, lat`` of points, XML Schema's durations.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.formats.ddl import NamedTable, literal, quote
from shuttle_diplomacy.tabular.constraints import Constraint, constraints_of
from shuttle_diplomacy.tabular.types import reading_of

Value = str | int | float | bool | None
MOST_VALUES = 1000  # of an enumeration that is checked: the statement is read whenever the database is opened
_TYPES = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_JSON = {"object": "object", "array": "array", "geojson": "object", "list": "array"}
_FORMS = {
    "boolean": "0 or 1",
    "date": "YYYY-MM-DD",
    "yearmonth": "YYYY-MM",
    "time": "hh:mm:ss, with microseconds where any value has them",
    "datetime": "YYYY-MM-DDThh:mm:ss, with microseconds where any value has them; Z where it is UTC",
    "duration": "ISO 8601, such as P1Y2M3DT4H5M6.7S",
    "geopoint": "longitude, latitude",
    "list": "JSON array",
    "object": "JSON object",
    "array": "JSON array",
    "geojson": "JSON object",
}
_COMPARED = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_NOT_COMPARED = {"duration", *_JSON, "geopoint"}
_SECOND, _MINUTE, _HOUR, _DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000


@dataclass(frozen=True)
class Column:
    """A column as SQLite has it.

    Attributes:
        name: its name.
        field: its field.
        type: its type in a STRICT table.
        form: how the values are written, where the type does not say it.
        checks: conditions of SQL that hold for each value.
        store: turns typed values into stored ones.
        has_nan: whether a value is NaN, which SQLite has not: it is the text ``NaN``.
    """

    name: str
    field: Field
    type: str
    form: str
    checks: tuple[str, ...]
    store: Callable[[pl.Series], pl.Series]
    has_nan: bool = False


def columns_of(named: NamedTable) -> list[Column]:
    """Return the columns of a table."""
    return [
        _column(field, number, named.columns[field.name], named.table.frame.get_column(field.name))
        for number, field in enumerate(named.fields)
    ]


def stored_rows(frame: pl.DataFrame, columns: list[Column], size: int = 1 << 14) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of a typed frame as SQLite stores them, some at a time."""
    nan = [number for number, column in enumerate(columns) if column.has_nan]
    for part in frame.iter_slices(size):
        values = [column.store(series) for column, series in zip(columns, part.iter_columns(), strict=True)]
        rows = pl.DataFrame([series.alias(str(number)) for number, series in enumerate(values)]).iter_rows()
        yield from (tuple(_storable(v) if i in nan else v for i, v in enumerate(row)) for row in rows) if nan else rows


def _storable(value: Value) -> Value:
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def _column(field: Field, number: int, name: str, values: pl.Series) -> Column:
    constraints = constraints_of(field, number)
    bounds = [_typed(field, constraint) for constraint in constraints if constraint.name in {*_COMPARED, "enum"}]
    fine = field.type in {"time", "datetime"} and any(map(_has_fractions, [values, *bounds]))
    store = _storing(field, values.dtype, fine=fine)
    has_nan = field.type == "number" and bool(values.is_nan().any())
    has_nul = isinstance(values.dtype, pl.String) and bool(values.str.contains("\0", literal=True).any())
    checks = [*_form_checks(field, quote(name), values.dtype, fine=fine, has_nan=has_nan)]
    for constraint in constraints:
        checks += _value_checks(field, constraint, quote(name), store, countable=not has_nul)
    kind = "ANY" if has_nan else _TYPES.get(field.type, "TEXT")
    form = "NaN is the text NaN" if has_nan else _FORMS.get(field.type, "")
    return Column(name, field, kind, form, tuple(dict.fromkeys(checks)), store, has_nan)


def _form_checks(field: Field, name: str, dtype: pl.DataType, *, fine: bool, has_nan: bool) -> Iterator[str]:
    """Yield what every value of a type fulfils (SQLite rounds to milliseconds: fractions are left out of it)."""
    if has_nan:
        yield f"typeof({name}) IN ('real', 'null') OR {name} = 'NaN'"
    elif field.type == "boolean":
        yield f"{name} IN (0, 1)"
    elif field.type in _JSON:
        yield f"CASE json_valid({name}) WHEN 1 THEN json_type({name}) = '{_JSON[field.type]}' ELSE {name} IS NULL END"
    elif field.type == "date":
        yield f"date({name}, '+0 days') IS {name}"  # the sum tells days that do not exist
    elif field.type == "yearmonth":
        yield f"date({name} || '-01') IS {name} || '-01'"
    elif field.type in {"time", "datetime"}:
        form = "%H:%M:%S" if field.type == "time" else "%Y-%m-%dT%H:%M:%S"
        whole = 8 if field.type == "time" else 19
        start = f"substr({name}, 1, {whole})"
        length = whole + (len(".123456") if fine else 0) + len(_zone(dtype))
        yield f"strftime('{form}', {start}, '+0 days') IS {start} AND length({name}) = {length}"


def _zone(dtype: pl.DataType) -> str:
    return "Z" if getattr(dtype, "time_zone", None) else ""


def _value_checks(
    field: Field, constraint: Constraint, name: str, store: Callable[[pl.Series], pl.Series], *, countable: bool
) -> Iterator[str]:
    """Yield what a constraint says, if SQLite can: not patterns, JSON Schemas, or the partial order of durations."""
    if constraint.name in {"enum", "categories"} and field.type not in {"object", "array", "geojson"}:
        stored = store(_typed(field, constraint)).to_list()
        if len(stored) <= MOST_VALUES and not any("\0" in value for value in stored if isinstance(value, str)):
            yield f"{name} IN ({', '.join(_literal(_storable(value)) for value in dict.fromkeys(stored))})"
    elif constraint.name in _COMPARED and field.type not in _NOT_COMPARED:
        (bound,) = store(_typed(field, constraint)).to_list()
        if not (isinstance(bound, float) and math.isnan(bound)):
            yield f"{name} {_COMPARED[constraint.name]} {_literal(bound)}"
    elif constraint.name in {"minLength", "maxLength"} and field.type != "object" and countable:
        length = "length" if field.type in {"string", "any"} else "json_array_length"
        yield f"{length}({name}) {_COMPARED[f'{constraint.name[:3]}imum']} {int(constraint.value)}"


def _typed(field: Field, constraint: Constraint) -> pl.Series:
    """Return the values that a constraint declares, in the type of the field."""
    several = constraint.name in {"enum", "categories"}
    return pl.Series(constraint.value if several else [constraint.value], dtype=reading_of(field, "0").dtype)


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, float) and math.isinf(value):
        return "9e999" if value > 0 else "-9e999"
    return repr(int(value)) if isinstance(value, bool) else repr(value)


def _has_fractions(values: pl.Series) -> bool:
    return values.dtype.is_temporal() and bool((values.dt.microsecond() != 0).any())


def _storing(field: Field, dtype: pl.DataType, *, fine: bool) -> Callable[[pl.Series], pl.Series]:
    """Return what turns typed values of a field into stored ones."""
    fraction = "%.6f" if fine else ""
    if isinstance(dtype, pl.Enum):
        return lambda values: values.cast(pl.String)
    if field.type == "date":
        return lambda values: values.dt.to_string("%Y-%m-%d")
    if field.type == "yearmonth":
        return lambda values: values.dt.to_string("%Y-%m")
    if field.type == "time":
        return lambda values: values.dt.to_string(f"%H:%M:%S{fraction}")
    if field.type == "datetime":
        return lambda values: values.dt.to_string(f"%Y-%m-%dT%H:%M:%S{fraction}{_zone(dtype)}")
    if field.type in _BY_VALUE:
        return lambda values: _each(values, _BY_VALUE[field.type])
    return lambda values: values


def _each(values: pl.Series, text: Callable[[object], str]) -> pl.Series:
    return pl.Series(values.name, [None if v is None else text(v) for v in values.to_list()], dtype=pl.String)


def duration_text(months: int, microseconds: int) -> str:
    """Return a duration as XML Schema writes it (https://www.w3.org/TR/xmlschema11-2/#duration).

    Examples:
        >>> duration_text(14, 93_784_500_000), duration_text(0, 0), duration_text(-1, 0)
        ('P1Y2M1DT2H3M4.5S', 'PT0S', '-P1M')
    """
    sign = "-" if months < 0 or microseconds < 0 else ""
    years, months = divmod(abs(months), 12)
    days, rest = divmod(abs(microseconds), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds = f"{rest // _SECOND}.{rest % _SECOND:06}".rstrip("0").rstrip(".") if rest else "0"
    parts = zip((years, months, days), "YMD", strict=True)
    day = "".join(f"{number}{unit}" for number, unit in parts if number)
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    clock += f"{seconds}S" if rest else ""
    return f"{sign}P{day}" + (f"T{clock}" if clock else "") if day or clock else "PT0S"


def _duration(value: object) -> str:
    assert isinstance(value, dict)
    return duration_text(value["months"], value["microseconds"])


def _point(value: object) -> str:
    assert isinstance(value, dict)
    return f"{value['lon']!r}, {value['lat']!r}"


def _items(value: object) -> str:
    """Return a list as JSON, which has no dates and no infinite numbers: they are texts in it."""
    assert isinstance(value, list)
    return json.dumps([_item(item) for item in value], ensure_ascii=False, separators=(",", ":"))


def _item(item: object) -> object:
    if isinstance(item, float) and not math.isfinite(item):
        return "NaN" if math.isnan(item) else "INF" if item > 0 else "-INF"
    return item if item is None or isinstance(item, str | int | float) else _iso(item)


def _iso(item: object) -> str:
    from datetime import date, datetime, time

    assert isinstance(item, date | datetime | time)
    return item.isoformat().replace("+00:00", "Z")


_BY_VALUE: dict[str, Callable[[object], str]] = {"duration": _duration, "geopoint": _point, "list": _items}
