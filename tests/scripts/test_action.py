import json
import subprocess
import sys

import pytest
from scripts.action import ROOT, InputError, judge, tell

SHUTTLE = [sys.executable, "-m", "shuttle_diplomacy.cli.main"]
RECORD = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))"]


@pytest.mark.parametrize(("package", "code", "verdict"), [("lists", 0, "valid"), ("broken", 1, "invalid")])
def test_package_is_judged(tmp_path, capfd, package, code, verdict):
    got, outputs = judge(SHUTTLE, {"path": str(ROOT / "tests" / "data" / package)}, tmp_path / "r")
    assert (got, outputs["verdict"]) == (code, verdict)
    assert json.loads((tmp_path / "r" / "report.json").read_text())["valid"] is (verdict == "valid")
    assert capfd.readouterr().out.count("::error file=") == 2 * code


def test_package_that_is_not_there_is_not_judged(tmp_path, capfd):
    code, outputs = judge(SHUTTLE, {"path": str(tmp_path / "none")}, tmp_path / "r")
    assert (code, outputs["verdict"]) == (2, "not judged")
    assert capfd.readouterr().out.startswith("::error title=not readable::")


def test_inputs_are_single_arguments(tmp_path, capfd):
    inputs = {"path": "--trust-sql", "config": "a b; $(id)", "strict": "TRUE", "base": ""}
    judge(RECORD, inputs, tmp_path)
    assert json.loads(capfd.readouterr().out)[-3:] == ["--strict", "--config=a b; $(id)", "./--trust-sql"]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"strict": "yes"}, "strict has to be true or false, not 'yes'"),
        ({"path": "a\n::add-mask::x"}, "a path has a character that cannot be seen"),
    ],
)
def test_input_that_makes_no_sense_is_refused(tmp_path, inputs, message):
    with pytest.raises(InputError, match=message):
        judge(["false"], inputs, tmp_path)


@pytest.mark.parametrize(
    ("path", "sides"),
    [
        ("", ["git:{commit}"]),
        ("data/", ["git:{commit}:data", "data/"]),
        ("{here}/data", ["git:{commit}:data", "{here}/data"]),
        ('./a/../it\'s "b"', ['git:{commit}:it\'s "b"', './a/../it\'s "b"']),
        ("-data", ["git:{commit}:-data", "./-data"]),
    ],
    ids=["nearest", "folder", "absolute", "odd", "dash"],
)
def test_base_is_compared_with(tmp_path, monkeypatch, capfd, path, sides):
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *who, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    judge(RECORD, {"path": path.format(here=tmp_path), "base": "HEAD\n"}, tmp_path / "r")
    called = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert called[:2] == ["diff", "--quiet"]
    assert called[3:] == [side.format(commit=commit, here=tmp_path) for side in sides]


@pytest.mark.parametrize("base", ["none", "--help", "$(id)"])
def test_base_that_is_not_there_is_told(tmp_path, monkeypatch, capfd, base):
    monkeypatch.chdir(tmp_path)
    _, outputs = judge(RECORD, {"base": base}, tmp_path / "r")
    assert outputs["difference"] == ""
    assert "check out with fetch-depth: 0" in capfd.readouterr().out


def test_outputs_and_summary_are_appended(tmp_path):
    (tmp_path / "s.md").write_text("the summary")
    environment = {"GITHUB_OUTPUT": str(tmp_path / "out"), "GITHUB_STEP_SUMMARY": str(tmp_path / "sum")}
    tell({"verdict": "valid", "summary": str(tmp_path / "s.md"), "difference": ""}, environment)
    assert (tmp_path / "out").read_text().startswith("verdict=valid\n")
    assert (tmp_path / "sum").read_text() == "the summary\n\n"
