"""The runs of shuttle diplomacy one by one: who was the host, and how many days lay between two visits."""

from typing import Any

import altair as alt

from shuttle_diplomacy.charts import theme
from shuttle_diplomacy.charts.frames import counted, day, month

_LEFT, _WIDE = 136, 506  # pixels of the names of sides, and of the longest run
LONGEST = 900  # days between two visits of one run, by the view summit_sequence
_UPPER, _LOWER, _TALL = 56, 96, 128
_SIDES = {"KR": _UPPER, "JP": _LOWER}


def strips(by_run: list[list[dict[str, Any]]]) -> list[theme.Layer]:
    """Return one strip for each run of shuttle visits, all to one scale of days.

    Args:
        by_run: for each run its visits in the order of days, as rows of encounters.
    """
    spans = [(run[-1]["met_on"] - run[0]["met_on"]).days for run in by_run]
    scale = _WIDE / max([*spans, 60])
    return [_strip(run, scale) for run in by_run]


def _strip(run: list[dict[str, Any]], scale: float) -> theme.Layer:
    start = run[0]["met_on"]
    visits = [
        {
            "x": round(_LEFT + (row["met_on"] - start).days * scale, 1),
            "y": _SIDES.get(row["country"], (_UPPER + _LOWER) / 2),
            "day": day(row["met_on"]),
            "city": theme.plain(row["city_en"], 16),
            "text": [theme.plain(row["city_en"], 16), month(row["met_on"])],
        }
        for row in run
    ]
    upper = _apart([visit for visit in visits if visit["y"] < _LOWER])
    lower = _apart([visit for visit in visits if visit["y"] == _LOWER])
    paths, gaps = _between(run, visits)
    sides = [{"x": _LEFT - 40, "y": y, "text": name} for y, name in ((_UPPER, "Republic of Korea"), (_LOWER, "Japan"))]
    line = alt.Chart(theme.data(paths)).encode(**theme.at(x2="x2", y2="y2"))
    dots = alt.Chart(theme.data(visits)).encode(
        **theme.at(),
        tooltip=theme.tips(day="Day", city="City"),
    )
    layers = [
        theme.words([{"x": 0, "y": 8, "text": _heading(run)}], align="left", baseline="middle", fontWeight="bold"),
        theme.words(sides, align="right", baseline="middle"),
        line.mark_rule(color=theme.INK, strokeWidth=1.2).encode(
            strokeDash=alt.StrokeDash(field="dash", type="nominal", scale=None, legend=None)
        ),
        dots.mark_point(shape="diamond", size=70, filled=True, opacity=1, color=theme.VERMILION),
        theme.words(gaps, halo=True, baseline="middle", fontWeight="bold"),
        theme.words(upper, baseline="bottom", dy=-20, lineHeight=13, color=theme.GREY),
        theme.words(lower, baseline="top", dy=8, lineHeight=13, color=theme.GREY),
    ]
    return theme.panel(layers, _LEFT + _WIDE + 36, _TALL)


def _heading(run: list[dict[str, Any]]) -> str:
    span = month(run[0]["met_on"])
    if month(run[-1]["met_on"]) != span:
        span += f" to {month(run[-1]['met_on'])}"
    days = run[0]["days_since_previous_shuttle"]
    begun = days is None or days > LONGEST
    if not begun:  # the visits that began it are not among those shown
        return f"Run {run[0]['shuttle_run']}, without its first visits: {counted(len(run), 'visit')}, {span}"
    after = f"; it began {counted(days, 'day')} after the visit before" if days is not None else ""
    return f"Run {run[0]['shuttle_run']}: {counted(len(run), 'visit')}, {span}{after}"


def _between(
    run: list[dict[str, Any]], visits: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lines between visits that follow each other, and the days that lie between them.

    Visits between which another one was filtered away are not joined; a line without a number is dashed.
    """
    paths, gaps = [], []
    for place in range(1, len(run)):
        days, shown = run[place]["days_since_previous_shuttle"], (run[place]["met_on"] - run[place - 1]["met_on"]).days
        if days not in {None, shown}:
            continue
        here, there = visits[place - 1], visits[place]
        dash = [1, 0] if days is not None else [4, 4]
        paths.append({"x": here["x"], "y": here["y"], "x2": there["x"], "y2": there["y"], "dash": dash})
        if days is not None:
            gaps.append({"x": (here["x"] + there["x"]) / 2, "y": (here["y"] + there["y"]) / 2, "text": f"{days:,}"})
    return paths, gaps


def _apart(visits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those visits whose names do not run into the one before; the others keep their mark and tooltip."""
    shown, free = [], float("-inf")
    for visit in visits:
        half = max(theme.width_of(line) for line in visit["text"]) / 2
        if visit["x"] - half >= free:
            shown.append(visit)
            free = visit["x"] + half + 4
    return shown
