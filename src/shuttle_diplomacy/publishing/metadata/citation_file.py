"""``CITATION.cff``: how to cite a package, for machines.

Source: Citation File Format 1.2.0 (https://github.com/citation-file-format/citation-file-format), the guide to its
schema. What it makes mandatory and a package does not name, its authors, becomes the package's own name.
"""

import re
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.shapes import is_url
from shuttle_diplomacy.publishing.metadata.agents import Agent, creators
from shuttle_diplomacy.publishing.metadata.declared import doi, keywords
from shuttle_diplomacy.publishing.metadata.licences import licences
from shuttle_diplomacy.publishing.released import Release

MESSAGE = "If you use this dataset, please cite it as below."
# Words and versions that are texts in every version of YAML; all other values are written in quotes.
_PLAIN = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+|dataset|doi|[A-Z]{2,}-[A-Z0-9.-]+[0-9]")


def citation_file(release: Release) -> bytes:
    r"""Return a release's ``CITATION.cff``.

    Examples:
        >>> descriptor = {"name": "zoo", "version": "1.2.0", "contributors": [{"title": "The keepers"}]}
        >>> print(citation_file(Release(descriptor, "https://zoo.example/", 0)).decode())
        cff-version: 1.2.0
        message: "If you use this dataset, please cite it as below."
        type: dataset
        title: "zoo"
        version: 1.2.0
        date-released: "1970-01-01"
        authors:
          - name: "The keepers"
        <BLANKLINE>
    """
    return _yaml(dict(_properties(release))).encode("utf-8")


def _properties(release: Release) -> Iterator[tuple[str, Any]]:
    descriptor = release.descriptor
    yield "cff-version", "1.2.0"
    yield "message", MESSAGE
    yield "type", "dataset"
    yield "title", release.title
    if release.description:
        yield "abstract", release.description
    yield "version", release.version
    yield "date-released", release.issued.isoformat()
    if found := doi(descriptor):
        yield "identifiers", [{"type": "doi", "value": found}]
    if is_url(home := descriptor.get("homepage")):
        yield "url", home
    yield from _licences(descriptor)
    if words := keywords(descriptor):
        yield "keywords", words
    yield "authors", [_author(agent) for agent in creators(descriptor)] or [{"name": release.name}]


def _licences(descriptor: Descriptor) -> Iterator[tuple[str, Any]]:
    """Yield the licences if the format has identifiers for all of them, else the address of an only one."""
    listed = licences(descriptor)
    known = list(dict.fromkeys(licence.spdx for licence in listed if licence.spdx))
    if known and all(licence.spdx for licence in listed):
        yield "license", known if len(known) > 1 else known[0]
    elif len(listed) == 1 and listed[0].address:
        yield "license-url", listed[0].address


def _author(agent: Agent) -> Descriptor:
    """Return a person where a part of the name is told apart, else an entity, which may be either."""
    author: Descriptor = {"name": agent.name}
    if agent.given or agent.family:
        author = {"family-names": agent.family, "given-names": agent.given, "affiliation": agent.organization}
    orcid = f"https://orcid.org/{agent.orcid}" if agent.orcid else ""
    author |= {"orcid": orcid} if orcid else {"website": agent.path if is_url(agent.path) else ""}
    return {key: value for key, value in author.items() if value}


def _yaml(value: Descriptor) -> str:
    """Return block YAML whose texts stand in double quotes, so that no reader takes one for something else."""
    import yaml  # type: ignore[import-untyped]

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
            super().increase_indent(flow, indentless=False)

        def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:
            node = super().represent_mapping(tag, mapping, flow_style)
            for key, _ in node.value:
                key.style = None
            return node

    def text(dumper: Any, value: str) -> Any:
        style = None if _PLAIN.fullmatch(value) else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    dumped: str = yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=2**31)
    return dumped
