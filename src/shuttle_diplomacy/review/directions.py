"""Whether a changed constraint asks more of the data than before, or less: bounds are compared as typed values."""

from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.limits import BOUNDS, LENGTHS, length, typed
from shuttle_diplomacy.tabular.types import reading_of
from shuttle_diplomacy.tabular.types.durations import ends

TIGHTER, LOOSER = "constraint-tightened", "constraint-loosened"
UNKNOWN = "whether it allows more or less cannot be told"
_LOWER = ("minimum", "exclusiveMinimum", "minLength")


def direction(what: str, before: Field, after: Field) -> tuple[str, str] | None:
    """Return which way a constraint of a field changed and what to know of it, or None where it means the same.

    What cannot be told counts as stricter.

    Args:
        what: the constraint, which at least one of the two has.
        before: the field as it was.
        after: as it is now.

    Examples:
        >>> def field(day):
        ...     return Field({"name": "on", "type": "date", "format": "%d.%m.%Y", "constraints": {"minimum": day}})
        >>> direction("minimum", field("31.01.2020"), field("01.02.2020"))
        ('constraint-tightened', '')
        >>> direction("maximum", field("31.01.2020"), field("01.02.2020"))
        ('constraint-loosened', '')
    """
    if what not in before.constraints or what not in after.constraints:
        return (TIGHTER if what in after.constraints else LOOSER), ""
    compared = _compared(what, before, after)
    if compared is None:
        return TIGHTER, UNKNOWN
    if not compared:
        return None
    return (TIGHTER if (compared > 0) == (what in _LOWER) else LOOSER), ""


def _compared(what: str, before: Field, after: Field) -> int | None:
    """Return 1 where the later limit is higher, -1 where it is lower, 0 where both are the same; None: nobody knows."""
    try:
        limits = [_limits(what, field) for field in (before, after)]
        if limits[0] == limits[1]:
            return 0
        pairs = list(zip(*limits, strict=True))
        if all(now >= was for was, now in pairs):
            return 1
        if all(now <= was for was, now in pairs):
            return -1
    except (ShuttleError, TypeError, ValueError, pl.exceptions.PolarsError):
        pass
    return None


def _limits(what: str, field: Field) -> tuple[Any, ...]:
    """Return what a limit is compared by: one value; of a duration where it leads from four moments."""
    if what in LENGTHS:
        return (length(field, what),)
    if what not in BOUNDS:
        raise ValueError(what)
    reading = reading_of(field, "0")
    value = typed(field, reading, field.constraints[what], what, f"constraints/{what}")
    if field.type != "duration":
        return (value,)
    frame = pl.DataFrame({"0": [value]}, schema={"0": reading.dtype})
    return frame.select(end.alias(str(number)) for number, end in enumerate(ends(pl.col("0")))).row(0)
