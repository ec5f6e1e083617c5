"""``shuttle validate`` as its user meets it: output, exit code, never a traceback."""

import json
import os
import subprocess
import sys
import zipfile

import pytest


def test_valid_package(run, sound):
    code, out, err = run("validate", sound.root)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "valid  tiny: 1 table, 2 rows"


def test_invalid_package(run, sound):
    (sound.root / "t.csv").write_text("id,n\na,1\nb,x\n")
    code, out, err = run("validate", sound.root)
    assert (code, err) == (1, "")
    assert "t.csv:3:3  type-error  row b, field n" in out
    assert out.splitlines()[-1] == "invalid  tiny: 1 error, 0 warnings in 1 table, 2 rows"


def test_descriptor_zip_and_folder_are_the_same(run, sound, tmp_path):
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for member in sound.root.iterdir():
            file.write(member, member.name)
    outputs = [run("validate", where) for where in (sound.root, sound.root / "datapackage.json", archive)]
    assert len(set(outputs)) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("datapackage.json", b"{", "is not JSON"),
        ("datapackage.json", b"[]", "is not a JSON object"),
        ("datapackage.json", b"\xff", "is not JSON"),
        ("datapackage.json", b"[" * 100_000, "is not JSON"),
        ("datapackage.json", b'{"x": %s}' % (b"9" * 5000), "is not JSON"),
        ("datapackage.json", b'{"x": NaN}', "NaN is no number of JSON"),
        ("datapackage.json", b'{"x": "\\ud800"}', "is not JSON"),
        ("p.zip", b"PK\x03\x04", "cannot be read as a zip archive"),
        ("p.zip", b"", "cannot be read as a zip archive"),
    ],
)
def test_unreadable_input_exits_with_2_and_one_sentence(run, tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    code, out, err = run("validate", tmp_path / name)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_damaged_zip_exits_with_2(run, tmp_path, method):
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w", method) as file:
        file.writestr("datapackage.json", '{"name": "x", "resources": []}' * 3)
    content = bytearray(archive.read_bytes())
    content[50:75] = b"\xff" * 25
    archive.write_bytes(content)
    code, _, err = run("validate", archive)
    assert code == 2
    assert "cannot be read as a zip archive" in err


@pytest.mark.parametrize(
    "where", ["no/such/place", "", "http://127.0.0.1:9/datapackage.json", "a\0b", "http://[", f"http://{'a' * 70}.com"]
)
def test_missing_input_exits_with_2(run, where):
    code, _, err = run("validate", where)
    assert code == 2
    assert err.startswith("shuttle validate: ")


def test_json_is_one_object_even_when_nothing_can_be_read(run):
    code, out, err = run("validate", "no/such/place", "--format", "json")
    assert (code, err) == (2, "")
    assert json.loads(out)["valid"] is False
    assert "no/such/place is not there" in json.loads(out)["errors"][0]["message"]


def test_strict_lets_warnings_count(run, sound):
    sound.descriptor["titel"] = "x"
    sound.write()
    assert run("validate", sound.root)[0] == 0
    assert run("validate", sound.root, "--strict")[0] == 1


def test_limit_never_changes_count_or_verdict(run, sound):
    (sound.root / "t.csv").write_text("id,n\n" + "".join(f"a{i},x\n" for i in range(30)))
    code, out, _ = run("validate", sound.root, "--format", "json", "--limit-errors", "3")
    value = json.loads(out)
    assert (code, value["stats"]["errors"], len(value["tasks"][0]["errors"])) == (1, 30, 3)


@pytest.mark.parametrize(
    "arguments", [["validat"], ["validate", "--formt", "json"], ["validate", "--limit-errors", "-1"]]
)
def test_wrong_usage_exits_with_2(run, arguments):
    assert run(*arguments)[0] == 2


def test_nearest_package_is_found_upwards(run, sound, monkeypatch):
    below = sound.root / "deep" / "er"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert run("validate")[0] == 0


def test_a_tool_that_is_not_installed_is_named(sound):
    code = (
        "import sys; sys.modules['pandera'] = None; sys.modules['pandera.polars'] = None\n"
        f"from shuttle_diplomacy.cli.main import main; sys.exit(main(['validate', {str(sound.root)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.strip().endswith("install the tools with: pip install 'shuttle-diplomacy[tools]'")


def test_files_tell_of_a_tool_that_is_not_installed(run, sound, tmp_path, monkeypatch):
    for name in ("pandera", "pandera.polars"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "shuttle_diplomacy.tabular.columns", raising=False)
    assert run("validate", sound.root, "--output", tmp_path / "r.json")[0] == 2
    assert "pandera" in json.loads((tmp_path / "r.json").read_text())["errors"][0]["note"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\0",
        b"id",
        b"id,n\n" + b'"' * 1001,
        b"id,n\n" + b"," * 5000,
        b"\xef\xbb\xbf",
        b"\r\r\r",
        b"id,n\n\x01,\x02\n",
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "github", "junit", "sarif", "markdown"])
def test_no_file_gives_a_traceback(run, sound, content, form):
    (sound.root / "t.csv").write_bytes(content)
    code, out, _ = run("validate", sound.root, "--format", form)
    assert code == 1
    assert out


def test_every_verb_answers_a_descriptor_of_the_wrong_shape(run, sound):
    sound.descriptor["resources"].append({"name": "x", "path": "x.csv", "schema": {"fields": [3]}})
    sound.write()
    for verb in (["format"], ["format", "--check"], ["describe", "--package"]):
        code, _, err = run(*verb, sound.root)
        assert (code, err.count("\n")) == (2, 1)


def test_describe_a_package_without_tables(run, sound):
    sound.descriptor["resources"] = [{"name": "t", "path": "t.csv"}]
    assert run("describe", "--package", sound.write().root) == (0, "", "")


def test_carried_rules_of_the_wrong_shape(run, sound):
    sound.descriptor["shuttle:rules"] = 5
    assert run("validate", sound.write().root)[0] == 0


def test_no_name_in_a_package_steers_the_terminal(run, sound):
    evil = "e\x1b[2J\n::error::x"
    sound.descriptor["resources"][0] |= {"name": evil, "path": "\x1b[2J.csv", "title": evil, "description": evil}
    sound.descriptor["resources"][0]["schema"]["fields"] = [{"name": evil}]
    sound.write()
    verbs = [
        ["validate"],
        ["validate", "--format", "github"],
        ["validate", "--format", "markdown"],
        ["validate", "--format", "junit"],
        ["format", "--check"],
        ["format"],
        ["describe", "--package"],
    ]
    for verb in verbs:
        _, out, err = run(*verb, sound.root)
        assert "\x1b" not in out + err, verb
        assert not any(line.lstrip().startswith("::error::") for line in (out + err).splitlines()), verb
    assert "\x1b" not in run("describe", evil, "--package", sound.root)[1]


@pytest.mark.parametrize("form", ["text", "github"])
def test_output_in_an_encoding_that_lacks_a_character(sound, form):
    (sound.root / "t.csv").write_text("id,n\n\uc11c\uc6b8,x\n", encoding="utf-8")
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "validate", str(sound.root), "--format", form]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"\\uc11c\\uc6b8" in done.stdout


def test_reader_that_goes_away_is_no_traceback(sound):
    command = f"{sys.executable} -m shuttle_diplomacy.cli.main describe | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stderr == b""


def test_configuration_that_is_not_there_exits_with_2(run, sound, tmp_path):
    code, _, err = run("validate", sound.root, "--config", tmp_path / "none.toml")
    assert (code, err) == (2, f"shuttle validate: {tmp_path}/none.toml cannot be read: No such file or directory\n")


@pytest.mark.parametrize(
    "text", ["tool = 5", "[tool]\nshuttle = 5", "[tool.shuttle]\npackage = 'p'\ncodes = {table = 5}"]
)
def test_configuration_of_the_wrong_shape_exits_with_2(run, tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "datapackage.json").write_text("{}")
    code, _, err = run("validate", tmp_path, "--config", tmp_path / "pyproject.toml")
    assert (code, err.count("\n")) == (2, 1)


def test_descriptor_that_cannot_be_written_exits_with_2(run, tmp_path, monkeypatch):
    (tmp_path / "shuttle.toml").write_text("package = 'gone'\nmetadata = 'm.json'\nschemas = 's'\n")
    (tmp_path / "m.json").write_text('{"name": "p"}')
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "t.json").write_text('{"fields": [{"name": "a"}]}')
    monkeypatch.chdir(tmp_path)
    code, _, err = run("assemble")
    assert code == 2
    assert "cannot be written: No such file or directory" in err
