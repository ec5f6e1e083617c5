"""``schema-org.jsonld``: a schema.org ``Dataset``, as search engines for data read it.

Source: https://schema.org/Dataset; https://developers.google.com/search/docs/appearance/structured-data/dataset (a
name, and a description of 50 to 5,000 characters). The context is written out: what has to be fetched may not be there.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.package.agents import Agent, creators, publisher
from shuttle_diplomacy.package.declared import (
    Place,
    identifier,
    keywords,
    languages,
    period,
    places,
)
from shuttle_diplomacy.package.licences import Licence, licences
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.shapes import is_url
from shuttle_diplomacy.publishing.assembly import to_json
from shuttle_diplomacy.publishing.released import Release, ReleasedFile, ReleasedTable

CONTEXT = {"@vocab": "https://schema.org/"}
_SHORTEST, _LONGEST = 50, 5000
_NUMERIC = {"integer", "number", "year"}


def schema_org(release: Release) -> bytes:
    """Return a release as a schema.org ``Dataset`` in JSON-LD."""
    return to_json({"@context": CONTEXT, "@type": "Dataset", "@id": release.base_url, **dict(_properties(release))})


def _properties(release: Release) -> Iterator[tuple[str, Any]]:
    descriptor = release.descriptor
    yield "name", release.title
    if release.title != release.name:
        yield "alternateName", release.name
    yield "description", _description(release)
    yield "url", release.base_url
    yield "identifier", identifier(descriptor) or release.base_url
    yield "version", release.version
    yield from dates(release)
    if listed := licences(descriptor):
        yield "license", [licence(release, item) for item in listed]
        yield "isAccessibleForFree", True
    yield "creator", [agent(made) for made in creators(descriptor)] or [unnamed(release)]
    if publishes := publisher(descriptor):
        yield "publisher", agent(publishes)
    if words := keywords(descriptor):
        yield "keywords", words
    if tags := languages(descriptor):
        yield "inLanguage", tags
    if covered := _interval(*period(descriptor)):
        yield "temporalCoverage", covered
    if found := places(descriptor):
        yield "spatialCoverage", [_place(place) for place in found]
    yield "creditText", release.citation
    yield "citation", release.citation
    if sources := list(_sources(descriptor)):
        yield "isBasedOn", sources
    yield "variableMeasured", [_variable(table, field) for table in release.tables for field in table.schema.fields]
    yield "distribution", [_download(release, file) for file in release.files]


def dates(release: Release) -> Iterator[tuple[str, str]]:
    """Yield the dates of a release: when it was made, where the package says so, and when it was published."""
    if descriptor_date := str(release.descriptor.get("created") or ""):
        yield "dateCreated", descriptor_date
    yield "datePublished", release.issued.isoformat()
    yield "dateModified", release.issued.isoformat()


def agent(found: Agent) -> Descriptor:
    """Return a person where a part of the name or an ORCID tells that it is one, else an organisation."""
    known: Descriptor = {"@type": "Person" if found.kind == "person" else "Organization", "name": found.name}
    known |= {"givenName": found.given, "familyName": found.family}
    known |= {"url": found.path if is_url(found.path) else ""}
    if found.organization and found.kind == "person":
        known["affiliation"] = {"@type": "Organization", "name": found.organization}
    return {key: value for key, value in known.items() if value}


def unnamed(release: Release) -> Descriptor:
    """Return what stands for the makers of a package that names none: its own name."""
    return {"@type": "Organization", "name": release.name}


def licence(release: Release, found: Licence) -> str | Descriptor:
    """Return the address of a licence, else what it is called."""
    return release.address_of_licence(found) or {"@type": "CreativeWork", "name": found.label}


def _description(release: Release) -> str:
    """Return the description; a short one goes on with what is inside, a long one is cut."""
    text = release.description
    if len(text) < _SHORTEST:
        tables = ", ".join(table.title for table in release.tables)
        inside = f"Data package {release.name}, version {release.version}" + (f", with: {tables}." if tables else ".")
        text = f"{text} {inside}".strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _interval(first: date | None, last: date | None) -> str:
    """Return an ISO 8601 interval, open where an end is not known."""
    return f"{first or '..'}/{last or '..'}" if first or last else ""


def _place(place: Place) -> Descriptor:
    return {"@type": "Place", "name": place.name} | ({"sameAs": place.address} if place.address else {})


def _sources(descriptor: Descriptor) -> Iterator[Descriptor]:
    listed = descriptor.get("sources")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict):
            title, path = str(item.get("title") or ""), item.get("path")
            known = {"name": title or path, "url": path if is_url(path) else None}
            yield {"@type": "CreativeWork"} | {key: value for key, value in known.items() if value}


def _variable(table: ReleasedTable, field: Field) -> Descriptor:
    known: Descriptor = {"name": field.title, "propertyID": f"{table.name}/{field.name}"}
    known |= {"description": field.description}
    for key, bound in (("minValue", "minimum"), ("maxValue", "maximum")):
        value = field.constraints.get(bound)
        if field.type in _NUMERIC and isinstance(value, (int, float)):
            known[key] = value
    return {"@type": "PropertyValue"} | {key: value for key, value in known.items() if value != ""}


def _download(release: Release, file: ReleasedFile) -> Descriptor:
    known: Descriptor = {"@type": "DataDownload", "name": file.title, "contentUrl": release.address(file.path)}
    known |= {"encodingFormat": file.media_type}
    return known | {"contentSize": f"{file.size} B", "sha256": file.sha256} if file.portable else known
