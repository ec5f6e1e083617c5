"""Dates and times: the default forms, the unambiguous ones that ``any`` takes, and declared patterns.

Years run from 0001 to 9999, as XML Schema asks of every processor. Fractions of a second beyond microseconds are cut.
"""

from collections.abc import Callable

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import Reading, mapped, only_default
from shuttle_diplomacy.tabular.types.strptime import LAST_YEAR, compile_pattern

UTC = pl.Datetime("us", "UTC")
_NAIVE = pl.Datetime("us")
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DATETIME = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}{_ZONE}?$"
_MONTH = rf"^([0-9]{{4}}-(?:0[1-9]|1[0-2])){_ZONE}?$"

ANY_DATE = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
ANY_TIME = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")
_BEFORE_CLOCK = ("%Y-%m-%dT", "%Y-%m-%d ", "%Y/%m/%d ")
ANY_DATETIME = (
    *(day + clock + zone for day in _BEFORE_CLOCK for clock in _CLOCKS for zone in ("", "%z")),
    "%Y%m%dT%H%M%S",
    "%Y%m%dT%H%M%S%z",
)


def date(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a date."""
    if field.format == "default":
        expected = "a day that exists, written YYYY-MM-DD"
        return Reading(text, mapped(text, _dates, pl.Date()), pl.Date(), expected)
    return _other(field, text, ANY_DATE, pl.Date())


def time(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a time of day."""
    if field.format == "default":
        sound = pl.when(text.str.contains("^[0-9]{2}:[0-9]{2}:[0-5][0-9]$")).then(text)
        value = sound.str.to_time("%H:%M:%S", strict=False)
        return Reading(text, value, pl.Time(), "a time of day, written hh:mm:ss, from 00:00:00 to 23:59:59")
    return _other(field, text, ANY_TIME, pl.Time())


def datetime(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a date with a time; in UTC where the form may have a zone, no zone being read as UTC."""
    if field.format == "default":
        expected = (
            "a date and time such as 2026-01-13T09:30:00, optionally with a fraction, with Z or an offset (+09:00)"
        )
        return Reading(text, mapped(text, _datetimes, UTC), UTC, expected)
    return _other(field, text, ANY_DATETIME, UTC if field.format == "any" or _zoned(field.format) else _NAIVE)


def yearmonth(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a month of a year, as its first day: ``gYearMonth``, whose time zone is dropped."""
    only_default(field)
    value = mapped(text, _months, pl.Date())
    return Reading(text, value, pl.Date(), "a month written YYYY-MM")


def _dates(texts: pl.Series) -> pl.Series:
    """Convert texts of the form YYYY-MM-DD.

    The conversion also takes signs, spaces and single digits. With ten bytes for each text, none of them below ``-``
    or above ``9``, and years of four digits, what it takes is of the form.
    """
    values = texts.str.to_date("%Y-%m-%d", strict=False, cache=False)
    stored = texts.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, 10), endianness="little")
    if stored.null_count() == texts.null_count() == values.null_count() and values.null_count() < len(values):
        bytes_ = stored.drop_nulls().explode(empty_as_null=True, keep_nulls=True)
        if bytes_.min() >= ord("-") and bytes_.max() <= ord("9") and values.dt.year().min() >= 1:  # type: ignore[operator]
            return values
    sound = texts.str.contains("^[0-9]{4}-[0-9]{2}-[0-9]{2}$") & (values.dt.year() >= 1)
    return pl.select(pl.when(sound).then(values)).to_series()


def _months(texts: pl.Series) -> pl.Series:
    values = _dates(texts + "-01")
    if values.null_count() == texts.null_count():
        return values
    return _dates(texts.str.extract(_MONTH, 1) + "-01")


def _datetimes(texts: pl.Series) -> pl.Series:
    """Convert texts of XML Schema's ``dateTime``."""
    sound = pl.select(pl.when(texts.str.contains(_DATETIME)).then(texts)).to_series()
    values = _local(sound.str.strip_suffix("Z"))
    if values.null_count() != sound.null_count():
        # With an offset, at midnight written 24:00:00, or wrong.
        local = _local(sound.str.replace(f"{_ZONE}$", "").str.replace("T24:", "T00:", literal=True))
        offset = sound.str.extract(r"([+-][0-9]{2}:[0-9]{2})$", 1)
        hours, minutes = (offset.str.slice(start, 2).cast(pl.Int64, strict=False) for start in (1, 4))
        shift = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1) * (hours * 60 + minutes).fill_null(0)
        day = pl.when(sound.str.contains("T24:", literal=True)).then(24 * 60).otherwise(0)
        values = pl.select(local + pl.duration(minutes=day - shift)).to_series()
    years = values.dt.year()
    if not years.is_between(1, LAST_YEAR).all():
        values = pl.select(pl.when(years.is_between(1, LAST_YEAR)).then(values)).to_series()
    return values.dt.replace_time_zone("UTC")


def _local(texts: pl.Series) -> pl.Series:
    fraction = "%.f" if texts.str.contains(".", literal=True).any() else ""  # without it parsing is much faster
    return texts.str.to_datetime(f"%Y-%m-%dT%H:%M:%S{fraction}", strict=False, time_unit="us", cache=False)


def _other(field: Field, text: pl.Expr, forms: tuple[str, ...], dtype: pl.DataType) -> Reading:
    """Return how to read another format: the forms of ``any``, or a pattern of strptime."""
    if field.format == "any":
        expected = f"an unambiguous {field.type}, such as {', '.join(_example(form) for form in forms)}"
    else:
        forms, expected = (field.format,), f"a {field.type} of the form {field.format}"
    # With all digits in one run, or beside other numbers, a number without its zero would leave open what is meant.
    anything = field.format == "any"
    readers = [compile_pattern(field, form, padded=anything and not _names(form)) for form in forms]
    return Reading(text, mapped(text, _first(readers, dtype), dtype), dtype, expected)


def _first(readers: list[Callable[[pl.Series], pl.Series]], dtype: pl.DataType) -> Callable[[pl.Series], pl.Series]:
    """Return what converts texts by the first form that fits; each form sees only what the earlier ones left."""

    def convert(texts: pl.Series) -> pl.Series:
        values = pl.Series(texts.name, [None], dtype=dtype).new_from_index(0, len(texts))
        for reader in readers:
            left = values.is_null() & texts.is_not_null()
            if not left.any():
                break
            rest = pl.select(pl.when(left).then(texts)).to_series() if values.null_count() < len(values) else texts
            found = _as(reader(rest), dtype)
            values = values.zip_with(values.is_not_null(), found)
        return values

    return convert


def _as(moment: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Return naive moments (in UTC if they had a zone) in the type wanted."""
    if dtype == UTC:
        return moment.dt.replace_time_zone("UTC")
    return moment if dtype == _NAIVE else moment.dt.date() if dtype == pl.Date else moment.dt.time()


def _zoned(pattern: str) -> bool:
    return "%z" in pattern.replace("%%", "")


def _names(form: str) -> bool:
    return any(name in form for name in ("%B", "%b", "%p"))


def _example(form: str) -> str:
    parts = {"%Y": "2026", "%m": "01", "%d": "13", "%B": "January", "%b": "Jan", "%H": "15", "%I": "03", "%M": "04"}
    parts |= {"%S": "05", "%f": "250000", "%p": "PM", "%z": "+09:00"}
    for directive, example in parts.items():
        form = form.replace(directive, example)
    return form
