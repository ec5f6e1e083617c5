"""CITATION.cff and .zenodo.json at the root, made as those of a release are, from the assembled descriptor."""

import json
from collections.abc import Callable
from pathlib import Path

from shuttle_diplomacy.publishing.metadata.citation_file import citation_file
from shuttle_diplomacy.publishing.metadata.zenodo import zenodo
from shuttle_diplomacy.publishing.released import Release

ROOT = Path(__file__).parents[1]
PAGES: dict[str, Callable[[Release], bytes]] = {"CITATION.cff": citation_file, ".zenodo.json": zenodo}


def page(name: str) -> str:
    """Return one of the two files as it should be."""
    descriptor = json.loads((ROOT / "datapackage/datapackage.json").read_text(encoding="utf-8"))
    return PAGES[name](Release(descriptor, descriptor["homepage"], epoch=0)).decode("utf-8")
