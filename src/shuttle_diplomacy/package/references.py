"""Schemas and dialects that stand in files of their own: read through the package, never from outside of it."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from shuttle_diplomacy.errors import ShuttleError, UnreadableError
from shuttle_diplomacy.package.http import without_credentials
from shuttle_diplomacy.package.parsing import Descriptor, parse_descriptor
from shuttle_diplomacy.package.shapes import shown
from shuttle_diplomacy.package.storage import Remote, Storage, safe_path


def path_of(reference: str, storage: Storage) -> str:
    """Return the path inside the package that a reference names.

    Raises:
        UnreadableError: it is an address outside of the package.
        UnsafePathError: it is a path that leads out of the package.

    Examples:
        >>> path_of("https://example.org/p/schema.json", Remote("https://example.org/p/"))
        'schema.json'
    """
    if "://" not in reference:
        return safe_path(reference)
    for base in (storage.base, storage.where) if isinstance(storage, Remote) else ():  # with and without a password
        if reference.startswith(base):
            return safe_path(unquote(reference.removeprefix(base)))
    try:
        named = without_credentials(reference)
        known = urlsplit(reference).scheme in ("http", "https")
    except ValueError:
        named, known = reference, False
    advice = "copy it into the package and name its path"
    if not known:
        raise UnreadableError(f"{shown(named)} is not an address that can be read; {advice}")
    raise UnreadableError(f"{shown(named)} is outside of the package, and nothing from there is read; {advice}")


@dataclass(frozen=True)
class References:
    """The files that a package's descriptor refers to; each is read once, a failure too.

    Attributes:
        storage: where the package is.
    """

    storage: Storage
    _read: dict[str, "Descriptor | ShuttleError"] = field(default_factory=dict, repr=False, compare=False)

    def read(self, reference: str) -> Descriptor:
        """Return the object behind a path or an address.

        Raises:
            UnreadableError: it is not there, not JSON or YAML, or outside of the package.
            UnsafePathError: it leads out of the package.
            MissingExtraError: it is YAML, and PyYAML is not installed.
        """
        if reference not in self._read:
            try:
                self._read[reference] = self._fetch(reference)
            except ShuttleError as error:
                self._read[reference] = error
        found = self._read[reference]
        if isinstance(found, ShuttleError):
            raise found
        return found

    def _fetch(self, reference: str) -> Descriptor:
        path = path_of(reference, self.storage)
        try:
            content = self.storage.read(path)
        except (OSError, ValueError) as error:  # a name that no file can have
            raise UnreadableError(f"{shown(path)} cannot be read: {type(error).__name__}") from error
        return parse_descriptor(content, path)
