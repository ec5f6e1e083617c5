"""The committed dataset: valid, canonical, cited, current, and accepted by the second opinion."""

import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.cli.main import main
from shuttle_diplomacy.dataset.bundled import bundled
from tests.dataset_package import CONFIGURATION, ROOT, RULES

TABLES = bundled().package.tables
VIEWS = [view.name for view in RULES.views]


@pytest.mark.parametrize("arguments", [["validate", "--strict"], ["format", "--check"], ["assemble", "--check"]])
def test_committed_package_is_valid_canonical_and_current(arguments, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 0, capsys.readouterr()


def test_frictionless_agrees():
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage/datapackage.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
def test_frame_has_the_declared_types(name):
    frame = sd.load(name)
    schema = sd.describe(name).schema
    kinds = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
    for field in schema.fields:
        wanted = pl.Enum([str(v) for v in field.values]) if field.values else kinds[field.type]
        assert frame.schema[field.name] == wanted, field.name


@pytest.mark.parametrize("name", VIEWS)
def test_view_has_a_key_and_holds_its_constraints(name):
    frame, schema = sd.load(name), sd.describe(name).schema
    assert schema.primary_key
    assert frame.select(schema.primary_key).is_unique().all()
    sd.describe(name).pandera().validate(frame)


@pytest.mark.parametrize("name", TABLES)
def test_pandera_schema_accepts_the_loaded_frame(name):
    sd.describe(name).pandera().validate(sd.load(name))


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
def test_everything_is_described(name):
    description = sd.describe(name)
    assert description.title
    assert description.descriptor["description"]
    for field in description.schema.fields:
        assert field.title != field.name, field.name
        assert field.description, field.name


LITERAL = re.compile(
    r"(?:(\w+)\.)?(\w+)\s*(?:=|<>|!=)\s*'([^']*)'|(?:(\w+)\.)?(\w+)\s+(?:NOT\s+)?IN\s*\(([^)]*)\)", re.IGNORECASE
)


@pytest.mark.parametrize(
    "file", sorted([*ROOT.glob("schemas/rules/*.sql"), *ROOT.glob("schemas/views/*.sql")]), ids=lambda file: file.stem
)
def test_literals_compared_with_enumerated_columns_are_values_of_them(file: Path):
    """A misspelt literal would give no row, silently."""
    values: dict[str, set[str]] = {}
    for name in [*TABLES, *VIEWS]:
        for field in sd.describe(name).schema.fields:
            values.setdefault(field.name, set()).update(map(str, field.values))
    query = re.sub(r"--[^\n]*", "", file.read_text(encoding="utf-8"))
    for match in LITERAL.finditer(query):
        column = match.group(2) or match.group(5)
        literals = [match.group(3)] if match.group(2) else re.findall(r"'([^']*)'", match.group(6))
        allowed = values.get(column)
        if allowed:
            assert set(literals) <= allowed | {"all", "*", ""}, (column, literals)


def test_nothing_in_the_data_depends_on_the_day_it_is_read():
    for file in [*ROOT.glob("schemas/rules/*.sql"), *ROOT.glob("schemas/views/*.sql")]:
        assert not re.search(
            r"\b(CURRENT_(DATE|TIME)|NOW\s*\(|TODAY\s*\()", file.read_text(encoding="utf-8"), re.IGNORECASE
        ), file


def test_codebook_speaks_three_languages():
    codes = sd.load("codes")
    assert codes.select("label_en", "label_ja", "label_ko", "rule_in").null_count().row(0) == (0, 0, 0, 0)


def test_every_question_has_an_answer():
    tables = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8").split("```text\n")[1:]
    assert all(table.split("```")[0].count("\n") > 2 for table in tables)


def test_versions_agree():
    version = bundled().package.descriptor["version"]
    assert sd.__version__ == version
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version} - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert CONFIGURATION is not None
