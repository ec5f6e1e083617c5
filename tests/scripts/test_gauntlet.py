import csv
import hashlib
import json
import os
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
from scripts.gauntlet import __main__ as gauntlet
from scripts.gauntlet import environments, running
from scripts.gauntlet.environments import LOCKS, EnvironmentFault, environment
from scripts.gauntlet.listing import JUDGES
from scripts.gauntlet.reading import Fault, file_of, one, tables
from scripts.gauntlet.running import Break, Judge, NotApplicableError, Verdict, run

from tests.publishing.metadata.examples import FULL
from tests.publishing.metadata.examples import release as released

PYTHON = Path(sys.executable)
CODES = {"CITATION.cff": "cff-version: 1.2.0\ntitle: Zoo\ntype: dataset\n", "datasette.json": '{"title": "Zoo"}\n'}
TABLES = {
    "kinds": [["kind", "label"], ["b", "Bird"], ["m", "Mammal 동물"]],
    "animals": [["id", "kind", "born_on"], ["owl", "b", "2020-01-02"], ["lion", "m", ""]],
    "empty": [["id"]],
}
FIELDS = {"born_on": "date"}


def fake(how, **known):
    return Judge("fake", "tests.scripts.fake_judges", "pytest", "title.txt", arguments=(how,), **known)


def schema(name, columns):
    fields = [{"name": column, "type": FIELDS.get(column, "string")} for column in columns]
    key = {"foreignKeys": [{"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["kind"]}}]}
    return {"fields": fields, "primaryKey": [columns[0]], **(key if name == "animals" else {})}


def write_table(root, name, lines):
    """Write a table in every format and return its resource."""
    path = root / "data" / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    frame = pl.DataFrame(
        [[cell or None for cell in line] for line in lines[1:]], schema=dict.fromkeys(lines[0], pl.String), orient="row"
    ).with_columns(pl.col(column).str.to_date() for column in lines[0] if column in FIELDS)
    frame.write_parquet(path.with_suffix(".parquet"))
    frame.write_ndjson(path.with_suffix(".jsonl"))
    content = path.read_bytes()
    formats = [{"format": form, "path": f"data/{name}.{form}"} for form in ("parquet", "jsonl")]
    known = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "shuttle:formats": formats}
    return {"name": name, "type": "table", "path": f"data/{name}.csv", **known, "schema": schema(name, lines[0])}


def write_database(root):
    with closing(sqlite3.connect(root / "zoo.sqlite")) as connection:
        connection.execute("CREATE TABLE kinds (kind TEXT PRIMARY KEY, label TEXT)")
        connection.execute(
            "CREATE TABLE animals (id TEXT PRIMARY KEY, kind TEXT REFERENCES kinds (kind), born_on TEXT)"
        )
        connection.execute("CREATE TABLE empty (id TEXT PRIMARY KEY)")
        for name, (header, *lines) in TABLES.items():
            holes = ", ".join("?" for _ in header)
            rows = [[cell or None for cell in line] for line in lines]
            connection.executemany(f"INSERT INTO {name} VALUES ({holes})", rows)
        connection.commit()


def write_workbook(root):
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.title = "About"
    for name, lines in TABLES.items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append([cell or None for cell in line])
    workbook.save(root / "zoo.xlsx")


def write_documents(root):
    """Write what the judges outside this environment look at, as far as the ways to break it need it."""
    from shuttle_diplomacy.publishing.metadata import DOCUMENTS

    made = released(FULL)
    wanted = {"dcat.ttl", "dcat.jsonld", "datacite.xml", "datacite.json", "ro-crate-metadata.json"}
    for document in DOCUMENTS:
        if document.path in wanted:
            (root / document.path).write_bytes(document.write(made))
    for name, text in CODES.items():
        (root / name).write_text(text, encoding="utf-8")
    described = {"license": "x", "distribution": [{"sha256": "00"}], "field": [{"column": "id"}]}
    for name in ("croissant.json", "csvw-metadata.json"):
        (root / name).write_text(json.dumps(described, indent=2), encoding="utf-8")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    root = tmp_path_factory.mktemp("dist") / "zoo-1.2.0"
    (root / "data").mkdir(parents=True)
    resources = [write_table(root, name, lines) for name, lines in TABLES.items()]
    descriptor = {"name": "zoo", "version": "1.2.0", "title": "Zoo", "resources": resources}
    (root / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    loading = [f"CREATE TABLE {name} AS SELECT * FROM read_parquet('data/{name}.parquet');" for name in TABLES]
    (root / "zoo.duckdb.sql").write_text("\n".join(loading), encoding="utf-8")
    write_database(root)
    write_workbook(root)
    write_documents(root)
    return root


@pytest.fixture
def copy(whole, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # one judge changes the working directory
    return Path(shutil.copytree(whole, tmp_path / whole.name))


AT_HAND = ("frictionless", "duckdb", "polars", "sqlite", "openpyxl")
HERE = {judge.name: judge for judge in JUDGES if judge.name in AT_HAND}
BREAKS = [(judge, broken) for judge in JUDGES for broken in judge.breaks]


@pytest.mark.parametrize("name", AT_HAND)
def test_judges_pass_a_sound_release(name, copy):
    assert "3 tables, 4 rows" in import_module(HERE[name].module).judge(copy)


@pytest.mark.parametrize(
    ("judge", "broken"),
    [(judge, broken) for judge, broken in BREAKS if judge.name in AT_HAND],
    ids=lambda value: value.name,
)
def test_judges_notice_a_broken_release(judge, broken, copy):
    broken.make(copy)
    with pytest.raises(Exception, match=r"\S"):
        import_module(judge.module).judge(copy)


@pytest.mark.parametrize(("judge", "broken"), BREAKS, ids=lambda value: value.name)
def test_every_break_breaks_something(judge, broken, copy, whole):
    def content(root):
        return {f.relative_to(root).as_posix(): f.read_bytes() for f in root.rglob("*") if f.is_file()}

    broken.make(copy)
    assert content(copy) != content(whole)


def test_every_judge_has_something_to_notice():
    assert [judge.name for judge in JUDGES if not judge.breaks] == []


def test_a_break_that_fits_nothing_says_so(copy):
    table = next(broken for judge, broken in BREAKS if broken.name == "a dangling foreign key")
    descriptor = json.loads((copy / "datapackage.json").read_text())
    descriptor["resources"] = descriptor["resources"][:1]
    (copy / "datapackage.json").write_text(json.dumps(descriptor))
    with pytest.raises(NotApplicableError, match="no table has a foreign key of texts"):
        table.make(copy)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"kind": ["b", "m"], "label": ["Bird", "x"]}, "w: column 'label' holds 'x' where the CSV has 'Mammal 동물'"),
        (None, None),
    ],
)
def test_tables_are_compared_by_cells(whole, texts, message):
    table = tables(whole)[0]
    if message is None:
        table.compare("w", ["kind", "label"], 2, table.texts())
        return
    with pytest.raises(Fault, match=re.escape(message)):
        table.compare("w", ["kind", "label"], 2, texts)


@pytest.mark.parametrize(
    ("columns", "rows", "message"),
    [
        (["kind"], 2, "w: columns ['kind'], the CSV has ['kind', 'label']"),
        (["kind", "label"], 3, "w: 3 rows, the CSV has 2"),
    ],
)
def test_tables_are_compared_by_columns_and_rows(whole, columns, rows, message):
    with pytest.raises(Fault, match=re.escape(message)):
        tables(whole)[0].compare("w", columns, rows)


def test_absent_files_are_faults(copy):
    with pytest.raises(Fault, match=r"0 files fit \*\.xls; one is expected"):
        one(copy, "*.xls")
    with pytest.raises(Fault, match="table 'kinds' has no rds file"):
        file_of(tables(copy)[0], "rds")


def test_a_verdict_says_version_judged_and_time(tmp_path):
    verdict = run(fake("pass"), tmp_path / "zoo-1", tmp_path, PYTHON)
    assert (verdict.outcome, verdict.said, verdict.artefacts) == ("passed", "looked at zoo-1", "title.txt")
    assert verdict.version == pytest.__version__
    assert verdict.seconds > 0
    assert "some words" in (tmp_path / "logs/fake.log").read_text()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("fault", "the title\nis gone"),
        ("crash", "ValueError: no such thing"),
        ("die", "it said nothing"),
    ],
)
def test_whatever_goes_wrong_is_a_failure(tmp_path, how, said):
    verdict = run(fake(how), tmp_path, tmp_path, PYTHON)
    assert verdict.outcome == "FAILED"
    assert said in verdict.said
    assert ("Traceback" in (tmp_path / "logs/fake.log").read_text()) == (how == "crash")


def test_a_judge_that_does_not_answer_is_ended(tmp_path):
    verdict = run(fake("hang", seconds=2), tmp_path, tmp_path, PYTHON)
    assert (verdict.outcome, verdict.said) == ("FAILED", "no answer within 2 seconds")


def test_a_judge_has_no_network_and_sees_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("ZENODO_TOKEN", "secret")
    names = run(fake("environment"), tmp_path, tmp_path, PYTHON).said.split()
    assert {"https_proxy", "HOME"} <= set(names)
    assert not {"ZENODO_TOKEN", "PYTHONPATH"} & set(names)


def test_standards_that_are_not_at_hand_are_said(tmp_path, monkeypatch):
    judge = fake("standards", standards="dcat-ap-3.0.1")
    monkeypatch.delenv("SHUTTLE_STANDARDS", raising=False)
    verdict = run(judge, tmp_path, tmp_path, PYTHON)
    assert (verdict.outcome, verdict.said) == ("not run", "SHUTTLE_STANDARDS is not set")
    monkeypatch.setenv("SHUTTLE_STANDARDS", str(tmp_path))
    assert run(judge, tmp_path, tmp_path, PYTHON).said == "SHUTTLE_STANDARDS holds no dcat-ap-3.0.1"
    (tmp_path / "dcat-ap-3.0.1").mkdir()
    assert run(judge, tmp_path, tmp_path, PYTHON).said == "dcat-ap-3.0.1"


def lose_title(release):
    (release / "title.txt").unlink()


def fits_nothing(release):
    raise NotApplicableError("there is no title")


def test_proving_tells_noticed_from_not_noticed(tmp_path):
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo/title.txt").touch()
    breaks = (Break("no title", lose_title), Break("no change", lambda _: None), Break("nothing", fits_nothing))
    proofs = list(gauntlet.prove(fake("title", breaks=breaks), tmp_path / "zoo", tmp_path, PYTHON))
    assert [(proof.judge.strip(), proof.outcome, proof.said) for proof in proofs] == [
        ("no title", "passed", "noticed: no title"),
        ("no change", "FAILED", "NOT NOTICED: looked at zoo"),
        ("nothing", "not run", "there is no title"),
    ]
    assert (tmp_path / "zoo/title.txt").exists()


def test_a_judge_that_is_too_slow_has_noticed_nothing(tmp_path):
    (tmp_path / "zoo").mkdir()
    judge = fake("hang", seconds=1, breaks=(Break("any", lambda _: None),))
    [proof] = gauntlet.prove(judge, tmp_path / "zoo", tmp_path, PYTHON)
    assert (proof.outcome, proof.said) == ("FAILED", "NOT NOTICED: no answer within 1 seconds")


@pytest.fixture
def here(monkeypatch):
    """Let judges run in this environment."""
    monkeypatch.setattr(running, "environment", lambda cache, lock: PYTHON)


def call(monkeypatch, tmp_path, judges, *options):
    monkeypatch.setattr(gauntlet, "JUDGES", judges)
    (tmp_path / "zoo").mkdir(exist_ok=True)
    return gauntlet.main([str(tmp_path / "zoo"), "--cache", str(tmp_path / "cache"), *options])


@pytest.mark.usefixtures("here")
def test_one_failure_fails_all(monkeypatch, tmp_path, capsys):
    assert call(monkeypatch, tmp_path, [fake("pass")]) == 0
    assert call(monkeypatch, tmp_path, [fake("pass"), fake("fault")]) == 1
    text = capsys.readouterr().out
    assert re.search(r"^fake +[0-9.]+ +title.txt +FAILED +[0-9.]+ +the title is gone$", text, re.MULTILINE)
    assert "1 failed; what they say in full:" in text


@pytest.mark.usefixtures("here")
def test_a_broken_copy_that_nobody_notices_fails_all(monkeypatch, tmp_path, capsys):
    judge = fake("pass", breaks=(Break("no change", lambda _: None),))
    assert call(monkeypatch, tmp_path, [judge]) == 0
    assert call(monkeypatch, tmp_path, [judge], "--prove") == 1
    assert "NOT NOTICED" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_a_judge_that_cannot_run_fails_nothing(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("SHUTTLE_STANDARDS", raising=False)
    assert call(monkeypatch, tmp_path, [fake("standards", standards="x")], "--prove") == 0
    assert "SHUTTLE_STANDARDS is not set" in capsys.readouterr().out


def test_unknown_names_and_places_are_refused(monkeypatch, tmp_path, capsys):
    assert gauntlet.main([str(tmp_path / "nothing")]) == 2
    assert "there is no release; run: make" in capsys.readouterr().err
    assert call(monkeypatch, tmp_path, [fake("pass")], "--only", "pandaz") == 2
    assert "there is no judge 'pandaz'; there are: fake" in capsys.readouterr().err


def test_long_words_are_shortened():
    text = gauntlet.table([Verdict("a", "", "FAILED", "x" * 99, 0, "b")], width=10)
    assert text.splitlines()[1].endswith("xxxxxxx...")


def test_the_newest_release_is_judged(tmp_path):
    assert gauntlet.newest(tmp_path) is None
    for name, when in (("zoo-2", 100), ("zoo-1", 200)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "datapackage.json").touch()
        os.utime(tmp_path / name, (when, when))
    assert gauntlet.newest(tmp_path) == tmp_path / "zoo-1"


def test_an_environment_is_made_once(tmp_path, monkeypatch):
    commands = []

    def make(command):
        commands.append(command)
        if "venv" in command:
            Path(command[-1]).mkdir()

    monkeypatch.setattr(environments, "_run", make)
    old = tmp_path / "environments/dcat-000000000000"
    old.mkdir(parents=True)
    pythons = {environment(tmp_path, "dcat") for _ in range(2)}
    assert [command[2] for command in commands] == ["venv", "pip"]
    assert "--require-hashes" in commands[1]
    assert {commands[1][0]} == {str(python) for python in pythons}
    assert not old.exists()


def test_what_cannot_be_installed_is_said(tmp_path, monkeypatch):
    run_command = environments._run
    complaint = "import sys; sys.exit('Collecting a\\nERROR: No matching distribution')"
    monkeypatch.setattr(environments, "_run", lambda _: run_command([sys.executable, "-c", complaint]))
    with pytest.raises(EnvironmentFault, match="^ERROR: No matching distribution$"):
        environment(tmp_path, "dcat")
    verdict = run(Judge("a", "m", "p", "x", lock="dcat"), tmp_path, tmp_path)
    assert (verdict.outcome, verdict.said) == ("FAILED", "no environment: ERROR: No matching distribution")


def test_what_takes_too_long_to_install_is_said(monkeypatch):
    monkeypatch.setattr(environments, "SECONDS", 0.2)
    with pytest.raises(EnvironmentFault, match="pip took longer than"):
        environments._run([sys.executable, "-c", "import time; time.sleep(30)"])


def test_an_environment_may_hold_nothing_but_python(tmp_path):
    verdict = run(Judge("fake", "tests.scripts.fake_judges", "sqlite3", "x", arguments=("pass",)), tmp_path, tmp_path)
    assert (verdict.outcome, verdict.version) == ("passed", sqlite3.sqlite_version)


@pytest.mark.parametrize("lock", sorted({judge.lock for judge in JUDGES if judge.lock}))
def test_lock_files_pin_and_hash_everything(lock):
    text = (LOCKS / f"{lock}.txt").read_text()
    entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert all(re.match(r"[a-z0-9._-]+==\S+ ", entry) for entry in entries)
    assert text.count("==") >= len(entries)
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S)", text))
    assert not re.search(r"https?:|--index|--find-links|file:", text)
    for judge in JUDGES:
        assert judge.lock != lock or re.search(rf"^{judge.package}==", text, re.MULTILINE)


def test_no_lock_file_is_left_over():
    assert {file.stem for file in LOCKS.glob("*.txt")} == {judge.lock for judge in JUDGES if judge.lock}
