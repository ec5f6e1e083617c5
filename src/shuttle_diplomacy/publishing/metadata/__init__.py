"""Metadata of a release in the forms that catalogues read, each made from the descriptor by a module of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from shuttle_diplomacy.publishing.metadata.datacite import datacite_json, datacite_xml
from shuttle_diplomacy.publishing.metadata.dcat import dcat_jsonld, dcat_turtle
from shuttle_diplomacy.publishing.metadata.ro_crate import PATH as RO_CRATE
from shuttle_diplomacy.publishing.metadata.ro_crate import ro_crate
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


DOCUMENTS: tuple[Document, ...] = (
    Document("dcat.ttl", "text/turtle", "DCAT-AP 3.0.1, as Turtle", dcat_turtle),
    Document("dcat.jsonld", "application/ld+json", "DCAT-AP 3.0.1, as JSON-LD", dcat_jsonld),
    Document("datacite.xml", "application/xml", "DataCite 4.6, as XML", datacite_xml),
    Document("datacite.json", "application/json", "DataCite 4.6, as JSON", datacite_json),
    Document(RO_CRATE, "application/ld+json", "RO-Crate 1.2", ro_crate),
)
