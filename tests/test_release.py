"""The release of the dataset itself, as somebody who downloads it meets it."""

import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.cli.main import main
from tests.dataset_package import ROOT
from tests.pinned.server import serving


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "dist"
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "build", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def release(dist: Path) -> Path:
    return dist / f"shuttle-diplomacy-{sd.__version__}"


def test_checksums_hold(dist, release):
    for folder in (dist, release):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


def test_frictionless_accepts_it(release):
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    done = subprocess.run(command, cwd=release, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("where", ["folder", "zip"])
def test_our_gate_accepts_it_with_the_rules_it_carries(dist, release, where, capsys):
    package = release if where == "folder" else dist / f"{release.name}.zip"
    assert main(["validate", str(package), "--trust-sql"]) == 0
    assert capsys.readouterr().out.startswith(f"valid  shuttle-diplomacy: {len(sd.tables())} tables")


@pytest.mark.parametrize("name", sd.tables())
def test_every_format_holds_the_same_rows(release, name):
    bundled = sd.load(name)
    assert sd.open_package(release).load(name).equals(bundled)
    assert pl.read_parquet(release / "data" / f"{name}.parquet").equals(bundled)


def test_pinned_release_is_as_typed_as_the_bundled_data(dist, tmp_path, monkeypatch):
    monkeypatch.setenv("SHUTTLE_CACHE", str(tmp_path / "cache"))
    with serving() as server:
        for file in (dist / "SHA256SUMS", dist / f"shuttle-diplomacy-{sd.__version__}.zip"):
            server.files[f"/{file.name}"] = file.read_bytes()
        monkeypatch.setenv("SHUTTLE_BASE_URL", server.base)
        pinned = sd.open_package(version=sd.__version__)
    assert sorted(pinned.tables()) == sorted(sd.tables())
    for name in sd.tables():
        assert pinned.load(name).equals(sd.load(name))
        assert pinned.load(name).schema == sd.load(name).schema


def test_committed_codebook_is_the_one_released(release):
    assert (ROOT / "docs" / "codebook.md").read_bytes() == (release / "CODEBOOK.md").read_bytes()


def test_readme_and_codebook_name_every_table(release):
    for document in ("README.md", "CODEBOOK.md"):
        text = (release / document).read_text(encoding="utf-8")
        assert all(f"`{name}`" in text for name in sd.tables())


def test_site_shows_the_release_and_every_link_leads_to_a_file(release, tmp_path):
    from scripts.landing import lay_out

    lay_out(release, tmp_path / "site")
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    links = [href for href in re.findall(r'<a href="([^"]*)"', page) if not href.startswith("https://")]
    assert len(links) > len(sd.tables())
    assert [href for href in links if not (tmp_path / "site" / href).is_file()] == []
    assert sd.open_package(tmp_path / "site").load("summits").equals(sd.load("summits"))
    (tmp_path / "site" / f"{release.name}.zip").stat()
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path / "site", check=True)
    assert f"  {release.name}.zip\n" in (tmp_path / "site" / "SHA256SUMS").read_text()
