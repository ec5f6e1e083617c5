"""``zenodo.json``: what Zenodo asks about a deposit; as ``.zenodo.json`` at a repository's root it is read there.

Source: Zenodo's developer pages (https://developers.zenodo.org/#representation, "Deposit metadata").
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.package.agents import Agent, agents, creators
from shuttle_diplomacy.package.declared import doi, keywords, sources
from shuttle_diplomacy.package.licences import licences
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.shapes import is_url
from shuttle_diplomacy.publishing.assembly import to_json
from shuttle_diplomacy.publishing.released import Release

_ZENODO = "10.5281/"
# Zenodo's types of contributors (DataCite's) for the roles that data packages name.
_TYPES = {
    "contact": "ContactPerson",
    "contactperson": "ContactPerson",
    "contactpoint": "ContactPerson",
    "datacollector": "DataCollector",
    "distributor": "Distributor",
    "editor": "Editor",
    "funder": "Sponsor",
    "maintainer": "DataManager",
    "producer": "Producer",
    "publisher": "Distributor",
    "rightsholder": "RightsHolder",
    "sponsor": "Sponsor",
    "wrangler": "DataCurator",
}


def zenodo(release: Release) -> bytes:
    """Return the metadata of a release's deposit."""
    return to_json(dict(_properties(release)))


def _properties(release: Release) -> Iterator[tuple[str, Any]]:
    descriptor = release.descriptor
    made = creators(descriptor)
    yield "upload_type", "dataset"
    yield "title", release.title
    yield "description", paragraphs(release.description or release.title)
    yield "creators", [_person(agent) for agent in made] or [{"name": release.name}]
    if others := [_person(agent) | {"type": _type(agent)} for agent in agents(descriptor) if agent not in made]:
        yield "contributors", others
    yield from _access(descriptor)
    if words := keywords(descriptor):
        yield "keywords", words
    yield "version", release.version
    yield "publication_date", release.issued.isoformat()
    if (found := doi(descriptor)) and not found.startswith(_ZENODO):  # its own are given by Zenodo, not to it
        yield "doi", found
    if addresses := [path for path in sources(descriptor) if is_url(path)]:
        yield "related_identifiers", [{"identifier": path, "relation": "isDerivedFrom"} for path in addresses]


def paragraphs(text: str) -> str:
    r"""Return a text as HTML: characters escaped, a paragraph for each block.

    Examples:
        >>> paragraphs("Cats & dogs.\n\n<b>Not bold.</b>")
        '<p>Cats &amp; dogs.</p><p>&lt;b&gt;Not bold.&lt;/b&gt;</p>'
    """
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", text)]
    return "".join(f"<p>{html.escape(block)}</p>" for block in blocks if block)


def _person(agent: Agent) -> Descriptor:
    name = f"{agent.family}, {agent.given}" if agent.family and agent.given else agent.name
    known = {"name": name, "affiliation": agent.organization, "orcid": agent.orcid}
    return {key: value for key, value in known.items() if value}


def _type(agent: Agent) -> str:
    return next((_TYPES[role] for role in agent.roles if role in _TYPES), "Other")


def _access(descriptor: Descriptor) -> Iterator[tuple[str, str]]:
    """Yield the licence; without one that Zenodo knows files stay closed, for its default would give them away."""
    known = {licence.spdx for licence in licences(descriptor)}
    only = next(iter(known)) if len(known) == 1 else None
    yield "access_right", "open" if only else "closed"
    if only:
        yield "license", only.lower()
