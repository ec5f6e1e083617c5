"""Metadata of a release in the forms that catalogues read, each made from the descriptor by a module of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from shuttle_diplomacy.package.citation_file import citation_file
from shuttle_diplomacy.publishing.metadata.croissant import croissant
from shuttle_diplomacy.publishing.metadata.csvw import csvw
from shuttle_diplomacy.publishing.metadata.datacite import datacite_json, datacite_xml
from shuttle_diplomacy.publishing.metadata.dcat import dcat_jsonld, dcat_turtle
from shuttle_diplomacy.publishing.metadata.ro_crate import PATH as RO_CRATE
from shuttle_diplomacy.publishing.metadata.ro_crate import ro_crate
from shuttle_diplomacy.publishing.metadata.schema_org import schema_org
from shuttle_diplomacy.publishing.metadata.zenodo import zenodo
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


def _citation(release: Release) -> bytes:
    return citation_file(release.descriptor, release.issued).encode("utf-8")


_JSON_LD = "application/ld+json"
DOCUMENTS: tuple[Document, ...] = (
    Document("croissant.json", _JSON_LD, "Croissant, for machine learning", croissant),
    Document("schema-org.jsonld", _JSON_LD, "schema.org, for search engines", schema_org),
    Document("csvw-metadata.json", "application/csvm+json", "CSV on the Web, for readers of the CSV files", csvw),
    Document("dcat.ttl", "text/turtle", "DCAT-AP 3.0.1, as Turtle", dcat_turtle),
    Document("dcat.jsonld", _JSON_LD, "DCAT-AP 3.0.1, as JSON-LD", dcat_jsonld),
    Document("datacite.xml", "application/xml", "DataCite 4.6, as XML", datacite_xml),
    Document("datacite.json", "application/json", "DataCite 4.6, as JSON", datacite_json),
    Document(RO_CRATE, _JSON_LD, "RO-Crate 1.2", ro_crate),
    Document("CITATION.cff", "application/yaml", "how to cite, for machines", _citation),
    Document("zenodo.json", "application/json", "what Zenodo asks about a deposit", zenodo),
)
