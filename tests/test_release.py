"""The release of the dataset itself, as somebody who downloads it meets it."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import column_index_from_string

import shuttle_diplomacy as sd
from scripts import using
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


USING = list(using.snippets(using.PAGE.read_text(encoding="utf-8")))


def snippet_of(tool):
    (snippet,) = [snippet for snippet in USING if snippet.tool == tool]
    return snippet


def test_the_page_has_one_snippet_for_each_tool():
    assert [snippet.tool for snippet in USING] == list(using.TOOLS)


@pytest.mark.parametrize("tool", [name for name, tool in using.TOOLS.items() if tool.program is None])
def test_snippets_print_what_the_page_says(release, tool):
    snippet = snippet_of(tool)
    assert using.spaced(using.TOOLS[tool].run(snippet.code, release)) == snippet.output


# R and LibreOffice may be absent here: what their snippets answer is computed from the same files instead.
def test_the_data_frames_of_r_hold_what_the_page_says(release):
    import pyreadr

    frames = pyreadr.read_r(str(release / "data" / "summits.rds"), output_format="polars")
    frame = frames[None]
    pair = frame.filter(pl.col("parties").cast(pl.String) == "jp-kr")
    decade = pl.col("start_on").cast(pl.String).str.head(3) + "0s"
    counts = pair.group_by(decade.alias("decade"), pl.col("form").cast(pl.String)).len().rows()
    lines = snippet_of("R").output.splitlines()
    forms = lines[0].split()
    shown = {
        (line.split()[0], form): int(count)
        for line in lines[1:8]
        for form, count in zip(forms, line.split()[1:], strict=True)
    }
    assert {key: count for key, count in shown.items() if count} == {(d, form): count for d, form, count in counts}
    visits = frame.filter(pl.col("shuttle"))["start_on"].cast(pl.String)
    assert lines[8] == f'[1] "{visits.min()}" "{visits.max()}"'
    shuttle = frame["shuttle"]
    assert lines[10].split() == [str((~shuttle).sum()), str(shuttle.sum()), str(shuttle.null_count())]


@pytest.fixture(scope="module")
def workbook(release):
    (file,) = release.glob("*.xlsx")
    return openpyxl.load_workbook(file)


ANSWERS = [
    ("summits", {"form": "summit_meeting", "parties": "jp-kr"}, None, len),
    ("summits", {"shuttle": True}, None, len),
    ("summits", {"shuttle": True}, "start_on", lambda days: f"{max(days):%Y-%m-%d}"),
    ("agreements", {"summit_id": "2026-01-13-nara"}, None, len),
    ("summit_scorecard", {"form": "all"}, "within_12_months_n", sum),
    ("summit_scorecard", {"form": "all"}, "within_12_months_k", sum),
    ("issues", {"state": "open"}, None, len),
]


def test_the_cells_of_the_workbook_answer_as_the_page_says(workbook):
    snippet, values = snippet_of("Excel"), []
    for (sheet, wanted, value, answer), (_, formula) in zip(ANSWERS, using.formulas(snippet.code), strict=True):
        header, *rows = workbook[sheet].iter_rows(values_only=True)
        names = [header[column_index_from_string(letters) - 1] for letters in re.findall(r"!([A-Z]+):", formula)]
        assert names == [*([value] if value else []), *wanted]
        assert re.findall(r'(?:"([^"]*)"|,(TRUE))', formula) == [
            ("", "TRUE") if w is True else (w, "") for w in wanted.values()
        ]
        records = [dict(zip(header, row, strict=True)) for row in rows]
        chosen = [
            r for r in records if all(r[n] == w for n, w in wanted.items()) and (not value or r[value] is not None)
        ]
        values.append(str(answer([r.get(value) for r in chosen])))
    assert using.answered(snippet.code, values) == snippet.output


def test_the_workbook_is_laid_out_as_the_page_says(workbook):
    assert workbook.sheetnames == ["About", "Fields", *sorted(sd.tables())]
    for name in sd.tables():
        assert workbook[name].auto_filter.ref == workbook[name].dimensions
        assert workbook[name].freeze_panes[-1] == "2"
    assert workbook["summits"].freeze_panes == "B2"
    days = [cell.value for cell in workbook["timeline"]["A"][1:]]
    assert min(days).year == 1942


def test_full_text_search_starts_at_three_characters(release):
    (database,) = release.glob("*.sqlite")
    with closing(sqlite3.connect(database)) as connection:
        search = "SELECT COUNT(*) FROM issues_fts WHERE issues_fts MATCH ?"
        assert connection.execute(search, ["동원"]).fetchone() == (0,)
        assert connection.execute(search, ["제동원"]).fetchone() == (2,)


def test_enumerations_in_duckdb_sort_as_declared_and_compare_as_text(release, monkeypatch):
    import duckdb

    monkeypatch.chdir(release)
    with duckdb.connect() as duck:
        duck.execute((release / "shuttle-diplomacy.duckdb.sql").read_text(encoding="utf-8"))
        ordered = duck.execute("SELECT DISTINCT form FROM summits ORDER BY form").fetchall()
        assert [form for (form,) in ordered] == sd.load("summits").schema["form"].categories.to_list()
        assert duck.execute("SELECT COUNT(*) FROM summits WHERE form < 'brief_talk'").fetchone() == (0,)
        assert duck.execute("SELECT COUNT(*) FROM summits WHERE form = 'misspelt'").fetchone() == (0,)
