"""DataCite's XML Schema, and for the JSON the newest schema that a kept library brings."""

import json
from pathlib import Path

from scripts.gauntlet.reading import Fault, one


def judge(release: Path, standards: str) -> str:
    """Judge the XML and the JSON."""
    from datacite import schema45
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(Path(standards) / "metadata.xsd"))
    document = etree.parse(one(release, "datacite.xml"))
    if not schema.validate(document):
        raise Fault(f"datacite.xml: {schema.error_log[0]}")
    record = json.loads(one(release, "datacite.json").read_text(encoding="utf-8"))
    space = {"d": "http://datacite.org/schema/kernel-4"}
    titles = [element.text for element in document.findall(".//d:title", space)]
    # The library's schema is that of 4.5; what 4.6 added is read as what 4.5 has for it.
    dates = [item | {"dateType": "Other"} if item["dateType"] == "Coverage" else item for item in record["dates"]]
    for error in schema45.validator.iter_errors(record | {"dates": dates}):
        raise Fault(f"datacite.json: {error.json_path}: {error.message[:200]}")
    if titles != [item["title"] for item in record["titles"]]:
        raise Fault("datacite.xml and datacite.json have different titles")
    return "XML by 4.6, JSON by 4.5"
