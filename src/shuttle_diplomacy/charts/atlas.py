"""The map of places: where the leaders met, near by and in the rest of the world."""

import math
import textwrap
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from shuttle_diplomacy.charts import theme
from shuttle_diplomacy.charts.frames import columns_of, counted, latest, one_each, until
from shuttle_diplomacy.charts.labels import Box, placed
from shuttle_diplomacy.charts.outlines import Plane, land

_NEAR = Plane("mercator", 690, 470, 1500.0, (134.9, 38.2))
_WORLD = Plane("equirectangular", 690, 300, 109.0, (150.0, 14.0))
_NEAR_SOUTH, _NEAR_NORTH = 30.8, 44.9  # the latitudes of its edges, about
_LISTED = 12
_WHAT = """
One dot is one city, its area the number of encounters in person there, of any form and with or without a third party.
Outlines of land: Natural Earth; no borders are drawn.
"""


def places(summits: pl.DataFrame | pl.LazyFrame, *, checked_through: date | None = None) -> alt.VConcatChart:
    """Return a map of the places of encounters: Japan and the Korean Peninsula, and below it the rest of the world.

    Only land is drawn: no borders, and no names of waters. Places without coordinates are listed in the subtitle.

    Args:
        summits: what ``load("summits")`` returns, or some rows of it.
        checked_through: the day up to which records were checked, for the subtitle.

    Raises:
        UnsuitableFrameError: the frame lacks a column that is drawn.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> shuttle = sd.load("summits").filter(pl.col("shuttle"))
        >>> places(shuttle).to_dict()["title"]["text"]
        '16 encounters in 8 places: 16 in Japan and the Republic of Korea, 0 elsewhere'
    """
    wanted = {"summit_id": "text", "start_on": "day", "country": "text", "city_en": "text"}
    wanted |= {"latitude": "degrees", "longitude": "degrees"}
    frame = one_each(columns_of("places", "summits", summits, wanted, "summits"), "summit_id")
    rows = _towns(frame)
    drawn = [row for row in rows if _on_earth(row)]
    near = [row for row in drawn if _NEAR.shows(*_NEAR.pixel(row["latitude"], row["longitude"]))]
    far = [row for row in drawn if row not in near]
    lost = [row for row in rows if row not in drawn]
    subtitle = theme.lines(
        _WHAT,
        _list_of("Not on the map, for want of coordinates", [_name(row) for row in lost]),
        until(checked_through, latest(frame["start_on"])),
    )
    if not rows:
        return theme.nothing("No places to show", subtitle, "The frame has no encounter.")
    most = max(row["len"] for row in rows)
    panels = [_panel(_NEAR, "region", near, most, "Japan, the Korean Peninsula and around")]
    if far:
        panels.append(_panel(_WORLD, "world", far, most, "Elsewhere"))
    return theme.page(_title(frame, rows), subtitle, *panels, spacing=14)


def _towns(frame: pl.DataFrame) -> list[dict[str, Any]]:
    first = [pl.col(name).drop_nulls().first() for name in ("latitude", "longitude")]
    towns = frame.group_by("country", "city_en").agg(pl.len(), *first)
    return towns.sort("len", "city_en", "country", descending=[True, False, False]).to_dicts()


def _on_earth(row: dict[str, Any]) -> bool:
    latitude, longitude = row["latitude"], row["longitude"]
    if latitude is None or longitude is None or not math.isfinite(latitude) or not math.isfinite(longitude):
        return False
    shown = _WORLD.pixel(latitude, longitude)
    near = _NEAR.pixel(latitude, longitude)
    real = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004
    return real and (_WORLD.shows(*shown) or _NEAR.shows(*near))


def _title(frame: pl.DataFrame, rows: list[dict[str, Any]]) -> str:
    home = frame.filter(pl.col("country").is_in(["JP", "KR"])).height
    whole = f"{counted(frame.height, 'encounter')} in {counted(len(rows), 'place')}"
    return f"{whole}: {home} in Japan and the Republic of Korea, {frame.height - home} elsewhere"


def _name(row: dict[str, Any]) -> str:
    return f"{theme.plain(row['city_en'], 24) or 'unnamed'} {row['len']}"


def _list_of(what: str, names: list[str]) -> str:
    if not names:
        return ""
    rest = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{what}: {', '.join(names[:_LISTED])}{rest}."


def _panel(plane: Plane, outline: str, rows: list[dict[str, Any]], most: int, title: str) -> theme.Layer:
    total = sum(row["len"] for row in rows)
    dots = [_dot(plane, row, most) for row in rows]
    rim = _rim_of_near(plane) if outline == "world" else None
    labels, quiet = placed(dots, plane.wide, plane.tall, [rim] if rim else [])
    ground = alt.Chart(theme.data([land(outline)])).mark_geoshape(fill="#DEDEDE", stroke=None, clip=True)
    note = textwrap.wrap(_list_of("Not named on the map", [dot["text"] for dot in quiet]), 118)
    below = [{"x": 0, "y": plane.tall + 12, "text": note}] if note else []
    layers = [ground.project(**plane.projection)]
    layers += [_dashed(rim)] if rim else []
    layers += [_leaders([label for label in labels if label["line"]]), _dots(dots)]
    for side in ("left", "right", "center"):
        here = [label for label in labels if label["align"] == side]
        layers.append(theme.words(here, halo=True, align=side, baseline="middle"))
    layers.append(theme.words(below, align="left", baseline="middle", lineHeight=14, color=theme.GREY))
    heading = f"{title}: {counted(total, 'encounter')} in {counted(len(rows), 'place')}"
    named = alt.TitleParams(heading, fontSize=theme.NORMAL, anchor="start", offset=4)
    return theme.panel(layers, plane.wide, plane.tall, title=named)


def _leaders(labels: list[dict[str, Any]]) -> theme.Layer:
    mark = alt.Chart(theme.data(labels)).mark_rule(color=theme.GREY, strokeWidth=0.7)
    return mark.encode(**theme.at("x1", "y1", "x2", "y2"))


def _dot(plane: Plane, row: dict[str, Any], most: int) -> dict[str, Any]:
    x, y = plane.pixel(row["latitude"], row["longitude"])
    radius = max(3.0, 17.0 * math.sqrt(row["len"] / max(most, 27)))
    size = round(math.pi * radius**2, 1)
    return {"x": x, "y": y, "size": size, "radius": radius, "count": row["len"], "text": _name(row)}


def _dots(dots: list[dict[str, Any]]) -> theme.Layer:
    mark = alt.Chart(theme.data(dots)).mark_circle(color=theme.BLUE, opacity=0.85, stroke=theme.PAPER, strokeWidth=0.8)
    return mark.encode(
        **theme.at(),
        size=alt.Size(field="size", type="quantitative", scale=None, legend=None),
        tooltip=theme.tips(text="City", count="Encounters"),
    )


def _rim_of_near(plane: Plane) -> Box:
    """Return where the upper map lies on the map of the world."""
    span = math.degrees(_NEAR.wide / 2 / _NEAR.scale)
    west, east = (_NEAR.middle[0] + side * span for side in (-1, 1))
    return *plane.pixel(_NEAR_NORTH, west), *plane.pixel(_NEAR_SOUTH, east)


def _dashed(rim: Box) -> theme.Layer:
    mark = alt.Chart(theme.data([dict(zip(("x", "y", "x2", "y2"), rim, strict=True))]))
    return mark.mark_rect(fill=None, stroke=theme.GREY, strokeDash=[3, 2]).encode(**theme.at(x2="x2", y2="y2"))
