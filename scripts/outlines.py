"""Write the outlines of land that ``charts.places`` draws: clipped, simplified and small.

The source is Natural Earth (public domain) as TopoJSON in the npm package ``world-atlas`` 2.0.2 (ISC licence)::

    npm pack world-atlas@2.0.2 && tar xf world-atlas-2.0.2.tgz
    python -m scripts.outlines package

Only land is taken, no borders and no names. Rings keep the order of the source, clockwise around land, because Vega
reads a ring on the sphere: the other way round it would be everything but the island.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]  # west, south, east, north

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "shuttle_diplomacy" / "charts" / "outlines.json"
SOURCE = "Natural Earth (public domain), from land-50m.json and land-110m.json of the npm package world-atlas 2.0.2"
_HALF = 180.0  # degrees round half of the globe
# name: file, part of the world, tolerance and smallest area in degrees, decimals
PARTS: dict[str, tuple[str, Box, float, float, int]] = {
    "region": ("land-50m.json", (118.0, 26.0, 152.0, 50.0), 0.02, 0.004, 2),
    "world": ("land-110m.json", (-200.0, -60.0, 200.0, 84.0), 0.2, 1.0, 1),
}


def rings(topology: dict[str, Any]) -> Iterator[list[Ring]]:
    """Yield each polygon of a topology's land as rings of longitude and latitude, the outer one first."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(points)
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            yield [_joined(arcs, ring) for ring in polygon]


def _joined(arcs: list[Ring], indices: list[int]) -> Ring:
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return _unrolled(ring)


def _unrolled(ring: Ring) -> Ring:
    """Return a ring that goes on beyond 180 degrees instead of jumping to the other side of the plane."""
    found: Ring = []
    turn = 0.0
    for x, y in ring:
        if found and abs(x + turn - found[-1][0]) > _HALF:
            turn += 2 * _HALF if x + turn < found[-1][0] else -2 * _HALF
        found.append((x + turn, y))
    middle = sum(x for x, _ in found) / len(found)
    back = round(middle / (2 * _HALF)) * 2 * _HALF
    return [(x - back, y) for x, y in found]


def clipped(ring: Ring, box: Box) -> Ring:
    """Return the part of a ring that lies in a box (Sutherland and Hodgman), closed; empty if there is none.

    Examples:
        >>> clipped([(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)], (2, 2, 9, 9))
        [(2.0, 2.0), (2.0, 4.0), (4, 4), (4.0, 2.0), (2.0, 2.0)]
    """
    west, south, east, north = box
    for axis, limit, keep in ((0, west, 1), (1, south, 1), (0, east, -1), (1, north, -1)):
        ring = _half(ring, axis, limit, keep)
    return [*ring, ring[0]] if ring and ring[0] != ring[-1] else ring


def _half(ring: Ring, axis: int, limit: float, keep: int) -> Ring:
    inside: Callable[[Point], bool] = lambda point: (point[axis] - limit) * keep >= 0  # noqa: E731
    found: Ring = []
    for start, end in pairwise(ring):
        if inside(start) != inside(end):
            part = (limit - start[axis]) / (end[axis] - start[axis])
            cut = [start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])]
            cut[axis] = float(limit)
            found.append((cut[0], cut[1]))
        if inside(end):
            found.append(end)
    return [*found, found[0]] if found else []


def simplified(line: Ring, tolerance: float) -> Ring:
    """Return a line without the points that lie nearer than the tolerance to it (Douglas and Peucker).

    Examples:
        >>> simplified([(0, 0), (1, 0.01), (2, 0), (2, 2)], 0.1)
        [(0, 0), (2, 0), (2, 2)]
    """
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, distance = max(
            ((i, _distance(line[i], line[first], line[last])) for i in range(first + 1, last)),
            key=lambda pair: pair[1],
            default=(first, 0.0),
        )
        if distance > tolerance:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [line[i] for i in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = (
        0.0 if not length else max(0.0, min(1.0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length))
    )
    return float(((point[0] - start[0] - along * dx) ** 2 + (point[1] - start[1] - along * dy) ** 2) ** 0.5)


def area(ring: Ring) -> float:
    """Return the area of a closed ring in square degrees: positive if it runs counter-clockwise.

    Examples:
        >>> area([(0, 0), (0, 2), (2, 2), (2, 0), (0, 0)])
        -4.0
    """
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def part(name: str, folder: Path) -> dict[str, Any]:
    """Return one part as a GeoJSON feature."""
    file, box, tolerance, smallest, decimals = PARTS[name]
    topology = json.loads((folder / file).read_text(encoding="utf-8"))
    polygons = []
    for polygon in rings(topology):
        outlines = []
        for place, ring in enumerate(polygon):
            cut = clipped(ring, box)
            if abs(area(cut)) < smallest:
                if place == 0:
                    break  # without the outer ring there are no lakes
                continue
            rounded = [(round(x, decimals), round(y, decimals)) for x, y in simplified(cut, tolerance)]
            outlines.append([p for i, p in enumerate(rounded) if i == 0 or p != rounded[i - 1]])
        if outlines:
            polygons.append(outlines)
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {"type": "Feature", "id": name, "properties": {}, "geometry": geometry}


def collection(folder: Path) -> str:
    """Return the whole file as text."""
    features = [part(name, folder) for name in PARTS]
    whole = {"type": "FeatureCollection", "source": SOURCE, "made_by": "scripts/outlines.py", "features": features}
    return json.dumps(whole, separators=(",", ":")) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Write the outlines; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the unpacked npm package, with land-50m.json and land-110m.json")
    options = parser.parse_args(argv)
    missing = [file for file, *_ in PARTS.values() if not (options.folder / file).is_file()]
    if missing:
        print(
            f"{options.folder} has no {', '.join(missing)}; get them with: npm pack world-atlas@2.0.2", file=sys.stderr
        )
        return 2
    TARGET.write_text(collection(options.folder), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
