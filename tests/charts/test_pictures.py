"""The pictures of docs/charts show what the functions draw now."""

import re
from xml.etree import ElementTree as ET

import pytest

from scripts import charts as script
from shuttle_diplomacy import charts

NAMES = sorted(charts.__all__)
PAGE = (script.ROOT / "docs" / "charts.md").read_text(encoding="utf-8")


def test_the_pictures_are_current():
    assert script.main(["--check"]) == 0


def test_a_stale_picture_is_noticed(tmp_path, monkeypatch, capsys):
    for file in script.TARGET.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "places.svg").write_text("<svg/>")
    (tmp_path / "activity.vl.json").unlink()
    monkeypatch.setattr(script, "TARGET", tmp_path)
    assert script.main(["--check"]) == 1
    assert re.findall(r"docs/charts/(\w+) is stale", capsys.readouterr().err) == ["activity", "places"]


def test_there_is_no_other_file():
    wanted = {f"{name}.{ending}" for name in NAMES for ending in ("svg", "vl.json")}
    assert {file.name for file in script.TARGET.iterdir()} == wanted


@pytest.mark.parametrize("name", NAMES)
def test_each_picture_is_shown_with_a_text_for_those_who_do_not_see_it(name):
    (alternative,) = re.findall(rf"!\[([^\]]+)\]\(charts/{name}\.svg\)", PAGE)
    assert len(alternative) > 60
    assert f"`charts.{name}(" in PAGE


@pytest.mark.parametrize("name", NAMES)
def test_each_picture_is_sound_white_and_as_wide_as_a_page(name):
    root = ET.parse(script.TARGET / f"{name}.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert 600 < float(root.get("width")) < 780
    assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_a_chart_is_drawn_where_the_converter_is_installed():
    pytest.importorskip("vl_convert")
    text = script.specification(charts.evidence_grades(script.sd.load("evidence_by_table")))
    svg = script.picture(text)
    assert "graded row" in svg
    assert svg.endswith(script.mark_of(text) + "\n")
