"""The properties of the Data Package standard, versions 1 and 2, with what their values have to be.

Own writing after the standard's text (https://datapackage.org/standard/data-package/ and
https://specs.frictionlessdata.io/): where the published JSON profiles differ from that text, the text counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shuttle_diplomacy.package import shapes
from shuttle_diplomacy.package.shapes import Shape, is_list_of, is_text, list_of, objects_of, one_of

TYPES = (
    *("string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year"),
    *("yearmonth", "duration", "geopoint", "geojson", "any"),
)
FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")


@dataclass(frozen=True)
class Property:
    """A property: what its value has to be, and in which versions of the standard it is known.

    Attributes:
        shape: what the value has to be.
        since: the version that brought it.
        until: the last version that knows it (0: it was gone before version 1).
        first: what it has to be in version 1, where that differs.
        own: whether version 1 leaves it to anyone's own use if its value is not that of version 2.
    """

    shape: Shape
    since: int = 1
    until: int = 2
    first: Shape | None = None
    own: bool = False

    def shape_in(self, version: str) -> Shape:
        """Return what the value has to be in a version."""
        return self.first if self.first and version == "1" else self.shape


def _new(shape: Shape) -> Property:
    return Property(shape, since=2)


def _old(shape: Shape) -> Property:
    return Property(shape, until=1)


def _is_one_kind(plain: Shape) -> Shape:
    """Return the shape of a list: plain values or objects, not both."""
    either = is_list_of(plain.fits), is_list_of(shapes.OBJECT.fits)
    return Shape("", lambda value: any(fits(value) for fits in either))


def _is_category(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


_TEXTS = list_of(shapes.TEXT, "a list of texts")
_TEXTS_IN_VERSION_1 = Shape("a list of texts (labels need version 2)", is_list_of(is_text))
_MISSING_VALUES = Shape(
    "a list of texts, or of objects with a value",
    _is_one_kind(shapes.TEXT).fits,
    Shape("a text or an object", lambda v: isinstance(v, str | dict), profile="missing value"),
)
_CATEGORIES = Shape(
    "a list of texts or whole numbers, or of objects with a value",
    _is_one_kind(Shape("", _is_category)).fits,
    Shape("a text, a whole number or an object", lambda v: _is_category(v) or isinstance(v, dict), profile="category"),
)
_FIELDS_MATCH = Shape(
    "one of: " + ", ".join(FIELDS_MATCH) + " (a text; the list in the published 2.0 profile is its mistake)",
    lambda v: isinstance(v, str) and v in FIELDS_MATCH,
)
_KEYS = Shape(
    "a list of at least one key, each a list of field names",
    lambda v: bool(v) and isinstance(v, list),
    Shape("a list of at least one field name", lambda v: isinstance(v, list) and shapes.is_names(v)),
)
_PATH = Shape(
    "a path or a list of paths",
    lambda v: shapes.is_names(v) and v != "",
    Shape("a text of at least one character", lambda v: is_text(v) and bool(v)),
)
_TYPES_OF_VERSION_1 = Shape(
    "one of: " + ", ".join(t for t in TYPES if t != "list") + " ('list' needs version 2)",
    lambda v: isinstance(v, str) and v in TYPES and v != "list",
)
_ROWS = list_of(shapes.POSITIVE, "a list of whole numbers from 1")
_NAME_IN_VERSION_1 = Shape(
    "a text of lower-case letters, digits, '.', '-' and '_' (as version 1 demands)",
    lambda v: is_text(v) and bool(v) and not set(v) - set("abcdefghijklmnopqrstuvwxyz0123456789.-_"),
)
_SCHEMA_REFERENCE = Shape("an object, a path or an address", lambda v: isinstance(v, dict | str), profile="schema")
_DIALECT_REFERENCE = Shape("an object, a path or an address", lambda v: isinstance(v, dict | str), profile="dialect")

PROFILES: Mapping[str, Mapping[str, Property]] = {
    "package": {
        "$schema": _new(shapes.URL),
        "profile": Property(shapes.TEXT),
        "name": Property(shapes.TEXT, first=_NAME_IN_VERSION_1),
        "id": Property(shapes.TEXT),
        "licenses": Property(objects_of("license")),
        "title": Property(shapes.TEXT),
        "description": Property(shapes.TEXT),
        "homepage": Property(shapes.URL),
        "image": Property(shapes.URL_OR_PATH),
        "version": Property(shapes.TEXT),
        "created": Property(shapes.DATETIME),
        "keywords": Property(list_of(shapes.FILLED, "a list of texts")),
        "contributors": Property(objects_of("contributor")),
        "sources": Property(objects_of("source")),
        "resources": Property(
            Shape(
                "a list with at least one resource",
                lambda v: isinstance(v, list) and bool(v),
                Shape("an object", shapes.OBJECT.fits, profile="resource"),
            )
        ),
    },
    "resource": {
        "$schema": _new(shapes.TEXT),
        "profile": Property(shapes.TEXT),
        "name": Property(shapes.FILLED, first=_NAME_IN_VERSION_1),
        "path": Property(_PATH),
        "url": Property(_PATH, until=0),  # of the drafts before version 1
        "data": Property(Shape("a list, an object or a text", lambda v: isinstance(v, list | dict | str))),
        "type": Property(one_of(["table"]), since=2, own=True),
        "title": Property(shapes.TEXT),
        "description": Property(shapes.TEXT),
        "format": Property(shapes.TEXT),
        "mediatype": Property(shapes.TEXT),
        "encoding": Property(shapes.FILLED),
        "compression": Property(shapes.TEXT),
        "bytes": Property(shapes.LENGTH),
        "hash": Property(shapes.HASH),
        "sources": Property(objects_of("source")),
        "licenses": Property(objects_of("license")),
        "dialect": Property(_DIALECT_REFERENCE),
        "schema": Property(_SCHEMA_REFERENCE),
    },
    "dialect": {
        "$schema": _new(shapes.TEXT),
        "header": Property(shapes.BOOLEAN),
        "headerRows": _new(_ROWS),
        "headerJoin": _new(shapes.TEXT),
        "commentRows": _new(_ROWS),
        "commentChar": Property(shapes.FILLED),
        "delimiter": Property(shapes.FILLED),
        "lineTerminator": Property(shapes.FILLED),
        "quoteChar": Property(shapes.ONE_CHARACTER),
        "doubleQuote": Property(shapes.BOOLEAN),
        "escapeChar": Property(shapes.ONE_CHARACTER),
        "nullSequence": Property(shapes.TEXT),
        "skipInitialSpace": Property(shapes.BOOLEAN),
        "property": _new(shapes.TEXT),
        "itemType": _new(one_of(["array", "object"])),
        "itemKeys": _new(_TEXTS),
        "sheetNumber": _new(shapes.POSITIVE),
        "sheetName": _new(shapes.TEXT),
        "table": _new(shapes.TEXT),
        "caseSensitiveHeader": _old(shapes.BOOLEAN),
        "csvddfVersion": _old(shapes.BOUND),
    },
    "schema": {
        "$schema": _new(shapes.TEXT),
        "fields": Property(objects_of("field", "a list of fields")),
        "fieldsMatch": _new(_FIELDS_MATCH),
        "missingValues": Property(_MISSING_VALUES, first=_TEXTS_IN_VERSION_1),
        "primaryKey": Property(shapes.NAMES),
        "uniqueKeys": _new(_KEYS),
        "foreignKeys": Property(objects_of("foreign key")),
        "title": Property(shapes.TEXT),
        "description": Property(shapes.TEXT),
    },
    "field": {
        "name": Property(shapes.TEXT),
        "type": Property(one_of(TYPES), first=_TYPES_OF_VERSION_1),
        "format": Property(shapes.TEXT),
        "title": Property(shapes.TEXT),
        "description": Property(shapes.TEXT),
        "example": Property(Shape("any value", lambda _: True)),
        "constraints": Property(Shape("an object", shapes.OBJECT.fits, profile="constraints")),
        "categories": _new(_CATEGORIES),
        "categoriesOrdered": _new(shapes.BOOLEAN),
        "missingValues": Property(_MISSING_VALUES, since=2, first=_TEXTS_IN_VERSION_1),
        "rdfType": Property(shapes.URI),
        "trueValues": Property(_TEXTS),
        "falseValues": Property(_TEXTS),
        "decimalChar": Property(shapes.FILLED),
        "groupChar": Property(shapes.FILLED),
        "bareNumber": Property(shapes.BOOLEAN),
        "delimiter": _new(shapes.FILLED),
        "itemType": _new(one_of(ITEM_TYPES)),
    },
    "constraints": {
        "required": Property(shapes.BOOLEAN),
        "unique": Property(shapes.BOOLEAN),
        "minLength": Property(shapes.LENGTH),
        "maxLength": Property(shapes.LENGTH),
        "minimum": Property(shapes.BOUND),
        "maximum": Property(shapes.BOUND),
        "exclusiveMinimum": _new(shapes.BOUND),
        "exclusiveMaximum": _new(shapes.BOUND),
        "pattern": Property(shapes.TEXT),
        "enum": Property(
            Shape("a list with at least one value", lambda v: isinstance(v, list) and bool(v), shapes.VALUE)
        ),
        "jsonSchema": _new(shapes.OBJECT),
    },
    "foreign key": {
        "fields": Property(shapes.NAMES),
        "reference": Property(Shape("an object", shapes.OBJECT.fits, profile="reference")),
    },
    "reference": {"resource": Property(shapes.TEXT), "fields": Property(shapes.NAMES)},
    "contributor": {
        "title": Property(shapes.TEXT),
        "givenName": _new(shapes.TEXT),
        "familyName": _new(shapes.TEXT),
        "path": Property(shapes.URL),
        "email": Property(shapes.EMAIL),
        "roles": _new(_TEXTS),
        "role": Property(shapes.TEXT),
        "organization": Property(shapes.TEXT),
    },
    "source": {
        "title": Property(shapes.TEXT),
        "path": Property(shapes.URL_OR_PATH),
        "email": Property(shapes.EMAIL),
        "version": _new(shapes.TEXT),
    },
    "license": {
        "name": Property(shapes.TEXT),
        "path": Property(shapes.URL_OR_PATH),
        "title": Property(shapes.TEXT),
    },
    "missing value": {"value": Property(shapes.TEXT), "label": Property(shapes.TEXT)},
    "category": {
        "value": Property(Shape("a text or a whole number", _is_category)),
        "label": Property(shapes.TEXT),
    },
}
# What an object cannot do without; what only version 1 demands stands in the second table.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "package": ("resources",),
    "resource": ("name",),
    "schema": ("fields",),
    "field": ("name",),
    "foreign key": ("fields", "reference"),
    "reference": ("fields",),
    "missing value": ("value",),
    "category": ("value",),
}
REQUIRED_IN_VERSION_1: Mapping[str, tuple[str, ...]] = {"contributor": ("title",), "source": ("title",)}
PROPERTIES = {kind: " ".join(properties) for kind, properties in PROFILES.items()}

_ORDERED = ("integer", "number", "date", "time", "datetime", "duration", "year", "yearmonth")
_COLLECTIONS = ("string", "array", "object", "list")
# Which types of field a constraint can be put on; any other constraint fits every type.
TYPES_OF_CONSTRAINT: Mapping[str, tuple[str, ...]] = {
    "minLength": _COLLECTIONS,
    "maxLength": _COLLECTIONS,
    **dict.fromkeys(BOUNDS, _ORDERED),
    "pattern": ("string",),
    "jsonSchema": ("array", "object"),
}
# Which types of field a property says something about; any other property belongs to every type.
TYPES_OF_PROPERTY: Mapping[str, tuple[str, ...]] = {
    "trueValues": ("boolean",),
    "falseValues": ("boolean",),
    "decimalChar": ("number",),
    "groupChar": ("number", "integer"),
    "bareNumber": ("number", "integer"),
    "shuttle:decimal": ("number",),
    "delimiter": ("list",),
    "itemType": ("list",),
    "categoriesOrdered": ("string", "integer"),
}
# Formats beside "default"; those of dates and times are patterns, which nobody can list.
FORMATS: Mapping[str, tuple[str, ...]] = {
    "string": ("email", "uri", "binary", "uuid"),
    "geopoint": ("array", "object"),
    "geojson": ("topojson",),
}
PATTERNED = ("datetime", "date", "time")
