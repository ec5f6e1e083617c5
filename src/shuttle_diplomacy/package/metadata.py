"""Checking a descriptor: first its shape, then what it means.

The shape is what :mod:`~shuttle_diplomacy.package.model` relies on; a package whose shape is wrong is not judged
further. The meaning is what a JSON profile cannot see: names that occur twice, keys on unknown fields, constraints
that do not fit their type, paths that leave the package, and keys that look like misspelt ones.
"""

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package.checking import check_shape, hinders
from shuttle_diplomacy.package.meaning import check_meaning, check_references
from shuttle_diplomacy.package.model import Package
from shuttle_diplomacy.package.profiles import BOUNDS, FIELDS_MATCH, PROPERTIES, TYPES

__all__ = [
    "BOUNDS",
    "FIELDS_MATCH",
    "PROPERTIES",
    "TYPES",
    "check_meaning",
    "check_references",
    "check_shape",
    "hinders",
    "require_shape",
]


def require_shape(package: Package) -> Package:
    """Return the package if the model can be used on its descriptor and on what it refers to.

    Errors in what is only told to people (titles, licences, dates) are left to validation.

    Raises:
        UnreadableError: it cannot.
    """
    faults = [f for f in check_shape(package.descriptor) if hinders(f)]
    faults = faults or [f for f in check_references(package) if hinders(f)]
    if faults:
        count = f"{len(faults)} error{'s' if len(faults) > 1 else ''}"
        raise UnreadableError(f"{package.where}: the descriptor has {count}; the first: {faults[0].note}")
    return package
