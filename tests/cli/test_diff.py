"""``shuttle diff``, ``shuttle changelog`` and ``shuttle review`` at the command line."""

import json

import pytest

from tests.review.packages import GitPackage, git


@pytest.fixture
def repository(tmp_path, monkeypatch):
    made = GitPackage(tmp_path / "repo")
    made.write("id,n,note\na,1,x\n", "first")
    git(made.root, "tag", "v1.0.0")
    made.write("id,n,note\na,1,x\nb,2,y\n", "second")
    monkeypatch.chdir(made.root)
    return made


def test_two_revisions(run, repository):
    code, out, err = run("diff", "git:HEAD~1", "git:HEAD")
    assert (code, err) == (0, "")
    assert out.startswith("old git:HEAD~1 (1.0.0)\nnew git:HEAD (1.0.0)\nall 1 table differs, 1 row added\n")


def test_the_working_tree_is_the_default(run, repository):
    (repository.package.root / "t.csv").write_text("id,n,note\na,1,x\n")
    assert "1 row removed" in run("diff", "git:HEAD")[1]


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_files_beside_stdout(run, repository, tmp_path, form):
    ending = {"text": "txt", "markdown": "md", "json": "json"}[form]
    _, out, _ = run("diff", "git:HEAD~1", "--format", form, "--output", tmp_path / f"d.{ending}")
    assert (tmp_path / f"d.{ending}").read_text() == out


def test_quiet(run, repository, tmp_path):
    assert run("diff", "git:HEAD~1", "--quiet", "--output", tmp_path / "d.json") == (0, "", "")
    assert json.loads((tmp_path / "d.json").read_text())["same"] is False


def test_limit(run, repository):
    repository.write("id,n,note\n" + "".join(f"r{n},{n},{n}\n" for n in range(40)))
    assert "... and 37 more (row added)" in run("diff", "git:HEAD~1", "--limit", "3")[1]
    assert "... and" not in run("diff", "git:HEAD~1", "--limit", "0")[1]


def test_check_wants_the_version_raised(run, repository):
    code, _, err = run("diff", "git:v1.0.0", "--check", "--quiet")
    assert code == 1
    assert err == (
        "shuttle diff: the version is 1.0.0 as before, but a minor change asks for a raised minor number: 1.1.0; "
        "decisive: t: 1 row added\n"
    )
    repository.write("id,n,note\na,1,x\nb,2,y\n", version="1.1.0")
    assert run("diff", "git:v1.0.0", "--check", "--quiet") == (0, "", "")


def test_a_table_that_cannot_be_compared_fails(run, repository):
    (repository.package.root / "t.csv").write_text('id,n,note\na,1,"x\n')
    code, out, _ = run("diff", "git:HEAD")
    assert code == 1
    assert "table t: could not be compared\n  ! the later package: t.csv:2:" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["git:nowhere"], "shuttle diff: there is no revision 'nowhere' in this repository"),
        (["no/such/folder"], "shuttle diff: no/such/folder is not there\n"),
        (["git:HEAD", "--output", "x.sarif"], "shuttle diff: --output x.sarif: there is no form 'sarif'; use text, "),
        (["git:HEAD", "--output", "x.log"], "shuttle diff: --output x.log: the ending says no format"),
    ],
)
def test_what_cannot_run(run, repository, arguments, message):
    code, out, err = run("diff", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(message)


def test_limit_has_to_be_a_number(run, repository):
    code, _, err = run("diff", "git:HEAD", "--limit", "-1")
    assert code == 2
    assert "has to be 0 or more" in err


def test_changelog_since_the_last_tag(run, repository):
    expected = "## Unreleased\n\n**Data.**\n\n- `t`: 1 row added (`b`)\n"
    assert run("changelog") == (0, expected, "shuttle changelog: since git:v1.0.0\n")
    assert run("changelog", "git:v1.0.0")[1] == "## Unreleased\n\nNo change of data or schema.\n"
    (repository.root / "v1.0.0").mkdir()  # a folder of that name is not the tag
    assert run("changelog")[:2] == (0, expected)
    (repository.root / "v1.0.0").rmdir()
    assert run("changelog", "--since", "v1.0.0") == (0, expected, "")
    assert "No change of data or schema" in run("changelog", "--since", "HEAD")[1]


def test_changelog_has_no_negative_limit(run, repository):
    code, _, err = run("changelog", "--limit", "-1")
    assert (code, "has to be 0 or more" in err) == (2, True)


def test_changelog_is_written(run, repository):
    file = repository.root / "CHANGELOG.md"
    file.write_text("# Changelog\n\n## 1.0.0\n\nfirst\n")
    assert run("changelog", "--write")[:2] == (0, "")
    assert run("changelog", "--write")[:2] == (0, "")
    assert file.read_text() == (
        "# Changelog\n\n## Unreleased\n\n**Data.**\n\n- `t`: 1 row added (`b`)\n\n## 1.0.0\n\nfirst\n"
    )


def test_changelog_of_what_cannot_be_found(run, repository):
    code, _, err = run("changelog", "--since", "v9")
    assert (code, err.split(";")[0]) == (2, "shuttle changelog: there is no revision 'v9' in this repository")


def test_review_fails_on_new_errors_only(run, repository):
    (repository.package.root / "t.csv").write_text("id,n,note\na,x,x\n")
    code, out, _ = run("review", "git:HEAD")
    assert code == 1
    assert "gate: 1 error (before: 0)" in out
    git(repository.root, "commit", "-qam", "broken")
    assert run("review", "git:HEAD")[0] == 0


def test_review_fails_where_the_rules_cannot_be_read(run, repository):
    (repository.root / "rules").mkdir()
    (repository.root / "rules" / "r.sql").write_text("-- id: r\n")
    (repository.root / "pyproject.toml").write_text('[tool.shuttle]\npackage = "data package"\nrules = "rules"\n')
    code, out, _ = run("review", "git:HEAD")
    assert code == 1
    assert "not looked at: the rules cannot be read: " in out


def test_review_may_want_the_version_raised(run, repository):
    assert run("review", "git:v1.0.0", "--quiet")[0] == 0
    assert run("review", "git:v1.0.0", "--quiet", "--check")[0] == 1
