"""What a descriptor declares of a dataset as a whole beyond the standard's own properties.

A repository writes them into its package's metadata without prefix (``languages``, ``spatial``, ``themes``,
``coverage``); the assembled descriptor has them as ``shuttle:languages`` and so on. A descriptor written by hand may
use either spelling. Nothing of a wrong form is passed on: hostile or mistyped values count as not declared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from shuttle_diplomacy.package.model import Descriptor

NOT_STATED = "Not stated"
_V1 = "https://specs.frictionlessdata.io/schemas/data-package.json"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
# What RFC 3987 allows in an IRI, save for letters and digits of any script, which quote() would escape.
_SAFE = ":/?#[]@!$&'()*+,;=%~"


@dataclass(frozen=True)
class Place:
    """A place that a dataset is about.

    Attributes:
        name: for people; the address where nothing else is known.
        address: what identifies it, or an empty text.
    """

    name: str
    address: str = ""


def declared(descriptor: Descriptor, key: str) -> Any:
    """Return an own property of a descriptor, prefixed or not."""
    return descriptor.get(f"shuttle:{key}", descriptor.get(key))


def languages(descriptor: Descriptor) -> list[str]:
    """Return the declared languages, as BCP 47 tags.

    Examples:
        >>> languages({"languages": ["en", "zh-Hant", "no language", 3]})
        ['en', 'zh-Hant']
    """
    return [tag for tag in _texts(declared(descriptor, "languages")) if _LANGUAGE.fullmatch(tag)]


def themes(descriptor: Descriptor) -> list[str]:
    """Return the addresses of the declared themes.

    Examples:
        >>> themes({"shuttle:themes": ["https://themes.example/a", "no address"]})
        ['https://themes.example/a']
    """
    return [text for text in _texts(declared(descriptor, "themes")) if is_address(text)]


def places(descriptor: Descriptor) -> list[Place]:
    """Return the places that the dataset is about.

    Examples:
        >>> places({"spatial": ["Atlantis", {"title": "Japan", "path": "https://places.example/JPN"}]})
        [Place(name='Atlantis', address=''), Place(name='Japan', address='https://places.example/JPN')]
    """
    value = declared(descriptor, "spatial")
    return [place for item in (value if isinstance(value, list) else [value]) if (place := _place(item))]


def _place(item: Any) -> Place | None:
    title, path = (item.get("title"), item.get("path")) if isinstance(item, dict) else (item, item)
    address = path.strip() if isinstance(path, str) and is_address(path.strip()) else ""
    name = title.strip() if isinstance(title, str) else ""
    return Place(name or address, address) if name or address else None


def period(descriptor: Descriptor) -> tuple[date | None, date | None]:
    """Return the first and the last day that the dataset covers, as far as they are declared.

    Examples:
        >>> period({"shuttle:coverage": {"starts_on": "1965-06-22", "checked_through": "unknown"}})
        (datetime.date(1965, 6, 22), None)
    """
    value = declared(descriptor, "coverage")
    coverage = value if isinstance(value, dict) else {}
    return _day(coverage.get("starts_on")), _day(coverage.get("checked_through"))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def doi(descriptor: Descriptor) -> str | None:
    """Return the DOI that ``id`` holds, in lower case and without a resolver's address, or None.

    Examples:
        >>> doi({"id": "https://doi.org/10.5072/Zoo.1"}), doi({"id": "b03ec84-77fd-4270-813b-0c698943f7ce"})
        ('10.5072/zoo.1', None)
    """
    found = _DOI.fullmatch(str(descriptor.get("id", "")).strip())
    return found[1].lower() if found else None


def identifier(descriptor: Descriptor) -> str | None:
    """Return what identifies the package wherever it is: its DOI as an address, else its ``id``, else None.

    Examples:
        >>> identifier({"id": "doi:10.5072/zoo"}), identifier({"id": " b03ec84 "}), identifier({})
        ('https://doi.org/10.5072/zoo', 'b03ec84', None)
    """
    found = doi(descriptor)
    return f"https://doi.org/{found}" if found else str(descriptor.get("id") or "").strip() or None


def profile(descriptor: Descriptor) -> str:
    """Return the address of the profile of the Data Package standard that a descriptor follows.

    Examples:
        >>> profile({"profile": "tabular-data-package"})
        'https://specs.frictionlessdata.io/schemas/data-package.json'
    """
    named = descriptor.get("$schema", descriptor.get("profile"))
    return iri(named) if isinstance(named, str) and is_address(named) else _V1


def is_address(text: str) -> bool:
    """Return whether a text is an absolute address, not a relative path.

    Examples:
        >>> is_address("https://zoo.example/"), is_address("LICENSE.md"), is_address("two words")
        (True, False, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def iri(text: str) -> str:
    """Return an address with everything escaped that cannot stand in one.

    Examples:
        >>> iri("https://zoo.example/a b<c>?q=é")
        'https://zoo.example/a%20b%3Cc%3E?q=%C3%A9'
    """
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text, safe=_SAFE))


def _texts(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item.strip()


def keywords(descriptor: Descriptor) -> list[str]:
    """Return the keywords, each once.

    Examples:
        >>> keywords({"keywords": ["lions", " ", "owls", "lions"]})
        ['lions', 'owls']
    """
    return list(dict.fromkeys(word for word in _texts(descriptor.get("keywords", [])) if word))


def sources(descriptor: Descriptor) -> list[str]:
    """Return the addresses of the sources that have one, each once.

    Examples:
        >>> sources({"sources": [{"title": "A book"}, {"title": "A page", "path": "https://page.example/"}]})
        ['https://page.example/']
    """
    listed = [item.get("path") for item in descriptor.get("sources", []) if isinstance(item, dict)]
    return list(dict.fromkeys(text for text in _texts(listed) if is_address(text)))
