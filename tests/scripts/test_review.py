import subprocess
import sys

import pytest
from scripts.review import main

STUB = """\
import json, sys
from pathlib import Path
verb, answers = sys.argv[1], json.loads(Path(__file__).with_name("answers.json").read_text())
with Path(__file__).with_name("calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
code, out, err = answers["check" if "--check" in sys.argv else verb]
sys.stdout.write(out), sys.stderr.write(err)
sys.exit(code)
"""


@pytest.fixture
def reviewed(tmp_path, monkeypatch):
    """Review the last commit of a repository of two with a stand-in for shuttle."""
    import json

    stub, repository = tmp_path / "stub.py", tmp_path / "repository"
    repository.mkdir()
    stub.write_text(STUB)
    monkeypatch.chdir(repository)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", "init", "-q"], check=True)
    for _ in range(2):
        subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True)

    def call(*options: str, tag: str = "", **answers):
        if tag:
            subprocess.run(["git", "tag", tag, "HEAD^1"], check=True)
        given = {"review": (0, "the review\n", ""), "diff": (0, "the diff\n", ""), "check": (0, "", "")} | answers
        (tmp_path / "answers.json").write_text(json.dumps(given))
        out = tmp_path / "out"
        code = main(["--number", "7", "--out", str(out), *options], [sys.executable, str(stub)])
        calls = [json.loads(line) for line in (tmp_path / "calls").read_text().splitlines()]
        return code, (out / "review.md").read_text(), calls, out

    return call


def test_files_are_written_for_the_comment(reviewed, tmp_path):
    code, review, calls, out = reviewed()
    assert code == 0
    assert review.startswith("the review\n")
    assert (out / "diff.md").read_text() == "the diff\n"
    assert (out / "number").read_text() == "7\n"
    assert (tmp_path / "summary").read_text().startswith("the review\n")
    assert [call[0] for call in calls] == ["review", "diff"]
    assert all(len(side) == len("git:") + 40 for side in calls[0][1:3])


def test_without_release_the_version_is_not_compared(reviewed):
    _, review, _, _ = reviewed(check=(1, "", "no"))
    assert "There is no release yet" in review


@pytest.mark.parametrize(("options", "expected"), [((), 0), (("--check-version",), 1)])
def test_version_is_compared_with_the_last_release(reviewed, options, expected):
    answer = (1, "", "shuttle diff: raise it to 0.2.0, a table is gone\n")
    code, review, calls, _ = reviewed(*options, tag="v0.1.0", check=answer)
    assert code == expected
    assert "    compared with v0.1.0: shuttle diff: raise it to 0.2.0, a table is gone" in review
    assert calls[-1][:4] == ["diff", "--check", "--quiet", "git:v0.1.0"]


def test_release_is_reviewed_since_the_last_one(reviewed):
    code, _, calls, _ = reviewed("--since-release", tag="v0.1.0")
    assert code == 0
    assert calls[0][0] == "review"


def test_first_release_has_nothing_to_be_compared_with(reviewed, capsys):
    with pytest.raises(FileNotFoundError):
        reviewed("--since-release")
    assert capsys.readouterr().out == "there is no release yet; nothing to compare with\n"


def test_review_that_cannot_be_made_gives_way_to_the_difference(reviewed):
    code, review, _, _ = reviewed(review=(2, "", "shuttle review: no such verb\n```\n@all"))
    assert code == 2
    assert review.startswith("the diff\n")
    assert "### Not reviewed\n\n    shuttle review: no such verb\n    ```\n    @all\n" in review


def test_revision_that_is_not_there_is_told(reviewed, capsys, tmp_path):
    assert main(["--old=--output=x", "--out", str(tmp_path / "o")], ["false"]) == 2
    assert "there is no commit --output=x" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
