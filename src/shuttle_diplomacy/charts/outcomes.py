"""Follow-through by summit: how many promises have evidence of delivery within twelve months."""

from datetime import date
from typing import Any

import altair as alt
import polars as pl

from shuttle_diplomacy.charts import theme
from shuttle_diplomacy.charts.frames import columns_of, counted, latest, one_each, until

_LEFT, _WIDE, _ROW = 190, 390, 20
_NARROWEST = 6  # pixels of a promise, from which on they are parted by lines
_PARTS = {
    "k": ("With evidence of delivery within 12 months", theme.BLUE, theme.BLUE),
    "rest": ("Without such evidence", "#BBD5EA", theme.BLUE),
    "early": ("Too early to say", theme.PAPER, theme.GREY),
}
_WHAT = """
Promises: agreements made at the summit that are no mere proposals; wholes whose parts stand in rows of their own are
left out. Evidence: an event coded delivered or implementing, for treaties also in force.
"""
_HOW = """
No evidence does not mean no delivery. Too early: a promise was last checked less than twelve months after it was made.
"""


def follow_through(
    scorecard: pl.DataFrame | pl.LazyFrame,
    summits: pl.DataFrame | pl.LazyFrame,
    *,
    checked_through: date | None = None,
) -> alt.VConcatChart:
    """Return one bar a summit that made promises: with evidence of delivery, without it, or too early to say.

    Args:
        scorecard: what ``load("summit_scorecard")`` returns, or some rows of it; rows of single forms count where those
            of all forms together (``all``) were filtered away.
        summits: what ``load("summits")`` returns; summits are drawn that stand in both frames.
        checked_through: the day up to which records were checked, for the subtitle.

    Raises:
        UnsuitableFrameError: a frame lacks a column that is drawn.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> nara = sd.load("summits").filter(pl.col("city_en") == "Nara")
        >>> follow_through(sd.load("summit_scorecard"), nara).to_dict()["title"]["text"]
        'All 8 promises made at 1 summit are too recent to judge'
    """
    wanted = {"summit_id": "text", "form": "text", "promises": "count"}
    wanted |= {"within_12_months_n": "count", "within_12_months_k": "count"}
    scores = columns_of("follow_through", "scorecard", scorecard, wanted, "summit_scorecard")
    about = {"summit_id": "text", "start_on": "day", "city_en": "text", "parties": "text"}
    places = one_each(columns_of("follow_through", "summits", summits, about, "summits"), "summit_id")
    scored = _summed(scores).join(places, on="summit_id").sort("start_on", "summit_id")
    rows = scored.filter(pl.col("promises") > 0).to_dicts()
    without = scored.height - len(rows)
    subtitle = theme.lines(
        _WHAT,
        _HOW,
        _forms(scores),
        f"Not shown: {counted(without, 'summit')} without a promise in the dataset." if without else "",
        until(checked_through, latest(places["start_on"])),
    )
    if not rows:
        return theme.nothing("No follow-through to show", subtitle, "No summit in both frames has a promise.")
    return theme.page(_title(rows), subtitle, _bars(rows))


def _summed(scores: pl.DataFrame) -> pl.DataFrame:
    """Return one row a summit; a summit is too early to judge if any of its forms is."""
    scores = scores.unique(["summit_id", "form"], keep="first", maintain_order=True)
    whole = scores.filter(pl.col("form") == "all")
    part = scores.join(whole.select("summit_id"), on="summit_id", how="anti")
    due = pl.col("within_12_months_n").is_not_null().all() & pl.col("within_12_months_k").is_not_null().all()
    counts = [
        pl.when(due).then(pl.col(name).sum()).alias(name[-1]) for name in scores.columns if name.startswith("within")
    ]
    return pl.concat([whole, part]).group_by("summit_id").agg(pl.col("promises").sum(), *counts)


def _forms(scores: pl.DataFrame) -> str:
    forms = scores["form"].drop_nulls().unique(maintain_order=True).to_list()
    if "all" in forms or not forms:
        return ""
    return f"Only these forms: {', '.join(theme.plain(form).replace('_', ' ') for form in forms)}."


def _title(rows: list[dict[str, Any]]) -> str:
    due = [row for row in rows if row["n"] is not None]
    n, k = sum(row["n"] for row in due), sum(row["k"] for row in due)
    if not due:
        total = sum(row["promises"] for row in rows)
        return f"All {counted(total, 'promise')} made at {counted(len(rows), 'summit')} are too recent to judge"
    return f"Of {counted(n, 'promise')} old enough to judge, {k} show evidence of delivery within 12 months"


def _bars(rows: list[dict[str, Any]]) -> theme.Layer:
    most = max(max(row["promises"], row["n"] or 0) for row in rows)
    unit = _WIDE / max(most, 6)
    bars, names, results = [], [], []
    for place, row in enumerate(rows):
        middle = place * _ROW + _ROW / 2
        early = row["n"] is None
        k, rest = (0, 0) if early else (row["k"], row["n"] - row["k"])
        parts = {"k": k, "rest": rest, "early": row["promises"] if early else 0}
        at = 0.0
        for part, size in parts.items():
            if size > 0:
                box = {"x": _LEFT + at * unit, "x2": _LEFT + (at + size) * unit, "y": middle - 7, "y2": middle + 7}
                bars.append({**box, "part": _PARTS[part][0], "count": size, "summit": row["summit_id"]})
                at += size
        names.append({"x": _LEFT - 10, "y": middle, "text": _name(row)})
        result = f"{row['promises']}, too early" if early else f"{row['k']} of {row['n']}"
        results.append({"x": _LEFT + at * unit + 8, "y": middle, "text": result})
    layers = [
        _boxes(bars),
        *([_units(bars, unit)] if unit >= _NARROWEST else []),
        theme.words(names, align="right", baseline="middle"),
        theme.words(results, align="left", baseline="middle", fontWeight="bold"),
    ]
    return theme.panel(layers, _LEFT + _WIDE + 80, len(rows) * _ROW)


def _boxes(bars: list[dict[str, Any]]) -> theme.Layer:
    there = {bar["part"] for bar in bars}
    columns = zip(*(value for value in _PARTS.values() if value[0] in there), strict=True)
    shown = dict(zip(("domain", "fill", "stroke"), columns, strict=True))
    legend = alt.Legend(orient="top", direction="horizontal", title=None, columnPadding=24, symbolType="square")
    return (
        alt.Chart(theme.data(bars))
        .mark_rect(strokeWidth=1)
        .encode(
            **theme.at(x2="x2", y2="y2"),
            **theme.kinds("part", shown, legend),
            tooltip=theme.tips(summit="summit_id", part="Promises", count="Count"),
        )
    )


def _units(bars: list[dict[str, Any]], unit: float) -> theme.Layer:
    """Return lines that part a bar into its promises."""
    cuts = [
        {"x": bar["x"] + step * unit, "y": bar["y"] + 0.6, "y2": bar["y2"] - 0.6, "colour": _cut(bar["part"])}
        for bar in bars
        for step in range(1, bar["count"])
    ]
    mark = alt.Chart(theme.data(cuts)).mark_rule(strokeWidth=1.6)
    colour = theme.colour()
    return mark.encode(**theme.at(y2="y2"), color=colour)


def _cut(part: str) -> str:
    return theme.LIGHT if part == _PARTS["early"][0] else theme.PAPER


def _name(row: dict[str, Any]) -> str:
    with_whom = {"jp-kr-us": " (with the US)", "jp-kr-cn": " (with China)"}.get(row["parties"] or "", "")
    return f"{row['start_on'] or 'undated'} {theme.plain(row['city_en'], 18)}{with_whom}"
