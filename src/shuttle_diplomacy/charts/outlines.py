"""Land on a plane: the bundled outlines, and the projections that put a place on the pixel where Vega puts it.

The outlines are Natural Earth's (public domain); ``scripts/outlines.py`` made them and says how to get the source. They
show land only: no borders and no names.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_EDGE = 4  # pixels


@cache
def _features() -> dict[str, dict[str, Any]]:
    text = files("shuttle_diplomacy.charts").joinpath("outlines.json").read_text(encoding="utf-8")
    return {feature["id"]: feature for feature in json.loads(text)["features"]}


def land(name: str) -> dict[str, Any]:
    """Return the outline of ``region`` (Japan, the Korean Peninsula and around) or ``world`` as a GeoJSON feature.

    Examples:
        >>> land("region")["geometry"]["type"]
        'MultiPolygon'
    """
    return _features()[name]


@dataclass(frozen=True)
class Plane:
    """A map of so many pixels, with the projection in Vega's terms.

    Attributes:
        kind: ``mercator`` or ``equirectangular``.
        wide: width in pixels.
        tall: height in pixels.
        scale: pixels a radian at the equator.
        middle: longitude and latitude in the centre of the map.
    """

    kind: str
    wide: int
    tall: int
    scale: float
    middle: tuple[float, float]

    def pixel(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a place lies, in pixels from the left and from the top.

        Examples:
            >>> Plane("mercator", 100, 50, 300.0, (135.0, 38.0)).pixel(38.0, 135.0)
            (50.0, 25.0)
        """
        turn = (longitude - self.middle[0] + 180) % 360 - 180
        up = self._up(latitude) - self._up(self.middle[1])
        return round(self.wide / 2 + self.scale * math.radians(turn), 1), round(self.tall / 2 - self.scale * up, 1)

    def _up(self, latitude: float) -> float:
        radians = math.radians(min(max(latitude, -89.0), 89.0))
        return math.log(math.tan(math.pi / 4 + radians / 2)) if self.kind == "mercator" else radians

    def shows(self, x: float, y: float) -> bool:
        """Return whether a pixel lies on the map, a little inside of its edge."""
        return _EDGE <= x <= self.wide - _EDGE and _EDGE <= y <= self.tall - _EDGE

    @property
    def projection(self) -> dict[str, Any]:
        """Return the same as Vega's parameters: the globe turned to the middle, then moved."""
        down = self.tall / 2 + self.scale * self._up(self.middle[1])
        move = [self.wide / 2, round(down, 2)]
        return {"type": self.kind, "rotate": [-self.middle[0], 0, 0], "scale": self.scale, "translate": move}
