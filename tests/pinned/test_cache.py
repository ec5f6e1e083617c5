"""``shuttle cache``: what is kept, and removing it."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.cli.main import main
from shuttle_diplomacy.dataset.pinned.cache import Cache, default_folder
from shuttle_diplomacy.errors import OfflineError, UnreadableError
from shuttle_diplomacy.package.locking import turn
from tests.dataset_package import ROOT
from tests.pinned.conftest import files
from tests.pinned.server import SECRET, archive, cut, sha256

ZIP = "/shuttle-diplomacy-1.2.0.zip"


@pytest.fixture
def filled(releases, bounds):
    """Two whole releases and a part of a third."""
    bounds()
    for version in ("1.2.0", "1.3.0"):
        releases.release(version)
        sd.open_package(version=version)
    releases.release("1.4.0", size=100_000)
    releases.behave("/shuttle-diplomacy-1.4.0.zip", cut(50_000), cut(0))
    with pytest.raises(UnreadableError, match="50.0 kB of it are kept"):
        sd.open_package(version="1.4.0")
    return releases


def listed(capsys, *arguments):
    assert main(["cache", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_empty_cache(root, capsys):
    assert listed(capsys, "list") == [f"0 releases, 0 B in {root}"]
    assert listed(capsys, "clear") == [f"0 releases, 0 B freed in {root}"]
    assert not root.exists()


def test_list_tells_size_date_and_state(filled, root, capsys):
    lines = listed(capsys, "list")
    assert lines[0].split() == ["release", "size", "from", "state", "sha256", "address"]
    states = [line.split()[5 if "kB" in line or " B " in line else 4] for line in lines[1:-1]]
    assert states == ["whole", "whole", "partial"]
    assert [line.split()[1] for line in lines[1:-1]] == ["1.2.0", "1.3.0", "1.4.0"]
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    assert f"  {today}  whole    {sha256(filled.files[ZIP])[:12]}  {filled.address(ZIP[1:])}" in lines[1]
    assert lines[-1].startswith("3 releases, 5")
    assert lines[-1].endswith(f" in {root}")


def test_list_of_one_version(filled, capsys):
    lines = listed(capsys, "list", "--version", "1.3.0")
    assert len(lines) == 3
    assert "shuttle-diplomacy 1.3.0" in lines[1]


def test_damage_is_listed(filled, root, capsys):
    (root / "releases" / sha256(filled.files[ZIP]) / "package.zip").write_bytes(archive("6.6.6"))
    (line,) = [line for line in listed(capsys, "list") if "damaged" in line]
    assert line.startswith("shuttle-diplomacy 1.2.0 ")


def test_clear_of_one_version_leaves_the_others(filled, capsys):
    lines = listed(capsys, "clear", "--version", "1.2.0")
    assert lines[0] == "removed shuttle-diplomacy 1.2.0 (whole)"
    assert lines[1].startswith("1 release, ")
    assert sd.open_package(version="1.3.0", offline=True).load("t").height == 1
    with pytest.raises(OfflineError):
        sd.open_package(version="1.2.0", offline=True)


def test_clear_removes_releases_and_nothing_else(filled, root, capsys):
    for place in ("releases/of-mine.txt", "releases/mine/a.txt", "links.sqlite"):
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_text("mine", encoding="utf-8")
    lines = listed(capsys, "clear")
    assert lines[2] == "removed shuttle-diplomacy 1.4.0 (partial)"
    assert lines[3].startswith("3 releases, ")
    assert sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()) == [
        "links.sqlite",
        "releases/mine/a.txt",
        "releases/of-mine.txt",
    ]


def test_what_is_being_downloaded_stays(filled, root, capsys):
    with turn(root / "releases" / f"{sha256(filled.files[ZIP])}.lock"):
        assert main(["cache", "clear"]) == 1
    said = capsys.readouterr().out
    assert "left shuttle-diplomacy 1.2.0: another process is downloading it\n2 releases, " in said
    assert sd.open_package(version="1.2.0", offline=True).load("t").height == 1


def test_changed_release_opens_after_clearing(filled, root, capsys):
    (root / "releases" / sha256(filled.files[ZIP]) / "package.zip").unlink()
    listed(capsys, "clear")
    filled.files["/SHA256SUMS"] = b""
    filled.release("1.2.0", size=64)
    assert sd.open_package(version="1.2.0").load("t").height == 1


def test_names_from_elsewhere_cannot_steer_the_terminal(releases, capsys):
    name = "zoo\x1b[2J"
    releases.files["/x.zip"] = archive("1.2.0", name=name)
    Cache(default_folder()).download(releases.address("x.zip"), sha256(releases.files["/x.zip"]), "sha256=")
    assert "\x1b" not in "".join(listed(capsys, "list"))


def test_passwords_are_not_listed(releases, capsys):
    releases.release("1.2.0")
    sd.open_package(version="1.2.0", base_url=releases.address(secret=True))
    assert SECRET not in "".join(listed(capsys, "list"))


@pytest.mark.parametrize("arguments", [["cache"], ["cache", "drop"]])
def test_what_to_do_has_to_be_said(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "list" in capsys.readouterr().err


def test_cache_is_where_the_system_keeps_caches(monkeypatch, tmp_path):
    monkeypatch.delenv("SHUTTLE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert "shuttle-diplomacy" in default_folder().parts
    monkeypatch.setenv("SHUTTLE_CACHE", "~/of-mine")
    assert default_folder() == Path.home() / "of-mine"


def test_verb_works_without_the_tools(filled):
    absent = ["rich", "pandera", "sqlglot", "frictionless", "yaml", "jsonschema", "elementpath", "tqdm"]
    hide = f"import sys; sys.modules.update(dict.fromkeys({absent}))"
    code = f"{hide}; from shuttle_diplomacy.cli.main import main; sys.exit(main(['cache', 'list']))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "shuttle-diplomacy 1.2.0" in done.stdout


def test_second_opening_imports_no_network(filled):
    code = (
        "import sys, shuttle_diplomacy as sd; sd.open_package(version='1.2.0').load('t')\n"
        "print([m for m in ('requests', 'pooch', 'urllib3') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_locks_are_gone_afterwards(filled, root):
    assert not [name for name in files(root) if name.endswith(".lock")]
