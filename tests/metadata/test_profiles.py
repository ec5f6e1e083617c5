"""Each demand of the standard on the form of a property: one descriptor that breaks it, and nothing else."""

# ruff: noqa: E501 (one case a line)

import pytest

from tests.metadata.descriptors import V1, V2, dialect, field, found, package, resource, said, schema

S, F, R = "/resources/0/schema", "/resources/0/schema/fields/0", "/resources/0"
X = "resource 'a', field 'x'"
TYPES = "string, number, integer, boolean, object, array, list, datetime, date, time, year, yearmonth, duration"
INSIDE = "an address, or a relative path that stays inside the package"
RFC = "a date and time of RFC 3339, as 2024-01-31T12:00:00Z"
ADDRESS = "an address with http, https, ftp or ftps"
MD5 = "an MD5, or an algorithm in lower case, a colon and its hexadecimal digits"
VERSION_1 = "a text of lower-case letters, digits, '.', '-' and '_' (as version 1 demands)"
FIELDS_MATCH = "one of: exact, equal, subset, superset, partial (a text; the list in the published 2.0 profile is"


@pytest.mark.parametrize(
    ("descriptor", "pointer", "note"),
    [
        ({"$schema": V2}, "", "package: 'resources' has to be a list with at least one resource"),
        (package(resources=[]), "/resources", "package: 'resources' is [], but has to be a list with at least one"),
        (package(resources="x"), "/resources", "package: 'resources' is 'x', but has to be a list with at least one"),
        (package(resources=[3]), "/resources/0", "package: item 1 of 'resources' is 3, but has to be an object"),
        (package(3), "/$schema", "package: '$schema' is 3, but has to be an address with http, https, ftp or ftps"),
        (package(name=5), "/name", "package: 'name' is 5, but has to be a text"),
        (package(V1, name="A b"), "/name", f"package: 'name' is 'A b', but has to be {VERSION_1}"),
        (package(id=5), "/id", "package: 'id' is 5, but has to be a text"),
        (package(title=None), "/title", "package: 'title' is null, but has to be a text"),
        (package(description=[]), "/description", "package: 'description' is [], but has to be a text"),
        (package(version=1), "/version", "package: 'version' is 1, but has to be a text"),
        (package(homepage="x.org"), "/homepage", f"package: 'homepage' is 'x.org', but has to be {ADDRESS}"),
        (package(image="../i.png"), "/image", f"package: 'image' is '../i.png', but has to be {INSIDE}"),
        (package(created="2024-01-01"), "/created", f"package: 'created' is '2024-01-01', but has to be {RFC}"),
        (package(created="2024-02-30T00:00:00Z"), "/created", "package: 'created' is '2024-02-30T00:00:00Z', but"),
        (package(created="2024-01-01T00:00:00"), "/created", "package: 'created' is '2024-01-01T00:00:00', but"),
        (package(keywords="a"), "/keywords", "package: 'keywords' is 'a', but has to be a list of texts"),
        (package(keywords=["a", 1]), "/keywords/1", "package: item 2 of 'keywords' is 1, but has to be a text of at"),
        (package(keywords=[""]), "/keywords/0", "package: item 1 of 'keywords' is '', but has to be a text of at"),
        (package(licenses={}), "/licenses", "package: 'licenses' is {}, but has to be a list of objects"),
        (package(licenses=["x"]), "/licenses/0", "package: item 1 of 'licenses' is 'x', but has to be an object"),
        (package(licenses=[{"title": "x"}]), "/licenses/0", "package, license 1 needs a name, a path or both"),
        (package(licenses=[{"name": 1}]), "/licenses/0/name", "package, license 1: 'name' is 1, but has to be a text"),
        (package(licenses=[{"path": "/x"}]), "/licenses/0/path", f"package, license 1: 'path' is '/x', but has to be {INSIDE}"),
        (package(contributors={}), "/contributors", "package: 'contributors' is {}, but has to be a list of objects"),
        (package(contributors=["x"]), "/contributors/0", "package: item 1 of 'contributors' is 'x', but has to be an"),
        (package(contributors=[{}]), "/contributors/0", "package, contributor 1 is empty, but has to have at least one"),
        (package(V1, contributors=[{}]), "/contributors/0", "package, contributor 1 has no title, which version 1"),
        (
            package(contributors=[{"title": "x"}, {"roles": "creator"}]),
            "/contributors/1/roles",
            "package, contributor 2: 'roles' is 'creator', but has to be a list of texts",
        ),
        (package(contributors=[{"roles": [1]}]), "/contributors/0/roles/0", "package, contributor 1: item 1 of 'roles'"),
        (package(contributors=[{"role": 1}]), "/contributors/0/role", "package, contributor 1: 'role' is 1, but has to be a"),
        (package(contributors=[{"title": 1}]), "/contributors/0/title", "package, contributor 1: 'title' is 1, but has"),
        (package(contributors=[{"givenName": 1}]), "/contributors/0/givenName", "package, contributor 1: 'givenName' is"),
        (package(contributors=[{"familyName": 1}]), "/contributors/0/familyName", "package, contributor 1: 'familyName'"),
        (package(contributors=[{"organization": 1}]), "/contributors/0/organization", "package, contributor 1: 'organiza"),
        (package(contributors=[{"path": "x"}]), "/contributors/0/path", f"package, contributor 1: 'path' is 'x', but has to be {ADDRESS}"),
        (package(contributors=[{"email": "x"}]), "/contributors/0/email", "package, contributor 1: 'email' is 'x', but has to be an email address"),
        (package(sources={}), "/sources", "package: 'sources' is {}, but has to be a list of objects"),
        (package(sources=[{}]), "/sources/0", "package, source 1 is empty, but has to have at least one property"),
        (package(V1, sources=[{"path": "x"}]), "/sources/0", "package, source 1 has no title, which version 1 of the"),
        (package(sources=[{"path": "a/../b"}]), "/sources/0/path", f"package, source 1: 'path' is 'a/../b', but has to be {INSIDE}"),
        (package(sources=[{"email": "a b@c"}]), "/sources/0/email", "package, source 1: 'email' is 'a b@c', but has to be an"),
        (package(sources=[{"version": 1}]), "/sources/0/version", "package, source 1: 'version' is 1, but has to be a text"),
        (package(resources=[{"path": "a"}]), R, "resource 1 has no name"),
        (package(resources=[{"name": "", "path": "a"}]), R + "/name", "resource 1: 'name' is '', but has to be a text of"),
        (resource(V1, name="A"), R + "/name", f"resource 'A': 'name' is 'A', but has to be {VERSION_1}"),
        (package(resources=[{"name": "a"}]), R, "resource 'a' needs either a path or data"),
        (resource(path="a", data=[]), R, "resource 'a' needs either a path or data, not both"),
        (resource(path=3), R + "/path", "resource 'a': 'path' is 3, but has to be a path or a list of paths"),
        (resource(path=[]), R + "/path", "resource 'a': 'path' is [], but has to be a path or a list of paths"),
        (resource(path=["a", ""]), R + "/path/1", "resource 'a': item 2 of 'path' is '', but has to be a text of at least"),
        (resource(path=["a", "http://x.org/a"]), R + "/path", "resource 'a': 'path' mixes addresses and relative paths"),
        (resource(data=3), R + "/data", "resource 'a': 'data' is 3, but has to be a list, an object or a text"),
        (resource(data="a,b"), R + "/data", "resource 'a': 'data' is a text, so that 'format' or 'mediatype' has to say"),
        (resource(type="table", data="a", format="csv"), R + "/data", "resource 'a': 'data' of a table has to be a list of"),
        (resource(type="table", data=[1]), R + "/data", "resource 'a': 'data' of a table has to be a list of lists or of"),
        (resource(type="json"), R + "/type", "resource 'a': 'type' is 'json', but has to be one of: table"),
        (resource(title=1), R + "/title", "resource 'a': 'title' is 1, but has to be a text"),
        (resource(description=1), R + "/description", "resource 'a': 'description' is 1, but has to be a text"),
        (resource(format=1), R + "/format", "resource 'a': 'format' is 1, but has to be a text"),
        (resource(mediatype=1), R + "/mediatype", "resource 'a': 'mediatype' is 1, but has to be a text"),
        (resource(encoding=1), R + "/encoding", "resource 'a': 'encoding' is 1, but has to be a text of at least one"),
        (resource(bytes=-1), R + "/bytes", "resource 'a': 'bytes' is -1, but has to be a whole number from 0"),
        (resource(bytes=1.5), R + "/bytes", "resource 'a': 'bytes' is 1.5, but has to be a whole number from 0"),
        (resource(bytes=True), R + "/bytes", "resource 'a': 'bytes' is true, but has to be a whole number from 0"),
        (resource(hash="abc"), R + "/hash", f"resource 'a': 'hash' is 'abc', but has to be {MD5}"),
        (resource(hash="SHA1:" + "a" * 40), R + "/hash", "resource 'a': 'hash' is 'SHA1:aaa"),
        (resource(hash="sha256:" + "a" * 40), R + "/hash", "resource 'a': 'hash' is 'sha256:aaa"),
        (resource(sources=[{}]), R + "/sources/0", "resource 'a', source 1 is empty, but has to have at least one"),
        (resource(licenses=[{}]), R + "/licenses/0", "resource 'a', license 1 needs a name, a path or both"),
        (resource(schema=[]), R + "/schema", "resource 'a': 'schema' is [], but has to be an object, a path or an"),
        (resource(dialect=3), R + "/dialect", "resource 'a': 'dialect' is 3, but has to be an object, a path or an"),
        (resource(schema={}), S, "resource 'a', schema has no fields"),
        (schema(fields={}), S + "/fields", "resource 'a', schema: 'fields' is {}, but has to be a list of fields"),
        (schema(fields=["id"]), F, "resource 'a', schema: item 1 of 'fields' is 'id', but has to be an object"),
        (schema(fields=[{}]), F, "resource 'a', field 1 has no name"),
        (field(name=None), F + "/name", "resource 'a', field 1: 'name' is null, but has to be a text"),
        (schema(fieldsMatch=["subset"]), S + "/fieldsMatch", f"resource 'a', schema: 'fieldsMatch' is ['subset'], but has to be {FIELDS_MATCH}"),
        (schema(missingValues=""), S + "/missingValues", "resource 'a', schema: 'missingValues' is '', but has to be a list of"),
        (schema(missingValues=["", 1]), S + "/missingValues", "resource 'a', schema: 'missingValues' is ['', 1], but has"),
        (schema(missingValues=["", {"value": "-"}]), S + "/missingValues", "resource 'a', schema: 'missingValues' is ['', {"),
        (schema(missingValues=[{"label": "-"}]), S + "/missingValues/0", "resource 'a', schema, missing value 1 has no value"),
        (schema(missingValues=[{"value": 1}]), S + "/missingValues/0/value", "resource 'a', schema, missing value 1: 'value'"),
        (schema(missingValues=[{"value": "", "label": 1}]), S + "/missingValues/0/label", "resource 'a', schema, missing value"),
        (schema(V1, missingValues=[{"value": ""}]), S + "/missingValues", "resource 'a', schema: 'missingValues' is [{'value': ''}], but has to be a list of texts (labels need version 2)"),
        (schema(primaryKey=[]), S + "/primaryKey", "resource 'a', schema: 'primaryKey' is [], but has to be a field name or a"),
        (schema(primaryKey=[1]), S + "/primaryKey", "resource 'a', schema: 'primaryKey' is [1], but has to be a field name"),
        (schema(uniqueKeys=[]), S + "/uniqueKeys", "resource 'a', schema: 'uniqueKeys' is [], but has to be a list of at least"),
        (schema(uniqueKeys=["x"]), S + "/uniqueKeys/0", "resource 'a', schema: item 1 of 'uniqueKeys' is 'x', but has to be a"),
        (schema(uniqueKeys=[[]]), S + "/uniqueKeys/0", "resource 'a', schema: item 1 of 'uniqueKeys' is [], but has to be a"),
        (schema(foreignKeys={}), S + "/foreignKeys", "resource 'a', schema: 'foreignKeys' is {}, but has to be a list of"),
        (schema(foreignKeys=[3]), S + "/foreignKeys/0", "resource 'a', schema: item 1 of 'foreignKeys' is 3, but has to be an"),
        (schema(foreignKeys=[{"reference": {"fields": "x"}}]), S + "/foreignKeys/0", "resource 'a', foreign key 1 has no fields"),
        (schema(foreignKeys=[{"fields": "x"}]), S + "/foreignKeys/0", "resource 'a', foreign key 1 has no reference"),
        (schema(foreignKeys=[{"fields": "x", "reference": 1}]), S + "/foreignKeys/0/reference", "resource 'a', foreign key 1: 'reference' is 1, but has to be an object"),
        (schema(foreignKeys=[{"fields": "x", "reference": {}}]), S + "/foreignKeys/0/reference", "resource 'a', foreign key 1, reference has no fields"),
        (schema(foreignKeys=[{"fields": 1, "reference": {"fields": "x"}}]), S + "/foreignKeys/0/fields", "resource 'a', foreign key 1: 'fields' is 1, but has"),
        (schema(foreignKeys=[{"fields": "x", "reference": {"fields": "x", "resource": 1}}]), S + "/foreignKeys/0/reference/resource", "resource 'a', foreign key 1, reference: 'resource' is 1, but has to be a text"),
        (field(type="datum"), F + "/type", f"{X}: 'type' is 'datum', but has to be one of: {TYPES}, geopoint, geojson, any"),
        (field(type=None), F + "/type", f"{X}: 'type' is null, but has to be one of"),
        (field(V1, type="list"), F + "/type", f"{X}: 'type' is 'list', but has to be one of: {TYPES.replace(' list,', '')}, geopoint, geojson, any ('list' needs version 2)"),
        (field(format=1), F + "/format", f"{X}: 'format' is 1, but has to be a text"),
        (field(title=1), F + "/title", f"{X}: 'title' is 1, but has to be a text"),
        (field(description=1), F + "/description", f"{X}: 'description' is 1, but has to be a text"),
        (field(rdfType="Country"), F + "/rdfType", f"{X}: 'rdfType' is 'Country', but has to be a URI"),
        (field(missingValues=[1]), F + "/missingValues", f"{X}: 'missingValues' is [1], but has to be a list of texts, or"),
        (field(constraints=[]), F + "/constraints", f"{X}: 'constraints' is [], but has to be an object"),
        (field(categories="a"), F + "/categories", f"{X}: 'categories' is 'a', but has to be a list of texts or whole"),
        (field(categories=[1.5]), F + "/categories", f"{X}: 'categories' is [1.5], but has to be a list of texts or whole"),
        (field(categories=["a", {"value": "b"}]), F + "/categories", f"{X}: 'categories' is ['a', {{'value': 'b'}}], but has to"),
        (field(categories=[{"label": "b"}]), F + "/categories/0", f"{X}, category 1 has no value"),
        (field(categories=[{"value": None}]), F + "/categories/0/value", f"{X}, category 1: 'value' is null, but has to be a text"),
        (field(categories=[{"value": 1, "label": 1}]), F + "/categories/0/label", f"{X}, category 1: 'label' is 1, but has to be"),
        (field(categoriesOrdered=1), F + "/categoriesOrdered", f"{X}: 'categoriesOrdered' is 1, but has to be true or false"),
        (field(trueValues="id"), F + "/trueValues", f"{X}: 'trueValues' is 'id', but has to be a list of texts"),
        (field(falseValues=[0]), F + "/falseValues/0", f"{X}: item 1 of 'falseValues' is 0, but has to be a text"),
        (field(decimalChar=""), F + "/decimalChar", f"{X}: 'decimalChar' is '', but has to be a text of at least one"),
        (field(groupChar=1), F + "/groupChar", f"{X}: 'groupChar' is 1, but has to be a text of at least one character"),
        (field(bareNumber="no"), F + "/bareNumber", f"{X}: 'bareNumber' is 'no', but has to be true or false"),
        (field(delimiter=""), F + "/delimiter", f"{X}: 'delimiter' is '', but has to be a text of at least one character"),
        (field(itemType="object"), F + "/itemType", f"{X}: 'itemType' is 'object', but has to be one of: string, integer,"),
        (field(constraints={"required": 1}), F + "/constraints/required", f"{X}: 'required' is 1, but has to be true or"),
        (field(constraints={"unique": "yes"}), F + "/constraints/unique", f"{X}: 'unique' is 'yes', but has to be true or"),
        (field(constraints={"minLength": -1}), F + "/constraints/minLength", f"{X}: 'minLength' is -1, but has to be a whole"),
        (field(constraints={"maxLength": "1"}), F + "/constraints/maxLength", f"{X}: 'maxLength' is '1', but has to be a whole"),
        (field(constraints={"minimum": []}), F + "/constraints/minimum", f"{X}: 'minimum' is [], but has to be a number or a"),
        (field(constraints={"maximum": None}), F + "/constraints/maximum", f"{X}: 'maximum' is null, but has to be a number"),
        (field(constraints={"exclusiveMinimum": True}), F + "/constraints/exclusiveMinimum", f"{X}: 'exclusiveMinimum' is tr"),
        (field(constraints={"exclusiveMaximum": {}}), F + "/constraints/exclusiveMaximum", f"{X}: 'exclusiveMaximum' is {{}}"),
        (field(constraints={"pattern": 1}), F + "/constraints/pattern", f"{X}: 'pattern' is 1, but has to be a text"),
        (field(constraints={"enum": []}), F + "/constraints/enum", f"{X}: 'enum' is [], but has to be a list with at least"),
        (field(constraints={"enum": [[1]]}), F + "/constraints/enum/0", f"{X}: item 1 of 'enum' is [1], but has to be a text, a"),
        (field(constraints={"jsonSchema": True}), F + "/constraints/jsonSchema", f"{X}: 'jsonSchema' is true, but has to be an"),
    ],
)  # fmt: skip
def test_demand(descriptor, pointer, note):
    (finding,) = found(descriptor)
    assert (finding.severity, finding.pointer) == ("error", pointer)
    assert finding.note.startswith(note)


@pytest.mark.parametrize(
    ("properties", "wanted"),
    [
        ({"header": "no"}, "true or false"),
        ({"headerRows": 1}, "a list of whole numbers from 1"),
        ({"headerJoin": 1}, "a text"),
        ({"commentRows": {}}, "a list of whole numbers from 1"),
        ({"commentChar": ""}, "a text of at least one character"),
        ({"delimiter": ""}, "a text of at least one character"),
        ({"lineTerminator": []}, "a text of at least one character"),
        ({"quoteChar": "''"}, "a text of exactly one character"),
        ({"doubleQuote": 1}, "true or false"),
        ({"escapeChar": ""}, "a text of exactly one character"),
        ({"nullSequence": None}, "a text"),
        ({"skipInitialSpace": 0}, "true or false"),
        ({"property": 1}, "a text"),
        ({"itemType": "list"}, "one of: array, object"),
        ({"itemKeys": "id"}, "a list of texts"),
        ({"sheetNumber": 0}, "a whole number from 1"),
        ({"sheetName": 1}, "a text"),
        ({"table": 1}, "a text"),
    ],
)
def test_demand_on_a_dialect(properties, wanted):
    ((kind, pointer, note),) = said(dialect(**properties))
    (key,) = properties
    assert (kind, pointer) == ("dialect-error", f"/resources/0/dialect/{key}")
    assert note.startswith(f"resource 'a', dialect: {key!r} is ")
    assert note.endswith(f", but has to be {wanted}")


@pytest.mark.parametrize("key", ["headerRows", "commentRows"])
def test_rows_of_a_dialect_are_counted_from_1(key):
    ((_, pointer, note),) = said(dialect(**{key: [1, 0]}))
    assert pointer == f"/resources/0/dialect/{key}/1"
    assert note == f"resource 'a', dialect: item 2 of {key!r} is 0, but has to be a whole number from 1"


def test_escape_and_quote_exclude_each_other():
    note = "resource 'a', dialect: 'escapeChar' and 'quoteChar' exclude each other; declare one of them"
    assert said(dialect(escapeChar="\\", quoteChar="'")) == [("dialect-error", "/resources/0/dialect/escapeChar", note)]


@pytest.mark.parametrize(
    ("descriptor", "kind"),
    [
        (package(name=1), "package-error"),
        (package(sources=[{}]), "package-error"),
        (resource(bytes="x"), "resource-error"),
        (resource(sources=[{}]), "resource-error"),
        (schema(primaryKey=1), "schema-error"),
        (schema(foreignKeys=[{}]), "schema-error"),
        (field(type=1), "field-error"),
        (field(constraints={"enum": 1}), "field-error"),
        (field(categories=[{}]), "field-error"),
    ],
)
def test_type_of_the_error_is_that_of_the_object(descriptor, kind):
    assert {finding.type for finding in found(descriptor)} == {kind}


@pytest.mark.parametrize(
    "descriptor",
    [
        package(name="Any name", id="x", version="1.0.0-rc.1", created="1985-04-12t23:20:60.52+09:00", keywords=[]),
        package(homepage="https://example.org/ü", image="i.png", licenses=[{"path": "LICENSE"}, {"name": "MIT"}]),
        package(contributors=[{"roles": ["creator"], "email": "a@b.c", "path": "http://x.org"}, {"role": "author"}]),
        package(sources=[{"version": "1"}, {"path": "http://x.org"}, {"x": 1}]),
        resource(path=["a.csv", "b.csv"]),
        resource(path=["http://x.org/a", "ftp://x.org/a"]),
        resource(type="table", data=[{"a": 1}, [1]]),
        resource(data={"a": 1}),
        resource(data="a,b", mediatype="text/csv", type=None) | {"$schema": V1},
        resource(hash="A" * 32, bytes=0, encoding="utf-8"),
        resource(hash="blake2b:00ff"),
        resource(V1, type="anything"),
        resource(V1, profile="tabular-data-resource", schema={"fields": []}),
        schema(primaryKey="x", uniqueKeys=[["x", "y"]], fieldsMatch="partial", missingValues=[]),
        schema(foreignKeys=[{"fields": "x", "reference": {"resource": "", "fields": ["y"]}}]),
        schema(missingValues=[{"value": "-", "label": "n/a"}, {"value": ""}]),
        field(type="list", itemType="date", delimiter=";", constraints={"minLength": 1}),
        field(type="integer", categories=[{"value": 1, "label": "one"}, {"value": 2}], categoriesOrdered=False),
        field(type="date", format="%d/%m/%Y", constraints={"minimum": "01/01/2000", "enum": ["01/01/2000"]}),
        field(type="date", format="fmt:%d/%m/%Y"),
        field(type="string", rdfType="https://schema.org/Country", example=3),
        field(type="duration", constraints={"exclusiveMaximum": "P1M"}),
        field(type="object", constraints={"jsonSchema": {}, "maxLength": 3}),
        field(type="any", constraints={"required": True, "unique": False, "enum": [1, "a", True]}),
        dialect(headerRows=[1, 2], commentRows=[], commentChar="//", delimiter="||", lineTerminator=";", escapeChar="|"),
    ],
)  # fmt: skip
def test_what_the_standard_allows_is_no_error(descriptor):
    assert said(descriptor) == []
