"""``dcat.ttl`` and ``dcat.jsonld``: a catalogue with one dataset and a distribution for each of its files.

Source: DCAT-AP 3.0.1 (https://semiceu.github.io/DCAT-AP/releases/3.0.1/), "Catalogue", "Dataset", "Distribution",
"Agent", "Checksum", "Licence Document", "Period Of Time" and "Kind". Every node has an address below the release's,
none is blank, so that the same release gives the same bytes. A property that is recommended and not declared has the
vocabulary's own term for that, or a node that says so; it is never made up.
"""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.package import agents, declared
from shuttle_diplomacy.package.agents import Agent
from shuttle_diplomacy.package.declared import NOT_STATED, iri
from shuttle_diplomacy.package.licences import licences
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.metadata import vocabulary
from shuttle_diplomacy.publishing.released import Release, ReleasedFile

if TYPE_CHECKING:
    from rdflib import Graph

_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AGENT_CLASSES = {"person": "Person", "organization": "Organization", "unknown": "Agent"}
_COMPRESSIONS = {".gz": "application/gzip", ".zip": "application/zip"}


class _Address(str):
    """A text that is an address, not a literal."""

    __slots__ = ()


# Subject, property (with prefix) and value: an address, a text, a number or a day.
_Statement = tuple[str, str, Any]


def dcat_turtle(release: Release) -> bytes:
    """Return the description of a release as Turtle."""
    return _graph(release).serialize(format="turtle", encoding="utf-8")


def dcat_jsonld(release: Release) -> bytes:
    """Return the description of a release as JSON-LD, the same statements as in Turtle."""
    document = json.loads(_graph(release).serialize(format="json-ld", context=_PREFIXES))
    nodes = ({key: _sorted(node[key]) for key in sorted(node)} for node in document["@graph"])
    document = {"@context": _PREFIXES, "@graph": sorted(nodes, key=lambda node: str(node["@id"]))}
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _sorted(value: Any) -> Any:
    """Return values, which have no order in RDF, in one."""
    return sorted(value, key=json.dumps) if isinstance(value, list) else value


def _graph(release: Release) -> "Graph":
    from rdflib import XSD, Graph, Literal, Namespace, URIRef

    graph = Graph(bind_namespaces="none")
    spaces = {prefix: Namespace(address) for prefix, address in _PREFIXES.items()}
    for prefix, space in spaces.items():
        graph.bind(prefix, space)
    datatypes = {"dcat:byteSize": XSD.nonNegativeInteger, "spdx:checksumValue": XSD.hexBinary}
    for subject, name, value in _statements(release):
        prefix, _, local = name.partition(":")
        is_address = isinstance(value, _Address)
        node = URIRef(value) if is_address else Literal(value, datatype=datatypes.get(name), normalize=False)
        graph.add((URIRef(subject), spaces[prefix][local], node))
    return graph


def _term(name: str) -> _Address:
    """Return the address of a term that is written with its prefix."""
    prefix, _, local = name.partition(":")
    return _Address(_PREFIXES[prefix] + local)


def _id(release: Release, name: str) -> _Address:
    """Return the address of a node that is no file."""
    return _Address(iri(f"{release.base_url}#{name}"))


def _file(release: Release, path: str, part: str = "") -> _Address:
    """Return the address of a file, or of a node that tells of it."""
    return _Address(iri(release.address(path)) + (f"#{part}" if part else ""))


def _statements(release: Release) -> Iterator[_Statement]:
    yield from _catalog(release)
    yield from _dataset(release)
    for file in release.files:
        yield from _distribution(release, file)
    people: list[Agent | None] = [*agents.agents(release.descriptor)]
    for person in people or [None]:
        yield from _agent(release, person)
    yield from _contact(release)
    yield from _licence(release, release.descriptor)
    for table in release.tables:
        if licences(table.descriptor):
            yield from _licence(release, table.descriptor)
    yield from _period(release)


def _catalog(release: Release) -> Iterator[_Statement]:
    catalog = _id(release, "catalog")
    yield catalog, "rdf:type", _term("dcat:Catalog")
    yield catalog, "dcat:dataset", _id(release, "dataset")
    yield catalog, "dcat:themeTaxonomy", _Address(vocabulary.THEMES)
    yield catalog, "foaf:homepage", _Address(iri(release.base_url))
    yield catalog, "dct:license", _licence_id(release, release.descriptor)
    yield from _common(release, catalog)


def _dataset(release: Release) -> Iterator[_Statement]:
    dataset, descriptor = _id(release, "dataset"), release.descriptor
    yield dataset, "rdf:type", _term("dcat:Dataset")
    yield dataset, "dct:identifier", declared.identifier(descriptor) or iri(release.base_url)
    yield dataset, "dcat:version", release.version
    yield dataset, "dcat:landingPage", _Address(iri(release.base_url))
    yield dataset, "dct:conformsTo", _Address(declared.profile(descriptor))
    yield dataset, "dcat:contactPoint", _id(release, "contact")
    yield dataset, "dct:temporal", _id(release, "period")
    for creator in agents.creators(descriptor):
        yield dataset, "dct:creator", _id(release, f"contributor-{creator.number}")
    for theme in declared.themes(descriptor) or [vocabulary.NO_THEME]:
        yield dataset, "dcat:theme", _Address(iri(theme))
    for word in declared.keywords(descriptor) or [table.title for table in release.tables] or [release.name]:
        yield dataset, "dcat:keyword", word
    for source in declared.sources(descriptor):
        yield dataset, "dct:source", _Address(iri(source))
    for file in release.files:
        yield dataset, "dcat:distribution", _file(release, file.path, "distribution")
    yield from _common(release, dataset)


def _common(release: Release, node: str) -> Iterator[_Statement]:
    """Yield what is said of the catalogue as of the dataset."""
    yield node, "dct:title", release.title
    yield node, "dct:description", release.description or release.title
    yield node, "dct:publisher", _agent_id(release, agents.publisher(release.descriptor))
    yield node, "dct:issued", release.issued
    yield node, "dct:modified", release.issued
    tags = [vocabulary.language(tag) for tag in declared.languages(release.descriptor)]
    for term in tags or [vocabulary.NO_LANGUAGE]:
        yield node, "dct:language", _Address(term)
    places = declared.places(release.descriptor)
    for number, place in enumerate(places, 1):
        address = _Address(iri(place.address)) if place.address else _id(release, f"place-{number}")
        yield node, "dct:spatial", address
        if place.name != place.address:
            yield address, "rdfs:label", place.name
    if not places:
        yield node, "dct:spatial", _Address(vocabulary.NO_PLACE)


def _distribution(release: Release, file: ReleasedFile) -> Iterator[_Statement]:
    node, address = _file(release, file.path, "distribution"), _file(release, file.path)
    table = next((table for table in release.tables if table.name == file.table), None)
    yield node, "rdf:type", _term("dcat:Distribution")
    yield node, "dct:title", file.title
    yield node, "dct:description", (table.description if table else "") or file.title
    yield node, "dcat:accessURL", _Address(iri(release.base_url))
    yield node, "dcat:downloadURL", address
    yield node, "dcatap:availability", _Address(vocabulary.AVAILABLE)
    yield node, "dct:issued", release.issued
    yield node, "dct:modified", release.issued
    own = table is not None and bool(licences(table.descriptor))
    yield node, "dct:license", _licence_id(release, table.descriptor if table and own else release.descriptor)
    yield from _formats(release, node, file)
    if file.portable:
        checksum = _file(release, file.path, "checksum")
        yield node, "dcat:byteSize", file.size
        yield node, "spdx:checksum", checksum
        yield checksum, "rdf:type", _term("spdx:Checksum")
        yield checksum, "spdx:algorithm", _term("spdx:checksumAlgorithm_sha256")
        yield checksum, "spdx:checksumValue", file.sha256


def _formats(release: Release, node: str, file: ReleasedFile) -> Iterator[_Statement]:
    """Yield format and media type; where nobody registered them, a node of our own names the format."""
    packed = PurePosixPath(file.path).suffix.lower() in _COMPRESSIONS and file.format != "zip"
    media_type = vocabulary.media_type(file.media_type)
    if media_type:
        yield node, "dcat:mediaType", _Address(media_type)
    if packed:
        kind = _COMPRESSIONS[PurePosixPath(file.path).suffix.lower()]
        yield node, "dcat:compressFormat", _Address(str(vocabulary.media_type(kind)))
    known = vocabulary.file_type(file.format) or media_type
    if known:
        yield node, "dct:format", _Address(known)
    else:
        own = _id(release, f"format-{file.format}")
        yield node, "dct:format", own
        yield own, "rdfs:label", file.format or NOT_STATED


def _agent_id(release: Release, agent: Agent | None) -> _Address:
    return _id(release, f"contributor-{agent.number}" if agent else "publisher-not-stated")


def _agent(release: Release, agent: Agent | None) -> Iterator[_Statement]:
    node = _agent_id(release, agent)
    kind = _term("foaf:" + _AGENT_CLASSES[agent.kind if agent else "unknown"])
    yield node, "rdf:type", _term("foaf:Agent")
    yield node, "rdf:type", kind
    yield node, "dct:type", kind
    yield node, "foaf:name", agent.name if agent else NOT_STATED
    if agent and declared.is_address(agent.path):
        yield node, "foaf:page", _Address(iri(agent.path))
    if agent and agent.email:
        yield node, "foaf:mbox", _Address(iri(f"mailto:{agent.email}"))


def _contact(release: Release) -> Iterator[_Statement]:
    """Yield whom to ask; where nobody can be reached by mail, the page of the release."""
    agent, node = agents.contact(release.descriptor), _id(release, "contact")
    yield node, "rdf:type", _term("vcard:Kind")
    yield node, "vcard:fn", agent.name if agent else NOT_STATED
    if agent and agent.email:
        yield node, "vcard:hasEmail", _Address(iri(f"mailto:{agent.email}"))
    page = agent.path if agent and declared.is_address(agent.path) else release.base_url
    yield node, "vcard:hasURL", _Address(iri(page))


def _licence_id(release: Release, described: Descriptor) -> _Address:
    """Return the address of a licence; several are one document of our own, since a distribution may have but one."""
    found = licences(described)
    address = release.address_of_licence(found[0]) if len(found) == 1 else None
    label = "/".join(licence.name or licence.label for licence in found) or "not-stated"
    return _Address(iri(address)) if address else _id(release, f"licence-{label}")


def _licence(release: Release, described: Descriptor) -> Iterator[_Statement]:
    node, found = _licence_id(release, described), licences(described)
    yield node, "rdf:type", _term("dct:LicenseDocument")
    yield node, "dct:title", "; ".join(licence.label for licence in found) or NOT_STATED
    kinds = {kind for licence in found for kind in vocabulary.licence_types(licence.spdx or "")}
    for kind in kinds or {vocabulary.UNKNOWN_LICENCE}:
        yield node, "dct:type", _Address(kind)
    for licence in found:
        address = release.address_of_licence(licence)
        if address and iri(address) != node:
            yield node, "rdfs:seeAlso", _Address(iri(address))


def _period(release: Release) -> Iterator[_Statement]:
    """Yield the days covered; a period of which neither end is declared is no period, only a node that says so."""
    node, (start, end) = _id(release, "period"), declared.period(release.descriptor)
    if start or end:
        yield node, "rdf:type", _term("dct:PeriodOfTime")
    else:
        yield node, "rdfs:label", NOT_STATED
    if start:
        yield node, "dcat:startDate", start
    if end:
        yield node, "dcat:endDate", end
