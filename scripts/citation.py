"""CITATION.cff and .zenodo.json at the root, made as those of a release are, from the assembled descriptor."""

import json
from pathlib import Path

from shuttle_diplomacy.package.citation_file import citation_file
from shuttle_diplomacy.publishing.metadata.zenodo import zenodo
from shuttle_diplomacy.publishing.released import Release

ROOT = Path(__file__).parents[1]


def page(name: str) -> str:
    """Return one of the two files as it should be."""
    descriptor = json.loads((ROOT / "datapackage/datapackage.json").read_text(encoding="utf-8"))
    if name == "CITATION.cff":
        return citation_file(descriptor)
    return zenodo(Release(descriptor, descriptor["homepage"], epoch=0)).decode("utf-8")
