import json

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef

from shuttle_diplomacy.publishing.metadata.dcat import dcat_jsonld, dcat_turtle
from tests.publishing.metadata.examples import FULL, HOSTILE, MINIMAL, SUM, release

SPDX = Namespace("http://spdx.org/rdf/terms#")
AP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
DATASET = URIRef("https://zoo.example/#dataset")
COMMON = [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.issued, DCTERMS.modified, DCTERMS.spatial]
WANTED = {
    DCAT.Catalog: [*COMMON, DCTERMS.language, DCTERMS.license, DCAT.themeTaxonomy, DCAT.dataset, FOAF.homepage],
    DCAT.Dataset: [*COMMON, DCAT.contactPoint, DCAT.distribution, DCAT.keyword, DCTERMS.temporal, DCAT.theme],
    DCAT.Distribution: [DCTERMS.description, AP.availability, DCTERMS["format"], DCTERMS.license, DCAT.accessURL],
    DCTERMS.LicenseDocument: [DCTERMS.type, DCTERMS.title],
    FOAF.Agent: [DCTERMS.type, FOAF.name],
    VCARD.Kind: [VCARD.fn],
    SPDX.Checksum: [SPDX.algorithm, SPDX.checksumValue],
}
EVERY = pytest.mark.parametrize("descriptor", [FULL, MINIMAL, HOSTILE], ids=["full", "minimal", "hostile"])


def graph(descriptor, **how):
    return Graph().parse(data=dcat_turtle(release(descriptor, **how)), format="turtle")


def values(found, subject, name):
    return sorted(str(value) for value in found.objects(subject, name))


@EVERY
def test_what_is_required_or_recommended_is_there(descriptor):
    found = graph(descriptor)
    for kind, names in WANTED.items():
        nodes = list(found.subjects(RDF.type, kind))
        assert nodes
        for node in nodes:
            assert [name for name in names if (node, name, None) not in found] == []


@EVERY
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # raised by rdflib's own reader
def test_both_forms_say_the_same_without_blank_nodes(descriptor):
    turtle = graph(descriptor)
    assert set(turtle) == set(Graph().parse(data=dcat_jsonld(release(descriptor)), format="json-ld"))
    assert not any(isinstance(term, BNode) for triple in turtle for term in triple)


def test_only_portable_files_have_size_and_checksum():
    found = graph(FULL)
    csv = URIRef("https://zoo.example/data/all%20animals.csv#distribution")
    assert found.value(csv, DCAT.byteSize) == Literal(12, datatype=XSD.nonNegativeInteger)
    checksum = found.value(csv, SPDX.checksum)
    assert found.value(checksum, SPDX.checksumValue) == Literal(SUM, datatype=XSD.hexBinary)
    assert len(list(found.subjects(RDF.type, DCAT.Distribution))) == 3
    assert len(list(found.subject_objects(DCAT.byteSize))) == len(list(found.subject_objects(SPDX.checksum))) == 1


def test_registered_media_types_are_terms_and_others_are_not():
    found = graph(FULL)
    base = "https://zoo.example/"
    types = {str(s).removeprefix(base): str(o) for s, o in found.subject_objects(DCAT.mediaType)}
    iana = "https://www.iana.org/assignments/media-types/"
    assert types == {
        "data/all%20animals.csv#distribution": f"{iana}text/csv",
        "zoo.sqlite#distribution": f"{iana}application/vnd.sqlite3",
    }
    rds = found.value(URIRef(f"{base}data/all%20animals.rds#distribution"), DCTERMS["format"])
    assert str(rds) == f"{base}#format-rds"


def test_what_is_declared_is_passed_on():
    found = graph(FULL)
    assert values(found, DATASET, DCTERMS.identifier) == ["https://doi.org/10.5072/zoo"]
    assert values(found, DATASET, DCTERMS.language) == ["http://id.loc.gov/vocabulary/iso639-1/is", f"{EU}language/ENG"]
    assert values(found, DATASET, DCTERMS.spatial) == ["https://places.example/JPN", "https://zoo.example/#place-1"]
    assert values(found, DATASET, DCAT.theme) == ["https://themes.example/animals"]
    assert values(found, DATASET, DCAT.keyword) == ["lions", "owls"]
    assert values(found, DATASET, DCTERMS.source) == ["https://page.example/a"]
    assert values(found, DATASET, DCTERMS.creator) == ["https://zoo.example/#contributor-1"]
    assert values(found, DATASET, DCTERMS.publisher) == ["https://zoo.example/#contributor-2"]
    period = found.value(DATASET, DCTERMS.temporal)
    assert [str(found.value(period, p)) for p in (DCAT.startDate, DCAT.endDate)] == ["2020-01-01", "2026-01-01"]
    assert (period, RDF.type, DCTERMS.PeriodOfTime) in found


def test_what_is_not_declared_is_said_to_be_so():
    found = graph(MINIMAL)
    assert values(found, DATASET, DCTERMS.language) == [f"{EU}language/UND"]
    assert values(found, DATASET, DCTERMS.spatial) == [f"{EU}country/OP_DATPRO"]
    assert values(found, DATASET, DCAT.theme) == [f"{EU}data-theme/OP_DATPRO"]
    assert values(found, found.value(DATASET, DCTERMS.publisher), FOAF.name) == ["Not stated"]
    licence = found.value(URIRef("https://zoo.example/zoo.sqlite#distribution"), DCTERMS.license)
    assert values(found, licence, DCTERMS.type) == ["http://purl.org/adms/licencetype/UnknownIPR"]
    assert (None, RDF.type, DCTERMS.PeriodOfTime) not in found


def test_several_licences_are_one_document():
    licences = [{"name": "MIT"}, {"name": "CC-BY-SA-4.0"}]
    found = graph(MINIMAL | {"licenses": licences})
    [licence] = set(found.objects(None, DCTERMS.license))
    assert values(found, licence, DCTERMS.title) == ["MIT; CC-BY-SA-4.0"]
    kinds = [kind.rpartition("/")[2] for kind in values(found, licence, DCTERMS.type)]
    assert kinds == ["Attribution", "UnknownIPR", "ViralEffect-ShareAlike"]


def test_hostile_addresses_stay_addresses_below_the_release():
    found = graph(HOSTILE, base_url='https://zoo.example/<a>"b"/', path="data/x#y?z")
    assert URIRef("https://zoo.example/%3Ca%3E%22b%22/data/x%23y%3Fz.csv#distribution") in set(found.subjects())
    assert not [term for triple in found for term in triple if isinstance(term, URIRef) and set(term) & set('<>" {}')]


def test_compressed_files_say_what_compresses_them():
    made = release(MINIMAL)
    files = [type(file)(**{**vars(file), "path": f"{file.path}.gz"}) for file in made.files[:1]]
    text = dcat_turtle(type(made)(**{**vars(made), "files": tuple(files)})).decode()
    assert "dcat:compressFormat <https://www.iana.org/assignments/media-types/application/gzip>" in text


def test_json_ld_needs_no_address_for_its_context():
    document = json.loads(dcat_jsonld(release(FULL)))
    assert document["@context"]["dcat"] == "http://www.w3.org/ns/dcat#"
    names = [node["@id"] for node in document["@graph"]]
    assert names == sorted(names)
