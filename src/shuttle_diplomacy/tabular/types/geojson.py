"""GeoJSON (RFC 7946) and TopoJSON: whether a JSON object has the members that its ``type`` asks for."""

from collections.abc import Callable
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.geo import is_number
from shuttle_diplomacy.tabular.types.reading import Reading, each_once, mapped, one_of
from shuttle_diplomacy.tabular.types.structured import parse_json

_LEAST_IN_RING = 4


def geojson(field: Field, text: pl.Expr) -> Reading:
    """Return how to read GeoJSON or TopoJSON: as the JSON text itself, once it was found to be such."""
    form = one_of(field, ["default", "topojson"])
    judge: Callable[[Any], bool] = is_geojson if form == "default" else is_topojson

    def holds(cell: str) -> bool:
        try:
            return judge(parse_json(cell))
        except ValueError:
            return False

    expected = "a GeoJSON object (RFC 7946)" if form == "default" else "a TopoJSON object of the type Topology"
    return Reading(text, mapped(text, lambda texts: each_once(texts, holds), pl.String()), pl.String(), expected)


def is_geojson(value: Any) -> bool:
    """Return whether a JSON value is a GeoJSON object.

    Examples:
        >>> is_geojson({"type": "Point", "coordinates": [126.98, 37.57]}), is_geojson({"type": "Point"})
        (True, False)
    """
    if not isinstance(value, dict) or not _is_box(value.get("bbox", [0, 0, 0, 0])):
        return False
    if value.get("type") == "FeatureCollection":
        return _every(value.get("features"), _is_feature)
    return _is_feature(value) or _is_geometry(value)


def is_topojson(value: Any) -> bool:
    """Return whether a JSON value is a topology: objects that refer to shared arcs.

    Examples:
        >>> is_topojson({"type": "Topology", "objects": {}, "arcs": [[[0, 0], [1, 1]]]})
        True
    """
    if not isinstance(value, dict) or value.get("type") != "Topology" or not isinstance(value.get("objects"), dict):
        return False
    if not _every(value.get("arcs"), _is_line) or not _is_box(value.get("bbox", [0, 0, 0, 0])):
        return False
    if "transform" in value and not _is_transform(value["transform"]):
        return False
    number = len(value["arcs"])
    return all(_is_object(item, number) for item in value["objects"].values())


def _is_feature(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("type") != "Feature" or not {"geometry", "properties"} <= set(value):
        return False
    if not isinstance(value["properties"], dict | None) or not isinstance(value.get("id", ""), str | int | float):
        return False
    return value["geometry"] is None or _is_geometry(value["geometry"])


def _is_geometry(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return False
    if value["type"] == "GeometryCollection":
        return _every(value.get("geometries"), _is_geometry)
    judge = _COORDINATES.get(value["type"])
    return judge is not None and judge(value.get("coordinates"))


def _is_position(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(is_number(n) for n in value)


def _is_line(value: Any) -> bool:
    return _every(value, _is_position) and len(value) > 1


def _is_ring(value: Any) -> bool:
    return _is_line(value) and len(value) >= _LEAST_IN_RING and bool(value[0] == value[-1])


def _is_polygon(value: Any) -> bool:
    return _every(value, _is_ring)


def _every(value: Any, judge: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(judge(item) for item in value)


def _is_box(value: Any) -> bool:
    return _every(value, is_number) and len(value) % 2 == 0 and len(value) >= 4  # noqa: PLR2004


def _is_transform(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return all(_is_position(value.get(name)) and len(value[name]) == 2 for name in ("scale", "translate"))  # noqa: PLR2004


def _is_object(value: Any, arcs: int) -> bool:
    """Return whether an object of a topology has the coordinates, or arcs that exist, which its type asks for."""
    if not isinstance(value, dict) or "type" not in value:
        return False
    kind = value["type"]
    if kind is None or kind in ("Point", "MultiPoint"):
        return kind is None or _COORDINATES[kind](value.get("coordinates"))
    if kind == "GeometryCollection":
        return _every(value.get("geometries"), lambda item: _is_object(item, arcs))
    levels = _ARC_LEVELS.get(kind) if isinstance(kind, str) else None
    return levels is not None and _are_arcs(value.get("arcs"), levels, arcs)


def _are_arcs(value: Any, levels: int, arcs: int) -> bool:
    if levels:
        return _every(value, lambda item: _are_arcs(item, levels - 1, arcs))
    return isinstance(value, int) and not isinstance(value, bool) and -arcs <= value < arcs


_COORDINATES: dict[str, Callable[[Any], bool]] = {
    "Point": _is_position,
    "MultiPoint": lambda value: _every(value, _is_position),
    "LineString": _is_line,
    "MultiLineString": lambda value: _every(value, _is_line),
    "Polygon": _is_polygon,
    "MultiPolygon": lambda value: _every(value, _is_polygon),
}
_ARC_LEVELS = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
