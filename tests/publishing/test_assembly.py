import json

import pytest

from shuttle_diplomacy.errors import ConfigurationError, UnsoundTableError
from shuttle_diplomacy.publishing.assembly import assemble


def assembled(configuration):
    return json.loads(assemble(configuration))


def test_properties_stand_in_a_fixed_order_and_own_ones_carry_a_prefix(configuration):
    descriptor = assembled(configuration)
    order = ["$schema", "name", "title", "description", "version", "created", "licenses", "contributors"]
    assert list(descriptor) == [*order, "shuttle:coverage", "shuttle:floors", "resources"]


def test_resources_are_sorted_and_lift_title_and_description(configuration):
    animals, codes = assembled(configuration)["resources"]
    assert (animals["name"], codes["name"]) == ("animals", "codes")
    assert animals["title"] == "Animals"
    assert animals["description"] == "One row is one animal."
    assert animals["path"] == "data/animals.csv"
    assert [animals[k] for k in ("type", "format", "mediatype", "encoding")] == ["table", "csv", "text/csv", "utf-8"]
    assert "title" not in animals["schema"]


def test_categories_stand_beside_enum_with_labels_from_the_codes(configuration):
    fields = {f["name"]: f for f in assembled(configuration)["resources"][0]["schema"]["fields"]}
    assert fields["kind"]["categories"] == [
        {"value": "mammal", "label": "mammal"},
        {"value": "bird", "label": "Birds, all"},
    ]
    assert fields["legs"]["categories"] == [{"value": 2, "label": "Two legs"}, {"value": 4, "label": "4"}]
    assert fields["kind"]["constraints"]["enum"] == ["mammal", "bird"]


def test_text_is_stored_readably(configuration):
    stored = assemble(configuration)
    assert "é".encode() in stored
    assert stored.endswith(b"\n}\n")
    assert b'\n  "name": "zoo"' in stored


def test_frictionless_accepts_it(configuration):
    from frictionless import Package

    report = Package(str(configuration.package / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_a_misspelt_property_is_refused(tmp_path, make):
    with pytest.raises(ConfigurationError, match="'licences' is no property of the standard; did you mean 'licenses'"):
        make(tmp_path, **{"schemas/package.json": '{"name": "zoo", "licences": []}'})


def test_resources_are_not_metadata(tmp_path, make):
    with pytest.raises(ConfigurationError, match="'resources' are assembled from the schemas"):
        make(tmp_path, **{"schemas/package.json": '{"resources": []}'})


@pytest.mark.parametrize(
    ("path", "text", "note"),
    [
        ("schemas/package.json", "{", "package.json cannot be read"),
        ("schemas/tables/animals.json", "[]", "animals.json is not a JSON object"),
        (
            "schemas/tables/animals.json",
            '{"fields": [{}]}',
            "'animals': 'fields' has to be a list of objects with names",
        ),
        ("shuttle.toml", 'package = "datapackage"', "has to name metadata and schemas"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, make, path, text, note):
    with pytest.raises(ConfigurationError, match=note):
        make(tmp_path, **{path: text})


def test_a_wrong_declaration_of_codes_is_named(tmp_path, make):
    settings = 'package="datapackage"\nmetadata="schemas/package.json"\nschemas="schemas/tables"\n'
    with pytest.raises(ConfigurationError, match="there is no table 'code'; did you mean 'codes'"):
        make(tmp_path / "a", **{"shuttle.toml": settings + 'codes = {table = "code"}'})
    with pytest.raises(ConfigurationError, match="has to name a column of 'codes' as 'record'"):
        make(tmp_path / "b", **{"shuttle.toml": settings + 'codes = {table = "codes", record = "table"}'})


def test_broken_codes_are_no_labels(tmp_path, make):
    with pytest.raises(UnsoundTableError, match=r"data/codes\.csv:2:\d+: .*missing"):
        make(tmp_path, **{"datapackage/data/codes.csv": "tab,col,val,name_en\na,b\n"})


def test_two_values_cannot_share_a_label(tmp_path, make):
    codes = "tab,col,val,name_en\nanimals,kind,bird,Beast\nanimals,kind,mammal,Beast\n"
    with pytest.raises(ConfigurationError, match="the values 'mammal' and 'bird' have one label, 'Beast'"):
        make(tmp_path, **{"datapackage/data/codes.csv": codes})
