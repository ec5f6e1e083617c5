"""The wheel holds the data, what loads from a checkout loads from it, and it is the same wherever it is built."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_bytes
from email.message import Message
from importlib import metadata
from pathlib import Path

import polars as pl
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from polars.testing import assert_frame_equal

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
    place, wanted = tmp_path_factory.mktemp("base"), ["polars", "pooch", "requests"]
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


def test_computed_views_of_the_wheel_are_those_of_the_checkout(installed):
    computed = installed / "shuttle_diplomacy/data/computed"
    views = [name for name in sd.tables() if name not in sd.open_package(ROOT / "datapackage").tables()]
    assert sorted(file.stem for file in computed.iterdir()) == sorted(views)
    for name in views:
        assert_frame_equal(pl.read_parquet(computed / f"{name}.parquet"), sd.load(name))


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
        "cache": ["list"],
        "format": ["--check"],
        "review": ["datapackage", "datapackage"],
    }
    command = [sys.executable, "-S", "-c", VERBS, json.dumps(arguments)]
    environment = os.environ | {"PYTHONPATH": f"{installed}{os.pathsep}{base_only}", "SHUTTLE_CACHE": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    outcomes = json.loads(done.stdout)
    extra = "install the tools with: pip install 'shuttle-diplomacy[tools]'\n"
    lacking = {verb for verb, (code, said) in outcomes.items() if code == 2 and said.endswith(extra)}
    assert {"validate", "build", "verify"} <= lacking
    assert {verb for verb, (code, _) in outcomes.items() if code in {0, 1}} >= {"describe", "format", "assemble"}
    rest = {verb: outcome for verb, outcome in outcomes.items() if verb not in lacking and outcome[0] == 2}
    assert rest.keys() <= {"changelog", "publish"}, rest  # which ask for a repository or a release first


# Runs the README where nothing but the base install is, with every way out refused, loopback included.
OFFLINE = """
import doctest, json, socket, sys
from importlib.metadata import distributions

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"}:
        raise PermissionError(event)

sys.addaudithook(refuse)
try:
    socket.create_connection(("127.0.0.1", 9))
except PermissionError:
    refused = True
flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
outcome = doctest.testfile(sys.argv[1], module_relative=False, optionflags=flags, encoding="utf-8")
import shuttle_diplomacy
names = sorted(d.name for d in distributions())
print(json.dumps([refused, outcome.attempted, outcome.failed, names, shuttle_diplomacy.__file__]))
"""


def needs(described: Message) -> set[str]:
    """Return what a distribution needs here without any extra."""
    requirements = map(Requirement, described.get_all("Requires-Dist", []))
    return {canonicalize_name(r.name) for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})}


@pytest.fixture(scope="module")
def fresh(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Install the wheel into a new environment; what it needs is linked there from this one, which takes no network."""
    place = tmp_path_factory.mktemp("fresh")
    venv.create(place, with_pip=False)
    (python,), (site,) = place.glob("bin/python"), place.glob("lib/python3*/site-packages")
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        todo = needs(message_from_bytes(archive.read(name)))
    linked: set[str] = set()
    while todo:
        linked.add(name := todo.pop())
        distribution = metadata.distribution(name)
        todo |= needs(distribution.metadata) - linked
        for part in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            if not (site / part).exists():
                (site / part).symlink_to(distribution.locate_file(part))
    # pip looks for what the wheel needs, and may look nowhere but there.
    command = [sys.executable, "-m", "pip", f"--python={python}", "install", "--no-index", "--quiet", str(wheel)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return python, linked


def test_the_readme_works_offline_with_the_base_install_alone(fresh, tmp_path):
    python, linked = fresh
    command = [python, "-I", "-c", OFFLINE, str(ROOT / "README.md")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    refused, attempted, failed, names, where = json.loads(done.stdout.splitlines()[-1])
    assert refused
    assert Path(where).is_relative_to(python.parents[1])
    assert attempted >= 6
    assert not failed, done.stdout
    assert set(map(canonicalize_name, names)) == linked | {"shuttle-diplomacy"}


def test_the_base_install_brings_no_more_than_it_says(fresh):
    _, linked = fresh
    expected = {"polars", "requests", "pooch"}
    of_these = set().union(*(needs(metadata.distribution(name).metadata) for name in linked & expected))
    assert linked - expected <= of_these
    assert not linked & {"pandas", "numpy", "pyarrow", "altair", "pandera", "frictionless", "sqlglot", "rich"}
