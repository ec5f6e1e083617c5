"""Which version of the standard counts, and what does not agree with it."""

# ruff: noqa: E501 (one case a line)

import pytest

from shuttle_diplomacy.package.versions import version_of
from tests.metadata.descriptors import V1, V2, dialect, field, package, resource, said, schema

DECLARE = f'declare "$schema": "{V2}"'


def warnings(descriptor):
    return said(descriptor, "warning")


@pytest.mark.parametrize(
    ("descriptor", "number"),
    [
        ({}, "1"),
        ({"profile": "tabular-data-package"}, "1"),
        ({"profile": "https://specs.frictionlessdata.io/schemas/data-package.json"}, "1"),
        ({"$schema": "https://specs.frictionlessdata.io/schemas/data-package.json"}, "1"),
        ({"$schema": V1}, "1"),
        ({"$schema": V1, "profile": "x"}, "1"),
        ({"$schema": V2}, "2"),
        ({"$schema": "https://datapackage.org/profiles/2.1/datapackage.json"}, "2"),
    ],
)
def test_version_is_told_without_a_word(descriptor, number):
    version = version_of(descriptor)
    assert (version.number, version.note) == (number, "")


@pytest.mark.parametrize(
    ("descriptor", "number", "pointer", "note"),
    [
        (
            {"$schema": "https://example.org/camtrap.json"},
            "2",
            "/$schema",
            (
                "package: '$schema' is 'https://example.org/camtrap.json', which is not read; the descriptor is judged by "
                "version 2 of the standard, not by that profile"
            ),
        ),
        (
            {"$schema": "https://example.org/profiles/1.0/x.json"},
            "1",
            "/$schema",
            (
                "package: '$schema' is 'https://example.org/profiles/1.0/x.json', which is not read; the descriptor is "
                "judged by version 1 of the standard, not by that profile"
            ),
        ),
        (
            {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json"},
            "2",
            "/$schema",
            (
                "package: '$schema' is 'https://datapackage.org/profiles/2.0/tableschema.json', which is the profile of "
                "something else; use datapackage.json"
            ),
        ),
        (
            {"profile": "https://example.org/p.json"},
            "1",
            "/profile",
            (
                "package: 'profile' is 'https://example.org/p.json', which is not read; the descriptor is judged by "
                "version 1 of the standard, not by that profile"
            ),
        ),
    ],
)
def test_profile_of_someone_else_is_said(descriptor, number, pointer, note):
    assert version_of(descriptor).number == number
    whole = {"resources": [{"name": "a", "path": "a.csv"}], **descriptor}
    assert said(whole) == []
    assert warnings(whole) == [("unknown-profile", pointer, note)]


@pytest.mark.parametrize(
    ("descriptor", "pointer"),
    [
        (resource(V1, type="table"), "/type"),
        (dialect(V1, headerRows=[1]), "/dialect/headerRows"),
        (dialect(V1, commentRows=[1]), "/dialect/commentRows"),
        (schema(V1, uniqueKeys=[["x"]]), "/schema/uniqueKeys"),
        (schema(V1, fieldsMatch="subset"), "/schema/fieldsMatch"),
        (field(V1, type="string", categories=["a"]), "/schema/fields/0/categories"),
        (field(V1, missingValues=["-"]), "/schema/fields/0/missingValues"),
        (field(V1, type="integer", constraints={"exclusiveMinimum": 1}), "/schema/fields/0/constraints/exclusiveMinimum"),
        (field(V1, type="object", constraints={"jsonSchema": {}}), "/schema/fields/0/constraints/jsonSchema"),
        (resource(V1, sources=[{"title": "x", "version": "1"}]), "/sources/0/version"),
    ],
)  # fmt: skip
def test_property_of_version_2_in_version_1_is_heeded_and_said(descriptor, pointer):
    key = pointer.rpartition("/")[2]
    ((kind, at, note),) = warnings(descriptor)
    assert (kind, at) == ("version-mismatch", "/resources/0" + pointer)
    assert note.endswith(f": {key!r} comes with version 2 and is heeded, but the descriptor is of version 1; {DECLARE}")
    assert said(descriptor) == []
    assert warnings(descriptor | {"$schema": V2}) == []


def test_group_character_of_an_integer_comes_with_version_2():
    ((_, _, note),) = warnings(field(V1, type="integer", groupChar=","))
    assert "'groupChar' of an integer comes with version 2 and is heeded" in note
    assert warnings(field(V1, type="number", groupChar=",")) == []


def test_reference_without_resource_comes_with_version_2():
    key = {"fields": "x", "reference": {"fields": "y"}}
    ((kind, _, note),) = warnings(schema(V1, foreignKeys=[key]))
    assert kind == "version-mismatch"
    assert "version 1 spells a reference to the same resource 'resource': \"\", it is left out" in note


def test_same_mismatch_is_said_once():
    fields = [{"name": f"x{n}", "type": "string", "categories": ["a"]} for n in range(3)]
    ((_, pointer, note),) = warnings(schema(V1, fields=fields))
    assert pointer == "/resources/0/schema/fields/0/categories"
    assert "of version 1 (the first of 3); declare" in note


@pytest.mark.parametrize("version", [V1, V2])
def test_url_is_an_old_spelling_of_path(version):
    note = "resource 'a': 'url' is an older spelling, which is heeded; write 'path'"
    descriptor = resource(version, url="http://x.org/a.csv")
    assert said(descriptor) == []
    assert warnings(descriptor) == [("version-mismatch", "/resources/0/url", note)]


@pytest.mark.parametrize("key", ["caseSensitiveHeader", "csvddfVersion"])
def test_property_that_version_2_dropped_is_said(key):
    properties = {"caseSensitiveHeader": True, "csvddfVersion": 1.2}
    note = f"resource 'a', dialect: {key!r} is no longer a property in version 2; it is ignored"
    assert warnings(dialect(**{key: properties[key]})) == [("version-mismatch", f"/resources/0/dialect/{key}", note)]
    assert warnings(dialect(V1, **{key: properties[key]})) == []


def test_package_of_version_1_in_its_own_words_has_no_warning():
    descriptor = {
        "profile": "tabular-data-package",
        "name": "old",
        "contributors": [{"title": "A", "role": "author"}],
        "resources": [
            {
                "name": "a",
                "profile": "tabular-data-resource",
                "path": "a.csv",
                "dialect": {"caseSensitiveHeader": False, "delimiter": ";"},
                "schema": {
                    "fields": [{"name": "x"}, {"name": "y", "type": "date", "format": "fmt:%Y"}],
                    "primaryKey": "x",
                    "foreignKeys": [{"fields": "y", "reference": {"resource": "", "fields": "x"}}],
                },
            }
        ],
    }
    assert said(descriptor) == warnings(descriptor) == []


@pytest.mark.parametrize("version", ["1", "1.0", "2024-01-01", "v1.0.0", "1.0.0.0"])
def test_version_of_the_data_should_be_semantic(version):
    note = f"package: 'version' is {version!r}, but should be a semantic version, as 1.0.0 (https://semver.org)"
    assert warnings(package(version=version)) == [("recommendation", "/version", note)]


def test_name_of_a_resource_should_be_plain():
    note = "resource 'Ä b': its name should have only lower-case letters, digits, '.', '-' and '_'"
    assert warnings(resource(name="Ä b")) == [("recommendation", "/resources/0/name", note)]
