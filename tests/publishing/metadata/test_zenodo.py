import json

import pytest

from shuttle_diplomacy.publishing.metadata.zenodo import zenodo
from shuttle_diplomacy.publishing.released import Release

MINIMAL = {"name": "zoo", "version": "1.2"}


def deposit(**more):
    return json.loads(zenodo(Release(MINIMAL | more, "https://zoo.example/", 0)))


def test_a_package_without_anything_is_closed():
    assert deposit() == {
        "upload_type": "dataset",
        "title": "zoo",
        "description": "<p>zoo</p>",
        "creators": [{"name": "zoo"}],
        "access_right": "closed",
        "version": "1.2",
        "publication_date": "1970-01-01",
    }


def test_a_description_is_escaped():
    found = deposit(description="<script>a</script>\n\nb & 'c'\nd")["description"]
    assert found == "<p>&lt;script&gt;a&lt;/script&gt;</p><p>b &amp; &#x27;c&#x27; d</p>"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["CC-BY-4.0"], ("open", "cc-by-4.0")),
        (["ODC-BY-1.0", "odc-by-1.0"], ("open", "odc-by-1.0")),
        (["house-rules"], ("closed", None)),
        (["MIT", "CC0-1.0"], ("closed", None)),
        (["MIT", "house-rules"], ("closed", None)),
    ],
)
def test_files_are_open_under_one_licence_that_is_known(names, expected):
    found = deposit(licenses=[{"name": name} for name in names])
    assert (found["access_right"], found.get("license")) == expected


def test_people_have_parts_and_roles():
    found = deposit(
        contributors=[
            {
                "givenName": "Ada",
                "familyName": "Kim",
                "organization": "Zoo",
                "path": "https://orcid.org/0000-0002-1825-0097",
                "roles": ["creator"],
            },
            {"title": "Keepers", "roles": ["feeding", "Contact person"]},
            {"title": "Friends", "roles": ["friend"]},
        ]
    )
    assert found["creators"] == [{"name": "Kim, Ada", "affiliation": "Zoo", "orcid": "0000-0002-1825-0097"}]
    assert found["contributors"] == [
        {"name": "Keepers", "type": "ContactPerson"},
        {"name": "Friends", "type": "Other"},
    ]


@pytest.mark.parametrize(("identifier", "expected"), [("10.5072/zoo", "10.5072/zoo"), ("10.5281/zenodo.1", None)])
def test_a_doi_of_zenodo_is_not_given_to_it(identifier, expected):
    assert deposit(id=identifier).get("doi") == expected


def test_sources_are_what_it_is_derived_from():
    sources = [{"path": "https://s.example/"}, {"title": "A book"}, {"path": "javascript:alert(1)"}]
    assert deposit(sources=sources)["related_identifiers"] == [
        {"identifier": "https://s.example/", "relation": "isDerivedFrom"}
    ]
