"""Names beside dots, placed so that none covers another name or dot."""

import math
from collections.abc import Sequence
from typing import Any

from shuttle_diplomacy.charts import theme

_HIGH = 12
_CLOSE = 7.0  # pixels from which on a line leads from the dot to its name
_STEPS = tuple(step / 10 for step in range(1, 10))
Box = tuple[float, float, float, float]  # left, top, right, bottom


def placed(
    dots: list[dict[str, Any]], wide: float, tall: float, closed: Sequence[Box] = ()
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the names that found a place, and the dots that stay without one.

    Each name has x and y, and in ``align`` the side of it that stands there. A name that stands away from its dot has
    ``line`` true, and in x1, y1, x2 and y2 the line that joins them.

    Args:
        dots: with x, y, radius and text, the most important first.
        wide: pixels across, beyond which no name goes.
        tall: pixels down.
        closed: boxes where no name goes.

    Examples:
        >>> one = {"x": 50.0, "y": 50.0, "radius": 4.0, "text": "Nara"}
        >>> labels, quiet = placed([one, one], 100, 100)
        >>> [label["text"] for label in labels], len(quiet)
        (['Nara', 'Nara'], 0)
    """
    taken = [*closed, *(_around(dot) for dot in dots)]
    written: list[Box] = []  # names and the lines to them, which no other line may cross
    labels, quiet = [], []
    for dot in dots:
        free = (
            (box, away)
            for box, away in _candidates(dot)
            if _inside(box, wide, tall)
            and not any(_meet(box, other) for other in taken)
            and not _crosses(_line(dot, box, away), dot, written, dots)
        )
        found = next(free, None)
        if found is None:
            quiet.append(dot)
        else:
            written += [found[0], *_line(dot, *found)]
            taken += [found[0], *_line(dot, *found)]
            labels.append(_label(dot, *found))
    return labels, quiet


def _crosses(line: list[Box], dot: dict[str, Any], written: list[Box], dots: list[dict[str, Any]]) -> bool:
    """Return whether a line runs over names, other lines, or dots that do not lie on its own dot."""
    own = _around(dot)
    apart = [box for box in map(_around, dots) if not _meet(box, own)]
    return any(_meet(point, other) for point in line for other in [*written, *apart])


def _label(dot: dict[str, Any], box: Box, away: float) -> dict[str, Any]:
    middle = round((box[1] + box[3]) / 2, 1)
    side = "right" if box[2] <= dot["x"] else "left" if box[0] >= dot["x"] else "center"
    x = {"left": box[0] + 1, "right": box[2] - 1, "center": (box[0] + box[2]) / 2}[side]
    near = min(max(dot["x"], box[0]), box[2])  # where a line from the dot meets the name
    end = {"x1": round(near, 1), "y1": middle, "x2": dot["x"], "y2": dot["y"]}
    return {"x": round(x, 1), "y": middle, "align": side, "text": dot["text"], "line": away > _CLOSE, **end}


def _line(dot: dict[str, Any], box: Box, away: float) -> list[Box]:
    """Return the line from a dot to a name that stands away from it, as little boxes."""
    if away <= _CLOSE:
        return []
    end = _label(dot, box, away)
    steps = [(dot["x"] + t * (end["x1"] - dot["x"]), dot["y"] + t * (end["y1"] - dot["y"])) for t in _STEPS]
    return [(x - 1, y - 1, x + 1, y + 1) for x, y in steps]


def _around(dot: dict[str, Any]) -> Box:
    radius = dot["radius"] * 0.9
    return dot["x"] - radius, dot["y"] - radius, dot["x"] + radius, dot["y"] + radius


def _candidates(dot: dict[str, Any]) -> list[tuple[Box, float]]:
    """Return the boxes around a dot in the order in which they please: right, left, above, below, aslant."""
    long = theme.width_of(dot["text"]) + 2
    found = []
    for away in (3.0, _CLOSE, 14.0, 22.0, 32.0):
        reach = dot["radius"] + away
        for angle in (0, 180, 270, 90, 315, 45, 225, 135, 338, 22, 202, 158):
            cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            x, y = dot["x"] + reach * cos, dot["y"] + reach * sin
            left = x - long / 2 + cos * long / 2
            middle = y + sin * _HIGH / 2
            found.append(((left, middle - _HIGH / 2, left + long, middle + _HIGH / 2), away))
    return found


def _inside(box: Box, wide: float, tall: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= wide and box[3] <= tall


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
