"""Licences of a package, by their identifiers in the SPDX list where they have one.

Source: https://spdx.org/licenses/; Data Package 2.0, "licenses", whose names are those of the Open Definition
(https://opendefinition.org/licenses/): mostly SPDX's, the Open Data Commons' being spelt otherwise.
"""

from dataclasses import dataclass

from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.shapes import is_url

_CREATIVE_COMMONS = tuple(
    f"CC-{kind}-{version}"
    for kind in ("BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND", "BY-NC-ND")
    for version in ("1.0", "2.0", "2.5", "3.0", "4.0")
)
# Licences in use for data and beside it. All are on the list of 2021, which is the one that CITATION.cff 1.2.0 takes.
_SPDX = (
    *_CREATIVE_COMMONS,
    *("CC0-1.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "etalab-2.0", "OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0"),
    *("OGL-Canada-2.0", "NLOD-1.0", "CDLA-Permissive-1.0", "CDLA-Sharing-1.0", "GFDL-1.3-or-later", "Unlicense"),
    *("MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0", "EUPL-1.1", "EUPL-1.2"),
    *("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    *("AGPL-3.0-only", "AGPL-3.0-or-later"),
)
_OTHERWISE = {"odc-pddl-1.0": "PDDL-1.0", "cc-zero": "CC0-1.0", "cc0": "CC0-1.0", "odbl": "ODbL-1.0"}
_KNOWN = {identifier.lower(): identifier for identifier in _SPDX} | _OTHERWISE


@dataclass(frozen=True)
class Licence:
    """A licence as a package declares it.

    Attributes:
        name: its name for machines, or an empty text.
        path: its address, or its path in the package, or an empty text.
        title: its title for people, or an empty text.
    """

    name: str = ""
    path: str = ""
    title: str = ""

    @property
    def spdx(self) -> str | None:
        """Return its identifier in the SPDX list, if it is a common one.

        Examples:
            >>> Licence("cc-by-4.0").spdx, Licence("ODC-PDDL-1.0").spdx, Licence("house-rules").spdx
            ('CC-BY-4.0', 'PDDL-1.0', None)
        """
        return _KNOWN.get(self.name.lower())

    @property
    def address(self) -> str | None:
        """Return the address of its text, else of its entry in the SPDX list, else None.

        Examples:
            >>> Licence("CC0-1.0").address, Licence("x", "LICENSE.md").address
            ('https://spdx.org/licenses/CC0-1.0', None)
        """
        if is_url(self.path):
            return self.path
        return f"https://spdx.org/licenses/{self.spdx}" if self.spdx else None

    @property
    def label(self) -> str:
        """Return what it is called: its title, name or path."""
        return self.title or self.name or self.path


def licences(descriptor: Descriptor) -> list[Licence]:
    """Return the licences of a package that have a name, a path or a title.

    Examples:
        >>> licences({"licenses": [{"name": "MIT"}, {}]})
        [Licence(name='MIT', path='', title='')]
    """
    listed = descriptor.get("licenses")
    found = [_licence(item) for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return [licence for licence in found if licence.label]


def _licence(item: Descriptor) -> Licence:
    return Licence(*(" ".join(str(item.get(key) or "").split()) for key in ("name", "path", "title")))
