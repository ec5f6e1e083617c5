"""Names of worksheets: valid in Excel, and each once."""

import re
from collections.abc import Iterable

from shuttle_diplomacy.publishing.formats.cells import sound

_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_RESERVED = "history"


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return a name for each sheet, as near to the wanted one as Excel allows; cases are not told apart.

    Examples:
        >>> sheet_names(["visits", "Visits", "a/b", "", "history", "'x'"])
        ['visits', 'Visits (2)', 'a_b', 'Sheet', 'history_', 'x']
    """
    used: set[str] = set()
    return [_free(name, used) for name in wanted]


def _free(name: str, used: set[str]) -> str:
    base = sound(_FORBIDDEN.sub("_", name)).strip("' ") or "Sheet"
    base += "_" if base.casefold() == _RESERVED else ""
    found, number = _cut(base), 1
    while found.casefold() in used:
        number += 1
        found = _cut(base, f" ({number})")
    used.add(found.casefold())
    return found


def _cut(text: str, end: str = "") -> str:
    """Return the beginning of a text with an end, of 31 units of UTF-16 in all; no apostrophe may stand last."""
    units = text.encode("utf-16-le")[: 2 * (_LONGEST - len(end))]
    return units.decode("utf-16-le", errors="ignore").rstrip("' ") + end
