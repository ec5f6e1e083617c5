"""Descriptions of tables, fields and packages, as text and as HTML."""

import re

import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.dataset.bundled import bundled
from shuttle_diplomacy.dataset.showing import columns_of
from shuttle_diplomacy.errors import UnknownNameError
from tests.conftest import PackageFolder

HOSTILE = "<script>alert(1)</script> & \x1b[31m"


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("name", sd.tables())
def test_text_keeps_to_the_width_and_says_all(name, width):
    description = sd.describe(name)
    text = description.text(width)
    assert max(map(columns_of, text.split("\n"))) <= width
    words = " ".join(text.split())
    for field in description.schema.fields:
        assert field.name in words
    assert "".join(description.description.split()) in "".join(text.split())


@pytest.mark.parametrize("width", [50, 90])
def test_terminal_decides_on_the_width(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    for shown in (str(sd.describe("summits")), repr(sd.describe("summits")["form"]), repr(bundled())):
        assert width - 25 < max(map(len, shown.split("\n"))) <= width


def test_wide_characters_and_long_words_keep_to_the_width(folder: PackageFolder):
    field = {"name": "id", "type": "string", "description": "首脳会談" * 30 + " https://example.org/" + "a" * 100}
    folder.table("t", "id\n", [field])
    text = sd.open_package(folder.root).describe("t").text(60)
    assert max(map(columns_of, text.split("\n"))) <= 60
    assert field["description"].replace(" ", "") in "".join(text.split())


def test_one_field():
    field = sd.describe("summits")["parties"]
    assert field == sd.describe("summits").field("parties")
    assert (field.name, field.type, field.required) == ("parties", "enum", True)
    assert field.labels.keys() == set(field.values) == {"jp-kr", "jp-kr-us", "jp-kr-cn"}
    assert field.dtype == sd.load("summits").schema["parties"]
    for shown in (str(field), field._repr_html_()):
        assert field.description in re.sub(r"\s+", " ", shown)
        assert "jp-kr-cn" in shown


@pytest.mark.parametrize("name", sd.tables())
def test_type_of_each_field_is_that_of_the_frame(name):
    frame, description = sd.load(name), sd.describe(name)
    assert {field: description[field].dtype for field in description} == dict(frame.schema)
    assert len(description) == frame.width


def test_field_tells_its_key_reference_and_constraints():
    assert "primary key" in sd.describe("summits")["summit_id"].facts
    assert sd.describe("summits")["jp_leader_id"].refers_to == "leaders"
    assert "Refers to leaders." in str(sd.describe("summits"))
    assert "minimum 1965-06-22" in sd.describe("summits")["start_on"].text(200)


@pytest.mark.parametrize("ask", [lambda d: d["strat_on"], lambda d: d.field("strat_on")])
def test_field_that_is_not_there(ask):
    with pytest.raises(UnknownNameError, match="there is no field 'strat_on'; did you mean 'start_on'"):
        ask(sd.describe("summits"))


def test_hostile_texts_stay_texts(folder: PackageFolder):
    field = {"name": "<b>", "title": HOSTILE, "description": HOSTILE, "type": "string"}
    field["categories"] = [{"value": HOSTILE, "label": HOSTILE}]
    folder.descriptor |= {"title": HOSTILE, "description": HOSTILE}
    folder.table("t", "<b>\n", [field])
    folder.descriptor["resources"][0] |= {"title": HOSTILE, "description": HOSTILE}
    opened = sd.open_package(folder.write().root)
    shown = [opened, opened.describe("t"), opened.describe("t")["<b>"]]
    for one in shown:
        assert "\x1b" not in repr(one)
        assert "<script>" not in one._repr_html_()
        assert "<b>" not in one._repr_html_()


def test_html_leaves_the_colours_to_the_page():
    for shown in (sd.describe("summits"), sd.describe("summits")["form"], bundled()):
        colours = re.findall(r"(?:color|background)[^:;\"]*:([^;\"]+)", shown._repr_html_())
        assert set(colours) == {"inherit"}


def test_package_shows_its_tables_without_reading_them(folder: PackageFolder):
    folder.descriptor |= {"version": "1.2.0", "title": "Tiny"}
    folder.table("t", "not what the schema says\n")
    folder.table("u", "")
    (folder.root / "u.csv").unlink()
    opened = sd.open_package(folder.write().root)
    assert repr(opened).split("\n") == ["tiny 1.2.0: Tiny", "  t  2 fields", "  u  2 fields"]
    assert "<code>u</code>" in opened._repr_html_()


def test_package_without_a_name_is_shown_by_its_place(folder: PackageFolder):
    folder.descriptor.pop("name")
    folder.table("t", "id,n\n")
    assert str(folder.root) in repr(sd.open_package(folder.root)).replace("\n", "")
