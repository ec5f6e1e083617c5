import json

import pytest

from shuttle_diplomacy.publishing.metadata.csvw import csvw
from shuttle_diplomacy.publishing.metadata.csvw_types import _COMMON
from shuttle_diplomacy.publishing.released import Release

ODD_PATH = "data/동물%20목록%20%231%25.csv"


@pytest.fixture(scope="module")
def tables(every):
    return {table["url"]: table for table in json.loads((every / "csvw-metadata.json").read_bytes())["tables"]}


@pytest.fixture(scope="module")
def columns(tables):
    return {column["name"]: column for column in tables["data/every.csv"]["tableSchema"]["columns"]}


def test_a_package_without_anything_has_the_mandatory():
    found = json.loads(csvw(Release({"name": "zoo", "version": "1"}, "https://zoo.example/", 0)))
    assert found["@context"] == "http://www.w3.org/ns/csvw"
    assert found["dc:title"] == found["dc:creator"] == "zoo"
    assert found["tables"] == []


def test_tables_are_plain_csv_files(tables, every):
    assert len(tables) == 8
    assert "data/semicolons-plain.csv" in tables
    assert (every / "data/semicolons-plain.csv").read_text().splitlines()[0] == "k,v,on"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "integer"),
        ("text", {"base": "string", "format": "[a-z]+", "maxLength": 5}),
        ("odd_pattern", "string"),
        ("uri", "anyURI"),
        ("binary", "base64Binary"),
        ("grouped", {"base": "integer", "format": {"groupChar": ","}}),
        ("percent", "string"),
        ("bounded", {"base": "integer", "minimum": 1, "maxExclusive": 10}),
        ("number", {"base": "number", "minimum": -5}),
        ("comma", {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}}),
        ("true", "boolean"),
        ("mixed", {"base": "string", "format": "true|True|TRUE|1|false|False|FALSE|0"}),
        ("yes", {"base": "boolean", "format": "yes|no"}),
        ("bars", {"base": "string", "format": r"a\|b|no"}),
        ("digits", "boolean"),
        ("date", {"base": "date", "minimum": "2000-01-01"}),
        ("day_first", {"base": "date", "format": "d/M/yyyy"}),
        ("any_date", "string"),
        ("clock", {"base": "time", "format": "HH:mm"}),
        ("moment", "dateTime"),
        ("minute", {"base": "dateTime", "format": "yyyy-MM-dd HH:mm"}),
        ("year", "gYear"),
        ("month", "gYearMonth"),
        ("duration", "duration"),
        ("object", "json"),
        ("point", "string"),
        ("point_array", "json"),
        ("any", "any"),
        ("code", {"base": "string", "format": r"a\.b|c\|d|e"}),
    ],
)
def test_datatypes(columns, name, expected):
    assert columns[name]["datatype"] == expected


def test_lists_have_a_separator(columns):
    assert (columns["numbers"]["datatype"], columns["numbers"]["separator"]) == ("integer", ";")


def test_nulls_and_required(columns, configuration, tmp_path):
    from tests.publishing.conftest import build_release

    assert columns["missing"]["null"] == ["-", "n.a."]
    assert "null" not in columns["id"]
    assert "required" not in columns["id"]
    release = build_release(configuration, tmp_path / "dist")
    animals = json.loads((release / "csvw-metadata.json").read_bytes())["tables"][0]["tableSchema"]
    assert animals["columns"][0]["required"] is True
    assert animals["primaryKey"] == ["id"]


def test_names_are_variables_and_titles_are_labels(columns):
    assert columns["%5F%EC%9D%B4%EB%A6%84%20a%2Db"]["titles"] == ["_이름 a-b", "<script>alert(1)</script>"]
    assert columns["%2A"]["titles"] == "*"
    assert columns["select"]["titles"] == "select", "its title is the label of another column"


def test_columns_are_those_of_the_file(tables):
    found = tables["data/more.csv"]["tableSchema"]["columns"]
    assert [column["name"] for column in found] == ["z", "b", "a"]
    assert "datatype" not in found[0]


def test_keys_hold_in_every_row(tables):
    schema = tables[ODD_PATH]["tableSchema"]
    assert schema["primaryKey"] == ["pair_a", "pair_b"]
    reference = {"resource": "data/every.csv", "columnReference": ["id"]}
    assert schema["foreignKeys"] == [{"columnReference": ["every_id"], "reference": reference}]


@pytest.mark.parametrize(
    ("pattern", "is_common"),
    [
        ("[a-z]+(-[a-z]+)*", True),
        (r"a\.b|[^x\]]{2,3}", True),
        ("a^b", False),
        ("a$", False),
        (r"\d+", False),
        (r"\i\c*", False),
        ("[a-z-[aeiou]]", False),
        ("[a&&b]", False),
        (r"\p{Lu}", False),
    ],
)
def test_patterns_that_mean_the_same_everywhere(pattern, is_common):
    assert bool(_COMMON.fullmatch(pattern)) == is_common
