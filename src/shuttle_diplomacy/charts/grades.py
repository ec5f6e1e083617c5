"""How well the rows of each table are attested: shares and counts of the grades A to D."""

from datetime import date
from typing import Any

import altair as alt
import polars as pl

from shuttle_diplomacy.charts import theme
from shuttle_diplomacy.charts.frames import columns_of, counted, one_each, until

_LEFT, _WIDE, _ROW = 116, 330, 26
_LETTER = 14  # pixels that a grade's letter needs
_DARK = "AB"  # grades on whose colour the letter is white
_COLUMNS = {"A": 480, "B": 516, "C": 552, "D": 588, "graded": 644, "rows": 690}  # right edges, in pixels
_GRADES = {
    "A": "an official page of one side and an independent one of the other, or official pages of both",
    "B": "two or more independent publishers",
    "C": "one publisher, or copies of it only",
    "D": "digests only",
}


def evidence_grades(
    evidence_by_table: pl.DataFrame | pl.LazyFrame, *, checked_through: date | None = None
) -> alt.VConcatChart:
    """Return one bar a table, divided by the grade of its rows, with all counts beside it; the best attested first.

    Args:
        evidence_by_table: what ``load("evidence_by_table")`` returns, or some rows of it.
        checked_through: the day up to which records were checked, for the subtitle.

    Raises:
        UnsuitableFrameError: the frame lacks a column that is drawn.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> few = sd.load("evidence_by_table").filter(pl.col("table_name").cast(str).is_in(["issues", "terms"]))
        >>> evidence_grades(few).to_dict()["title"]["text"]
        '... have evidence of grade A or B'
    """
    names = {grade: f"grade_{grade.lower()}" for grade in _GRADES}
    wanted = {"table_name": "text", "records": "count", "graded": "count", **dict.fromkeys(names.values(), "count")}
    frame = columns_of("evidence_grades", "evidence_by_table", evidence_by_table, wanted, "evidence_by_table")
    counts = pl.col(*names.values(), "records", "graded").fill_null(0)
    rows = one_each(frame, "table_name").with_columns(counts).to_dicts()
    rows = [{**row, "counts": {grade: max(row[name], 0) for grade, name in names.items()}} for row in rows]
    total, good = _totals(rows)
    subtitle = theme.lines(
        *(f"{grade}: {meaning}." for grade, meaning in _GRADES.items()),
        "Shares are of the rows with a grade; a row that records an absence, which rests on silent pages, has none.",
        until(checked_through),
    )
    if not total:
        return theme.nothing("No evidence to show", subtitle, "No row of the frame has a grade.")
    rows.sort(key=lambda row: (-_share(row["counts"]), row["table_name"]))
    title = f"{good:,} of {counted(total, 'graded row')} ({good / total:.0%}) have evidence of grade A or B"
    return theme.page(title, subtitle, _bars(rows))


def _totals(rows: list[dict[str, Any]]) -> tuple[int, int]:
    total = sum(sum(row["counts"].values()) for row in rows)
    return total, sum(row["counts"]["A"] + row["counts"]["B"] for row in rows)


def _share(counts: dict[str, int]) -> float:
    total = sum(counts.values())
    return (counts["A"] + counts["B"]) / total if total else -1.0


def _bars(rows: list[dict[str, Any]]) -> theme.Layer:
    boxes, letters, texts = [], [], []
    heads = [{"x": right, "y": 8, "text": name} for name, right in _COLUMNS.items()]
    for place, row in enumerate(rows):
        middle = 18 + place * _ROW + _ROW / 2
        total, at = sum(row["counts"].values()), 0.0
        for number, (grade, count) in enumerate(row["counts"].items()):
            wide = count / total * _WIDE if total else 0.0
            box = {"x": _LEFT + at, "x2": _LEFT + at + wide, "y": middle - 9, "y2": middle + 9}
            if count:
                boxes.append({**box, "colour": theme.BLUES[number], "grade": grade, "count": count})
            if wide >= _LETTER:
                ink = theme.PAPER if grade in _DARK else theme.INK
                letters.append({"x": _LEFT + at + wide / 2, "y": middle, "text": grade, "colour": ink})
            at += wide
        name = theme.plain(row["table_name"], 20).replace("_", " ")
        texts.append({"x": _LEFT - 10, "y": middle, "text": name})
        cells = {**row["counts"], "graded": row["graded"], "rows": row["records"]}
        texts += [{"x": _COLUMNS[key], "y": middle, "text": f"{value:,}"} for key, value in cells.items()]
    layers = [
        _boxes(boxes),
        theme.words(heads, align="right", baseline="middle", fontWeight="bold"),
        theme.words(texts, align="right", baseline="middle"),
        _letters(letters),
    ]
    return theme.panel(layers, theme.WIDTH - 10, 18 + len(rows) * _ROW)


def _boxes(boxes: list[dict[str, Any]]) -> theme.Layer:
    mark = alt.Chart(theme.data(boxes)).mark_rect(stroke=theme.INK, strokeWidth=0.6)
    return mark.encode(
        **theme.at(x2="x2", y2="y2"),
        color=theme.colour(),
        tooltip=theme.tips(grade="Grade", count="Rows"),
    )


def _letters(letters: list[dict[str, Any]]) -> theme.Layer:
    mark = alt.Chart(theme.data(letters)).mark_text(baseline="middle", fontWeight="bold")
    return mark.encode(
        **theme.at(),
        text=alt.Text(field="text", type="nominal"),
        color=theme.colour(),
    )
