import pytest
from scripts.github import BOT
from scripts.issue import main

MARKER = "<!-- shuttle links -->"
MINE = {"number": 4, "title": "T", "body": f"{MARKER}\nold", "user": {"login": BOT}}


@pytest.fixture
def keep(github, tmp_path, capsys):
    def call(*issues, body: str | None = "two are gone\n"):
        github.on("GET issues", list(issues))
        github.on("POST issues", (201, {"number": 8}))
        github.on("PATCH issues/4", {})
        file = tmp_path / "links.md"
        file.write_text(body or "", encoding="utf-8")
        code = main(["--key", "links", "--title", "T", *(["--fine"] if body is None else ["--body", str(file)])])
        return code, github.written, capsys.readouterr().out.strip()

    return call


def test_issue_is_opened(keep):
    code, written, told = keep()
    assert (code, told) == (0, "issue 8 was opened")
    assert written == [("POST", "/repos/o/r/issues", {"title": "T", "body": f"{MARKER}\ntwo are gone\n"})]


def test_open_issue_is_renewed(keep):
    _, written, told = keep(MINE)
    assert told == "issue 4 was renewed"
    assert written == [("PATCH", "/repos/o/r/issues/4", {"title": "T", "body": f"{MARKER}\ntwo are gone\n"})]


def test_same_report_changes_nothing(keep):
    _, written, told = keep(MINE | {"body": f"{MARKER}\ntwo are gone\n"})
    assert (written, told) == ([], "issue 4 was left as it is")


def test_issue_is_closed_when_all_is_fine(keep):
    _, written, told = keep(MINE, body=None)
    assert told == "issue 4 was closed"
    assert written == [("PATCH", "/repos/o/r/issues/4", {"state": "closed", "state_reason": "completed"})]


def test_nothing_wrong_and_nothing_open(keep):
    assert keep(body=None) == (0, [], "nothing is wrong, and no issue is open")


@pytest.mark.parametrize(
    "other",
    [MINE | {"user": {"login": "mallory"}}, MINE | {"pull_request": {}}, MINE | {"body": "<!-- shuttle x -->"}],
    ids=["of somebody else", "a pull request", "another key"],
)
def test_what_is_not_ours_is_left_alone(keep, other):
    _, written, _ = keep(other)
    assert [method for method, _, _ in written] == ["POST"]


def test_report_is_made_harmless(keep):
    _, written, _ = keep(body="@maintainers see #1")
    assert "@maintainers" not in written[0][2]["body"]


def test_report_that_is_missing_is_told(github, tmp_path, capsys):
    assert main(["--key", "links", "--title", "T", "--body", str(tmp_path / "none.md")]) == 1
    assert "none.md" in capsys.readouterr().err
