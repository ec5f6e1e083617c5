"""A Data Package in memory: package, resources, schemas and fields, read from a descriptor and never changed.

The terms are those of the Data Package standard, version 2 (https://datapackage.org/standard/data-package/); what
version 1 spells otherwise is understood, and where its defaults differ the version that counts is known.
"""

from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property
from typing import Any

from shuttle_diplomacy.errors import UnknownNameError, UnsupportedError
from shuttle_diplomacy.package.parsing import Descriptor
from shuttle_diplomacy.package.references import References
from shuttle_diplomacy.package.storage import Storage
from shuttle_diplomacy.package.versions import version_of

__all__ = ["Descriptor", "Field", "ForeignKey", "Package", "Resource", "Schema"]

_OLD_TABLES = ("tabular-data-resource", "https://specs.frictionlessdata.io/schemas/tabular-data-resource.json")


@dataclass(frozen=True)
class ForeignKey:
    """A reference of one or more fields to those of another resource (or of the same, ``resource == ""``)."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One column as its Table Schema declares it.

    Attributes:
        descriptor: its object in the schema.
        version: the version of the standard that counts.
    """

    descriptor: Descriptor
    version: str = "2"

    @property
    def name(self) -> str:
        """Return the field's name."""
        return str(self.descriptor["name"])

    @property
    def type(self) -> str:
        """Return the field's type; where none is declared ``any``, in version 1 ``string``."""
        return str(self.descriptor.get("type", "string" if self.version == "1" else "any"))

    @property
    def format(self) -> str:
        """Return the field's format without the old ``fmt:`` prefix."""
        return str(self.descriptor.get("format", "default")).removeprefix("fmt:")

    @property
    def title(self) -> str:
        """Return the title for people, else the name."""
        return str(self.descriptor.get("title", self.name))

    @property
    def description(self) -> str:
        """Return the description, or an empty text."""
        return str(self.descriptor.get("description", ""))

    @property
    def constraints(self) -> Descriptor:
        """Return the declared constraints."""
        value = self.descriptor.get("constraints", {})
        return value if isinstance(value, dict) else {}

    @property
    def required(self) -> bool:
        """Return whether the field must have a value in every row."""
        return bool(self.constraints.get("required", False))

    @property
    def categories(self) -> list[Any]:
        """Return the values of ``categories``, without labels."""
        listed: list[Any] = self.descriptor.get("categories", [])
        return [c["value"] if isinstance(c, dict) else c for c in listed]

    @property
    def values(self) -> list[Any]:
        """Return the allowed values in their declared order, empty where not enumerated.

        The order is that of ``categories``, of which ``enum`` may leave out some; else that of ``enum``.

        Examples:
            >>> Field({"name": "a", "constraints": {"enum": ["x", "y"]}}).values
            ['x', 'y']
        """
        enum = list(self.constraints.get("enum", []))
        return [value for value in self.categories if value in enum or not enum] or enum


@dataclass(frozen=True)
class Schema:
    """A Table Schema.

    Attributes:
        descriptor: its object, be it from the package's descriptor or from a file of its own.
        version: the version of the standard that counts.
    """

    descriptor: Descriptor
    version: str = "2"

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields in their order."""
        return tuple(Field(f, self.version) for f in self.descriptor.get("fields", []))

    @property
    def names(self) -> list[str]:
        """Return the field names in their order."""
        return [f.name for f in self.fields]

    def field(self, name: str) -> Field:
        """Return a field by name.

        Raises:
            UnknownNameError: there is no such field.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise UnknownNameError("field", name, self.names)

    def missing_values(self, field: Field) -> list[str]:
        """Return the texts that stand for null in a field: its own list if it has one, else the schema's.

        Examples:
            >>> s = Schema({"fields": [{"name": "a"}], "missingValues": ["", {"value": "-", "label": "n/a"}]})
            >>> s.missing_values(s.fields[0])
            ['', '-']
        """
        return [str(m["value"]) if isinstance(m, dict) else str(m) for m in self._missing(field)]

    def missing_labels(self, field: Field) -> dict[str, str]:
        """Return the labels of those texts that have one.

        Examples:
            >>> s = Schema({"missingValues": [{"value": ""}, {"value": "-", "label": "n/a"}]})
            >>> s.missing_labels(Field({"name": "a"}))
            {'-': 'n/a'}
        """
        listed = [m for m in self._missing(field) if isinstance(m, dict) and "label" in m]
        return {str(m["value"]): str(m["label"]) for m in listed}

    def _missing(self, field: Field) -> list[Any]:
        inherited: list[Any] = self.descriptor.get("missingValues", [""])
        listed: list[Any] = field.descriptor.get("missingValues", inherited)
        return listed

    @property
    def fields_match(self) -> str:
        """Return how fields are matched with the columns of the file; ``exact`` where nothing is declared."""
        return str(self.descriptor.get("fieldsMatch", "exact"))

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Return the fields of the primary key, empty where there is none."""
        return _names(self.descriptor.get("primaryKey", ()))

    @property
    def unique_keys(self) -> tuple[tuple[str, ...], ...]:
        """Return the further unique keys."""
        return tuple(_names(key) for key in self.descriptor.get("uniqueKeys", ()))

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """Return the foreign keys."""
        return tuple(
            ForeignKey(
                _names(key["fields"]), str(key["reference"].get("resource", "")), _names(key["reference"]["fields"])
            )
            for key in self.descriptor.get("foreignKeys", ())
        )


@dataclass(frozen=True)
class Resource:
    """One table (or other file) of a package.

    Attributes:
        descriptor: its object in the package's descriptor.
        storage: where the package's files are.
        version: the version of the standard that counts.
        references: what its package has read of referenced schemas and dialects.
    """

    descriptor: Descriptor
    storage: Storage
    version: str = "2"
    references: References | None = attribute(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """Return the resource's name."""
        return str(self.descriptor["name"])

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of its parts, empty for inline data (``url`` is an older spelling)."""
        declared: Any = self.descriptor.get("path", self.descriptor.get("url", ()))
        return _names(declared)

    @property
    def path(self) -> str:
        """Return the first path, or an empty text."""
        return self.paths[0] if self.paths else ""

    @property
    def inline_data(self) -> Any:
        """Return the data that stands in the descriptor itself, or None."""
        return self.descriptor.get("data")

    @property
    def format(self) -> str:
        """Return the declared format, as a file's ending without the dot, or an empty text."""
        return str(self.descriptor.get("format", ""))

    @property
    def mediatype(self) -> str:
        """Return the declared media type, or an empty text."""
        return str(self.descriptor.get("mediatype", ""))

    @property
    def declared_encoding(self) -> str | None:
        """Return the declared encoding, or None."""
        value = self.descriptor.get("encoding")
        return None if value is None else str(value)

    @property
    def encoding(self) -> str:
        """Return the declared encoding; UTF-8 where none is declared (nothing is guessed)."""
        return self.declared_encoding or "utf-8"

    @property
    def compression(self) -> str | None:
        """Return the declared compression (``gz``, ``zip``; a recipe, not part of the standard), or None."""
        value = self.descriptor.get("compression")
        return None if value is None else str(value)

    @property
    def is_table(self) -> bool:
        """Return whether the resource is tabular: it has a schema, or says so.

        Examples:
            >>> from shuttle_diplomacy.package.storage import Folder
            >>> from pathlib import Path
            >>> Resource({"name": "a", "profile": "tabular-data-resource"}, Folder(Path())).is_table
            True
        """
        table = self.descriptor.get("type") == "table" or self.descriptor.get("profile") in _OLD_TABLES
        return table or "schema" in self.descriptor

    @cached_property
    def dialect(self) -> Descriptor:
        """Return the declared dialect; a reference is read.

        Raises:
            UnreadableError: the file it refers to cannot be read, or is outside of the package.
            UnsafePathError: the path leads out of the package.
        """
        return self._object("dialect")

    @cached_property
    def schema(self) -> Schema:
        """Return the Table Schema, one without fields where none is declared; a reference is read.

        Raises:
            UnreadableError: the file it refers to cannot be read, or is outside of the package.
            UnsafePathError: the path leads out of the package.
        """
        descriptor = self._object("schema")
        own = isinstance(self.descriptor.get("schema"), str) and "$schema" in descriptor
        return Schema(descriptor, version_of(descriptor, "tableschema").number if own else self.version)

    def _object(self, key: str) -> Descriptor:
        value = self.descriptor.get(key, {})
        if isinstance(value, str):
            return (self.references or References(self.storage)).read(value)
        return value if isinstance(value, dict) else {}

    def read_bytes(self) -> bytes:
        """Return the stored bytes of the resource's file.

        Raises:
            UnreadableError: the file is not there, or too large.
            UnsafePathError: the path leads out of the package.
        """
        if len(self.paths) != 1:
            raise UnsupportedError(
                f"resource {self.name!r} does not have exactly one path; nothing else is read so far"
            )
        return self.storage.read(self.path)


@dataclass(frozen=True)
class Package:
    """A Data Package: its descriptor and the place where its files are."""

    descriptor: Descriptor
    storage: Storage
    descriptor_path: str = "datapackage.json"

    @property
    def name(self) -> str:
        """Return the package's name, or an empty text."""
        return str(self.descriptor.get("name", ""))

    @property
    def where(self) -> str:
        """Return where the package was read from, for messages."""
        return self.storage.where

    @cached_property
    def version_of_standard(self) -> str:
        """Return the version of the standard that the descriptor follows: ``1`` or ``2``."""
        return version_of(self.descriptor).number

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """Return the resources in their order."""
        version, references = self.version_of_standard, References(self.storage)
        return tuple(Resource(r, self.storage, version, references) for r in self.descriptor.get("resources", []))

    @cached_property
    def dereferenced(self) -> Descriptor:
        """Return the descriptor with referenced schemas and dialects in their places.

        Raises:
            UnreadableError: a file that is referred to cannot be read, or is outside of the package.
            UnsafePathError: a path leads out of the package.
        """
        resources = []
        for resource in self.resources:
            found: Descriptor = {}
            if isinstance(resource.descriptor.get("schema"), str):
                found["schema"] = resource.schema.descriptor
            if isinstance(resource.descriptor.get("dialect"), str):
                found["dialect"] = resource.dialect
            resources.append(resource.descriptor | found)
        return self.descriptor | {"resources": resources}

    @property
    def tables(self) -> list[str]:
        """Return the names of the tabular resources."""
        return [r.name for r in self.resources if r.is_table]

    def resource(self, name: str) -> Resource:
        """Return a resource by name.

        Raises:
            UnknownNameError: there is no such resource.
        """
        for resource in self.resources:
            if resource.name == name:
                return resource
        raise UnknownNameError("table", name, [r.name for r in self.resources])


def _names(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return one name or several as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)
