"""``datacite.xml`` and ``datacite.json``: what registering a DOI for a release needs.

Source: DataCite Metadata Schema 4.6 (https://schema.datacite.org/meta/kernel-4.6/), properties 1 to 20 and appendix 3,
"Standard values for unknown information". Before a DOI is registered there is none to state: the identifier is then
the release's address and says so by its type, which the XML Schema leaves open.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from shuttle_diplomacy.package import agents, declared
from shuttle_diplomacy.package.agents import Agent
from shuttle_diplomacy.package.declared import iri
from shuttle_diplomacy.package.licences import Licence, licences
from shuttle_diplomacy.publishing.released import Release

NAMESPACE = "http://datacite.org/schema/kernel-4"
_LOCATION = f"{NAMESPACE} https://schema.datacite.org/meta/kernel-4.6/metadata.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# "Value unavailable, possibly unknown".
UNAVAILABLE = ":unav"
_NAME_TYPES = {"person": "Personal", "organization": "Organizational"}
_ROLES = {
    role.lower(): role
    for role in (
        *(
            "ContactPerson",
            "DataCollector",
            "DataCurator",
            "DataManager",
            "Distributor",
            "Editor",
            "HostingInstitution",
        ),
        *(
            "Producer",
            "ProjectLeader",
            "ProjectManager",
            "ProjectMember",
            "RegistrationAgency",
            "RegistrationAuthority",
        ),
        *("RelatedPerson", "ResearchGroup", "RightsHolder", "Researcher", "Sponsor", "Supervisor", "Translator"),
        "WorkPackageLeader",
    )
} | {"contact": "ContactPerson", "contactpoint": "ContactPerson", "wrangler": "DataCurator"}
# Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Json = dict[str, Any]


def datacite_json(release: Release) -> bytes:
    """Return the record as JSON, in the spelling of DataCite's own service."""
    return (json.dumps(record(release), indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def datacite_xml(release: Release) -> bytes:
    """Return the record as XML."""
    known = record(release)
    doi = known.get("doi")
    spaces = {"xmlns": NAMESPACE, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": _LOCATION}
    root = ET.Element("resource", spaces)
    _add(root, "identifier", str(doi or known["url"]), {"identifierType": "DOI" if doi else "URL"})
    _add_people(root, "creators", known["creators"])
    _add_all(root, "titles", known["titles"])
    _add(root, "publisher", known["publisher"]["name"], _attributes(known["publisher"], "name"))
    _add(root, "publicationYear", known["publicationYear"])
    _add(root, "resourceType", known["types"]["resourceType"], _attributes(known["types"], "resourceType"))
    _add_all(root, "subjects", known["subjects"])
    _add_people(root, "contributors", known["contributors"])
    _add_all(root, "dates", known["dates"])
    if "language" in known:
        _add(root, "language", known["language"])
    _add_all(root, "alternateIdentifiers", known["alternateIdentifiers"])
    _add_all(root, "relatedIdentifiers", known["relatedIdentifiers"])
    _add_all(root, "sizes", [{"size": size} for size in known["sizes"]])
    _add_all(root, "formats", [{"format": name} for name in known["formats"]])
    _add(root, "version", known["version"])
    _add_all(root, "rightsList", known["rightsList"], "rights")
    _add_all(root, "descriptions", known["descriptions"])
    if known["geoLocations"]:
        places = _add(root, "geoLocations")
        for place in known["geoLocations"]:
            _add(_add(places, "geoLocation"), "geoLocationPlace", place["geoLocationPlace"])
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add(parent: ET.Element, name: str, text: str = "", attributes: dict[str, str] | None = None) -> ET.Element:
    clean = {key: _NOT_XML.sub(" ", value) for key, value in (attributes or {}).items()}
    element = ET.SubElement(parent, name, clean)
    element.text = _NOT_XML.sub(" ", text) or None
    return element


def _attributes(item: Json, text: str) -> dict[str, str]:
    """Return what is no text of an element, as its attributes; JSON spells ``Uri`` what XML spells ``URI``."""
    return {re.sub("Uri$", "URI", key): value for key, value in item.items() if key != text}


def _add_all(parent: ET.Element, wrapper: str, items: list[Json], name: str = "") -> None:
    """Add a wrapper and in it an element for each item, whose text is the value of the element's name."""
    if not items:
        return
    name = name or wrapper.removesuffix("s")
    around = _add(parent, wrapper)
    for item in items:
        _add(around, name, item[name], _attributes(item, name))


def _add_people(parent: ET.Element, wrapper: str, people: list[Json]) -> None:
    if not people:
        return
    around, name = _add(parent, wrapper), wrapper.removesuffix("s")
    for person in people:
        kind = {"contributorType": person["contributorType"]} if "contributorType" in person else {}
        element = _add(around, name, attributes=kind)
        _add(element, f"{name}Name", person["name"], {k: person[k] for k in ("nameType",) if k in person})
        for part in ("givenName", "familyName"):
            if part in person:
                _add(element, part, person[part])
        for known in person["nameIdentifiers"]:
            _add(element, "nameIdentifier", known["nameIdentifier"], _attributes(known, "nameIdentifier"))
        for known in person["affiliation"]:
            _add(element, "affiliation", known["name"])


def record(release: Release) -> Json:
    """Return the record of a release, in the spelling of the JSON.

    Examples:
        >>> found = record(Release({"name": "zoo", "version": "1"}, "https://zoo.example/", 0))
        >>> found["creators"][0]["name"], found["publisher"], found["publicationYear"], found["url"]
        (':unav', {'name': ':unav'}, '1970', 'https://zoo.example/')
    """
    descriptor, doi = release.descriptor, declared.doi(release.descriptor)
    tags = declared.languages(descriptor)
    found: Json = {"doi": doi} if doi else {}
    return found | {
        "url": iri(release.base_url),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Data Package"},
        "creators": [_person(agent) for agent in agents.creators(descriptor)] or [_person(None)],
        "titles": [{"title": release.title}],
        "publisher": _publisher(agents.publisher(descriptor)),
        "publicationYear": f"{release.issued.year:04}",
        "subjects": [{"subject": word} for word in declared.keywords(descriptor)],
        "contributors": list(_contributors(release)),
        "dates": list(_dates(release)),
        **({"language": tags[0]} if tags else {}),
        "alternateIdentifiers": list(_alternates(release)),
        "relatedIdentifiers": list(_related(release)),
        "sizes": [_count(len(release.tables), "table"), _count(sum(t.frame.height for t in release.tables), "row")],
        "formats": sorted({file.media_type for file in release.files}),
        "version": release.version,
        "rightsList": [_rights(release, licence) for licence in licences(descriptor)],
        "descriptions": [
            {"description": text, "descriptionType": "Abstract"} for text in [release.description] if text
        ],
        "geoLocations": [{"geoLocationPlace": place.name} for place in declared.places(descriptor)],
        "schemaVersion": NAMESPACE,
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _person(agent: Agent | None) -> Json:
    if agent is None:
        return {"name": UNAVAILABLE, "nameIdentifiers": [], "affiliation": []}
    name = f"{agent.family}, {agent.given}" if agent.family and agent.given else agent.name
    found: Json = {"name": name}
    if agent.kind in _NAME_TYPES:
        found["nameType"] = _NAME_TYPES[agent.kind]
    found |= {"givenName": agent.given} if agent.given else {}
    found |= {"familyName": agent.family} if agent.family else {}
    affiliation = [{"name": agent.organization}] if agent.organization else []
    return found | {"nameIdentifiers": _identifiers(agent), "affiliation": affiliation}


def _identifiers(agent: Agent) -> list[Json]:
    if not agent.orcid and not agent.ror:
        return []
    scheme, home = ("ORCID", "https://orcid.org") if agent.orcid else ("ROR", "https://ror.org")
    known = f"{home}/{agent.orcid or agent.ror}"
    return [{"nameIdentifier": known, "nameIdentifierScheme": scheme, "schemeUri": home}]


def _publisher(agent: Agent | None) -> Json:
    found: Json = {"name": agent.name if agent else UNAVAILABLE}
    if agent and agent.ror:
        known = f"https://ror.org/{agent.ror}"
        found |= {"publisherIdentifier": known, "publisherIdentifierScheme": "ROR", "schemeUri": "https://ror.org"}
    return found


def _contributors(release: Release) -> Iterator[Json]:
    """Yield who else contributed, once for each role that the standard knows; with none of them as ``Other``."""
    made, publisher = agents.creators(release.descriptor), agents.publisher(release.descriptor)
    for agent in agents.agents(release.descriptor):
        kinds = list(dict.fromkeys(_ROLES[role] for role in agent.roles if role in _ROLES))
        if not kinds and agent not in made and agent != publisher:
            kinds = ["Other"]
        for kind in kinds:
            yield {"contributorType": kind, **_person(agent)}


def _dates(release: Release) -> Iterator[Json]:
    yield {"date": release.issued.isoformat(), "dateType": "Issued"}
    start, end = declared.period(release.descriptor)
    if start or end:
        covered = "/".join(day.isoformat() if day else "" for day in (start, end))
        yield {"date": covered, "dateType": "Coverage"}


def _alternates(release: Release) -> Iterator[Json]:
    known = release.descriptor.get("id")
    if known and not declared.doi(release.descriptor):
        yield {"alternateIdentifier": str(known), "alternateIdentifierType": "Data Package id"}
    if declared.doi(release.descriptor):
        yield {"alternateIdentifier": iri(release.base_url), "alternateIdentifierType": "URL"}


def _related(release: Release) -> Iterator[Json]:
    """Yield the descriptor, which tells more than this record, and the sources."""
    yield {
        "relatedIdentifier": iri(release.address("datapackage.json")),
        "relatedIdentifierType": "URL",
        "relationType": "HasMetadata",
        "relatedMetadataScheme": "Data Package",
        "schemeUri": declared.profile(release.descriptor),
    }
    for address in declared.sources(release.descriptor):
        yield {"relatedIdentifier": iri(address), "relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"}


def _rights(release: Release, licence: Licence) -> Json:
    found: Json = {"rights": licence.label}
    if address := release.address_of_licence(licence):
        found["rightsUri"] = iri(address)
    if licence.spdx:
        found |= {"rightsIdentifier": licence.spdx, "rightsIdentifierScheme": "SPDX"}
        found["schemeUri"] = "https://spdx.org/licenses/"
    return found
