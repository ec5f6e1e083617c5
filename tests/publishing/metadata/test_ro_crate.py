import json

import pytest

from shuttle_diplomacy.publishing.checksums import sha256
from shuttle_diplomacy.publishing.metadata.ro_crate import ro_crate
from tests.publishing.metadata.examples import FULL, HOSTILE, MINIMAL, SUM, release


def crate(descriptor, **how):
    document = json.loads(ro_crate(release(descriptor, **how)))
    assert document["@context"] == "https://w3id.org/ro/crate/1.2/context"
    return {entity["@id"]: entity for entity in document["@graph"]}


def references(value):
    if isinstance(value, dict):
        yield from [value["@id"]] if value.keys() == {"@id"} else []
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from references(item)


@pytest.mark.parametrize("descriptor", [FULL, MINIMAL, HOSTILE], ids=["full", "minimal", "hostile"])
def test_whatever_is_referred_to_is_described(descriptor):
    found = crate(descriptor)
    named = {name for entity in found.values() for key, value in entity.items() for name in references(value)}
    assert named - {"https://w3id.org/ro/crate/1.2"} <= found.keys()
    assert {name for name in found if name not in named} == {"ro-crate-metadata.json"}
    assert all(entity["name"] for entity in found.values())
    assert all(entity["description"] for entity in found.values())


def test_the_root_says_what_the_package_says():
    root = crate(FULL)["./"]
    assert (root["datePublished"], root["version"]) == ("2026-01-13", "1.2.0")
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert root["author"] == {"@id": "https://orcid.org/0000-0002-1825-0097"}
    assert root["publisher"] == {"@id": "https://ror.org/03f0f6041"}
    assert root["identifier"] == {"@id": "https://doi.org/10.5072/zoo"}
    assert root["temporalCoverage"] == "2020-01-01/2026-01-01"
    assert root["contributor"] == [
        {"@id": "https://ror.org/03f0f6041"},
        {"@id": "https://zoo.example/#contributor-3"},
        {"@id": "https://zoo.example/#contributor-4"},
    ]


def test_portable_files_are_parts_with_size_and_checksum_and_others_only_mentioned():
    found = crate(FULL)
    root = found["./"]
    assert root["hasPart"] == [{"@id": "datapackage.json"}, {"@id": "data/all%20animals.csv"}]
    table = found["data/all%20animals.csv"]
    assert (table["@type"], table["contentSize"], table["sha256"]) == ("File", "12", SUM)
    assert table["encodingFormat"] == "text/csv"
    mentioned = [found[item["@id"]] for item in root["mentions"]]
    assert [entity["url"] for entity in mentioned] == [
        "https://zoo.example/data/all%20animals.rds",
        "https://zoo.example/zoo.sqlite",
    ]
    assert not [key for entity in mentioned for key in ("contentSize", "sha256") if key in entity]


def test_what_is_not_stated_is_said_to_be_so():
    found = crate(MINIMAL)
    assert found["https://zoo.example/#publisher-not-stated"]["name"] == "Not stated"
    assert found[found["./"]["license"]["@id"]]["description"] == "The package does not state a licence."
    assert not {"author", "creator", "keywords", "temporalCoverage", "identifier"} & found["./"].keys()


def test_names_of_any_script_are_not_escaped():
    found = crate(MINIMAL, path="data/동물 100%")
    assert "data/동물%20100%25.csv" in found


def test_two_contributors_of_one_identifier_are_one_entity():
    ror = "https://ror.org/03f0f6041"
    people = [{"title": "One", "path": ror}, {"title": "Other", "path": ror}]
    assert crate(MINIMAL | {"contributors": people})[ror]["name"] == "One"


def test_the_descriptor_is_described_as_it_is_stored(configuration, tmp_path):
    from tests.publishing.conftest import build_release

    folder = build_release(configuration, tmp_path / "dist")
    graph = json.loads((folder / "ro-crate-metadata.json").read_bytes())["@graph"]
    stored = (folder / "datapackage.json").read_bytes()
    [entity] = [entity for entity in graph if entity["@id"] == "datapackage.json"]
    assert (entity["contentSize"], entity["sha256"]) == (str(len(stored)), sha256(stored))
    assert {"dcat.ttl", "dcat.jsonld", "datacite.xml", "datacite.json"} <= {path.name for path in folder.iterdir()}
