"""The public interface, as an analyst uses it."""

import subprocess
import sys

import polars as pl
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.dataset.opened import UnsoundTableError
from shuttle_diplomacy.errors import UnknownNameError, UnreadableError
from tests.conftest import PackageFolder
from tests.dataset_package import DATA


def test_load_and_scan_are_the_same():
    assert sd.scan("leaders").collect().equals(sd.load("leaders"))


def test_views_load_by_name():
    status = sd.load("agreement_status")
    assert status.filter(agreement_id="shuttle-2017")["status"].item() == "stalled"


def test_typing_error_is_answered_with_the_nearest_name():
    with pytest.raises(
        UnknownNameError, match=r"there is no table 'sumits'; did you mean 'summits'\? There are: agreement_events"
    ):
        sd.load("sumits")


def test_describe_prints_and_displays():
    description = sd.describe("summits")
    assert "counted_by_jp" in str(description)
    assert description.fields.filter(field="parties")["values"].item().to_list() == ["jp-kr", "jp-kr-us", "jp-kr-cn"]
    assert "<table" in description._repr_html_()


def test_description_is_escaped_in_html(folder: PackageFolder):
    folder.table("t", "id,n\n", [{"name": "<b>", "description": "<script>"}, {"name": "n"}])
    assert "<script>" not in sd.open_package(folder.root).describe("t")._repr_html_()


def test_sources_of_a_row():
    found = sd.sources_of("summits", "2026-01-13-nara")
    assert {"JP", "KR"} <= set(found["country"])
    assert {"field", "relation", "note_en", "source_id", "url", "seen_as"} <= set(found.columns)


@pytest.mark.parametrize(
    ("table", "record"),
    [("summits", "2026-01-13-nara"), ("leaders", "abe-shinzo"), ("summit_issues", "2026-01-13-nara/chosei-remains")],
)
def test_sources_begin_with_relation_grade_and_address(table, record):
    found = sd.sources_of(table, record)
    assert found.columns[:3] == ["relation", "grade", "url"]
    grade = sd.load("evidence").filter(pl.col("table_name") == table, record_id=record)["grade"].item()
    assert found["grade"].unique().to_list() == [grade]
    assert found["url"].null_count() == 0


def test_leaders_have_the_sources_of_their_terms():
    terms = sd.load("terms").filter(leader_id="abe-shinzo")["term_id"]
    pages = {page for term in terms for page in sd.sources_of("terms", term)["source_id"]}
    assert set(sd.sources_of("leaders", "abe-shinzo")["source_id"]) == pages
    with pytest.raises(UnknownNameError, match="there is no leader 'abe-shinso'; did you mean 'abe-shinzo'"):
        sd.sources_of("leaders", "abe-shinso")


def test_sources_of_nothing_says_what_is_near():
    with pytest.raises(UnknownNameError, match="did you mean '2026-01-13-nara'"):
        sd.sources_of("summits", "2026-01-13-narra")
    with pytest.raises(UnknownNameError, match="there is no table with citations 'summit'; did you mean 'summits'"):
        sd.sources_of("summit", "x")


@pytest.mark.parametrize("style", ["text", "bibtex", "cff"])
def test_citation_names_the_version(style):
    assert sd.__version__ in sd.cite(style)


def test_citation_style_that_is_not_there():
    with pytest.raises(UnknownNameError, match="there is no citation style 'bibtx'; did you mean 'bibtex'"):
        sd.cite("bibtx")


def test_enum_order_and_lists_of_any_package():
    frame = sd.open_package(DATA / "lists").load("editions")
    assert frame.schema == {
        "id": pl.String,
        "size": pl.Enum(["small", "big"]),
        "years": pl.List(pl.Int64),
        "days": pl.List(pl.Date),
        "tags": pl.List(pl.String),
    }
    assert frame.sort("size", "id")["years"].to_list() == [None, [1965, 1998], [2004]]


def test_unsound_table_is_not_loaded(folder: PackageFolder):
    folder.table("t", "id,n\na,1\nb,x\nc\n")
    with pytest.raises(UnsoundTableError, match=r"'t' cannot be loaded: t.csv.*\(and 1 more\); run: shuttle validate"):
        sd.open_package(folder.root).load("t")


def test_columns_of_one_name_are_not_loaded(folder: PackageFolder):
    folder.table("t", "n,n\n1,2\n", [{"name": "n"}, {"name": "n"}])
    message = "'t' cannot be loaded: several fields are named 'n', so that columns cannot be told apart by name; give"
    with pytest.raises(UnsoundTableError, match=message):
        sd.open_package(folder.root).load("t")


def test_value_outside_its_enumeration_is_not_loaded(folder: PackageFolder):
    folder.table("t", "id\nx\n", [{"name": "id", "type": "string", "constraints": {"enum": ["a"]}}])
    with pytest.raises(UnsoundTableError, match="'t' cannot be loaded: the field 'id' holds 'x'"):
        sd.open_package(folder.root).load("t")


def test_descriptor_of_the_wrong_shape_is_not_opened(folder: PackageFolder):
    folder.descriptor["resources"] = [{"name": 3}]
    with pytest.raises(UnreadableError, match="the descriptor has 2 errors; the first: resource 1: 'name' is 3"):
        sd.open_package(folder.write().root)


def test_everything_public_is_there():
    for name in sd.__all__:
        assert getattr(sd, name)


def test_functions_stay_functions_whatever_is_imported():
    probe = (
        "import shuttle_diplomacy as sd, shuttle_diplomacy.cli.validate; sd.load('leaders'); assert callable(sd.tables)"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)
