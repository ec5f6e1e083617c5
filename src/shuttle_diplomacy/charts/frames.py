"""What a chart takes from a frame: named columns of a known kind, or one clear error."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import UnsuitableFrameError, did_you_mean

_KINDS: dict[str, tuple[str, pl.DataType | type[pl.DataType]]] = {
    "text": ("text", pl.String),
    "day": ("a date", pl.Date),
    "count": ("a whole number", pl.Int64),
    "degrees": ("a number", pl.Float64),
    "flag": ("true or false", pl.Boolean),
}


def columns_of(
    chart: str, argument: str, frame: pl.DataFrame | pl.LazyFrame, wanted: Mapping[str, str], table: str
) -> pl.DataFrame:
    """Return the wanted columns of a frame, each in the one type of its kind.

    Args:
        chart: the function that was called.
        argument: its parameter for this frame.
        frame: what was given; a lazy frame is collected.
        wanted: for each column its kind: text, day, count, degrees or flag.
        table: the table or view of which the frame should be.

    Raises:
        UnsuitableFrameError: it is no polars frame, lacks a column, or has one of another kind.

    Examples:
        >>> columns_of("places", "summits", pl.DataFrame({"city": ["Nara"]}), {"city_en": "text"}, "summits")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnsuitableFrameError: charts.places: the frame given as summits has no column
        'city_en'; did you mean 'city'? It has: city. Give it what load("summits") returns.
    """
    where = f"charts.{chart}: the frame given as {argument}"
    advice = f'Give it what load("{table}") returns.'
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if not isinstance(frame, pl.DataFrame):
        raise UnsuitableFrameError(
            f"{where} is a {type(frame).__name__}, not a polars DataFrame or LazyFrame. {advice}"
        )
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        near = did_you_mean(absent[0], [name for name in frame.columns if name not in wanted])
        listed = ", ".join(repr(name) for name in absent)
        has = ", ".join(frame.columns) or "none"
        raise UnsuitableFrameError(
            f"{where} has no column{'s' * (len(absent) > 1)} {listed};{near} It has: {has}. {advice}"
        )
    for name, kind in wanted.items():
        if not _fits(frame.schema[name], kind):
            raise UnsuitableFrameError(
                f"{where} has {frame.schema[name]} in the column {name!r}, which should be {_KINDS[kind][0]}. {advice}"
            )
    return frame.select(pl.col(name).cast(_KINDS[kind][1]) for name, kind in wanted.items())


def _fits(dtype: pl.DataType, kind: str) -> bool:
    if dtype == pl.Null:  # a column without a value, in a frame made by hand
        return True
    if kind == "text":
        return dtype == pl.String or isinstance(dtype, pl.Enum | pl.Categorical)
    if kind == "day":
        return isinstance(dtype, pl.Date | pl.Datetime)
    if kind == "flag":
        return dtype == pl.Boolean
    return dtype.is_integer() or (kind == "degrees" and dtype.is_numeric())


def one_each(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the first row for each key, in order, without those that have none; so that joins multiply nothing."""
    return frame.drop_nulls(key).unique(subset=key, keep="first", maintain_order=True)


def day(value: date | None) -> str:
    """Return a date as it stands in sentences, in English whatever the machine's language.

    Examples:
        >>> day(date(2026, 1, 13))
        '13 January 2026'
    """
    return "an unknown day" if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """Return month and year in short.

    Examples:
        >>> month(date(2026, 1, 13))
        'Jan 2026'
    """
    return f"{_MONTHS[value.month - 1][:3]} {value.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def until(checked_through: date | None, latest: date | None = None) -> str:
    """Return the sentence on how far the records reach; empty if nothing is known of it.

    Args:
        checked_through: the day up to which records were checked, as the caller knows it.
        latest: the latest day in the frame, which is named where the caller gave no day.

    Examples:
        >>> until(date(2026, 6, 28)), until(None, date(2026, 5, 19))
        ('Checked through 28 June 2026.', 'Latest record: 19 May 2026.')

    Raises:
        UnsuitableFrameError: ``checked_through`` is no date.
    """
    if checked_through is not None:
        if not isinstance(checked_through, date):
            raise UnsuitableFrameError(
                f"checked_through is {checked_through!r}; give a datetime.date such as date(2026, 6, 28), or nothing"
            )
        if isinstance(checked_through, datetime):
            checked_through = checked_through.date()
        return f"Checked through {day(checked_through)}."
    return f"Latest record: {day(latest)}." if latest else ""


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    Examples:
        >>> counted(1, "summit"), counted(1036, "day"), counted(2, "city", "cities")
        ('1 summit', '1,036 days', '2 cities')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def latest(values: Iterable[Any]) -> date | None:
    """Return the latest of some days, or None."""
    return max((value for value in values if value is not None), default=None)


def round_years(first: int, last: int) -> list[int]:
    """Return the years that an axis names, so that their numbers stay apart.

    Examples:
        >>> round_years(2004, 2026), round_years(1965, 1991)
        ([2005, 2010, 2015, 2020, 2025], [1965, 1970, 1975, 1980, 1985, 1990])
    """
    span = last - first
    step = next((step for most, step in ((12, 1), (40, 5), (80, 10), (400, 50)) if span < most), span // 6)
    return list(range(-(-first // step) * step, last + 1, step))
