"""``croissant.json``: a release for machine learning, its tables as record sets that tools load.

Source: Croissant 1.1 (http://mlcommons.org/croissant/1.1). Addresses of files are relative to the document: so they
lead to the files beside it after a download, and to those below the release's address where it is served.

Fields refer to the record sets of their values, but foreign keys are left to ``datapackage.json`` and CSV on the Web:
the reference implementation joins along each reference, and once a record set was joined it hands out only those of
its records that took part (mlcroissant 1.1.1). Metadata must not make a reader lose rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.package.agents import creators, publisher
from shuttle_diplomacy.package.declared import keywords, languages
from shuttle_diplomacy.package.licences import licences
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.assembly import to_json
from shuttle_diplomacy.publishing.metadata import columns
from shuttle_diplomacy.publishing.metadata.croissant_types import data_types, list_separator
from shuttle_diplomacy.publishing.metadata.schema_org import agent, dates, licence, unnamed
from shuttle_diplomacy.publishing.released import Release, ReleasedFile, ReleasedTable

_CROISSANT = (
    *("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract"),
    *("field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath"),
    *("key", "md5", "parentField", "path", "readLines", "recordSet", "references", "regex", "repeated", "replace"),
    *("samplingRate", "sdVersion", "separator", "source", "subField", "transform", "unArchive"),
)
# The context of the standard's appendix, and the terms that its reference implementation asks for beside them. The
# language of a package's texts is not known, so none is claimed.
CONTEXT: Descriptor = {
    "@language": None,
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _CROISSANT},
}
_NO_LICENCE = {"@type": "CreativeWork", "name": "No licence is stated"}


def croissant(release: Release) -> bytes:
    """Return a release in Croissant's JSON-LD."""
    return to_json({"@context": CONTEXT, "@type": "sc:Dataset", **dict(_properties(release))})


def _properties(release: Release) -> Iterator[tuple[str, Any]]:
    descriptor = release.descriptor
    yield "conformsTo", "http://mlcommons.org/croissant/1.1"
    yield "name", release.title
    if release.title != release.name:
        yield "alternateName", release.name
    yield "description", release.description or release.title
    yield "url", release.base_url
    yield "license", [licence(release, item) for item in licences(descriptor)] or _NO_LICENCE
    yield "creator", [agent(made) for made in creators(descriptor)] or unnamed(release)
    if publishes := publisher(descriptor):
        yield "publisher", agent(publishes)
    yield "version", release.version
    yield from dates(release)
    yield "citeAs", release.citation or f"{release.title}. Version {release.version}."
    if words := keywords(descriptor):
        yield "keywords", words
    if tags := languages(descriptor):
        yield "inLanguage", tags
    names = _Names(release)
    files = {file.path: file for file in release.files if file.portable}
    yield "distribution", [_file(file, names) for file in files.values()]
    tables = [table for table in release.tables if table.schema.fields and table.path in files]
    yield "recordSet", [item for table in tables for item in _RecordSets(release, table, names).all()]


def identifier(name: str) -> str:
    """Return a name as one segment of an identifier; different names stay different.

    Examples:
        >>> identifier("animals"), identifier("a/b c"), identifier("동물"), identifier("..")
        ('animals', 'a%2Fb+c', '동물', '%2E%2E')
    """
    from urllib.parse import quote

    if not name.strip("."):
        return "%2E" * len(name) or "%00"
    return "".join(char if char.isalnum() else "+" if char == " " else quote(char, safe="") for char in name)


@dataclass
class _Names:
    """Identifiers of record sets, fields and files: after what they stand for, and no two alike."""

    release: Release
    _of: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        taken: set[str] = set()
        wanted: list[tuple[tuple[str, ...], str]] = []
        for table in self.release.tables:
            record_set = identifier(table.name)
            wanted.append((("table", table.name), record_set))
            for name in table.schema.names:
                wanted.append((("field", table.name, name), f"{record_set}/{identifier(name)}"))
                wanted.append((("values", table.name, name), f"{record_set}/{identifier(name)}/values"))
        paths = [file.path for file in self.release.files]
        wanted += [(("file", path), "/".join(map(identifier, path.split("/")))) for path in paths]
        for key, name in wanted:
            while key not in self._of and name in taken:
                name += "_"  # noqa: PLW2901
            taken.add(self._of.setdefault(key, name))

    def of(self, *key: str) -> str:
        """Return the identifier of a ``table``, ``field``, ``file``, or the ``values`` of a field."""
        return self._of[key]


def _file(file: ReleasedFile, names: _Names) -> Descriptor:
    return {
        "@type": "cr:FileObject",
        "@id": names.of("file", file.path),
        "name": file.path.rpartition("/")[2],
        "description": file.title,
        "contentUrl": file.path,
        "url": names.release.address(file.path),
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


@dataclass(frozen=True)
class _RecordSets:
    """The record sets of a table: its own, and one for each field that lists its values."""

    release: Release
    table: ReleasedTable
    names: _Names

    def all(self) -> Iterator[Descriptor]:
        labels = columns.header(self.release, self.table)
        fields = [found for label in labels if (found := columns.field_of(self.table, label))]
        key = [self._ref("field", name) for name in self.table.schema.primary_key]
        known: Descriptor = {"@type": "cr:RecordSet", "@id": self._id("table"), "name": self.table.name}
        known |= {"description": ": ".join(filter(None, (self.table.title, self.table.description)))}
        known |= {"key": key if len(key) > 1 else key[0]} if key else {}
        yield known | {"field": [self._field(found) for found in fields]}
        for found in fields:
            if found.values:
                yield self._values(found)

    def _id(self, kind: str, *name: str) -> str:
        return self.names.of(kind, self.table.name, *name)

    def _ref(self, kind: str, *name: str) -> Descriptor:
        return {"@id": self._id(kind, *name)}

    def _field(self, found: Field) -> Descriptor:
        separator = list_separator(self.table, found)
        source: Descriptor = {"fileObject": {"@id": self.names.of("file", self.table.path)}}
        source["extract"] = {"column": found.name}
        if separator:
            source["transform"] = {"separator": separator}
        known: Descriptor = {"@type": "cr:Field", "@id": self._id("field", found.name), "name": found.name}
        known |= {"description": ": ".join(filter(None, (found.title, found.description)))}
        known["dataType"] = data_types(self.release, self.table, found, listed=bool(separator))
        known |= {"isArray": True, "arrayShape": "-1"} if separator else {}
        known["source"] = source
        if found.values:
            # The standard's text has the field itself here; its implementation reads, and its examples have, a source.
            known["references"] = {"field": {"@id": f"{self._id('values', found.name)}/value"}}
        return known

    def _values(self, found: Field) -> Descriptor:
        """Return a field's enumeration: an inline record set of values and their labels."""
        name = self._id("values", found.name)
        declared = found.descriptor.get("categories", [])
        labels = {item["value"]: item.get("label") for item in declared if isinstance(item, dict)}
        types = data_types(self.release, self.table, found, listed=False)
        return {
            "@type": "cr:RecordSet",
            "@id": name,
            "name": f"Values of {found.name} in {self.table.name}",
            "dataType": "sc:Enumeration",
            "key": {"@id": f"{name}/value"},
            "field": [
                {"@type": "cr:Field", "@id": f"{name}/value", "name": "value", "dataType": types},
                {"@type": "cr:Field", "@id": f"{name}/name", "name": "name", "dataType": "sc:Text"},
            ],
            "data": [{f"{name}/value": v, f"{name}/name": str(labels.get(v) or v)} for v in found.values],
        }
