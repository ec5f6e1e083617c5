"""Which version of the standard a descriptor follows, as its ``$schema`` or the older ``profile`` says."""

import re
from dataclasses import dataclass
from typing import Any

from shuttle_diplomacy.package.shapes import shown

RECOMMENDED = "https://datapackage.org/profiles/2.0/datapackage.json"
_OFFICIAL = re.compile(r"https?://datapackage\.org/profiles/([12])\.\d+/([a-z]+)\.json", re.ASCII)
_OLD = re.compile(r"https?://(?:specs\.)?frictionlessdata\.io/schemas/[a-z-]+\.json(?:#.*)?")
_NAMED = re.compile(r"profiles?/v?([12])(?:\.\d+)*/", re.ASCII)
_OLD_NAMES = (
    *("data-package", "tabular-data-package", "fiscal-data-package"),
    *("data-resource", "tabular-data-resource", "default", "table-schema", "tabular"),
)


@dataclass(frozen=True)
class Version:
    """The version that counts, and what has to be said about how it was found.

    Attributes:
        number: ``1`` or ``2``.
        note: why the declaration is not an official one, or an empty text.
        key: the property that declares it, or an empty text.
    """

    number: str
    note: str = ""
    key: str = ""


def version_of(descriptor: dict[str, Any], kind: str = "datapackage") -> Version:
    """Return the version of the standard that a root descriptor follows.

    Args:
        descriptor: the descriptor of a package, or the content of a file with a schema or a dialect.
        kind: the name of its official profile (``datapackage``, ``tableschema``, ``tabledialect``).

    Examples:
        >>> version_of({"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}).number
        '2'
        >>> version_of({}).number, version_of({"profile": "tabular-data-package"}).number
        ('1', '1')
    """
    if "$schema" in descriptor:
        return _of_schema(descriptor["$schema"], kind)
    profile = descriptor.get("profile")
    if isinstance(profile, str) and profile not in _OLD_NAMES and not _OLD.fullmatch(profile):
        return Version("1", f"'profile' is {shown(profile)}, which is not read; {_judged('1')}", "profile")
    return Version("1", key="profile" if profile else "")


def _of_schema(address: Any, kind: str) -> Version:
    if not isinstance(address, str):
        return Version("2", key="$schema")
    if found := _OFFICIAL.fullmatch(address):
        number = found[1]
        other = f"'$schema' is {shown(address)}, which is the profile of something else; use {kind}.json"
        return Version(number, "" if found[2] == kind else other, "$schema")
    if _OLD.fullmatch(address):
        return Version("1", key="$schema")
    named = _NAMED.search(address)
    number = named[1] if named else "2"
    return Version(number, f"'$schema' is {shown(address)}, which is not read; {_judged(number)}", "$schema")


def _judged(number: str) -> str:
    return f"the descriptor is judged by version {number} of the standard, not by that profile"
