"""The timeline of encounters, with the runs of shuttle diplomacy and the gaps in them."""

from datetime import date
from typing import Any

import altair as alt
import polars as pl

from shuttle_diplomacy.charts import theme
from shuttle_diplomacy.charts.frames import columns_of, counted, day, latest, one_each, round_years, until
from shuttle_diplomacy.charts.runs import strips

_LEFT, _WIDE = 110, 566  # pixels of the names of lanes, and of the time
_STEP = 8  # pixels between two marks of one lane
_KINDS = {
    "shuttle": ("Shuttle visit", "diamond", theme.VERMILION, theme.VERMILION),
    "summit_meeting": ("Other full summit", "circle", theme.BLUE, theme.BLUE),
    "brief_talk": ("Brief talk", "triangle-up", theme.PAPER, theme.BLUE),
    "else": ("Other, or form not known", "cross", theme.PAPER, theme.GREY),
}
_LANES = {"KR": "Republic of Korea", "JP": "Japan", "else": "Elsewhere"}
_WHAT = """
One mark is one encounter in person, by the day of the main talks, else the first day. Shuttle visits: visits since July
2004 that a government or a published list calls shuttle diplomacy.
"""
_HOW = """
Marks that would cover each other stand above or below. A new run begins where more than 900 days lie between two
shuttle visits; the numbers on the lines are the days between them.
"""


def encounters(
    summits: pl.DataFrame | pl.LazyFrame,
    sequence: pl.DataFrame | pl.LazyFrame,
    *,
    checked_through: date | None = None,
) -> alt.VConcatChart:
    """Return the timeline of encounters by host, and below it each run of shuttle visits with the days between them.

    Args:
        summits: what ``load("summits")`` returns, or some rows of it.
        sequence: what ``load("summit_sequence")`` returns; encounters are drawn that stand in both frames.
        checked_through: the day up to which records were checked, for the subtitle.

    Raises:
        UnsuitableFrameError: a frame lacks a column that is drawn.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> recent = sd.load("summits").filter(pl.col("start_on").dt.year() > 2024)
        >>> encounters(recent, sd.load("summit_sequence")).to_dict()["title"]["text"]
        'Of 7 encounters from 2025 to 2026, 4 were shuttle visits, in 1 run'
    """
    wanted = {"summit_id": "text", "country": "text", "city_en": "text", "form": "text", "shuttle": "flag"}
    places = columns_of("encounters", "summits", summits, wanted, "summits")
    days = {"summit_id": "text", "met_on": "day", "days_since_previous_shuttle": "count", "shuttle_run": "count"}
    order = columns_of("encounters", "sequence", sequence, days, "summit_sequence")
    met = one_each(places, "summit_id").join(one_each(order, "summit_id"), on="summit_id")
    rows = met.drop_nulls("met_on").sort("met_on", "summit_id").to_dicts()
    undated = met.height - len(rows)
    subtitle = theme.lines(
        _WHAT,
        _HOW,
        until(checked_through, latest(row["met_on"] for row in rows)),
        f"{counted(undated, 'encounter')} without a day not drawn." if undated else "",
    )
    if not rows:
        return theme.nothing("No encounter to show", subtitle, "No encounter with a day stands in both frames.")
    visits = [row for row in rows if row["shuttle"]]
    runs = sorted({row["shuttle_run"] for row in visits if row["shuttle_run"] is not None})
    span = f"from {rows[0]['met_on'].year} to {rows[-1]['met_on'].year}"
    shuttle = f"{len(visits)} {'was a shuttle visit' if len(visits) == 1 else 'were shuttle visits'}"
    title = f"Of {counted(len(rows), 'encounter')} {span}, {shuttle}, in {counted(len(runs), 'run')}"
    by_run = [[row for row in visits if row["shuttle_run"] == run] for run in runs]
    return theme.page(title, subtitle, _overview(rows, by_run), *strips(by_run), spacing=16)


def _overview(rows: list[dict[str, Any]], by_run: list[list[dict[str, Any]]]) -> theme.Layer:
    first, last = rows[0]["met_on"].year, rows[-1]["met_on"].year
    start, end = date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()

    def x(on: date) -> float:
        return round(_LEFT + (on.toordinal() - start) / (end - start) * _WIDE, 1)

    marks, names, top = [], [], 56.0 if by_run else 4.0
    for lane, name in _LANES.items():
        here = [row for row in rows if (row["country"] if row["country"] in _LANES else "else") == lane]
        levels = _levels([x(row["met_on"]) for row in here], [bool(row["shuttle"]) for row in here])
        above = max(levels, default=0)
        middle = top + above * _STEP + 12
        marks += [_mark(row, x(row["met_on"]), middle - level * _STEP) for row, level in zip(here, levels, strict=True)]
        top = middle + (-min(levels, default=0)) * _STEP + 14
        names.append({"x": _LEFT - 14, "y": middle, "text": [name, f"({len(here)})"], "end": top})
    layers = [
        *_grid(first, last, x, names, top),
        *_runs(by_run, x, top),
        theme.words(names, align="right", baseline="middle", dy=-6, lineHeight=13),
        _points(marks),
    ]
    return theme.panel(layers, _LEFT + _WIDE, top + 14)


def _levels(places: list[float], first: list[bool]) -> list[int]:
    """Return for each mark how many steps it stands above its lane's middle, so that none covers another."""
    taken: list[tuple[int, float]] = []
    levels = [0] * len(places)
    for index in sorted(range(len(places)), key=lambda i: (not first[i], places[i])):
        level, tries = 0, 0
        while any(at == level and abs(places[index] - x) < _STEP for at, x in taken):
            tries += 1
            level = (tries + 1) // 2 * (1 if tries % 2 else -1)
        taken.append((level, places[index]))
        levels[index] = level
    return levels


def _mark(row: dict[str, Any], x: float, y: float) -> dict[str, Any]:
    kind = "shuttle" if row["shuttle"] else row["form"] if row["form"] in _KINDS else "else"
    city = theme.plain(row["city_en"])
    return {"x": x, "y": y, "kind": _KINDS[kind][0], "day": day(row["met_on"]), "city": city, "id": row["summit_id"]}


def _points(marks: list[dict[str, Any]]) -> theme.Layer:
    there = {mark["kind"] for mark in marks}
    columns = zip(*(value for value in _KINDS.values() if value[0] in there), strict=True)
    shown = dict(zip(("domain", "shape", "fill", "stroke"), columns, strict=True))
    legend = alt.Legend(orient="top", direction="horizontal", title=None, columnPadding=24)
    return (
        alt.Chart(theme.data(marks))
        .mark_point(size=44, strokeWidth=1.2, opacity=1)
        .encode(
            **theme.at(),
            **theme.kinds("kind", shown, legend),
            tooltip=theme.tips(day="Day", city="City", kind="Kind", id="summit_id"),
        )
    )


def _grid(first: int, last: int, x: Any, names: list[dict[str, Any]], bottom: float) -> list[Any]:
    ticks = [
        {"x": x(date(year, 1, 1)), "y": bottom + 12, "text": str(year), "top": names[0]["y"] - 24}
        for year in round_years(first, last)
    ]
    rule = alt.Chart(theme.data([{**tick, "bottom": bottom} for tick in ticks])).mark_rule(color=theme.LIGHT)
    lanes = [{"x": _LEFT, "x2": _LEFT + _WIDE, "y": name["end"]} for name in names]
    line = alt.Chart(theme.data(lanes)).mark_rule(color="#8C8C8C", strokeWidth=0.6)
    return [
        rule.encode(**theme.at("x", "top", y2="bottom")),
        line.encode(
            **theme.at(x2="x2"),
        ),
        theme.words(ticks, baseline="middle"),
    ]


def _runs(by_run: list[list[dict[str, Any]]], x: Any, bottom: float) -> list[Any]:
    if not by_run:
        return []
    spans, titles, gaps = [], [], []
    for place, run in enumerate(by_run):
        left, right = x(run[0]["met_on"]), x(run[-1]["met_on"])
        spans.append({"x": left - 4, "x2": right + 4, "y": 18, "y2": 24, "bottom": bottom})
        titles.append({"x": (left + right) / 2, "y": 8, "text": f"Run {run[0]['shuttle_run']}"})
        days = run[0]["days_since_previous_shuttle"]
        last = by_run[place - 1][-1]["met_on"] if place else None
        if last is not None and days == (run[0]["met_on"] - last).days:  # no visit between was filtered away
            before = x(last)
            gaps.append({"x": (before + left) / 2, "y": 34, "text": counted(days, "day"), "from": before, "to": left})
    bar = alt.Chart(theme.data(spans))
    line = alt.Chart(theme.data([{**gap, "y": 21} for gap in gaps])).encode(**theme.at("from", "y", "to"))
    return [
        bar.mark_rect(color="#F3F3F3").encode(**theme.at(x2="x2", y2="bottom")),
        line.mark_rule(color=theme.VERMILION, strokeDash=[3, 3]),
        bar.mark_rect(color=theme.VERMILION).encode(**theme.at(x2="x2", y2="y2")),
        theme.words(titles, baseline="middle", fontWeight="bold"),
        theme.words(gaps, baseline="middle", color=theme.GREY),
    ]
