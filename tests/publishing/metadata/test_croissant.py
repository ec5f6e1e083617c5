import hashlib
import json

import pytest

from shuttle_diplomacy.publishing.metadata.croissant import croissant
from shuttle_diplomacy.publishing.released import Release
from tests.publishing.conftest import build_release
from tests.publishing.metadata.packages import ODD

ODD_ID = "동물+a%2Fb%2A"


@pytest.fixture(scope="module")
def described(every):
    return json.loads((every / "croissant.json").read_bytes())


@pytest.fixture(scope="module")
def fields(described):
    return {field["@id"]: field for item in described["recordSet"] for field in item["field"]}


def test_a_package_without_anything_has_the_mandatory():
    found = json.loads(croissant(Release({"name": "zoo", "version": "1"}, "https://zoo.example/", 0)))
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert found["name"] == found["description"] == "zoo"
    assert found["url"] == "https://zoo.example/"
    assert found["license"] == {"@type": "CreativeWork", "name": "No licence is stated"}
    assert found["creator"] == {"@type": "Organization", "name": "zoo"}
    assert found["datePublished"] == "1970-01-01"
    assert found["citeAs"] == "zoo. Version 1."


def test_no_language_is_claimed(described):
    assert described["@context"]["@language"] is None


def test_record_sets_are_named_after_tables(described):
    names = {item["@id"]: item["name"] for item in described["recordSet"]}
    assert names["every"] == "every"
    assert names[ODD_ID] == ODD
    assert names["every/level/values"] == "Values of level in every"


def test_identifiers_differ(described):
    found = [item["@id"] for item in described["distribution"]]
    for record_set in described["recordSet"]:
        found += [record_set["@id"], *(field["@id"] for field in record_set["field"])]
    assert len(found) == len(set(found))


def test_a_file_that_is_called_like_a_field_gets_another_identifier():
    import polars as pl

    from shuttle_diplomacy.package import Schema
    from shuttle_diplomacy.publishing.released import ReleasedFile, ReleasedTable

    table = ReleasedTable(
        "a", Schema({"fields": [{"name": "b"}]}), pl.DataFrame({"b": ["x"]}), "a/b", {"name": "a", "path": "a/b"}
    )
    file = ReleasedFile("a/b", "csv", "text/csv", 1, "0" * 64, "A", "a")
    found = json.loads(croissant(Release({"name": "z", "version": "1"}, "https://z.example/", 0, (table,), (file,))))
    assert found["distribution"][0]["@id"] == "a/b_"
    assert found["recordSet"][0]["field"][0]["source"]["fileObject"] == {"@id": "a/b_"}


def test_files_are_beside_the_document(described, every):
    for file in described["distribution"]:
        content = (every / file["contentUrl"]).read_bytes()
        assert file["contentSize"] == f"{len(content)} B"
        assert file["sha256"] == hashlib.sha256(content).hexdigest()


def test_files_that_depend_on_the_machine_are_left_out():
    from shuttle_diplomacy.publishing.released import ReleasedFile

    file = ReleasedFile("zoo.sqlite", "sqlite", "application/vnd.sqlite3", 1, "0" * 64, "All", portable=False)
    found = json.loads(croissant(Release({"name": "z", "version": "1"}, "https://z.example/", 0, (), (file,))))
    assert found["distribution"] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "Integer"),
        ("uri", "URL"),
        ("grouped", "Text"),
        ("number", "Float"),
        ("comma", "Text"),
        ("true", "Boolean"),
        ("digits", "Boolean"),
        ("mixed", "Text"),
        ("yes", "Text"),
        ("date", "Date"),
        ("day_first", "Text"),
        ("time", "Time"),
        ("moment", "DateTime"),
        ("year", "Integer"),
        ("month", "Text"),
        ("duration", "Text"),
        ("missing", "Text"),
    ],
)
def test_types_are_claimed_where_cells_can_be_read_as_such(fields, name, expected):
    assert fields[f"every/{name}"]["dataType"] == f"sc:{expected}"


def test_lists_are_taken_apart_where_that_is_sure(fields):
    assert fields["every/numbers"]["source"]["transform"] == {"separator": ";"}
    assert (fields["every/numbers"]["isArray"], fields["every/numbers"]["dataType"]) == (True, "sc:Integer")
    assert "transform" not in fields["every/singles"]["source"]


def test_keys(described):
    keys = {item["@id"]: item.get("key") for item in described["recordSet"]}
    assert keys["every"] == {"@id": "every/id"}
    assert keys[ODD_ID] == [{"@id": f"{ODD_ID}/pair_a"}, {"@id": f"{ODD_ID}/pair_b"}]


def test_only_values_are_referred_to(fields):
    referring = {name: found["references"]["field"]["@id"] for name, found in fields.items() if "references" in found}
    assert referring
    assert all(target == f"{name}/values/value" for name, target in referring.items())


def test_enumerations_are_record_sets_with_labels(described, fields):
    levels = next(item for item in described["recordSet"] if item["@id"] == "every/level/values")
    assert levels["dataType"] == "sc:Enumeration"
    assert levels["key"] == {"@id": "every/level/values/value"}
    assert levels["data"] == [
        {"every/level/values/value": 1, "every/level/values/name": "One"},
        {"every/level/values/value": 2, "every/level/values/name": "Two"},
    ]
    assert fields["every/level"]["references"] == {"field": {"@id": "every/level/values/value"}}


def test_columns_of_a_file_with_more_of_them(fields):
    assert fields["more/a"]["source"]["extract"] == {"column": "a"}
    assert "more/z" not in fields


def test_labels_of_a_codes_table(configuration, tmp_path):
    found = json.loads((build_release(configuration, tmp_path / "dist") / "croissant.json").read_bytes())
    kinds = next(item for item in found["recordSet"] if item["@id"] == "animals/kind/values")
    assert [record["animals/kind/values/name"] for record in kinds["data"]] == ["mammal", "Birds, all"]
