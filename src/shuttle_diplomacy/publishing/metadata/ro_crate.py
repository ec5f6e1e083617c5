"""``ro-crate-metadata.json``: the release's folder as a Research Object Crate.

Source: RO-Crate 1.2 (https://w3id.org/ro/crate/1.2), "Root Data Entity", "Data Entities" and "Contextual Entities".
The crate describes the descriptor and the files whose bytes are the same on any machine; the others, whose size no
metadata may state, are mentioned with their addresses. Whoever is not known to be a person is an organisation, since
a publisher has to be one of both.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from shuttle_diplomacy.package import agents, declared
from shuttle_diplomacy.package.agents import Agent
from shuttle_diplomacy.package.declared import NOT_STATED, iri
from shuttle_diplomacy.package.licences import licences
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.assembly import to_json
from shuttle_diplomacy.publishing.checksums import sha256
from shuttle_diplomacy.publishing.released import Release, ReleasedFile

PATH = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.2"
_DESCRIPTOR = "datapackage.json"
_ASCII = re.compile(r"[\x00-\x7f]+")
Entity = dict[str, Any]


def ro_crate(release: Release) -> bytes:
    """Return the metadata of the crate."""
    graph = {
        PATH: {
            **_named("CreativeWork", "RO-Crate metadata", "What this folder holds, in the terms of RO-Crate."),
            "conformsTo": _to(_VERSION),
            "about": _to("./"),
        },
        "./": _root(release),
    }
    for name, entity in _described(release):
        graph.setdefault(name, entity)  # the first word on a thing counts: two persons may name one page
    entities = [{"@id": name} | entity for name, entity in graph.items()]
    return to_json({"@context": f"{_VERSION}/context", "@graph": entities})


def _described(release: Release) -> Iterator[tuple[str, Entity]]:
    """Yield everything that the root refers to."""
    yield _relative(_DESCRIPTOR), _descriptor_file(release)
    for file in release.files:
        yield _file_id(release, file), _file(release, file)
    yield from _people(release)
    for licensed in (release.descriptor, *(table.descriptor for table in release.tables)):
        yield from _licences(release, licensed)
    for place in declared.places(release.descriptor):
        yield _place_id(release, place), _named("Place", place.name, "")
    yield declared.profile(release.descriptor), _named("Profile", "Data Package", "The profile of the descriptor.")
    for address in declared.sources(release.descriptor):
        yield iri(address), _named("CreativeWork", address, "A source of the data.")
    if doi := declared.doi(release.descriptor):
        address = f"https://doi.org/{doi}"
        yield address, _named("PropertyValue", "DOI", "") | {"propertyID": "DOI", "value": doi, "url": address}


def _to(*names: str) -> Any:
    """Return references: one as itself, several as a list."""
    found = [{"@id": name} for name in dict.fromkeys(names)]
    return found[0] if len(found) == 1 else found


def _named(kind: str, name: str, description: str) -> Entity:
    return {"@type": kind, "name": name, "description": description or name}


def _local(release: Release, name: str) -> str:
    return iri(f"{release.base_url}#{name}")


def _relative(path: str) -> str:
    """Return a path as the crate names it: only what ASCII holds beyond letters and digits is escaped."""
    return _ASCII.sub(lambda found: quote(found[0]), path)


def _root(release: Release) -> Entity:
    descriptor = release.descriptor
    start, end = declared.period(descriptor)
    covered = {"temporalCoverage": f"{start or '..'}/{end or '..'}"} if start or end else {}
    return {
        **_named("Dataset", release.title, release.description),
        "version": release.version,
        "datePublished": release.issued.isoformat(),
        "url": iri(release.base_url),
        **_references("identifier", [f"https://doi.org/{doi}"] if (doi := declared.doi(descriptor)) else []),
        "license": _to(*(_licence_ids(release, descriptor) or [_local(release, "licence-not-stated")])),
        "publisher": _to(_agent_id(release, agents.publisher(descriptor))),
        **_makers(release),
        **({"keywords": words} if (words := declared.keywords(descriptor)) else {}),
        **({"inLanguage": tags} if (tags := declared.languages(descriptor)) else {}),
        **covered,
        **_references("spatialCoverage", [_place_id(release, place) for place in declared.places(descriptor)]),
        **_references("isBasedOn", [iri(address) for address in declared.sources(descriptor)]),
        "conformsTo": _to(declared.profile(descriptor)),
        "hasPart": [{"@id": _relative(path)} for path in _parts(release)],
        **_references("mentions", [_file_id(release, file) for file in release.files if not file.portable]),
    }


def _references(name: str, targets: list[str]) -> Entity:
    return {name: _to(*targets)} if targets else {}


def _parts(release: Release) -> Iterator[str]:
    yield _DESCRIPTOR
    yield from (file.path for file in release.files if file.portable)


def _makers(release: Release) -> Entity:
    """Return persons as authors and all others as creators; a crate's author should be a person."""
    made, everybody = agents.creators(release.descriptor), agents.agents(release.descriptor)
    found = {
        "author": [agent for agent in made if agent.kind == "person"],
        "creator": [agent for agent in made if agent.kind != "person"],
        "contributor": [agent for agent in everybody if agent not in made],
    }
    references = [_references(name, [_agent_id(release, agent) for agent in who]) for name, who in found.items()]
    return {name: target for item in references for name, target in item.items()}


def _file_id(release: Release, file: ReleasedFile) -> str:
    """Return the name of a file: its path in the crate, or the address of one that is only mentioned."""
    return _relative(file.path) if file.portable else iri(release.address(file.path))


def _file(release: Release, file: ReleasedFile) -> Entity:
    table = next((table for table in release.tables if table.name == file.table), None)
    entity = _named("File", file.title, table.description if table else "") | {"encodingFormat": file.media_type}
    own = _licence_ids(release, table.descriptor) if table else []
    entity |= {"license": _to(*own)} if own else {}
    if file.portable:
        return entity | {"contentSize": str(file.size), "sha256": file.sha256}
    return entity | {"@type": "CreativeWork", "url": iri(release.address(file.path))}


def _descriptor_file(release: Release) -> Entity:
    content = to_json(release.descriptor)
    entity = _named("File", "Data Package descriptor", "Every table and field of the release, for machines.")
    known = {"encodingFormat": "application/json", "contentSize": str(len(content)), "sha256": sha256(content)}
    return entity | known | {"conformsTo": _to(declared.profile(release.descriptor))}


def _agent_id(release: Release, agent: Agent | None) -> str:
    """Return an identifier of the person or organisation itself if there is one, else a name of our own."""
    if agent and agent.orcid:
        return f"https://orcid.org/{agent.orcid}"
    if agent and agent.ror:
        return f"https://ror.org/{agent.ror}"
    return _local(release, f"contributor-{agent.number}" if agent else "publisher-not-stated")


def _people(release: Release) -> Iterator[tuple[str, Entity]]:
    """Yield contributors, how each is reached, and where it works."""
    everybody: list[Agent | None] = [*agents.agents(release.descriptor)]
    for agent in everybody or [None]:
        name, number = (agent.name, agent.number) if agent else (NOT_STATED, 0)
        contact, workplace = (_local(release, f"{kind}-{number}") for kind in ("contact", "organization"))
        page = agent.path if agent and declared.is_address(agent.path) else release.base_url
        reached = {"url": iri(page), "contactPoint": _to(contact)}
        kind = "Person" if agent and agent.kind == "person" else "Organization"
        entity = _named(kind, name, "") | reached
        if agent:
            parts = {"givenName": agent.given, "familyName": agent.family}
            entity |= {key: part for key, part in parts.items() if part}
            entity |= _references("affiliation", [workplace] if agent.organization else [])
        yield _agent_id(release, agent), entity
        email = {"email": agent.email} if agent and agent.email else {}
        answers = {"contactType": "questions about the data", "url": iri(page)} | email
        yield contact, _named("ContactPoint", name, f"Where to reach: {name}") | answers
        if agent and agent.organization:
            home = {"url": iri(release.base_url), "contactPoint": _to(contact)}
            yield workplace, _named("Organization", agent.organization, "") | home


def _licence_ids(release: Release, licensed: Descriptor) -> list[str]:
    return [name for name, _ in _licence_entities(release, licensed)]


def _licences(release: Release, licensed: Descriptor) -> Iterable[tuple[str, Entity]]:
    if licensed is release.descriptor and not licences(licensed):
        text = "The package does not state a licence."
        return [(_local(release, "licence-not-stated"), _named("CreativeWork", NOT_STATED, text))]
    return _licence_entities(release, licensed)


def _licence_entities(release: Release, licensed: Descriptor) -> list[tuple[str, Entity]]:
    """Return the licences of a package or table with their names; one without an address gets one of our own."""
    found = []
    for licence in licences(licensed):
        address = release.address_of_licence(licence)
        name = iri(address) if address else _local(release, f"licence-{licence.name or licence.label}")
        known = {"identifier": licence.spdx} if licence.spdx else {}
        found.append((name, _named("CreativeWork", licence.label, f"Terms of use: {licence.label}") | known))
    return found


def _place_id(release: Release, place: declared.Place) -> str:
    return iri(place.address) if place.address else _local(release, f"place-{place.name}")
