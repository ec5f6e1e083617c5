import pytest
import yaml

from shuttle_diplomacy.package.citation_file import citation_file
from shuttle_diplomacy.package.yaml import parse_yaml
from tests.publishing.metadata.packages import HOSTILE

MINIMAL = {"name": "zoo", "version": "1.2"}


def cited(**more):
    return parse_yaml(citation_file(MINIMAL | more))


def test_a_package_without_anything_is_its_own_author():
    assert cited() == {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": "zoo",
        "version": "1.2",
        "authors": [{"name": "zoo"}],
    }


@pytest.mark.parametrize(
    ("contributor", "author"),
    [
        ({"title": "The keepers"}, {"name": "The keepers"}),
        (
            {"title": "The keepers", "path": "https://k.example/"},
            {"name": "The keepers", "website": "https://k.example/"},
        ),
        ({"title": "The keepers", "path": "about.md"}, {"name": "The keepers"}),
        (
            {"title": "A. Kim", "givenName": "Ada", "familyName": "Kim", "organization": "Zoo"},
            {"family-names": "Kim", "given-names": "Ada", "affiliation": "Zoo"},
        ),
        (
            {"givenName": "Ada", "path": "https://orcid.org/0000-0002-1825-0097"},
            {"given-names": "Ada", "orcid": "https://orcid.org/0000-0002-1825-0097"},
        ),
    ],
)
def test_people_are_told_from_entities(contributor, author):
    assert cited(contributors=[contributor])["authors"] == [author]


def test_authors_are_the_creators():
    people = [{"title": "A", "roles": ["publisher"]}, {"title": "B", "roles": ["creator"]}, {"title": "C"}]
    assert cited(contributors=people)["authors"] == [{"name": "B"}]
    assert cited(contributors=[{"title": "A", "role": "author"}])["authors"] == [{"name": "A"}]


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        ([{"name": "cc-by-4.0"}], {"license": "CC-BY-4.0"}),
        ([{"name": "ODC-PDDL-1.0", "path": "https://p.example/"}], {"license": "PDDL-1.0"}),
        ([{"name": "MIT"}, {"name": "CC0-1.0"}], {"license": ["MIT", "CC0-1.0"]}),
        ([{"name": "house", "path": "https://h.example/"}], {"license-url": "https://h.example/"}),
        ([{"name": "house"}, {"name": "MIT"}], {}),
        ([{"path": "LICENSE"}], {}),
    ],
)
def test_licences_by_their_identifiers(licenses, expected):
    assert {key: value for key, value in cited(licenses=licenses).items() if key.startswith("license")} == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [("10.5072/Zoo", "10.5072/zoo"), ("https://doi.org/10.5072/zoo", "10.5072/zoo"), ("b03ec84", None), (5, None)],
)
def test_only_a_doi_identifies(identifier, expected):
    found = cited(id=identifier).get("identifiers")
    assert found == ([{"type": "doi", "value": expected}] if expected else None)


def test_an_address_has_to_be_one():
    assert cited(homepage="https://zoo.example/a")["url"] == "https://zoo.example/a"
    assert "url" not in cited(homepage="zoo")


def test_hostile_texts_stay_texts_in_either_version_of_yaml():
    text = citation_file(HOSTILE)
    for read in (parse_yaml, yaml.safe_load):
        found = read(text)
        assert found["title"] == HOSTILE["title"]
        assert found["abstract"] == HOSTILE["description"]
        assert found["keywords"] == [word.strip() for word in HOSTILE["keywords"]]
        assert found["authors"][0]["affiliation"] == "Engine: #1"
        assert found["date-released"] == "2026-02-03"
