"""Points on the globe."""

import math
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import Reading, mapped, one_of
from shuttle_diplomacy.tabular.types.structured import parse_json

DTYPE = pl.Struct({"lon": pl.Float64, "lat": pl.Float64})
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_RANGE = "longitude from -180 to 180, latitude from -90 to 90"


def geopoint(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a point, as longitude and latitude."""
    form = one_of(field, ["default", "array", "object"])
    if form != "default":
        example = "[126.98, 37.57]" if form == "array" else '{"lon": 126.98, "lat": 37.57}'
        value = mapped(text, lambda texts: _points(texts, form), DTYPE)
        return Reading(text, value, DTYPE, f"a point such as {example}, {_RANGE}")
    return Reading(
        text, mapped(text, _pairs, DTYPE), DTYPE, f'a point written "lon, lat", such as 126.98, 37.57, {_RANGE}'
    )


def _pairs(texts: pl.Series) -> pl.Series:
    groups = texts.str.extract_groups(rf"^(?P<lon>{_NUMBER}), ?(?P<lat>{_NUMBER})$").struct.unnest()
    point = groups.select(pl.all().cast(pl.Float64, strict=False))
    sound = pl.col("lon").is_between(-180, 180) & pl.col("lat").is_between(-90, 90)
    return point.select(pl.when(sound).then(pl.struct("lon", "lat"))).to_series()


def _points(texts: pl.Series, form: str) -> pl.Series:
    known = {text: _point(text, form) for text in texts.unique().drop_nulls().to_list()}
    return pl.Series(texts.name, [known.get(text) for text in texts.to_list()], dtype=DTYPE)


def _point(text: str, form: str) -> dict[str, float] | None:
    try:
        found = parse_json(text)
    except ValueError:
        return None
    if form == "array" and isinstance(found, list) and len(found) == 2:  # noqa: PLR2004
        lon, lat = found
    elif form == "object" and isinstance(found, dict) and set(found) == {"lon", "lat"}:
        lon, lat = found["lon"], found["lat"]
    else:
        return None
    if not (is_number(lon) and is_number(lat) and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004
        return None
    return {"lon": float(lon), "lat": float(lat)}


def is_number(value: Any) -> bool:
    """Return whether a JSON value is a finite number (``true`` is none, though Python counts with it)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
