import io
import zipfile

import pytest
from scripts.comment import MARKER, main
from scripts.github import BOT, LONGEST

from tests.scripts.loopback import fake_github

SHA = "a" * 40
ARGUMENTS = ["--run", "5", "--sha", SHA, "--head", "fork/r"]


def archive(number: str | bytes = "7\n", review: str | bytes = "### The review\n", **more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in {"number": number, "review.md": review, **more}.items():
            target.writestr(name, content)
    return buffer.getvalue()


def pull(**changes):
    return {"number": 7, "state": "open", "head": {"sha": SHA, "repo": {"full_name": "fork/r"}}} | changes


@pytest.fixture
def checked(github):
    def left(stored: bytes | None = None, comments=(), found=None, size: int | None = None):
        stored = archive() if stored is None else stored
        listed = [{"id": 9, "size_in_bytes": len(stored) if size is None else size}]
        github.on("GET actions/runs/5/artifacts", {"artifacts": listed})
        github.on("GET actions/artifacts/9/zip", stored)
        github.on("GET pulls/7", found or pull())
        github.on("GET issues/7/comments", list(comments))
        github.on("POST issues/7/comments", (201, {"id": 1}))
        github.on("PATCH issues/comments/3", {"id": 3})
        return github

    return left


def test_first_review_is_written(checked, capsys):
    github = checked()
    assert main(ARGUMENTS) == 0
    [(method, path, content)] = github.written
    assert (method, path) == ("POST", "/repos/o/r/issues/7/comments")
    assert content["body"].startswith(f"{MARKER}\n### The review\n")
    assert "it is no statement of the project" in content["body"]
    assert capsys.readouterr().out == "the comment was written\n"


def test_later_review_renews_the_comment(checked):
    github = checked(comments=[{"id": 3, "user": {"login": BOT}, "body": f"{MARKER}\nold"}])
    assert main(ARGUMENTS) == 0
    assert [(m, p) for m, p, _ in github.written] == [("PATCH", "/repos/o/r/issues/comments/3")]


def test_same_review_changes_nothing(checked, capsys):
    github = checked()
    main(ARGUMENTS)
    body = github.written[0][2]["body"]
    github.on("GET issues/7/comments", [{"id": 3, "user": {"login": BOT}, "body": body}])
    github.asked.clear()
    assert main(ARGUMENTS) == 0
    assert github.written == []
    assert capsys.readouterr().out.endswith("the comment was left as it is\n")


@pytest.mark.parametrize("author", ["mallory", "github-actions", None])
def test_comment_of_somebody_else_is_left_alone(checked, author):
    user = {"login": author} if author else None
    github = checked(comments=[{"id": 3, "user": user, "body": f"{MARKER}\nmine"}])
    assert main(ARGUMENTS) == 0
    assert [m for m, _, _ in github.written] == ["POST"]


@pytest.mark.parametrize(
    "found",
    [
        pull(state="closed"),
        pull(head={"sha": "b" * 40, "repo": {"full_name": "fork/r"}}),
        pull(head={"sha": SHA, "repo": {"full_name": "victim/r"}}),
        pull(head={"sha": SHA, "repo": None}),
    ],
    ids=["closed", "newer head", "of another repository", "repository gone"],
)
def test_only_the_pull_request_that_was_checked_is_written_to(checked, found, capsys):
    github = checked(found=found)
    assert main(ARGUMENTS) == 0
    assert github.written == []
    assert "nothing to do" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["7/../../x", "-7", "0", "\u0667", "7 8", "", "12345678901"])
def test_number_that_is_none_is_refused(checked, number, capsys):
    github = checked(archive(number))
    assert main(ARGUMENTS) == 1
    assert github.written == []
    assert all("pulls" not in path for _, path, _, _ in github.asked)
    assert "the number in the artifact is no number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (b"no zip", "the artifact is not what it should be: BadZipFile"),
        (archive()[:-30], "the artifact is not what it should be: BadZipFile"),
        (archive(review=b"\xff\xfe"), "the artifact is not what it should be: UnicodeDecodeError"),
        (archive(number="7" * 21), "number in the artifact is larger than the limit of 20 bytes"),
        (archive(review="x" * 1_000_001), "review.md in the artifact is larger than the limit of 1,000,000 bytes"),
        (b"x" * 5_000_001, "the answer is larger than the limit of 5,000,000 bytes"),
    ],
    ids=["no zip", "cut", "no text", "long number", "bomb", "large"],
)
def test_artifact_is_bounded(checked, stored, message, capsys):
    github = checked(stored, size=10)
    assert main(ARGUMENTS) == 1
    assert github.written == []
    assert message in capsys.readouterr().err


def test_artifact_that_is_said_to_be_large_is_not_read(checked, capsys):
    github = checked(size=5_000_001)
    assert main(ARGUMENTS) == 1
    assert not any(path.endswith("/zip") for _, path, _, _ in github.asked)
    assert "larger than the limit" in capsys.readouterr().err


def test_member_that_is_missing_is_told(checked, capsys):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("../../review.md", "x")
    checked(buffer.getvalue())
    assert main(ARGUMENTS) == 1
    assert "not what it should be: KeyError" in capsys.readouterr().err


def test_run_without_review_is_fine(github, capsys):
    github.on("GET actions/runs/5/artifacts", {"artifacts": []})
    assert main(ARGUMENTS) == 0
    assert capsys.readouterr().out == "the run left no review; nothing to do\n"


def test_text_of_a_review_does_nothing(checked):
    hostile = "@all &#64;team #1 o/r#2 ![x](http://x) <img src=x> <!-- hidden --> \u202ereversed\n"
    hostile += "$(id) `id` ${{ secrets.X }}\n"
    github = checked(archive(review=hostile))
    main(ARGUMENTS)
    body = github.written[0][2]["body"].removeprefix(MARKER)
    for alive in ("@all", "&#64;team", " #1", "r#2", "![", "<img", "<!--", "\u202e"):
        assert alive not in body
    assert "$(id) `id` ${{ secrets.X }}" in body  # text, sent as JSON and never evaluated


def test_long_review_is_cut_at_a_line_and_closed(checked):
    github = checked(archive(review="<details><summary>x</summary>\n\n" + "a line\n" * 20_000))
    main(ARGUMENTS)
    body = github.written[0][2]["body"]
    assert LONGEST < len(body) < 65_536
    assert "a line\n\n</details>\n\n... cut here, because it is too long for GitHub." in body


def test_comments_on_later_pages_are_found(checked):
    others = [{"id": n, "user": {"login": "x"}, "body": "hi"} for n in range(100)]
    github = checked(comments=others)
    main(ARGUMENTS)
    pages = [path for _, path, _, _ in github.asked if "comments?" in path]
    assert [page.partition("&page=")[2] for page in pages] == [str(n) for n in range(1, 31)]


def test_token_does_not_follow_a_redirect_to_another_host(checked):
    github = checked()
    with fake_github() as store:
        store.answers["GET /blob"] = archive()
        github.on("GET actions/artifacts/9/zip", store.base.replace("127.0.0.1", "localhost") + "/blob")
        assert main(ARGUMENTS) == 0
        assert [token for *_, token in store.asked] == [None]
    assert {token for *_, token in github.asked} == {"Bearer secret-token"}


@pytest.mark.parametrize(
    ("answer", "message"),
    [((403, {}), "GET /repos/o/r/pulls/7: 403 Forbidden"), (b"<html>", "GET pulls/7: the answer is no JSON")],
)
def test_refusal_is_told_without_the_token(checked, answer, message, capsys):
    checked().on("GET pulls/7", answer)
    assert main(ARGUMENTS) == 1
    told = capsys.readouterr().err
    assert message in told
    assert "secret-token" not in told


def test_no_connection_is_told(github, monkeypatch, capsys):
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    assert main(ARGUMENTS) == 1
    assert capsys.readouterr().err == "comment: GET /repos/o/r/actions/runs/5/artifacts: ConnectionError\n"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("GITHUB_TOKEN", "", "GITHUB_TOKEN has to be set in the environment"),
        ("GITHUB_REPOSITORY", "o/r/../x", "GITHUB_REPOSITORY has to be OWNER/NAME"),
    ],
)
def test_environment_is_checked(github, monkeypatch, name, value, message, capsys):
    monkeypatch.setenv(name, value)
    assert main(ARGUMENTS) == 1
    assert message in capsys.readouterr().err


def test_commit_is_checked(github, capsys):
    assert main([*ARGUMENTS[:3], "HEAD", *ARGUMENTS[4:]]) == 1
    assert "--sha has to be a commit of 40 digits" in capsys.readouterr().err
