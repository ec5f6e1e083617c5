import pytest

from scripts import twice


def test_every_file_is_compared(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x").write_bytes(b"1")
    before = twice.digests(tmp_path)
    (tmp_path / "sub" / "x").write_bytes(b"2")
    (tmp_path / "y").touch()
    assert twice.differing(before, twice.digests(tmp_path)) == ["sub/x", "y"]


@pytest.mark.parametrize(("second", "code"), [("same", 0), ("other", 1)])
def test_difference_fails(tmp_path, monkeypatch, capsys, second, code):
    def build(_, out, python_out, other=None):
        for folder in (out, python_out):
            folder.mkdir()
            (folder / "file").write_text(second if other else "same")

    monkeypatch.setattr(twice, "build", build)
    monkeypatch.setattr(twice, "_git", lambda *_: "")
    assert twice.main(["--out", str(tmp_path / "a"), "--python-out", str(tmp_path / "b")]) == code
    told = capsys.readouterr()
    assert told.out == f"2 files, {2 * code} differ\n"
    assert told.err == "twice: file differs\n" * 2 * code


def test_old_packages_are_not_mixed_in(tmp_path, capsys):
    (tmp_path / "old.whl").touch()
    assert twice.main(["--out", str(tmp_path / "a"), "--python-out", str(tmp_path)]) == 2
    assert "is not empty; remove it first" in capsys.readouterr().err
