"""How all charts look: white paper, few grid lines, colours that the colour-blind and greyscale printers tell apart.

Colours never stand alone: each goes with a shape, a position or a text. Every text of a cell passes through
:func:`plain`, and every field has a name of ours, so that no content of a table is read as a field path or expression.
"""

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

# A part of a chart: Altair's methods are annotated with Any or with unions that no part is.
Layer = Any

# Okabe and Ito's colours, and greys.
BLUE, SKY, VERMILION, ORANGE, GREEN = "#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#009E73"
INK, GREY, LIGHT, PAPER = "#1A1A1A", "#595959", "#D9D9D9", "#FFFFFF"
BLUES = ("#08306B", "#3F7FBA", "#A6C8E4", "#E3EDF6")  # one hue, dark to light

WIDTH = 700
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
SMALL, NORMAL, TITLE = 11, 12, 16

_CONFIG: dict[str, Any] = {
    "background": PAPER,
    "font": FONT,
    "padding": 12,
    "view": {"stroke": None},
    "title": {
        "anchor": "start", "frame": "bounds", "color": INK, "fontSize": TITLE, "fontWeight": "bold", "offset": 14,
        "subtitleColor": GREY, "subtitleFontSize": NORMAL, "subtitleLineHeight": 16, "subtitlePadding": 6,
    },
    "legend": {
        "labelColor": INK, "labelFontSize": SMALL, "titleColor": INK, "titleFontSize": SMALL, "titleFontWeight": "bold",
        "labelLimit": 0, "titleLimit": 0, "symbolSize": 90,
    },
    "text": {"color": INK, "fontSize": SMALL},
}  # fmt: skip


def plain(text: str | None, limit: int = 80) -> str:
    r"""Return a cell's text in one line without control characters, cut at a limit.

    Examples:
        >>> plain("a\x00b\n c"), plain("Kananaskis", 6), plain(None)
        ('a b c', 'Kanan…', '')
    """
    shown = "".join(" " if unicodedata.category(c).startswith(("C", "Z")) else c for c in text or "")
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def width_of(text: str, size: int = SMALL) -> float:
    """Return about how many pixels a text takes: enough to keep labels apart on any machine.

    Examples:
        >>> width_of("Seoul", 10) < width_of("서울서울서", 10)
        True
    """
    return sum((1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56) * size for c in text)


def lines(*sentences: str, at: int = 124) -> list[str]:
    """Return sentences as lines for a subtitle: each begins a line of its own; empty ones are left out.

    Examples:
        >>> lines("One two three.", "", "Four.", at=8)
        ['One two', 'three.', 'Four.']
    """
    return [line for sentence in sentences for line in textwrap.wrap(" ".join(sentence.split()), at)]


def data(rows: Sequence[dict[str, Any]]) -> Any:
    """Return rows as inline data, whose number Altair does not limit."""
    return alt.InlineData(values=list(rows))


def at(x: str = "x", y: str = "y", x2: str = "", y2: str = "") -> dict[str, Any]:
    """Return where marks stand, by fields of pixels from the left and from the top."""
    places: dict[str, Any] = {
        "x": alt.X(field=x, type="quantitative", scale=None, axis=None),
        "y": alt.Y(field=y, type="quantitative", scale=None, axis=None),
    }
    return places | ({"x2": alt.X2(field=x2)} if x2 else {}) | ({"y2": alt.Y2(field=y2)} if y2 else {})


def colour(field: str = "colour") -> alt.Color:
    """Return the colour of marks, by a field that holds it."""
    return alt.Color(field=field, type="nominal", scale=None, legend=None)


def kinds(field: str, shown: Mapping[str, Sequence[str]], legend: alt.Legend) -> dict[str, Any]:
    """Return channels that tell kinds apart, with one legend for them all.

    Args:
        field: the field of the kind, as it stands in the legend.
        shown: for each channel (``shape``, ``fill``, ``stroke``) its values; for ``domain`` the kinds in their order.
        legend: the legend.
    """
    channels: dict[str, Any] = {"shape": alt.Shape, "fill": alt.Fill, "stroke": alt.Stroke}
    return {
        name: channel(
            field=field,
            type="nominal",
            scale=alt.Scale(domain=list(shown["domain"]), range=list(shown[name])),
            legend=legend,
        )
        for name, channel in channels.items()
        if name in shown
    }


def tips(**titles: str) -> list[alt.Tooltip]:
    """Return tooltips that show fields under titles."""
    return [alt.Tooltip(field=field, type="nominal", title=title) for field, title in titles.items()]


def words(rows: Sequence[dict[str, Any]], halo: bool = False, **mark: Any) -> Layer:
    """Return a layer of texts at pixels of the panel, with a white rim so that they read on top of lines if wanted.

    Args:
        rows: what to write: x and y in pixels, and text, a text or a list of its lines.
        halo: whether to draw the rim.
        **mark: properties of the text mark.
    """
    placed = alt.Chart(data(rows)).encode(**at(), text=alt.Text(field="text", type="nominal"))
    rim = [placed.mark_text(**{**mark, "stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"})] if halo else []
    return alt.layer(*rim, placed.mark_text(**mark))


def panel(layers: Sequence[Layer], width: float, height: float, **properties: Any) -> Layer:
    """Return layers as one panel of so many pixels."""
    return alt.layer(*layers, width=width, height=height, **properties)


def page(title: str, subtitle: Sequence[str], *panels: Layer, spacing: int = 20) -> alt.VConcatChart:
    """Return panels below each other under one title, in the style of all charts."""
    head = alt.TitleParams(title, subtitle=list(subtitle))
    # Given at once: each method that sets one of them would copy the whole chart with its data.
    return alt.vconcat(*panels, spacing=spacing, title=head, config=alt.Config(**_CONFIG))


def nothing(title: str, subtitle: Sequence[str], reason: str) -> alt.VConcatChart:
    """Return a chart that says that there is nothing to draw, and why.

    Examples:
        >>> nothing("Places", [], "The frame has no rows.").to_dict()["title"]["text"]
        'Places'
    """
    said = words([{"x": 0, "y": 20, "text": reason}], align="left", fontSize=NORMAL, fontStyle="italic")
    return page(title, subtitle, panel([said], WIDTH - 24, 40))
