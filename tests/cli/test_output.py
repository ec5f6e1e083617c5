"""Where ``shuttle validate`` puts its report: stdout, files, a terminal with progress and colours."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import types
from contextlib import suppress

import pytest

from shuttle_diplomacy.cli.main import main

VALID = "No rules ran: the package belongs to no repository with [tool.shuttle].\nvalid  tiny: 1 table, 2 rows\n"


def test_output_is_written_beside_what_is_printed(run, sound, tmp_path):
    code, out, err = run("validate", sound.root, "--output", tmp_path / "r.json")
    assert (code, out, err) == (0, VALID, "")
    assert json.loads((tmp_path / "r.json").read_text())["valid"] is True


def test_format_is_that_of_stdout(run, sound, tmp_path):
    _, out, _ = run("validate", sound.root, "--format", "json", "--output", tmp_path / "r.txt")
    assert json.loads(out)["valid"] is True
    assert (tmp_path / "r.txt").read_text() == VALID


def test_quiet_prints_nothing(run, sound, tmp_path):
    (sound.root / "t.csv").write_text("id,n\na,x\n")
    assert run("validate", sound.root, "--quiet", "--output", tmp_path / "r.json") == (1, "", "")
    assert json.loads((tmp_path / "r.json").read_text())["valid"] is False


STARTS = {
    "r.json": '{\n  "valid": ',
    "r.sarif": '{\n  "$schema": ',
    "r.sarif.json": '{\n  "$schema": ',
    "R.XML": "<?xml ",
    "r.md": "### ",
    "r.txt": "No rules ran: ",
    "github=r.log": "valid: ",
    "junit=a=b.json": "<?xml ",
}


def test_several_files_each_in_the_form_of_its_ending(run, sound, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("validate", sound.root, *[x for name in STARTS for x in ("--output", name)])
    assert (code, err) == (0, "")
    for name, start in STARTS.items():
        file = tmp_path / name.removeprefix("github=").removeprefix("junit=")
        assert file.read_text(encoding="utf-8").startswith(start), name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("r.json", '"valid": false'),
        ("r.sarif", '"executionSuccessful": false'),
        ("r.xml", "<error "),
        ("r.md", "Not judged"),
        ("r.txt", "Not judged: "),
        ("github=r.log", "::error title=not readable::"),
    ],
)
def test_files_tell_of_a_package_that_cannot_be_read(run, tmp_path, monkeypatch, name, told):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("validate", "no/such/place", "--output", name)
    assert (code, out, err) == (2, "", "shuttle validate: no/such/place is not there\n")
    assert told in (tmp_path / name.removeprefix("github=")).read_text(encoding="utf-8")


def test_quiet_still_says_why_nothing_was_judged(run):
    code, out, err = run("validate", "no/such/place", "--format", "json", "--quiet")
    assert (code, out, err) == (2, "", "shuttle validate: no/such/place is not there\n")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ["r.pdf"],
            "r.pdf: the ending says no format; use .sarif.json, .json, .sarif, .xml, .md, .txt, or name it: --output j",
        ),
        (["yaml=r.log"], "--output yaml=r.log: the ending says no format"),
        (["no/r.txt"], "no/r.txt cannot be written: No such file or directory; nothing was judged"),
        (["file/r.txt"], "file/r.txt cannot be written: Not a directory; nothing was judged"),
        (["folder.json"], "folder.json cannot be written: Is a directory; nothing was judged"),
        (["r.json", "./r.json"], "--output names r.json twice; give each form a file of its own"),
        (["a\0b.json"], "cannot be written: embedded null byte; nothing was judged"),
        (["x" * 300 + ".json"], "cannot be written: File name too long"),
        (["datapackage.json"], "that is the name of a descriptor, name the report otherwise"),
    ],
)
def test_output_that_cannot_be_is_one_sentence_before_anything_is_judged(
    run, sound, tmp_path, monkeypatch, names, sentence
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "folder.json").mkdir()
    (sound.root / "t.csv").unlink()
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run("validate", sound.root, *[x for name in names for x in ("--output", name)])
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err
    assert sorted(tmp_path.rglob("*")) == before


def test_output_that_fails_late_does_not_keep_the_others_back(run, sound, tmp_path, monkeypatch):
    from shuttle_diplomacy.errors import TargetError
    from shuttle_diplomacy.package import writing

    def full(file, content):
        if file.name == "a.json":
            raise TargetError(f"{file.name} cannot be written: No space left on device; nothing was changed")
        file.write_bytes(content)

    monkeypatch.setattr(writing, "replace_file", full)
    code, out, err = run("validate", sound.root, "--output", tmp_path / "a.json", "--output", tmp_path / "b.json")
    assert (code, err) == (
        2,
        "shuttle validate: a.json cannot be written: No space left on device; nothing was changed\n",
    )
    assert out == VALID
    assert (tmp_path / "b.json").exists()


def test_output_to_a_pipe(sound):
    command = f"{sys.executable} -m shuttle_diplomacy.cli.main validate {sound.root} -q --output json=/dev/fd/3 3>&1"
    done = subprocess.run(["bash", "-c", command.replace("-q", "--quiet")], capture_output=True, check=False)
    assert json.loads(done.stdout)["valid"] is True


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_json_stays_json_where_the_terminal_lacks_a_character(sound, form):
    (sound.root / "t.csv").write_text("id,n\n\uc11c\uc6b8\U0001f600,\xe9\n", encoding="utf-8")
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "validate", str(sound.root), "--format", form]
    for encoding in ("ascii", "latin-1"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert "\uc11c\uc6b8\U0001f600" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, False),
    ],
)
def test_colour_in_a_pipe(run, sound, monkeypatch, environment, coloured):
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("validate", sound.root)[1]) is coloured


def in_terminal(root, columns=80, **environment):
    """Run in a pseudo-terminal, with progress from the first moment; return what it shows."""
    code = (
        "import sys; from shuttle_diplomacy.cli import main, progress; progress.PATIENCE = 0\n"
        f"sys.exit(main.main(['validate', {str(root)!r}]))"
    )
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    cleared = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}}
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**cleared, "TERM": "xterm", **environment},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    with suppress(OSError):  # the terminal is gone when the child is
        while piece := os.read(master, 65536):
            shown += piece
    os.close(master)
    child.wait()
    return shown.decode()


def test_progress_and_colour_on_a_terminal(sound):
    shown = in_terminal(sound.root)
    assert "Reading t  2 rows  " in shown
    assert " rows/s" in shown
    assert "\x1b[32;1mvalid\x1b[0m  tiny" in shown


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_on_a_terminal_that_wants_none(sound, environment):
    shown = in_terminal(sound.root, **environment)
    assert "valid  tiny: 1 table, 2 rows" in shown
    assert "\x1b[32" not in shown.partition("No rules ran")[2]


def test_terminal_width_is_kept(sound):
    (sound.root / "t.csv").write_text("id,n\na," + "x " * 200 + "\n")
    shown = in_terminal(sound.root, 60, NO_COLOR="1").partition("t: 1 error")[2]
    assert shown
    assert max(len(line) for line in shown.splitlines() if not line.startswith("  ") or "package" not in line) <= 60


def test_a_table_name_cannot_steer_the_progress(sound):
    sound.descriptor["resources"][0]["name"] = "\x1b]0;boo\x07[bold]x[/nosuchtag]"
    assert "\x1b]0;" not in in_terminal(sound.write().root)
    assert "[bold]x[/nosuchtag]" in in_terminal(sound.root)


def test_a_quick_run_shows_no_progress(sound, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["validate", str(sound.root)]) == 0
    assert capsys.readouterr().err == ""


@pytest.fixture
def second(monkeypatch):
    """Put another validator in place that disagrees."""
    module = types.ModuleType("shuttle_diplomacy.validation.second_opinion")
    module.second_opinion = lambda package, report: (package.name, report.valid)
    module.render_text = lambda opinion: f"frictionless disagrees on {opinion}"
    module.as_json = lambda opinion: {"agree": False, "asked": list(opinion)}
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_second_opinion_follows_the_report(run, sound, second, tmp_path):
    code, out, _ = run("validate", sound.root, "--second-opinion", "--output", tmp_path / "r.json")
    assert code == 0
    assert out == (VALID + "\nfrictionless disagrees on ('tiny', True)\n")
    written = json.loads((tmp_path / "r.json").read_text())
    assert written["secondOpinion"] == {"agree": False, "asked": ["tiny", True]}


def test_second_opinion_is_not_asked_unless_wanted(run, sound, second):
    second.second_opinion = None
    assert run("validate", sound.root)[0] == 0
    assert "secondOpinion" not in json.loads(run("validate", sound.root, "--format", "json")[1])


def test_no_second_opinion_on_what_cannot_be_read(run, second):
    second.second_opinion = None
    assert run("validate", "no/such/place", "--second-opinion")[0] == 2


def test_files_are_written_also_where_the_reader_of_stdout_goes_away(sound, tmp_path):
    (sound.root / "t.csv").write_text("id,n\n" + "a,x\n" * 3000)
    call = f"{sys.executable} -m shuttle_diplomacy.cli.main validate {sound.root} --format json --output r.json | true"
    done = subprocess.run(["bash", "-c", call], cwd=tmp_path, capture_output=True, check=False)
    assert done.stderr == b""
    assert json.loads((tmp_path / "r.json").read_text())["stats"]["types"]["type-error"] == 3000
