"""Metadata of a release in the forms that catalogues read, each made from the descriptor by a module of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from shuttle_diplomacy.publishing.released import Release


@dataclass(frozen=True)
class Document:
    """A file of metadata.

    Attributes:
        path: its path in the release.
        media_type: its media type.
        title: what it is, for people.
        write: returns its bytes for a release.
    """

    path: str
    media_type: str
    title: str
    write: Callable[[Release], bytes]


DOCUMENTS: tuple[Document, ...] = ()
