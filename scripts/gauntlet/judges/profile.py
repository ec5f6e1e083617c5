"""The official JSON Schema of the Data Package standard, in the version that the descriptor names."""

import json
from pathlib import Path

from scripts.gauntlet.reading import Fault, descriptor


def judge(release: Path, standards: str) -> str:
    """Judge the descriptor by the profile."""
    from jsonschema import Draft7Validator

    found = descriptor(release)
    profile = json.loads((Path(standards) / "datapackage.json").read_text(encoding="utf-8"))
    for error in Draft7Validator(profile).iter_errors(found):
        raise Fault(f"{error.json_path}: {error.message[:200]}")
    return f"{len(found['resources'])} resources"
