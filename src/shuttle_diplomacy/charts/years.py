"""Activity by year: encounters, agreements, follow-through and the events of issues, one panel each."""

from datetime import date
from typing import Any

import altair as alt
import polars as pl

from shuttle_diplomacy.charts import theme
from shuttle_diplomacy.charts.frames import columns_of, counted, one_each, round_years, until

_LEFT, _WIDE, _TALL = 40, 620, 84
_HEAD = 26  # pixels above the bars for the panel's title
_REST = "announced or proposed by one side, or not concluded"
# title, then bars from the bottom: column, words, colour; the part that the column leaves of a total comes on top
_PANELS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("Encounters", (("shuttle_visits", "shuttle visits", theme.BLUE), ("other_encounters", "others", "#BBD5EA"))),
    (
        "Agreements, announcements and proposals",
        (
            ("agreed", "agreed by both", theme.BLUE),
            ("not_agreed", _REST, "#BBD5EA"),
        ),
    ),
    ("Events of follow-through, after the making of an agreement", (("events_after_making", "", theme.BLUE),)),
)
_DIRECTIONS = (("issue_events_closer", "closer", theme.BLUE), ("issue_events_apart", "apart", theme.VERMILION))
_WHAT = """
Zero means none in this dataset. Closer and apart: the effect of an event on the two governments' public positions
toward each other; neutral and background events of issues are not drawn.
"""
_COUNTS = (
    "encounters", "shuttle_visits", "agreements", "agreed", "events_after_making", "issue_events",
    "issue_events_closer", "issue_events_apart",
)  # fmt: skip


def activity(activity_by_year: pl.DataFrame | pl.LazyFrame, *, checked_through: date | None = None) -> alt.VConcatChart:
    """Return four small panels over the same years: encounters, agreements, follow-through, steps closer and apart.

    Args:
        activity_by_year: what ``load("activity_by_year")`` returns, or some rows of it.
        checked_through: the day up to which records were checked, for the subtitle.

    Raises:
        UnsuitableFrameError: the frame lacks a column that is drawn.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> late = sd.load("activity_by_year").filter(pl.col("year") >= 2023)
        >>> activity(late).to_dict()["title"]["text"]
        '25 encounters, 50 agreements or proposals and 68 later events from 2023 to 2026'
    """
    wanted = {"year": "count", **dict.fromkeys(_COUNTS, "count")}
    frame = columns_of("activity", "activity_by_year", activity_by_year, wanted, "activity_by_year")
    frame = one_each(frame, "year").with_columns(pl.col(_COUNTS).fill_null(0)).sort("year")
    deeds = frame.filter(pl.sum_horizontal("encounters", "agreements", "events_after_making") > 0)
    first = deeds["year"].min() if deeds.height else None
    early = frame.filter(pl.col("year") < first, pl.col("issue_events") > 0) if first is not None else frame.clear()
    shown = frame.filter(pl.col("year") >= first) if first is not None else frame
    subtitle = theme.lines(
        _WHAT,
        "Each panel has its own scale." + _before(early),
        f"{until(checked_through)} {_partly(shown, checked_through)}".strip(),
    )
    rows = shown.to_dicts()
    if not any(row[name] for row in rows for name in _COUNTS):
        return theme.nothing("No activity to show", subtitle, "No year of the frame has anything in it.")
    rows = [_with_rests(row) for row in rows]
    return theme.page(_title(rows), subtitle, *(_panel(rows, *panel) for panel in _PANELS), _steps(rows), spacing=14)


def _with_rests(row: dict[str, Any]) -> dict[str, Any]:
    rests = {
        "other_encounters": max(row["encounters"] - row["shuttle_visits"], 0),
        "not_agreed": max(row["agreements"] - row["agreed"], 0),
    }
    return {**row, **rests}


def _before(early: pl.DataFrame) -> str:
    if early.is_empty():
        return ""
    years = ", ".join(str(year) for year in early["year"])
    return f" Not drawn: {counted(sum(early['issue_events']), 'event')} of issues in {years}."


def _partly(shown: pl.DataFrame, checked_through: date | None) -> str:
    if checked_through is None or shown.is_empty() or shown["year"].max() != checked_through.year:
        return ""
    return (
        ""
        if (checked_through.month, checked_through.day) == (12, 31)
        else f"{checked_through.year} is covered in part."
    )


def _title(rows: list[dict[str, Any]]) -> str:
    span = f"in {rows[0]['year']}" if len(rows) == 1 else f"from {rows[0]['year']} to {rows[-1]['year']}"
    totals = {name: sum(row[name] for row in rows) for name in ("encounters", "agreements", "events_after_making")}
    made = counted(totals["agreements"], "agreement or proposal", "agreements or proposals")
    later = counted(totals["events_after_making"], "later event")
    return f"{counted(totals['encounters'], 'encounter')}, {made} and {later} {span}"


def _x(rows: list[dict[str, Any]], year: int) -> float:
    first, last = int(rows[0]["year"]), int(rows[-1]["year"])
    return _LEFT + (year - first + 0.5) / (last - first + 1) * _WIDE


def _bar(rows: list[dict[str, Any]]) -> float:
    years = int(rows[-1]["year"]) - int(rows[0]["year"]) + 1
    return min(_WIDE / years * 0.8, 26.0) / 2


def _panel(rows: list[dict[str, Any]], title: str, parts: tuple[tuple[str, str, str], ...]) -> theme.Layer:
    most = max([sum(row[name] for name, *_ in parts) for row in rows] + [1])
    bottom = _HEAD + _TALL
    boxes, half = [], _bar(rows)
    for row in rows:
        at = 0
        for name, said, colour in parts:
            if row[name]:
                y, y2 = (bottom - value / most * _TALL for value in (at + row[name], at))
                boxes.append(_box(row, name, said or title, colour, (_x(rows, row["year"]), half, y, y2)))
                at += row[name]
    values = _round(most)
    levels = {value: bottom - value / most * _TALL for value in values}
    return _drawn(rows, title, [part for part in parts if part[1]], boxes, levels, bottom)


def _steps(rows: list[dict[str, Any]]) -> theme.Layer:
    (up, up_said, up_colour), (down, down_said, down_colour) = _DIRECTIONS
    above, below = (max([row[name] for row in rows] + [1]) for name in (up, down))
    unit = 110 / (above + below)
    zero = _HEAD + above * unit
    boxes, half = [], _bar(rows)
    for row in rows:
        x = _x(rows, row["year"])
        if row[up]:
            boxes.append(_box(row, up, up_said, up_colour, (x, half, zero - row[up] * unit, zero)))
        if row[down]:
            boxes.append(_box(row, down, down_said, down_colour, (x, half, zero, zero + row[down] * unit)))
    values = _round(max(above, below))
    levels = {value: zero - value * unit for value in values if value <= above}
    levels |= {-value: zero + value * unit for value in values if value <= below}
    parts = [(up, "closer (above the line)", up_colour), (down, "apart (below the line)", down_colour)]
    return _drawn(rows, "Events of issues", parts, boxes, levels, zero + below * unit, zero)


def _box(
    row: dict[str, Any], name: str, said: str, colour: str, place: tuple[float, float, float, float]
) -> dict[str, Any]:
    x, half, y, y2 = place
    box = {"x": x - half, "x2": x + half, "y": y, "y2": y2, "colour": colour}
    return {**box, "year": row["year"], "what": said, "count": row[name]}


def _round(most: int) -> list[int]:
    """Return zero and up to three round numbers up to the largest count.

    Examples:
        >>> _round(11), _round(3), _round(36)
        ([0, 5, 10], [0, 1, 2, 3], [0, 10, 20, 30])
    """
    step = next(s * 10**power for power in range(18) for s in (1, 2, 5) if most < s * 10**power * 4)
    return list(range(0, most + 1, step))


def _drawn(
    rows: list[dict[str, Any]],
    title: str,
    parts: list[tuple[str, str, str]],
    boxes: list[dict[str, Any]],
    levels: dict[int, float],
    bottom: float,
    zero: float | None = None,
) -> theme.Layer:
    lines = [{"x": _LEFT, "x2": _LEFT + _WIDE, "y": y} for y in levels.values()]
    numbers = [{"x": _LEFT - 8, "y": y, "text": f"{abs(value):,}"} for value, y in levels.items()]
    first, last = rows[0]["year"], rows[-1]["year"]
    years = [{"x": _x(rows, year), "y": bottom + 11, "text": str(year)} for year in round_years(first, last)]
    base = theme.data([{"x": _LEFT, "x2": _LEFT + _WIDE, "y": bottom if zero is None else zero}])
    bars = alt.Chart(theme.data(boxes)).mark_rect(stroke=theme.INK, strokeWidth=0.3)
    layers = [
        alt.Chart(theme.data(lines)).mark_rule(color="#E6E6E6").encode(**theme.at(x2="x2")),
        bars.encode(
            **theme.at(x2="x2", y2="y2"),
            color=theme.colour(),
            tooltip=theme.tips(year="Year", what="What", count="Count"),
        ),
        alt.Chart(base).mark_rule(color=theme.GREY).encode(**theme.at(x2="x2")),
        theme.words(numbers, align="right", baseline="middle"),
        theme.words(years, baseline="middle"),
        theme.words([{"x": 0, "y": 6, "text": title}], align="left", baseline="middle", fontWeight="bold"),
        *_key(title, parts),
    ]
    return theme.panel(layers, _LEFT + _WIDE, bottom + 20)


def _key(title: str, parts: list[tuple[str, str, str]]) -> list[Any]:
    """Return the names of the parts behind the panel's title, each with a sample of its colour."""
    at, samples, texts = theme.width_of(title) + 24, [], []
    for _, said, colour in parts:
        samples.append({"x": at, "x2": at + 10, "y": 1, "y2": 11, "colour": colour})
        texts.append({"x": at + 15, "y": 6, "text": said})
        at += 15 + theme.width_of(said) + 14
    if not samples:
        return []
    sample = alt.Chart(theme.data(samples)).mark_rect(stroke=theme.INK, strokeWidth=0.3)
    samples_drawn = sample.encode(**theme.at(x2="x2", y2="y2"), color=theme.colour())
    return [samples_drawn, theme.words(texts, align="left", baseline="middle")]
