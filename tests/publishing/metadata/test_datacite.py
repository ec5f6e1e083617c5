import json
from xml.etree import ElementTree as ET

import pytest

from shuttle_diplomacy.publishing.metadata.datacite import NAMESPACE, datacite_json, datacite_xml
from tests.publishing.metadata.examples import FULL, HOSTILE, MINIMAL, release

SPACE = {"d": NAMESPACE}


def xml(descriptor, **how):
    return ET.fromstring(datacite_xml(release(descriptor, **how)))


def texts(root, path):
    return [element.text for element in root.findall(path, SPACE)]


def test_a_doi_is_the_identifier_where_there_is_one():
    root, record = xml(FULL), json.loads(datacite_json(release(FULL)))
    identifier = root.find("d:identifier", SPACE)
    assert (identifier.text, identifier.get("identifierType"), record["doi"]) == ("10.5072/zoo", "DOI", "10.5072/zoo")
    assert texts(root, ".//d:alternateIdentifier") == ["https://zoo.example/"]


@pytest.mark.parametrize("known", [{}, {"id": "b03ec84"}], ids=["none", "other"])
def test_without_a_doi_the_address_says_that_it_is_one(known):
    root, record = xml(MINIMAL | known), json.loads(datacite_json(release(MINIMAL | known)))
    identifier = root.find("d:identifier", SPACE)
    assert (identifier.text, identifier.get("identifierType")) == ("https://zoo.example/", "URL")
    assert "doi" not in record
    assert texts(root, ".//d:alternateIdentifier") == list(known.values())


def test_unknown_people_have_the_standard_value_for_that():
    root = xml(MINIMAL)
    assert texts(root, ".//d:creatorName") == [":unav"]
    assert texts(root, "d:publisher") == [":unav"]
    assert texts(root, "d:publicationYear") == ["1970"]


def test_people_have_names_identifiers_and_roles():
    root = xml(FULL)
    [creator] = root.findall(".//d:creator", SPACE)
    assert texts(creator, "d:creatorName") == ["Kim, Ada"]
    assert creator.find("d:creatorName", SPACE).get("nameType") == "Personal"
    assert texts(creator, "d:nameIdentifier") == ["https://orcid.org/0000-0002-1825-0097"]
    publisher = root.find("d:publisher", SPACE)
    assert (publisher.text, publisher.get("publisherIdentifier")) == ("The zoo", "https://ror.org/03f0f6041")
    kinds = [element.get("contributorType") for element in root.findall(".//d:contributor", SPACE)]
    assert list(zip(kinds, texts(root, ".//d:contributorName"), strict=True)) == [
        ("ContactPerson", "The zoo"),
        ("DataCurator", "Keepers"),
        ("Other", "Friends"),
    ]
    assert texts(root, ".//d:affiliation") == ["The zoo"]


def test_dates_rights_and_places():
    root = xml(FULL)
    dates = {element.get("dateType"): element.text for element in root.findall(".//d:date", SPACE)}
    assert dates == {"Issued": "2026-01-13", "Coverage": "2020-01-01/2026-01-01"}
    [rights] = root.findall(".//d:rights", SPACE)
    assert rights.get("rightsURI") == "https://creativecommons.org/licenses/by/4.0/"
    assert rights.get("rightsIdentifier") == "CC-BY-4.0"
    assert texts(root, ".//d:geoLocationPlace") == ["Atlantis", "Japan"]
    assert texts(root, "d:language") == ["en"]
    assert texts(root, ".//d:size") == ["1 table", "2 rows"]


def test_json_spells_addresses_as_the_service_does():
    text = datacite_json(release(FULL)).decode()
    assert '"rightsUri"' in text
    assert "URI" not in text
    assert "동물원" in text


def test_an_open_period_has_an_open_end():
    root = xml(MINIMAL | {"coverage": {"starts_on": "2020-01-01"}})
    assert texts(root, ".//d:date")[1] == "2020-01-01/"


def test_hostile_texts_stay_texts():
    root = xml(HOSTILE)
    assert texts(root, "d:version") == ["1</version>"]
    assert texts(root, ".//d:title") == ['x"\\ ]]> <!--   \n "@id"']
    assert texts(root, ".//d:description") == ["    </description><x/>"]
    assert [rights.get("rightsURI") for rights in root.findall(".//d:rights", SPACE)] == [
        None,
        "https://zoo.example/LICENSE%20%3C1%3E.md",
    ]
