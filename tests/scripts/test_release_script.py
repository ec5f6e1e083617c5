import hashlib

import pytest
from scripts.release import ROOT, check, lay_out, main, notes_of, version_of

CHANGELOG = "# Changelog\n\n## 0.2.0 - 2026-12-01\n\nMore.\n\n## 0.1.0 - 2026-11-22\n\nFirst.\n"


def test_tag_of_the_present_version_is_fine(capsys):
    assert main(["--check", "--tag", f"v{version_of(ROOT)}"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("tag", ["v9.9.9", "0.1.0", "v0.1.0-rc1", ""])
def test_other_tag_is_refused(tag, capsys):
    assert main(["--check", "--tag", tag]) == 1
    assert f"the tag is {tag!r}, but schemas/package.json has version" in capsys.readouterr().err


def test_version_without_notes_is_refused(tmp_path):
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "package.json").write_text('{"version": "0.3.0"}')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    with pytest.raises(ValueError, match=r"CHANGELOG\.md has no section '## 0\.3\.0 - YYYY-MM-DD' that says something"):
        check(tmp_path, "v0.3.0")


@pytest.mark.parametrize(("version", "notes"), [("0.2.0", "More.\n"), ("0.1.0", "First.\n")])
def test_notes_are_one_section(version, notes):
    assert notes_of(CHANGELOG, version) == notes


def test_files_are_laid_out_with_their_checksums(tmp_path):
    for path in ("dist/p-1/data/t.csv", "dist/p-1/rules/r.sql", "dist/p-1/SHA256SUMS", "dist/p-1.zip", "py/p.whl"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    names = lay_out([tmp_path / "dist", tmp_path / "py"], tmp_path / "upload")
    assert names == ["p-1.zip", "p.whl", "t.csv", "SHA256SUMS"]
    digest = hashlib.sha256(b"dist/p-1/data/t.csv").hexdigest()
    assert f"{digest}  t.csv\n" in (tmp_path / "upload" / "SHA256SUMS").read_text()


def test_files_of_the_same_name_are_refused(tmp_path):
    for path in ("a/t.csv", "b/t.csv"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).touch()
    with pytest.raises(ValueError, match=r"two files of the release are called t\.csv"):
        lay_out([tmp_path / "a", tmp_path / "b"], tmp_path / "upload")
