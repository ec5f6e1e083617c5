import json

import pytest

from shuttle_diplomacy.publishing.metadata.schema_org import schema_org
from shuttle_diplomacy.publishing.released import Release
from tests.publishing.metadata.packages import HOSTILE

MINIMAL = {"name": "zoo", "version": "1.2"}


def dataset(**more):
    return json.loads(schema_org(Release(MINIMAL | more, "https://zoo.example/", 0, citation="Zoo.")))


def test_a_package_without_anything_has_the_mandatory():
    found = dataset()
    assert found["@context"] == {"@vocab": "https://schema.org/"}
    assert (found["@type"], found["name"], found["url"]) == ("Dataset", "zoo", "https://zoo.example/")
    assert found["creator"] == [{"@type": "Organization", "name": "zoo"}]
    assert found["identifier"] == "https://zoo.example/"
    assert not {"license", "isAccessibleForFree", "keywords", "temporalCoverage", "spatialCoverage"} & found.keys()


@pytest.mark.parametrize(("text", "length"), [("", 30), ("x" * 49, 80), ("x" * 50, 50), ("x" * 5000, 5000)])
def test_a_description_that_is_too_short_goes_on(text, length):
    assert len(dataset(description=text)["description"]) == length


def test_a_description_that_is_too_long_is_cut():
    found = dataset(description="x" * 5001)["description"]
    assert (len(found), found[-2:]) == (5000, "x…")


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        ({"starts_on": "2020-01-01", "checked_through": "2026-01-01"}, "2020-01-01/2026-01-01"),
        ({"starts_on": "2020-01-01"}, "2020-01-01/.."),
        ({"starts_on": "long ago"}, None),
        ("always", None),
    ],
)
def test_a_declared_period(coverage, expected):
    assert dataset(**{"shuttle:coverage": coverage}).get("temporalCoverage") == expected


def test_licences_by_their_addresses():
    found = dataset(licenses=[{"name": "CC-BY-4.0"}, {"path": "LICENSE-DATA"}, {"title": "House rules"}])
    assert found["license"] == [
        "https://spdx.org/licenses/CC-BY-4.0",
        "https://zoo.example/LICENSE-DATA",
        {"@type": "CreativeWork", "name": "House rules"},
    ]
    assert found["isAccessibleForFree"] is True


def test_hostile_texts_stay_texts(hostile):
    found = json.loads((hostile / "schema-org.jsonld").read_bytes())
    assert found["name"] == HOSTILE["title"]
    assert found["creator"][0]["affiliation"] == {"@type": "Organization", "name": "Engine: #1"}
    assert found["identifier"] == "https://doi.org/10.5072/abc"


def test_files_with_what_is_known_of_them(every):
    found = json.loads((every / "schema-org.jsonld").read_bytes())["distribution"]
    by_address = {item["contentUrl"]: item for item in found}
    odd = by_address["https://every-type.example/data/%EB%8F%99%EB%AC%BC%20%EB%AA%A9%EB%A1%9D%20%231%25.csv"]
    assert odd["encodingFormat"] == "text/csv"
    assert odd["contentSize"] == f"{(every / 'data/동물 목록 #1%.csv').stat().st_size} B"
    assert len(odd["sha256"]) == 64


def test_fields_are_variables(every):
    found = json.loads((every / "schema-org.jsonld").read_bytes())["variableMeasured"]
    by_id = {item["propertyID"]: item for item in found}
    assert by_id["every/number"] == {
        "@type": "PropertyValue",
        "name": "number",
        "propertyID": "every/number",
        "minValue": -5,
    }
    assert by_id["every/_이름 a-b"]["name"] == "<script>alert(1)</script>"
