"""The wheel holds the data, what loads from a checkout loads from it, and it is the same wherever it is built."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import shuttle_diplomacy as sd
from tests.dataset_package import ROOT

EPOCH = "1768262400"
BIN = Path(sys.executable).parent


def build(source: Path, out: Path, *options: str, umask: int = 0o022) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", str(out), str(source)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(command, check=True, capture_output=True, env=environment, umask=umask)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel straight from here."""
    place = tmp_path_factory.mktemp("wheel")
    build(ROOT, place, "--wheel")
    return place


@pytest.fixture(scope="module")
def built_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist and from that the wheel in a copy elsewhere, with other dates and permissions of all files."""
    place = tmp_path_factory.mktemp("elsewhere é")
    for path in tracked():
        (place / "copy" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, place / "copy" / path)
        (place / "copy" / path).chmod(0o700 if (ROOT / path).stat().st_mode & 0o100 else 0o600)
    build(place / "copy", place / "out", umask=0o077)
    return place / "out"


def tracked() -> list[str]:
    """Return the files of the repository, new ones included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("the files of a repository are known by git")
    return [path for path in done.stdout.decode().split("\0") if path and (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def installed(built: Path) -> Path:
    """Unpack the wheel, as an installer does."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(built / "site")
    return built / "site"


@pytest.fixture(scope="module")
def base_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of the modules that the base install brings, and of nothing else."""
    place, wanted = tmp_path_factory.mktemp("base"), ["polars", "requests"]
    while wanted:
        distribution = metadata.distribution(wanted.pop())
        for name in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            if not (place / name).exists():
                (place / name).symlink_to(distribution.locate_file(name))
        needed = [line for line in distribution.requires or () if "extra ==" not in line]
        wanted += [re.match(r"[\w.-]+", line)[0] for line in needed]
    return place


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


def test_wheel_and_sdist_are_the_same_wherever_they_are_built(built, built_elsewhere, tmp_path):
    (wheel,) = built.glob("*.whl")
    assert wheel.read_bytes() == (built_elsewhere / wheel.name).read_bytes()
    build(ROOT, tmp_path, "--sdist")
    (sdist,) = tmp_path.iterdir()
    assert sdist.read_bytes() == (built_elsewhere / sdist.name).read_bytes()


def test_the_sdist_holds_what_make_and_its_tests_need(built_elsewhere):
    (sdist,) = built_elsewhere.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    names = {member.name.partition("/")[2] for member in members}
    assert set(tracked()) - names == set()
    assert names - set(tracked()) == {"PKG-INFO"}
    assert {member.mtime for member in members} == {int(EPOCH)}
    assert {member.uid for member in members} == {0}


def test_outsiders_accept_both(built_elsewhere):
    files = sorted(built_elsewhere.iterdir())
    assert [file.suffix for file in files] == [".whl", ".gz"]
    for command in (["twine", "check", "--strict", *files], ["check-wheel-contents", files[0]]):
        done = subprocess.run([BIN / command[0], *command[1:]], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_home_stands_once(installed):
    (described,) = installed.glob("*.dist-info/METADATA")
    urls = re.findall(r"^Project-URL: (.*)$", described.read_text(encoding="utf-8"), re.MULTILINE)
    home = json.loads((ROOT / "schemas/package.json").read_text(encoding="utf-8"))["homepage"]
    assert urls == [f"Homepage, {home}"]


VERBS = """
import contextlib, io, json, sys
from shuttle_diplomacy.cli.main import VERBS, main
arguments = json.loads(sys.argv[1])
outcomes = {}
for verb in VERBS:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = main([verb, *arguments.get(verb, [])])
        except SystemExit as end:
            code = end.code
    outcomes[verb] = [code, said.getvalue()]
print(json.dumps(outcomes))
"""


def test_without_the_tools_each_verb_works_or_names_the_extra(installed, base_only, tmp_path):
    for name in ("datapackage", "schemas", "pyproject.toml"):
        source = installed / "shuttle_diplomacy/data" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    arguments = {
        "diff": ["datapackage", "datapackage"],
        "verify": ["datapackage"],
        "publish": ["datapackage", "--to", "zenodo"],
        "init": ["datapackage/data"],
        "links": ["--offline"],
        "assemble": ["--check"],
        "format": ["--check"],
        "review": ["datapackage", "datapackage"],
    }
    command = [sys.executable, "-S", "-c", VERBS, json.dumps(arguments)]
    environment = os.environ | {"PYTHONPATH": f"{installed}{os.pathsep}{base_only}"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    outcomes = json.loads(done.stdout)
    extra = "install the tools with: pip install 'shuttle-diplomacy[tools]'\n"
    lacking = {verb for verb, (code, said) in outcomes.items() if code == 2 and said.endswith(extra)}
    assert {"validate", "build", "verify"} <= lacking
    assert {verb for verb, (code, _) in outcomes.items() if code in {0, 1}} >= {"describe", "format", "assemble"}
    rest = {verb: outcome for verb, outcome in outcomes.items() if verb not in lacking and outcome[0] == 2}
    assert rest.keys() <= {"changelog", "publish"}, rest  # which ask for a repository or a release first
