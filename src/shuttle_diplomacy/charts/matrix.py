"""Issues by summits: how each summit treated each issue, where somebody coded it."""

import textwrap
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from shuttle_diplomacy.charts import theme
from shuttle_diplomacy.charts.frames import columns_of, counted, latest, one_each, until

_LEFT, _ROW = 152, 13
_LONG = 42  # characters of a line of an issue's title
_EMPTY = "(empty) Not coded; not to be read as absence"
_LINE = "M-0.6,-0.09L0.6,-0.09L0.6,0.09L-0.6,0.09Z"
_X = "M-.6,-.44L-.44,-.6L0,-.16L.44,-.6L.6,-.44L.16,0L.6,.44L.44,.6L0,.16L-.44,.6L-.6,.44L-.16,0Z"
_BOX = "M-0.55,-0.55L0.55,-0.55L0.55,0.55L-0.55,0.55Z"
# label, shape, fill, stroke; in the order of the legend, from most to least
_TREATMENTS = {
    "progressed": ("Progressed", "square", theme.BLUE, theme.BLUE),
    "discussed": ("Discussed", "circle", theme.SKY, theme.BLUE),
    "raised_by_jp": ("Raised by Japan", "triangle-right", theme.ORANGE, theme.INK),
    "raised_by_kr": ("Raised by the Republic of Korea", "triangle-left", theme.ORANGE, theme.INK),
    "mentioned": ("Mentioned", "circle", theme.PAPER, theme.BLUE),
    "accounts_differ": ("Accounts differ", "diamond", theme.VERMILION, theme.INK),
    "said_not_discussed": ("Said not to have been discussed", _X, theme.INK, theme.INK),
    "not_in_public_record": ("Not in the public record", _LINE, theme.GREY, theme.GREY),
    "else": ("Another code", "cross", theme.PAPER, theme.INK),
    "empty": (_EMPTY, _BOX, theme.PAPER, "#8C8C8C"),
}


def issues_by_summit(
    summit_issues: pl.DataFrame | pl.LazyFrame,
    summits: pl.DataFrame | pl.LazyFrame,
    issues: pl.DataFrame | pl.LazyFrame,
    *,
    checked_through: date | None = None,
) -> alt.VConcatChart:
    """Return a matrix of issues by summits, the latest summit first; what nobody coded stays empty.

    Args:
        summit_issues: what ``load("summit_issues")`` returns, or some rows of it.
        summits: what ``load("summits")`` returns; only summits in it are drawn.
        issues: what ``load("issues")`` returns; only issues in it are drawn, in the order of their areas.
        checked_through: the day up to which records were checked, for the subtitle.

    Raises:
        UnsuitableFrameError: a frame lacks a column that is drawn.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> nara = sd.load("summits").filter(pl.col("city_en") == "Nara")
        >>> issues_by_summit(sd.load("summit_issues"), nara, sd.load("issues")).to_dict()["title"]["text"]
        '22 of 22 pairs of 22 issues and 1 summit are coded; ... of them show the issue taken up'
    """
    wanted = {"summit_id": "text", "issue_id": "text", "treatment": "text"}
    pairs = columns_of("issues_by_summit", "summit_issues", summit_issues, wanted, "summit_issues")
    about = {"summit_id": "text", "start_on": "day", "city_en": "text", "parties": "text"}
    met = one_each(columns_of("issues_by_summit", "summits", summits, about, "summits"), "summit_id")
    named = {"issue_id": "text", "title_en": "text", "area": "text"}
    matters = one_each(columns_of("issues_by_summit", "issues", issues, named, "issues"), "issue_id")
    pairs = pairs.drop_nulls("treatment").unique(["summit_id", "issue_id"], keep="first", maintain_order=True)
    pairs = pairs.join(met, on="summit_id").join(matters, on="issue_id")
    areas = list(dict.fromkeys(_order_of_areas(issues)))
    columns = _columns(pairs, areas)
    rows = pairs.select("summit_id", "start_on", "city_en", "parties").unique()
    summit_rows = rows.sort("start_on", "summit_id", descending=True, nulls_last=True).to_dicts()
    subtitle = theme.lines(
        "A cell is coded where somebody looked at what the public record says of the issue at that summit; a cell with "
        "nothing in it was not looked at. Columns stand in the order of areas. (US), (China): meetings of three.",
        _left_out(met.height - len(summit_rows), matters.height - len(columns)),
        until(checked_through, latest(met["start_on"])),
    )
    if pairs.is_empty():
        return theme.nothing(
            "No issues at summits to show", subtitle, "No coded pair has its summit and its issue here."
        )
    return theme.page(_title(pairs, summit_rows, columns), subtitle, _matrix(pairs, summit_rows, columns))


def _order_of_areas(issues: pl.DataFrame | pl.LazyFrame) -> list[str]:
    """Return the areas in the order that their enumeration declares, else as they come in the frame."""
    dtype = issues.collect_schema()["area"]
    if isinstance(dtype, pl.Enum):
        return list(dtype.categories)
    return [str(area) for area in issues.lazy().select("area").collect()["area"].drop_nulls()]


def _columns(pairs: pl.DataFrame, areas: list[str]) -> list[dict[str, Any]]:
    found = pairs.select("issue_id", "title_en", "area").unique().to_dicts()
    known = {area: place for place, area in enumerate(areas)}
    return sorted(found, key=lambda row: (known.get(row["area"], len(known)), row["title_en"] or "", row["issue_id"]))


def _left_out(summits: int, issues: int) -> str:
    parts = [counted(summits, "summit")] * (summits > 0) + [counted(issues, "issue")] * (issues > 0)
    return f"Not shown: {' and '.join(parts)} without a coded cell." if parts else ""


def _title(pairs: pl.DataFrame, rows: list[dict[str, Any]], columns: list[dict[str, Any]]) -> str:
    taken_up = ["progressed", "discussed", "raised_by_jp", "raised_by_kr", "mentioned"]
    up = pairs.filter(pl.col("treatment").is_in(taken_up)).height
    whole = counted(len(rows) * len(columns), "pair")
    of = f"{counted(len(columns), 'issue')} and {counted(len(rows), 'summit')}"
    return f"{pairs.height:,} of {whole} of {of} are coded; {up:,} of them show the issue taken up"


def _matrix(pairs: pl.DataFrame, rows: list[dict[str, Any]], columns: list[dict[str, Any]]) -> theme.Layer:
    wide = min(max((theme.WIDTH - _LEFT - 8) / len(columns), 15.0), 40.0)
    titles = {column["issue_id"]: _head(column, wide) for column in columns}
    top = max(theme.width_of(line) for title in titles.values() for line in title) * 0.86 + 8
    x = {column["issue_id"]: _LEFT + (place + 0.5) * wide for place, column in enumerate(columns)}
    y = {row["summit_id"]: top + (place + 0.5) * _ROW for place, row in enumerate(rows)}
    right, bottom = _LEFT + len(columns) * wide, top + len(rows) * _ROW
    marks = [_cell(pair, x[pair["issue_id"]], y[pair["summit_id"]]) for pair in pairs.to_dicts()]
    heads = [{"x": x[key] - 5.5 * (len(title) - 1), "y": top - 6, "text": title} for key, title in titles.items()]
    names = [{"x": _LEFT - 8, "y": y[row["summit_id"]], "text": _name(row)} for row in rows]
    edges = [
        {
            "x": _LEFT + place * wide,
            "x2": _LEFT + place * wide,
            "y": 0,
            "y2": bottom,
            "strong": _new_area(columns, place),
        }
        for place in range(len(columns) + 1)
    ]
    edges += [
        {"x": _LEFT, "x2": right, "y": top + place * _ROW, "y2": top + place * _ROW, "strong": _new_year(rows, place)}
        for place in range(len(rows) + 1)
    ]
    grid = alt.Chart(theme.data([{**e, "colour": "#8C8C8C" if e["strong"] else "#E6E6E6"} for e in edges]))
    layers = [
        grid.mark_rule(strokeWidth=0.8).encode(**theme.at(x2="x2", y2="y2"), color=theme.colour()),
        theme.words(heads, angle=270, align="left", baseline="middle", lineHeight=11),
        theme.words(names, align="right", baseline="middle"),
        _symbols(marks),
    ]
    return theme.panel(layers, right + 4, bottom + 4)


def _cell(pair: dict[str, Any], x: float, y: float) -> dict[str, Any]:
    known = _TREATMENTS.get(pair["treatment"], _TREATMENTS["else"])
    return {"x": x, "y": y, "kind": known[0], "summit": pair["summit_id"], "issue": theme.plain(pair["title_en"])}


def _symbols(marks: list[dict[str, Any]]) -> theme.Layer:
    there = {mark["kind"] for mark in marks} | {_EMPTY}
    columns = zip(*(value for key, value in _TREATMENTS.items() if value[0] in there or key != "else"), strict=True)
    shown = dict(zip(("domain", "shape", "fill", "stroke"), columns, strict=True))
    legend = alt.Legend(orient="top", direction="horizontal", columns=3, title=None, columnPadding=24, symbolOpacity=1)
    return (
        alt.Chart(theme.data(marks))
        .mark_point(size=72, strokeWidth=1, opacity=1)
        .encode(
            **theme.at(),
            **theme.kinds("kind", shown, legend),
            tooltip=theme.tips(summit="summit_id", issue="Issue", kind="Treatment"),
        )
    )


def _head(column: dict[str, Any], wide: float) -> list[str]:
    """Return a title in as many lines as a column is wide, each as short as that allows."""
    title = theme.plain(column["title_en"] or column["issue_id"], 90)
    most = max(1, int(wide // 12))
    for at in range(24, 91):
        lines = textwrap.wrap(title, at, break_on_hyphens=False) or [""]
        if len(lines) <= most and len(lines[0]) <= _LONG:
            return lines
    lines = textwrap.wrap(title, _LONG)[:most]
    return [*lines[:-1], theme.plain(lines[-1] + "……", _LONG)]


def _new_area(columns: list[dict[str, Any]], place: int) -> bool:
    return place in {0, len(columns)} or columns[place]["area"] != columns[place - 1]["area"]


def _new_year(rows: list[dict[str, Any]], place: int) -> bool:
    if place in {0, len(rows)}:
        return True
    here, before = rows[place]["start_on"], rows[place - 1]["start_on"]
    return here is None or before is None or here.year // 10 != before.year // 10


def _name(row: dict[str, Any]) -> str:
    with_whom = {"jp-kr-us": " (US)", "jp-kr-cn": " (China)"}.get(row["parties"] or "", "")
    return f"{row['start_on'] or 'undated'} {theme.plain(row['city_en'], 14)}{with_whom}"
