import json
import os
import subprocess

import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.package.configuration import read_configuration
from shuttle_diplomacy.publishing.assembly import assemble
from shuttle_diplomacy.publishing.release import build

METADATA = {
    "version": "1.2.0",
    "name": "zoo",
    "title": "A zoo | with <b>markup</b> and é",
    "description": "Animals and visits.",
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}],
    "contributors": [{"title": "The keepers", "roles": ["creator"]}],
    "keywords": [],
    "created": "2026-01-13T00:00:00Z",
    "coverage": {"starts_on": "2020-01-01", "checked_through": "2026-01-01"},
    "floors": {},
}
ANIMALS = {
    "title": "Animals",
    "description": "One row is one animal.",
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+|x"}},
        {"name": "kind", "type": "string", "constraints": {"enum": ["mammal", "bird"]}},
        {"name": "legs", "type": "integer", "constraints": {"enum": [2, 4]}},
        {"name": "born_on", "type": "date"},
        {"name": "tame", "type": "boolean"},
        {"name": "weight", "type": "number", "description": "In | kg."},
    ],
    "primaryKey": ["id"],
}
CODES = {
    "title": "Codes",
    "fields": [{"name": n, "type": "string"} for n in ("tab", "col", "val", "name_en")],
    "primaryKey": ["tab", "col", "val"],
}
BY_KIND = {
    "title": "Animals by kind",
    "fields": [
        {"name": "kind", "type": "string", "constraints": {"enum": ["mammal", "bird"]}},
        {"name": "animals", "type": "integer", "constraints": {"minimum": 1}},
        {"name": "first_on", "type": "date"},
        {"name": "tame_share", "type": "number"},
    ],
    "primaryKey": ["kind"],
}
TEXTS = {
    "shuttle.toml": """
package = "datapackage"
metadata = "schemas/package.json"
schemas = "schemas/tables"
rules = "schemas/rules"
views = "schemas/views"
codes = { table = "codes", record = "tab", field = "col", value = "val", label = "name_en" }
""",
    "schemas/package.json": json.dumps(METADATA),
    "schemas/tables/animals.json": json.dumps(ANIMALS),
    "schemas/tables/codes.json": json.dumps(CODES),
    "schemas/views/by_kind.json": json.dumps(BY_KIND),
    "schemas/views/by_kind.sql": """-- Animals of each kind.
SELECT kind, COUNT(*) AS animals, MIN(born_on) AS first_on, COUNT(*) FILTER (WHERE tame) / COUNT(*) AS tame_share
FROM animals GROUP BY kind ORDER BY kind DESC
""",
    "schemas/rules/born.sql": """-- id: born
-- table: animals
-- severity: error
-- message: born in the future
-- reason: nobody is.
SELECT a.id FROM animals AS a CROSS JOIN package_info AS p WHERE a.born_on > p.checked_through
""",
    "datapackage/data/animals.csv": """id,kind,legs,born_on,tame,weight
eagle,bird,2,2021-02-03,false,4.5
lion,mammal,4,,false,190
owl,bird,2,2020-05-06,true,
""",
    "datapackage/data/codes.csv": """tab,col,val,name_en
animals,kind,bird,"Birds, all"
animals,legs,2,Two legs
""",
    "LICENSE-DATA": "CC BY\n",
}


def make_repository(root, **changes):
    """Write the little repository; `changes` replaces texts by path."""
    for path, text in {**TEXTS, **changes}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    configuration = read_configuration(root / "shuttle.toml")
    (root / "datapackage/datapackage.json").write_bytes(assemble(configuration))
    return configuration


def build_release(configuration, out):
    return build(open_package(configuration.package), out, configuration)


@pytest.fixture(autouse=True)
def no_epoch(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture
def make():
    return make_repository


@pytest.fixture
def configuration(tmp_path):
    return make_repository(tmp_path / "repository")


@pytest.fixture
def git(tmp_path):
    """Return a function that runs git in a folder, untouched by the user's own settings."""
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_COMMITTER_DATE": "2026-03-04T05:06:08Z",
        "GIT_AUTHOR_DATE": "2026-03-04T05:06:08Z",
    }

    def run(folder, *arguments):
        who = ["-c", "user.name=keeper", "-c", "user.email=keeper@example.org"]
        command = ["git", *who, "-C", str(folder), *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, **settings}, text=True
        ).stdout

    return run


def content(folder):
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture
def read():
    return content
