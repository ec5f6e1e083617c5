"""Typed values as texts: the canonical spelling that the reader of a field's type takes for the same value.

Where the standard leaves a choice, it is XML Schema's canonical form (https://www.w3.org/TR/xmlschema11-2/): moments
in UTC, durations as years, months, days and a clock. Some texts may stand for null in a field; then a value is spelt
otherwise, so each type gives further spellings of its own.
"""

import re
from collections.abc import Callable, Collection
from itertools import zip_longest

import polars as pl

from shuttle_diplomacy.errors import UnsoundTableError
from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.booleans import answers

Spellings = list[pl.Expr]
_SECOND, _MINUTE, _HOUR, _DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
_CLOCK = "%H:%M:%S%.f"  # with a fraction where there is one
_ZONES = ("Z", "+00:00", "-00:00")


def spelt(field: Field, value: pl.Expr, dtype: pl.DataType, taken: Collection[str] = ()) -> pl.Expr:
    """Return the texts of typed values; null stays null.

    Args:
        field: the field whose type, format and further properties count.
        value: the values.
        dtype: their type in the frame; one that is not of the field's type is written as polars does, and for the
            reader to judge.
        taken: texts that stand for null, and are avoided where the type has another spelling.

    Raises:
        UnsoundTableError: no text is known for values of the type.

    Examples:
        >>> import datetime
        >>> frame = pl.DataFrame({"on": [datetime.date(2026, 1, 13), None]})
        >>> field = Field({"name": "on", "type": "date", "format": "%d.%m.%y"})
        >>> frame.select(spelt(field, pl.col("on"), frame.schema["on"])).to_series().to_list()
        ['13.01.26', None]
        >>> frame = pl.DataFrame({"n": [7, -8]})
        >>> field = Field({"name": "n", "type": "integer"})
        >>> frame.select(spelt(field, pl.col("n"), pl.Int64(), {"7"})).to_series().to_list()
        ['07', '-8']
    """
    if dtype.is_nested() and field.type not in {"list", "duration", "geopoint"}:
        raise UnsoundTableError(f"the field {field.name!r} of type {field.type} holds values of type {dtype}")
    found = _spellings(field, value, dtype, max(map(len, taken), default=0) + 1)
    others = set(taken) - {""}
    if not others or len(found) == 1:
        return found[0]
    free = [pl.when(~text.is_in(sorted(others))).then(text) for text in found]
    return pl.coalesce(*free, found[0])


def _spellings(field: Field, value: pl.Expr, dtype: pl.DataType, width: int) -> Spellings:
    """Return spellings of values, the canonical one first; numbers are filled up with zeros to a width in another."""
    kind = field.type
    if isinstance(dtype, pl.List):
        return _lists(field, value, dtype.inner, width)  # type: ignore[arg-type]
    if isinstance(dtype, pl.Struct):
        return _durations(value) if kind == "duration" else _points(field, value)
    if kind == "boolean" and dtype == pl.Boolean:
        return _booleans(field, value)
    if kind in _MOMENTS and isinstance(dtype, pl.Date | pl.Datetime | pl.Time):
        return _MOMENTS[kind](field, _moment(value, dtype))
    text = value.cast(pl.String)
    if kind == "number":
        return _numbers(field, text, width)
    if kind == "year":
        return [_filled(text, 4) + zone for zone in ("", *_ZONES)]
    return [text, _filled(text, width)] if kind == "integer" else [text]


def _filled(number: pl.Expr, digits: int) -> pl.Expr:
    """Return numbers with zeros between their sign and their digits."""
    return pl.when(number.str.starts_with("-")).then(number.str.zfill(digits + 1)).otherwise(number.str.zfill(digits))


def _numbers(field: Field, text: pl.Expr, width: int) -> Spellings:
    """Return decimals, shortest first, with the field's own decimal sign; groups are not written."""
    plain = text.str.replace(".", str(field.descriptor.get("decimalChar", ".")), literal=True)
    special = {"inf": "INF", "-inf": "-INF", "NaN": "NaN"}
    other = {key: name.lower() for key, name in special.items()}
    filled = pl.when(text.is_in(list(special))).then(text.replace(other)).otherwise(_filled(plain, width))
    return [plain.replace(special), filled]


def _booleans(field: Field, value: pl.Expr) -> Spellings:
    yes, no = answers(field)
    pairs = zip_longest(yes, no, fillvalue=None)
    return [pl.when(value).then(pl.lit(one)).when(~value).then(pl.lit(other)) for one, other in pairs] or [
        pl.lit(None, dtype=pl.String)
    ]


def _lists(field: Field, value: pl.Expr, inner: pl.DataType, width: int) -> Spellings:
    item = Field({"name": field.name, "type": field.descriptor.get("itemType", "string")})
    delimiter = str(field.descriptor.get("delimiter", ","))
    return [value.list.eval(text).list.join(delimiter) for text in _spellings(item, pl.element(), inner, width)]


def _points(field: Field, value: pl.Expr) -> Spellings:
    lon, lat = (value.struct.field(name).cast(pl.String) for name in ("lon", "lat"))
    before, between, after = {
        "array": ("[", ", ", "]"),
        "object": ('{"lon": ', ', "lat": ', "}"),
    }.get(field.format, ("", ", ", ""))
    return [before + lon + sep + lat + after for sep in (between, between.replace(", ", ","))]


def _durations(value: pl.Expr) -> Spellings:
    """Return durations, whose two parts have the same sign."""
    months, rest = (value.struct.field(name).cast(pl.Int128) for name in ("months", "microseconds"))
    sign = pl.when((months < 0) | (rest < 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    months, rest = months.abs(), rest.abs()
    seconds = rest % _MINUTE
    fraction = (seconds % _SECOND).cast(pl.String).str.zfill(6).str.strip_chars_end("0")
    point = pl.when(fraction == "").then(pl.lit("")).otherwise("." + fraction)
    clock = _part(rest % _DAY // _HOUR, "H") + _part(rest % _HOUR // _MINUTE, "M")
    clock += pl.when(seconds != 0).then((seconds // _SECOND).cast(pl.String) + point + "S").otherwise(pl.lit(""))
    days = _part(months // 12, "Y") + _part(months % 12, "M") + _part(rest // _DAY, "D")
    time = pl.when(clock != "").then("T" + clock).when(days == "").then(pl.lit("T0S")).otherwise(pl.lit(""))
    text = pl.when(value.is_not_null()).then(sign + "P" + days + time)
    return [text, text.str.replace_all(r"([PT])([0-9])", "${1}0${2}")]


def _part(number: pl.Expr, name: str) -> pl.Expr:
    return pl.when(number != 0).then(number.cast(pl.String) + name).otherwise(pl.lit(""))


def _moment(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return days, times and moments as naive moments, in UTC; a time is one of the day that strptime gives it."""
    if isinstance(dtype, pl.Time):
        return pl.date(1900, 1, 1).dt.combine(value)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        value = value.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return value.cast(pl.Datetime("us"))


def _dates(field: Field, moment: pl.Expr) -> Spellings:
    return [moment.dt.to_string("%Y-%m-%d")] if _is_iso(field) else _patterned(moment, field.format)


def _times(field: Field, moment: pl.Expr) -> Spellings:
    return [moment.dt.to_string(_CLOCK)] if _is_iso(field) else _patterned(moment, field.format)


def _datetimes(field: Field, moment: pl.Expr) -> Spellings:
    if not _is_iso(field):
        return _patterned(moment, field.format)
    text = moment.dt.to_string(f"%Y-%m-%dT{_CLOCK}")
    return [text + zone for zone in ("Z", "", "+00:00")]


def _yearmonths(field: Field, moment: pl.Expr) -> Spellings:  # noqa: ARG001
    return [moment.dt.to_string("%Y-%m") + zone for zone in ("", *_ZONES)]


def _is_iso(field: Field) -> bool:
    """Return whether the field takes the ISO form; ``any`` takes it among others."""
    return field.format in {"default", "any"}


def _patterned(moment: pl.Expr, pattern: str) -> Spellings:
    """Return moments in a pattern of strptime: piece by piece, since polars knows directives that Python does not."""
    pieces = re.findall(r"%.|[^%]+", pattern, flags=re.DOTALL)
    special = {"%f": moment.dt.to_string("%6f"), "%z": pl.lit("+0000"), "%%": pl.lit("%")}
    texts = [
        special.get(piece, moment.dt.to_string(piece)) if piece.startswith("%") else pl.lit(piece) for piece in pieces
    ]
    return [pl.when(moment.is_not_null()).then(pl.concat_str(texts))]


_MOMENTS: dict[str, Callable[[Field, pl.Expr], Spellings]] = {
    "date": _dates,
    "datetime": _datetimes,
    "time": _times,
    "yearmonth": _yearmonths,
}
