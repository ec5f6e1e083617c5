"""``CITATION.cff``: how to cite a package, for machines.

Source: Citation File Format 1.2.0 (https://github.com/citation-file-format/citation-file-format), the guide to its
schema. What it makes mandatory and a package does not name, its authors, becomes the package's own name.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from shuttle_diplomacy.package.agents import Agent, creators
from shuttle_diplomacy.package.declared import doi, keywords
from shuttle_diplomacy.package.licences import licences
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.shapes import is_url

MESSAGE = "If you use this dataset, please cite it as below."
# Words and versions that are texts in every version of YAML; all other values are written in quotes.
_PLAIN = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+|dataset|doi|[A-Z]{2,}-[A-Z0-9.-]+[0-9]")
# YAML takes these for line ends, or does not take them at all.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def citation_file(descriptor: Mapping[str, Any], otherwise: date | None = None) -> str:
    r"""Return the text of a package's ``CITATION.cff``.

    Args:
        descriptor: the package's descriptor.
        otherwise: the date of the release where ``created`` has none.

    Examples:
        >>> descriptor = {"name": "zoo", "version": "1.2.0", "contributors": [{"title": "The keepers"}]}
        >>> print(citation_file(descriptor))
        cff-version: 1.2.0
        message: "If you use this dataset, please cite it as below."
        type: dataset
        title: "zoo"
        version: 1.2.0
        authors:
          - name: "The keepers"
        <BLANKLINE>
    """
    return "".join(_lines(dict(_properties(dict(descriptor), otherwise))))


def _properties(descriptor: Descriptor, otherwise: date | None) -> Iterator[tuple[str, Any]]:
    name = _text(descriptor.get("name")) or "data package"
    yield "cff-version", "1.2.0"
    yield "message", MESSAGE
    yield "type", "dataset"
    yield "title", _text(descriptor.get("title")) or name
    if description := _text(descriptor.get("description")):
        yield "abstract", description
    if version := _text(descriptor.get("version")):
        yield "version", version
    if released := _day(descriptor.get("created")) or otherwise:
        yield "date-released", released.isoformat()
    if found := doi(descriptor):
        yield "identifiers", [{"type": "doi", "value": found}]
    if is_url(home := descriptor.get("homepage")):
        yield "url", home
    yield from _licences(descriptor)
    if words := keywords(descriptor):
        yield "keywords", words
    yield "authors", [_author(agent) for agent in creators(descriptor)] or [{"name": name}]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _day(value: Any) -> date | None:
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        return None


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


def _lines(mapping: Descriptor, indent: str = "") -> Iterator[str]:
    """Yield a mapping as block YAML; the base install has no library for it, and no other form is needed here."""
    for key, value in mapping.items():
        if isinstance(value, str):
            yield f"{indent}{key}: {_scalar(value)}\n"
            continue
        yield f"{indent}{key}:\n"
        for item in value:
            if isinstance(item, str):
                yield f"{indent}  - {_scalar(item)}\n"
            else:
                first, *rest = _lines(item, f"{indent}    ")
                yield f"{indent}  - {first.lstrip()}"
                yield from rest


def _scalar(text: str) -> str:
    r"""Return a text as YAML: plain only where nothing takes it for anything else, else in the quotes of JSON.

    Examples:
        >>> _scalar("1.2.0"), _scalar("1.2"), _scalar('"a" \u2028')
        ('1.2.0', '"1.2"', '"\\"a\\" \\u2028"')
    """
    if _PLAIN.fullmatch(text):
        return text
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
