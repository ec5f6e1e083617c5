"""The outlines are small, of known origin and the right way round, and names keep apart."""

import json
from itertools import pairwise

import pytest
from scripts.outlines import PARTS, TARGET, area, clipped, main

from shuttle_diplomacy.charts.labels import placed
from shuttle_diplomacy.charts.outlines import Plane, land
from shuttle_diplomacy.charts.theme import width_of


def test_the_file_is_small_and_says_where_it_comes_from():
    assert TARGET.stat().st_size < 60_000
    whole = json.loads(TARGET.read_text(encoding="utf-8"))
    assert "Natural Earth" in whole["source"]
    assert "world-atlas 2.0.2" in whole["source"]


@pytest.mark.parametrize("name", PARTS)
def test_land_is_clockwise_closed_and_within_its_box(name):
    west, south, east, north = PARTS[name][1]
    for polygon in land(name)["geometry"]["coordinates"]:
        for place, ring in enumerate(polygon):
            assert ring[0] == ring[-1]
            assert (area([tuple(p) for p in ring]) < 0) == (place == 0)
            assert all(west <= x <= east and south <= y <= north for x, y in ring)


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize(
    ("place", "dry"),
    [
        ((127.5, 36.5), True),
        ((138.5, 36.5), True),
        ((132.5, 38.5), False),
        ((145.0, 33.0), False),
        ((2.5, 48.0), True),
        ((25.0, -28.0), True),
        ((-100.0, 40.0), True),
        ((185.0 - 360, 67.0), True),
        ((175.0, 67.0), True),
        ((-140.0, 0.0), False),
        ((-30.0, 40.0), False),
    ],
)
def test_land_is_where_land_is(name, place, dry):
    west, south, east, north = PARTS[name][1]
    if not (west <= place[0] <= east and south <= place[1] <= north):
        return
    outer = [polygon[0] for polygon in land(name)["geometry"]["coordinates"]]
    assert any(_within((place[0] + turn, place[1]), ring) for ring in outer for turn in (-360, 0, 360)) == dry


def _within(point, ring):
    x, y = point
    crossings = sum(
        (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) for a, b in pairwise(ring)
    )
    return crossings % 2 == 1


def test_nothing_but_land_is_in_it():
    assert all(feature["properties"] == {} for feature in (land("region"), land("world")))


def test_what_lies_outside_is_cut_away():
    assert clipped([(0, 0), (0, 1), (1, 1), (0, 0)], (5, 5, 6, 6)) == []


def test_the_script_says_what_is_missing(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "npm pack world-atlas@2.0.2" in capsys.readouterr().err


def test_the_script_makes_a_part_of_a_topology(tmp_path, monkeypatch, capsys):
    square = [[0, 0], [0, 40], [40, 0], [0, -40], [-40, 0]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [100, 10]},
        "arcs": [square],
        "objects": {"land": {"geometries": [{"arcs": [[[0]]]}]}},
    }
    for file, *_ in PARTS.values():
        (tmp_path / file).write_text(json.dumps(topology))
    monkeypatch.setattr("scripts.outlines.ROOT", tmp_path)
    monkeypatch.setattr("scripts.outlines.TARGET", tmp_path / "made.json")
    assert main([str(tmp_path)]) == 0
    made = json.loads((tmp_path / "made.json").read_text())
    region, world = (feature["geometry"]["coordinates"][0][0] for feature in made["features"])
    assert sorted(set(map(tuple, region))) == [(118, 26), (118, 50), (140, 26), (140, 50)]
    assert sorted(set(map(tuple, world))) == [(100, 10), (100, 50), (140, 10), (140, 50)]


def test_longitudes_go_round_the_globe():
    plane = Plane("equirectangular", 720, 300, 114.6, (150.0, 0.0))
    assert plane.pixel(0, -170)[0] == pytest.approx(360 + 40 * 2, abs=0.2)
    assert plane.pixel(0, 20)[0] == pytest.approx(360 - 130 * 2, abs=0.3)


def test_names_keep_apart_and_on_the_map():
    dots = [{"x": 20.0 + i % 5 * 30, "y": 20.0 + i // 5 * 15, "radius": 4.0, "text": f"City {i} 1"} for i in range(30)]
    labels, quiet = placed(dots, 400, 200)
    assert len(labels) + len(quiet) == 30
    assert labels
    boxes = []
    for label in labels:
        long = width_of(label["text"])
        left = label["x"] - {"left": 0, "right": long, "center": long / 2}[label["align"]]
        boxes.append((left, label["y"] - 6, left + long, label["y"] + 6))
    for i, a in enumerate(boxes):
        assert a[0] >= -1
        assert a[2] <= 401
        for b in boxes[:i]:
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])
