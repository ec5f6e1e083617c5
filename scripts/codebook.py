"""docs/codebook.md: the codebook that a release carries, byte for byte."""

import json

from shuttle_diplomacy.dataset.bundled import configuration
from shuttle_diplomacy.publishing.assembly import assemble, labels_of, table_resource
from shuttle_diplomacy.publishing.codebook import codebook
from shuttle_diplomacy.tabular.views import read_views
from shuttle_diplomacy.validation.rules import read_rules


def page() -> str:
    """Return the codebook of the repository's package, its views included."""
    declared = configuration()
    labels = labels_of(declared)
    descriptor = json.loads(assemble(declared))
    views = [table_resource(v.name, v.schema.descriptor, labels.shared) for v in read_views(declared.views)]
    descriptor["resources"] = sorted([*descriptor["resources"], *views], key=lambda resource: str(resource["name"]))
    return codebook(descriptor, labels, read_rules(declared.rules))
