"""The dataset's schemas, rules and views over a tiny set of rows: the sound package of tests/data and its variants."""

import shutil
from dataclasses import replace
from pathlib import Path

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.package.configuration import read_configuration
from shuttle_diplomacy.publishing.assembly import assemble
from shuttle_diplomacy.tabular.views import read_views
from shuttle_diplomacy.validation.pipeline import Rules, validate
from shuttle_diplomacy.validation.report import Report
from shuttle_diplomacy.validation.rules import read_rules

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
SOUND = DATA / "sound"
CONFIGURATION = read_configuration(ROOT / "pyproject.toml")
assert CONFIGURATION is not None
RULES = Rules(read_rules(CONFIGURATION.rules), read_views(CONFIGURATION.views))


def write_package(target: Path, case: Path | None = None) -> Path:
    """Write the sound package, with the files of a case in place of its own, and return its folder."""
    shutil.copytree(SOUND / "data", target / "data")
    metadata = SOUND / "package.json"
    if case is not None:
        for file in (case / "data").glob("*.csv") if (case / "data").is_dir() else ():
            shutil.copy(file, target / "data" / file.name)
        metadata = case / "package.json" if (case / "package.json").is_file() else metadata
    declared = replace(CONFIGURATION, package=target, metadata=metadata)
    (target / "datapackage.json").write_bytes(assemble(declared))
    return target


def judge(target: Path) -> Report:
    """Judge a package with the dataset's own rules."""
    return validate(open_package(target), RULES)
