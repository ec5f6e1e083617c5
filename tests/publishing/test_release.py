import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shuttle_diplomacy.errors import ConfigurationError, TargetError, UnsoundTableError
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.tabular.reader import read_table, with_enums
from tests.publishing.conftest import build_release

EXPECTED = sorted(
    [
        *("LICENSE-DATA", "CODEBOOK.md", "README.md", "SHA256SUMS", "build.json", "datapackage.json"),
        *(f"data/{t}.{e}" for t in ("animals", "by_kind", "codes") for e in ("csv", "jsonl", "parquet", "rds")),
        *("zoo.sqlite", "datasette.json", "zoo.duckdb.sql", "zoo.xlsx"),
        *("croissant.json", "csvw-metadata.json", "schema-org.jsonld", "ro-crate-metadata.json"),
        *("dcat.ttl", "dcat.jsonld", "datacite.xml", "datacite.json", "CITATION.cff", "zenodo.json"),
        *("rules/born.sql", "views/by_kind.json", "views/by_kind.sql"),
    ]
)


@pytest.fixture
def release(configuration, tmp_path):
    return build_release(configuration, tmp_path / "dist")


def descriptor(release):
    return json.loads((release / "datapackage.json").read_bytes())


def test_the_release_holds_what_it_says(release, tmp_path, read):
    assert release == tmp_path / "dist/zoo-1.2.0"
    assert sorted(read(release)) == EXPECTED
    assert sorted(p.name for p in release.parent.iterdir()) == ["SHA256SUMS", "zoo-1.2.0", "zoo-1.2.0.zip"]


def test_checksums_verify(release):
    for folder in (release, release.parent):
        done = subprocess.run(
            ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        paths = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
        assert paths == sorted(paths)
    assert "zoo-1.2.0.zip" in paths


def test_frictionless_and_the_gate_accept_it(release):
    from frictionless import Package

    from shuttle_diplomacy.validation.pipeline import validate

    report = Package(str(release / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert validate(open_package(release)).valid
    assert validate(open_package(release.parent / "zoo-1.2.0.zip")).valid


def test_each_resource_names_its_files(release):
    found = {r["name"]: r for r in descriptor(release)["resources"]}
    assert list(found) == ["animals", "by_kind", "codes"]
    for resource in found.values():
        parquet, lines, rds = resource["shuttle:formats"]
        assert [file["format"] for file in (parquet, lines, rds)] == ["parquet", "jsonl", "rds"]
        for file in (resource, parquet, lines):
            assert file["bytes"] == (release / file["path"]).stat().st_size
            assert file["hash"].startswith("sha256:")
        assert not {"bytes", "hash"} & rds.keys()  # they depend on the zlib of this machine
    assert found["by_kind"]["shuttle:view"] == "views/by_kind.sql"
    assert found["by_kind"]["schema"]["fields"][0]["categories"][1] == {"value": "bird", "label": "Birds, all"}
    whole = [file["path"] for file in descriptor(release)["shuttle:files"]]
    assert whole == ["zoo.sqlite", "datasette.json", "zoo.duckdb.sql", "zoo.xlsx"]
    assert descriptor(release)["shuttle:rules"] == ["rules/born.sql"]
    assert descriptor(release)["shuttle:views"] == ["views/by_kind.json", "views/by_kind.sql"]


def test_a_view_is_written_in_the_order_of_its_query(release):
    expected = "kind,animals,first_on,tame_share\nmammal,1,,0.0\nbird,2,2020-05-06,0.5\n"
    assert (release / "data/by_kind.csv").read_text() == expected


def test_parquet_holds_what_a_reader_of_the_csv_gets(release):
    for resource in open_package(release).resources:
        frame, findings = read_table(resource)
        assert not findings
        stored = pl.read_parquet(release / resource.descriptor["shuttle:formats"][0]["path"])
        assert_frame_equal(stored, with_enums(frame, resource.name, resource.schema))
    assert pl.read_parquet_schema(release / "data/animals.parquet")["kind"] == pl.Enum(["mammal", "bird"])


def test_the_archive_has_the_descriptor_at_its_root(release, read):
    with zipfile.ZipFile(release.parent / "zoo-1.2.0.zip") as archive:
        members = archive.infolist()
        assert [m.filename for m in members] == sorted(read(release))
        assert {m.compress_type for m in members} == {zipfile.ZIP_STORED}
        assert {m.date_time for m in members} == {(2026, 1, 13, 0, 0, 0)}
        assert {m.external_attr >> 16 for m in members} == {stat.S_IFREG | 0o644}
        assert archive.read("data/animals.csv") == (release / "data/animals.csv").read_bytes()


def test_modes_do_not_depend_on_the_umask(configuration, tmp_path):
    old = os.umask(0o077)
    try:
        build_release(configuration, tmp_path / "dist")
    finally:
        os.umask(old)
    for path in [tmp_path / "dist", *(tmp_path / "dist").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


BUILD = """
import os, sys
from pathlib import Path
from shuttle_diplomacy.package.configuration import read_configuration
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.publishing.release import build
os.umask(int(sys.argv[3], 8))
configuration = read_configuration(Path(sys.argv[1]))
build(open_package(configuration.package), Path(sys.argv[2]), configuration)
"""


def test_the_same_commit_gives_the_same_bytes_anywhere(tmp_path, make, git, read):
    first = tmp_path / "first"
    make(first)
    git(first, "init", "-q")
    git(first, "add", ".")
    git(first, "commit", "-qm", "zoo")
    shutil.copytree(first, tmp_path / "elsewhere é/second")
    results = []
    for root, out, umask, variables in (
        (first, first / "dist", "022", {"TZ": "Asia/Tokyo", "LC_ALL": "C", "POLARS_MAX_THREADS": "1"}),
        (
            tmp_path / "elsewhere é/second",
            tmp_path / "out",
            "077",
            {"TZ": "America/Lima", "LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "4", "PYTHONHASHSEED": "7"},
        ),
        (first, first / "dist", "002", {"TZ": "UTC"}),
    ):
        command = [sys.executable, "-c", BUILD, str(root / "shuttle.toml"), str(out), umask]
        subprocess.run(command, check=True, env={**os.environ, **variables}, cwd=tmp_path)
        results.append(read(out))
    assert results[0] == results[1] == results[2]
    record = json.loads(results[0]["zoo-1.2.0/build.json"])
    assert record["dirty"] is False
    assert record["commit"] == git(first, "rev-parse", "HEAD").strip()
    assert record["SOURCE_DATE_EPOCH"] == 1772600768


def test_a_dirty_tree_is_said(configuration, tmp_path, git):
    root = configuration.file.parent
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "zoo")
    (root / "note.txt").write_text("new")
    assert json.loads((build_release(configuration, tmp_path / "dist") / "build.json").read_text())["dirty"] is True


def test_a_repository_that_does_not_track_the_package_is_not_its_source(configuration, tmp_path, git):
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "other")
    record = json.loads((build_release(configuration, tmp_path / "dist") / "build.json").read_text())
    assert (record["commit"], record["dirty"]) == (None, None)


def test_a_build_without_git_is_fine(configuration, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert json.loads((build_release(configuration, tmp_path / "dist") / "build.json").read_text())["commit"] is None


def test_the_epoch_can_be_given(configuration, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    release = build_release(configuration, tmp_path / "dist")
    assert json.loads((release / "build.json").read_text())["SOURCE_DATE_EPOCH"] == 1700000000
    with zipfile.ZipFile(tmp_path / "dist/zoo-1.2.0.zip") as archive:
        assert archive.infolist()[0].date_time == (2023, 11, 14, 22, 13, 20)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ConfigurationError, match="SOURCE_DATE_EPOCH is 'yesterday', but has to be whole seconds"):
        build_release(configuration, tmp_path / "dist")


def test_readme_and_codebook_show_texts_and_interpret_none(release):
    readme, codebook = ((release / name).read_text() for name in ("README.md", "CODEBOOK.md"))
    assert r"# A zoo \| with \<b\>markup\</b\> and é" in readme
    assert "| `animals` | 3 | Animals | [CSV](<data/animals.csv>), [Parquet](<data/animals.parquet>), " in readme
    assert "| `by_kind` | 2 | Animals by kind |" in readme
    assert "[CC BY 4.0](<https://creativecommons.org/licenses/by/4.0/>)" in readme
    assert r"| `id` | string | required, pattern `[a-z]+\|x` |" in codebook
    assert "| `bird` | Birds, all |" in codebook
    assert r"In \| kg." in codebook


def test_the_readme_loads_the_data(release):
    lines = (release / "README.md").read_text().split("```python\n")[1].split("```")[0]
    done = subprocess.run([sys.executable, "-c", lines], cwd=release, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_foreign_target_is_refused(configuration, tmp_path):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/thesis.doc").write_text("")
    with pytest.raises(TargetError, match=r"holds 'thesis\.doc', no release of 'zoo'"):
        build_release(configuration, tmp_path / "dist")


@pytest.mark.parametrize(
    ("path", "text", "note"),
    [
        ("datapackage/data/animals.csv", "id,kind\n", r"data/animals\.csv:1: there is no column 'legs'"),
        (
            "datapackage/data/animals.csv",
            "id,kind,legs,born_on,tame,weight\nowl,bird,2,2020-5-6,true,\n",
            r"data/animals\.csv, row 2: '2020-5-6' is not of type date.*run: shuttle validate",
        ),
        (
            "datapackage/data/animals.csv",
            "id,kind,legs,born_on,tame,weight\nowl,fish,2,,true,\n",
            "'animals' cannot be loaded: the field 'kind' holds 'fish', which is not one of its values",
        ),
    ],
)
def test_a_table_with_errors_is_not_released(tmp_path, make, path, text, note):
    configuration = make(tmp_path / "repository", **{path: text})
    with pytest.raises(UnsoundTableError, match=note):
        build_release(configuration, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_a_failed_build_leaves_the_old_release(configuration, tmp_path, release, read):
    before = read(tmp_path / "dist")
    view = configuration.views / "by_kind.sql"
    view.write_text(view.read_text().replace("COUNT(*) AS animals", "0 AS animals"))
    with pytest.raises(
        ConfigurationError, match=r"the built release is not valid: data/by_kind\.csv:2:8: '0' is below 1"
    ):
        build_release(configuration, tmp_path / "dist")
    assert read(tmp_path / "dist") == before


def test_a_stale_descriptor_is_not_released(configuration, tmp_path):
    (configuration.package / "datapackage.json").write_text(
        '{"name": "zoo", "resources": [{"name": "a", "path": "a"}]}'
    )
    with pytest.raises(ConfigurationError, match=r"datapackage\.json differs from the schemas; run: shuttle assemble"):
        build_release(configuration, tmp_path / "dist")


@pytest.mark.parametrize(
    ("version", "message"),
    [
        *((version, "'version' is .*; a release needs one of letters") for version in ("", "../1", "1 0")),
        (1, "'version' is 1, but has to be a text; run: shuttle validate"),
    ],
)
def test_a_version_has_to_fit_a_file_name(tmp_path, make, version, message):
    metadata = json.dumps({"name": "zoo", "version": version})
    configuration = make(tmp_path / "repository", **{"schemas/package.json": metadata})
    with pytest.raises(ConfigurationError, match=message):
        build_release(configuration, tmp_path / "dist")
