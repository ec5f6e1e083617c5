"""How to cite a package: from its descriptor, never written twice."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import quote

from shuttle_diplomacy.dataset.bundled import bundled
from shuttle_diplomacy.errors import UnknownNameError

Style = Literal["text", "apa", "bibtex", "cff"]

_AUTHORS = {"creator", "author"}
_NO_AUTHORS = {"publisher", "distributor", "hosting", "funder", "sponsor"}
_MOST_NAMES = 20  # that APA lists; of more the first nineteen and the last stand
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, also those behind a backslash
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_UNQUOTED = re.compile(r"\d+\.\d+\.\d+(?:-[A-Za-z][\w.-]*)?|(?=.*[A-Za-z].*-)[A-Za-z][\w.-]*")
# YAML takes these for line ends, or does not take them at all.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Author:
    """One author: a person with two names, or whoever is known by one name only."""

    name: str
    family: str = ""
    given: str = ""


@dataclass(frozen=True)
class Cited:
    """What a citation says.

    Attributes:
        name: the package's name.
        title: its title, else its name.
        authors: its creators; where none are named, its other contributors.
        publisher: who publishes it, unless that is an author.
        version, released: its version, and its date as far as it is known (``2026-11-22``), or empty texts.
        url, doi: where it is found, or empty texts.
        licences: the names of its licences.
    """

    name: str
    title: str
    authors: tuple[Author, ...]
    publisher: str
    version: str
    released: str
    url: str
    doi: str
    licences: tuple[str, ...]

    @property
    def address(self) -> str:
        """Return the address to give: the DOI's where there is one."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


def cite(style: Style = "text") -> str:
    """Return the citation of the bundled data in its version.

    Args:
        style: ``text`` (one sentence), ``apa`` (APA 7, without italics), ``bibtex`` or ``cff`` (CITATION.cff).

    Raises:
        UnknownNameError: there is no such style.

    Examples:
        >>> print(cite("bibtex"))
        @misc{shuttle_diplomacy_0_1_0,
          author = {{The shuttle-diplomacy contributors}},
          ...
    """
    return citation(bundled().package.descriptor, style)


def citation(descriptor: Mapping[str, Any], style: Style = "text") -> str:
    """Return the citation of a package.

    Args:
        descriptor: the package's descriptor; what it does not tell is left out.
        style: see :func:`cite`.

    Raises:
        UnknownNameError: there is no such style.

    Examples:
        >>> about = {"name": "tides", "title": "Tides & currents", "version": "1.2.0", "created": "2026-05-01"}
        >>> citation(about | {"contributors": [{"givenName": "Ann", "familyName": "Lee"}]}, "apa")
        'Lee, A. (2026). Tides & currents (Version 1.2.0) [Data set].'
    """
    if style not in get_args(Style):
        raise UnknownNameError("citation style", style, get_args(Style))
    return _STYLES[style](cited(descriptor))


def cited(descriptor: Mapping[str, Any]) -> Cited:
    """Return what a citation says of a package."""
    name = _line(descriptor.get("name")) or "data package"
    people = [c for c in _objects(descriptor.get("contributors")) if _author(c) is not None]
    authors = [c for c in people if _roles(c) & _AUTHORS] or [c for c in people if not _roles(c) & _NO_AUTHORS]
    publishers = [_named(c) for c in people if "publisher" in _roles(c) and c not in authors]
    url = _line(descriptor.get("homepage"))
    doi = next((m[1] for key in ("id", "homepage") if (m := _DOI.fullmatch(_line(descriptor.get(key))))), "")
    released = re.match(r"\d{4}(?:-\d{2}-\d{2})?", _line(descriptor.get("created")))
    return Cited(
        name=name,
        title=_line(descriptor.get("title")) or name,
        authors=tuple(author for c in authors if (author := _author(c)) is not None),
        publisher=publishers[0] if publishers else "",
        version=_line(descriptor.get("version")),
        released=released[0] if released else "",
        url=url if re.match(r"https?://\S+$", url) else "",
        doi=doi,
        licences=tuple(n for licence in _objects(descriptor.get("licenses")) if (n := _line(licence.get("name")))),
    )


def _line(value: Any) -> str:
    """Return a text as one line without control characters, an empty one for anything else."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", value).split()) if isinstance(value, str) else ""


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _roles(contributor: dict[str, Any]) -> set[str]:
    """Return the roles; version 1 has one ``role``, and both let it be left out."""
    roles = contributor.get("roles", [contributor.get("role")])
    return {role.lower() for role in roles if isinstance(role, str)} if isinstance(roles, list) else set()


def _author(contributor: dict[str, Any]) -> Author | None:
    family, given, title = (_line(contributor.get(key)) for key in ("familyName", "givenName", "title"))
    if family and given:
        return Author(f"{given} {family}", family, given)
    name = title or family or given or _line(contributor.get("organization"))
    return Author(name) if name else None


def _named(contributor: dict[str, Any]) -> str:
    author = _author(contributor)
    return author.name if author else ""


def _text(about: Cited) -> str:
    who = ", ".join(author.name for author in about.authors)
    year = f"({about.released[:4] or 'n.d.'})"
    version = f"Version {about.version}." if about.version else ""
    parts = [f"{who} {year}." if who else "", _ended(about.title), "" if who else f"{year}.", version, about.address]
    return " ".join(filter(None, parts))


def _apa(about: Cited) -> str:
    """Return the form of APA 7 for data sets; without author the title stands first, and no publisher twice."""
    who, year = _apa_names(about.authors), f"({about.released[:4] or 'n.d.'})."
    version = f" (Version {about.version})" if about.version else ""
    title = f"{about.title}{version} [Data set]."
    publisher = _ended(about.publisher) if about.publisher else ""
    return " ".join(
        filter(None, [*([who, year, title] if who else [title, year]), publisher, about.address]),
    )


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _apa_names(authors: tuple[Author, ...]) -> str:
    names = [f"{a.family}, {_initials(a.given)}" if a.family else a.name for a in authors]
    if len(names) > _MOST_NAMES:
        return _ended(", ".join([*names[: _MOST_NAMES - 1], f". . . {names[-1]}"]))
    return _ended(", ".join(names[:-1]) + f", & {names[-1]}" if len(names) > 1 else names[0]) if names else ""


def _initials(given: str) -> str:
    """Return the initials of given names.

    Examples:
        >>> _initials("Jae-myung"), _initials("Anna Maria")
        ('J.-m.', 'A. M.')
    """
    return " ".join("-".join(f"{part[0]}." for part in name.split("-") if part) for name in given.split())


def _bibtex(about: Cited) -> str:
    key = re.sub(r"[^A-Za-z0-9]+", "_", f"{about.name} {about.version}").strip("_") or "data_package"
    people = [f"{_latex(a.family)}, {_latex(a.given)}" if a.family else f"{{{_latex(a.name)}}}" for a in about.authors]
    lines = {
        "author": " and ".join(people),
        "title": f"{{{_latex(about.title)}}}",
        "year": about.released[:4],
        "publisher": _latex(about.publisher),
        "version": _latex(about.version),
        "doi": _verbatim(about.doi),
        "url": _verbatim(about.url),
        "note": _latex(", ".join(["Dataset", *about.licences])),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in lines.items() if value)
    return f"@misc{{{key},\n{body}\n}}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)


def _verbatim(address: str) -> str:
    """Return an address without what would end the entry; its other signs stand for themselves in these fields."""
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~_.-")


def _cff(about: Cited) -> str:
    licences = [_yaml(name) for name in about.licences]
    lines = {
        "cff-version": "1.2.0",
        "message": _yaml("If you use this dataset, please cite it as below."),
        "type": "dataset",
        "title": _quoted(about.title),
        "version": _yaml(about.version) if about.version else "",
        "doi": _quoted(about.doi) if about.doi else "",
        "date-released": _quoted(about.released) if "-" in about.released else "",
        "license": licences[0] if len(licences) == 1 else f"[{', '.join(licences)}]" if licences else "",
        "url": _quoted(about.url) if about.url else "",
    }
    authors = about.authors or (Author(f"The authors of {about.name}"),)
    return "".join(
        [*(f"{key}: {value}\n" for key, value in lines.items() if value), "authors:\n", *map(_cff_author, authors)]
    )


def _cff_author(author: Author) -> str:
    if author.family:
        return f"  - family-names: {_quoted(author.family)}\n    given-names: {_quoted(author.given)}\n"
    return f"  - name: {_quoted(author.name)}\n"


def _yaml(text: str) -> str:
    """Return a text for YAML, in quotes wherever it could be taken for something else."""
    return text if _UNQUOTED.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    r"""Return a text in quotes of YAML, which are those of JSON but for a few characters.

    Examples:
        >>> _quoted('"a" \u2028'), _quoted("서울")
        ('"\\"a\\" \\u2028"', '"서울"')
    """
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


_STYLES: dict[Style, Callable[[Cited], str]] = {"text": _text, "apa": _apa, "bibtex": _bibtex, "cff": _cff}
