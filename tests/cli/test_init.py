import json
import os
import re
import shlex
from pathlib import Path

import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.validation.pipeline import validate

HOW_TO = Path(__file__).parents[2] / "docs" / "your-own-dataset.md"
ACTION = f"owner/name@{'a' * 40}"


@pytest.fixture
def start(tmp_path, run):
    """Write files into a folder, start a package there, and return the outcome and the descriptor."""

    def call(*arguments: str, **files: str | bytes):
        for name, content in files.items():
            file = tmp_path / name.replace("__", "/")
            file = file if file.suffix else file.with_suffix(".csv")
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        outcome = run("init", tmp_path, *arguments)
        written = tmp_path / "datapackage.json"
        return outcome, json.loads(written.read_text("utf-8")) if written.exists() else None

    return call


def fields(descriptor, number: int = 0) -> dict[str, str]:
    return {f["name"]: f["type"] for f in descriptor["resources"][number]["schema"]["fields"]}


def test_types_and_key_are_inferred(start, tmp_path):
    rows = "1,a,1.5,true,2020-01-01,2020-01-01T10:00:00Z\n2,b,2,false,2020-02-29,2020-01-02T10:00:00Z\n"
    (code, out, _), descriptor = start(t="id,name,share,ok,day,at\n" + rows)
    expected = ["integer", "string", "number", "boolean", "date", "datetime"]
    assert list(fields(descriptor).values()) == expected
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert descriptor["resources"][0]["encoding"] == "utf-8"
    assert descriptor["resources"][0]["schema"]["primaryKey"] == "id"
    assert "t: t.csv, 2 rows, primary key id" in out
    assert code == 0
    assert validate(open_package(tmp_path), strict=True).valid


def test_value_beyond_the_sample_decides(start):
    good = "".join(f"{n},{n},2020-01-01\n" for n in range(1200))
    (code, out, _), descriptor = start(t=f"id,n,day\n{good}1200,1.5,2020-13-01\n")
    assert fields(descriptor) == {"id": "integer", "n": "number", "day": "string"}
    assert "field 'n' is of type number, because 1 of 1,201 values is not of type integer: '1.5'" in out
    assert "field 'day' is of type string, because 1 of 1,201 values is not of type date: '2020-13-01'" in out
    assert code == 0


@pytest.mark.parametrize("good", [3, 30])
def test_placeholder_is_pointed_at(start, good):
    (_, out, _), descriptor = start(t="id,n\n" + "".join(f"{n},{n}\n" for n in range(good)) + "x,NA\n")
    assert fields(descriptor)["n"] == "string"
    assert f"1 of {good + 1} values is not of type" in out
    assert "'NA'; if it stands for no value, add it to missingValues" in out


def test_text_is_not_wondered_at(start):
    (_, out, _), _ = start(t="id,name\n1,a\n2,b\n3,4\n")
    assert "field 'name'" not in out


def test_leading_zeros_stay(start):
    (_, out, _), descriptor = start(t="id,zip\n1,00123\n2,12345\n")
    assert fields(descriptor)["zip"] == "string"
    assert "field 'zip' is a string: as a number '00123' would lose its zeros" in out


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a,b\n1,2\n3,4\n", "no primary key is declared; each row has a value of its own in 'a', 'b'"),
        ("id,b\n1,2\n1,2\n", "no single field tells its rows apart"),
        ("id,b\n1,2\n,3\n", "no primary key is declared; each row has a value of its own in 'b'"),
        ("id,code\n1,2\n2,3\n", "no primary key is declared; each row has a value of its own in 'id', 'code'"),
        ("id,n\n", "it has no rows; every field is a string"),
        ("id,n\n1,\n2,\n", "field 'n' has no value in any row"),
        ("1,2\n3,4\n", "the first row holds numbers only"),
    ],
)
def test_what_is_not_certain_is_told(start, content, text):
    (code, out, _), descriptor = start(t=content)
    assert text in out
    assert "primaryKey" not in descriptor["resources"][0]["schema"] or "has no value" in text
    assert code == 0


@pytest.mark.parametrize(
    ("table", "field"), [("cities", "city_id"), ("visit", "visit_id"), ("t", "UUID"), ("boxes", "box_id")]
)
def test_key_is_known_by_its_name(start, table, field):
    _, descriptor = start(**{table: f"{field},n\nx,1\ny,1\n"})
    assert descriptor["resources"][0]["schema"]["primaryKey"] == field


def test_foreign_key_is_suggested_and_not_declared(start):
    (_, out, _), descriptor = start(cities="city_id,n\na,1\nb,1\n", visits="visit_id,city_id\n1,a\n2,a\n")
    assert "visits: every 'city_id' is in 'cities': it may be a foreign key to 'city_id'" in out
    assert "foreignKeys" not in json.dumps(descriptor)


def test_foreign_key_that_does_not_hold_is_not_suggested(start):
    (_, out, _), _ = start(cities="city_id,n\na,1\nb,1\n", visits="visit_id,city_id\n1,a\n2,c\n")
    assert "foreign key" not in out


@pytest.mark.parametrize(
    ("content", "name", "dialect"),
    [
        ("id;n\n1;2\n", "t.csv", {"delimiter": ";"}),
        ("id\tn\n1\t2\n", "t.csv", {"delimiter": "\t"}),
        ("id\tn\n1\t2\n", "t.tsv", {"delimiter": "\t"}),
        ("id|n\n1|2\n", "t.csv", {"delimiter": "|"}),
        ("id, n\n1, 2\n", "t.csv", {"skipInitialSpace": True}),
        ("id,n\n1,2\n", "t.csv", None),
    ],
)
def test_dialect_is_declared_where_it_is_needed(start, content, name, dialect):
    (code, _, _), descriptor = start(**{name: content})
    assert descriptor["resources"][0].get("dialect") == dialect
    assert fields(descriptor) == {"id": "integer", "n": "integer"}
    assert code == 0


@pytest.mark.parametrize(
    ("content", "encoding", "told"),
    [
        ("id,n\n1,é\n".encode(), "utf-8", False),
        (b"\xef\xbb\xbfid,n\n1,2\n", "utf-8", False),
        ("id,n\n1,é\n".encode("utf-16"), "utf-16", False),
        ("id;name\n1;K\u00f6ln am Rhein\n2;M\u00fcnchen\n".encode("cp1252"), "cp1252", True),
    ],
)
def test_encoding_is_certain_or_told(start, content, encoding, told):
    (code, out, _), descriptor = start(t=content)
    assert descriptor["resources"][0]["encoding"] in (encoding, *(["iso8859-1", "windows-1252"] if told else []))
    assert ("is a guess" in out) is told
    assert code == 0


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("a,b\n1\n", "missing-cell"),
        ("a,a\n1,2\n", "duplicate-label"),
        ("a,\n1,2\n", "blank-label"),
        ('a,b\n"x,1\n', ""),
    ],
)
def test_file_that_is_broken_is_told_with_its_place(start, content, kind):
    (code, out, err), descriptor = start(t=content)
    assert code == 1
    assert f"t.csv:{2 if kind in ('missing-cell', '') else 1}:" in out
    assert kind in out
    assert "the package is not valid yet; mend what is listed" in err
    assert descriptor


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe\x00", b"a" * 300_000, b'"' * 99, b"\r\r\r", b"\n\n"])
def test_nothing_gives_a_traceback(start, content):
    (code, _, _), _ = start(t=content, u="id,n\n1,2\n")
    assert code in (0, 1)


def test_empty_file_is_left_out(start):
    (code, out, _), descriptor = start(empty="", t="id\n1\n")
    assert "empty.csv: left out: it is empty" in out
    assert [r["name"] for r in descriptor["resources"]] == ["t"]
    assert code == 0


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("-rf.csv", "rf"),
        ("$(id) `id`.csv", "id-id"),
        ("a\nb\x1b[31m.csv", "a-b-31m"),
        ("表.csv", "table"),
        ("x" * 200 + ".csv", "x" * 100),
        ("<b>&|'\".CSV", "b"),
        ("a*?[b].csv", "a-b"),
    ],
)
def test_hostile_names_of_files_are_names(tmp_path, run, name, resource):
    (tmp_path / name).write_text("id,n\n1,2\n")
    code, out, _ = run("init", tmp_path)
    written = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert [(r["name"], r["path"]) for r in written["resources"]] == [(resource, name)]
    assert "\x1b" not in out
    assert code == 0


@pytest.mark.parametrize("name", [b"bad\xff.csv", b"back\\slash.csv", b"c:d.csv", b"%2e%2e.csv"])
def test_names_that_no_descriptor_can_hold_are_left_out(tmp_path, run, name):
    try:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text("id\n1\n")
    except OSError:
        pytest.skip("the file system takes no such name")
    (tmp_path / "t.csv").write_text("id\n1\n")
    _, out, _ = run("init", tmp_path)
    assert ": left out: " in out
    assert [r["path"] for r in json.loads((tmp_path / "datapackage.json").read_text())["resources"]] == ["t.csv"]


def test_links_that_lead_out_and_hidden_files_are_left_out(tmp_path, run):
    inside = tmp_path / "p"
    (inside / ".git").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "round.csv").symlink_to("round.csv")
    (inside / "d.csv").mkdir()
    for file in (".git/x.csv", ".hidden.csv", "t.csv"):
        (inside / file).write_text("id\n1\n")
    _, out, _ = run("init", inside)
    assert "link.csv: left out: path 'link.csv' is a link that leads out of the package" in out
    assert "round.csv: left out: " in out
    assert [r["path"] for r in json.loads((inside / "datapackage.json").read_text())["resources"]] == ["t.csv"]


def test_folders_below_and_same_names(start):
    _, descriptor = start(a="id\n1\n", sub__a="id\n1\n")
    assert [(r["name"], r["path"]) for r in descriptor["resources"]] == [("a", "a.csv"), ("a-2", "sub/a.csv")]


@pytest.mark.parametrize(
    "there", ["datapackage.json", "datapackage.yaml", "shuttle.toml", ".github/workflows/data.yml"]
)
def test_nothing_is_replaced_without_force(run, tmp_path, there):
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    (tmp_path / "t.csv").write_text("id\n1\n")
    code, _, err = run("init", tmp_path, "--config", "--workflow", ACTION)
    assert code == 2
    assert f"{there} is there already; --force replaces it, nothing was written" in err
    assert (tmp_path / there).read_text() == "mine"
    assert [f for f in sorted(tmp_path.rglob("*")) if f not in before] == [tmp_path / "t.csv"]


def test_link_that_leads_nowhere_is_not_replaced_either(tmp_path, run):
    (tmp_path / "t.csv").write_text("id\n1\n")
    (tmp_path / "datapackage.json").symlink_to("nowhere")
    assert run("init", tmp_path)[0] == 2
    assert (tmp_path / "datapackage.json").is_symlink()


def test_force_replaces(start, tmp_path):
    (tmp_path / "datapackage.json").write_text("mine")
    (code, _, _), descriptor = start("--force", t="id\n1\n")
    assert code == 0
    assert descriptor["resources"]


@pytest.mark.parametrize(
    ("folder", "message"),
    [("none", "is no folder; name the one that holds the CSV files"), (".", "holds no table; a table is a file that")],
)
def test_folder_without_tables_is_told(tmp_path, run, folder, message):
    code, _, err = run("init", tmp_path / folder)
    assert code == 2
    assert message in err
    assert not (tmp_path / "datapackage.json").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "t.csv: left out: it is empty; a table needs at least a row"),
        (b"\x9d\x00\xff,", "t.csv: left out: no row of it can be read: the "),
    ],
)
def test_reason_why_there_is_no_table_is_told(start, content, reason):
    (code, _, err), _ = start(t=content)
    assert code == 2
    assert reason in err


def test_fields_that_may_be_keys_are_listed_up_to_some(start):
    (_, out, _), _ = start(t=",".join(f"c{n}" for n in range(9)) + "\n" + ",".join("1" * 9) + "\n")
    assert "each row has a value of its own in 'c0', 'c1', 'c2', 'c3', 'c4' and 4 more\n" in out


def test_configuration_and_workflow_stand_at_the_root_of_the_repository(tmp_path, run):
    import yaml

    folder = tmp_path / 'my "data"'
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    (folder / "t.csv").write_text("id\n1\n")
    code, _, _ = run("init", folder, "--config", "--workflow", ACTION)
    assert code == 0
    assert 'package = "my \\"data\\""' in (tmp_path / "shuttle.toml").read_text()
    workflow = yaml.safe_load((tmp_path / ".github" / "workflows" / "data.yml").read_text())
    used = workflow["jobs"]["validate"]["steps"][-1]
    assert used["uses"] == ACTION
    assert used["with"]["path"] == 'my "data"'


@pytest.mark.parametrize("action", ["o/n@main", "o/n@v1", f"o/n@{'a' * 39}", f"o/n@{'a' * 40}\n  x: y", "n"])
def test_action_has_to_be_pinned(start, tmp_path, action):
    (code, _, err), descriptor = start("--workflow", action, t="id\n1\n")
    assert (code, descriptor) == (2, None)
    assert "is no pinned action; write OWNER/NAME@COMMIT with all 40 digits" in err


def test_folder_that_github_would_evaluate_is_refused(tmp_path, run):
    folder = tmp_path / "${{ secrets.X }}"
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    (folder / "t.csv").write_text("id\n1\n")
    code, _, err = run("init", folder, "--workflow", ACTION)
    assert code == 2
    assert "cannot be named in such a file; rename it" in err


def test_workflow_is_a_valid_one_without_findings(tmp_path, run):
    import shutil
    import subprocess
    import sys

    (tmp_path / "t.csv").write_text("id\n1\n")
    run("init", tmp_path, "--workflow", ACTION)
    file = tmp_path / ".github" / "workflows" / "data.yml"
    here = Path(sys.executable).parent
    for command in (
        [here / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", file],
        [here / "zizmor", "--offline", "--quiet", "--no-config", "--persona", "pedantic", file],
    ):
        assert shutil.which(command[0])
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_how_to_does_what_it_says(tmp_path, run, monkeypatch):
    page = HOW_TO.read_text(encoding="utf-8")
    for folder in ("data", ".git"):
        (tmp_path / folder).mkdir()
    for name, content in re.findall(r"`data/(\w+\.csv)`:\n\n```csv\n(.*?)```", page, re.DOTALL):
        (tmp_path / "data" / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```console\n\$ shuttle (.*?)\n(.*?)```", page, re.DOTALL)
    assert [shlex.split(command)[0] for command, _ in blocks] == ["init", "validate", "format"]
    for number, (command, output) in enumerate(blocks):
        if number == 1:
            correct(tmp_path / "data")
        assert run(*shlex.split(command))[:2] == (0, output)


def correct(folder: Path) -> None:
    """Do what the how-to asks its reader to do."""
    visits, written = folder / "visits.csv", folder / "datapackage.json"
    visits.write_text(visits.read_text().replace("2025-02-30", "2025-02-28"))
    descriptor = json.loads(written.read_text())
    schema = descriptor["resources"][1]["schema"]
    schema["fields"][2]["type"] = "date"
    schema["foreignKeys"] = [{"fields": "city_id", "reference": {"resource": "cities", "fields": "city_id"}}]
    written.write_text(json.dumps(descriptor | {"title": "Visits", "licenses": [{"name": "CC0-1.0"}]}))
