"""The wheel holds the data, and what loads from a checkout loads from it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import shuttle_diplomacy as sd
from tests.dataset_package import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it, as an installer does."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
        wheel.extractall(place / "site")
    return place / "site"


def run(installed: Path, code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=installed, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_wheel_has_data_types_and_licences(installed):
    names = {str(p.relative_to(installed)) for p in installed.rglob("*")}
    assert "shuttle_diplomacy/py.typed" in names
    assert "shuttle_diplomacy/data/datapackage/data/summits.csv" in names
    assert "shuttle_diplomacy/data/schemas/views/agreement_status.sql" in names
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)


def test_installed_package_gives_the_same_frames(installed):
    code = (
        "import json, shuttle_diplomacy as sd; assert 'site' in sd.__file__, sd.__file__\n"
        "print(json.dumps([sd.__version__, sd.tables(), [sd.load(t).height for t in sd.tables()], sd.cite()]))"
    )
    here = [sd.__version__, sd.tables(), [sd.load(t).height for t in sd.tables()], sd.cite()]
    assert json.loads(run(installed, code)) == here


def test_base_install_needs_polars_pooch_and_requests_only(installed):
    (metadata,) = installed.glob("*.dist-info/METADATA")
    needed = [line for line in metadata.read_text().splitlines() if line.startswith("Requires-Dist:")]
    base = {line.split()[1].split("<")[0].split(">")[0] for line in needed if "extra ==" not in line}
    assert base == {"polars", "pooch", "requests"}
