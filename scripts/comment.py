"""Keep one comment with the review of a pull request, from the artifact that its checks left behind.

The checks of a pull request run code of that pull request without any rights; this runs afterwards, from the default
branch, with the right to write the comment. So everything in the artifact is taken for hostile: its size is limited
before and while it is read, nothing is unpacked to disk, the number of the pull request counts only if GitHub says
that the checks ran for its present head, and the text is made harmless and sent as JSON.
"""

import argparse
import io
import re
import sys
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a file, before anything is installed
    sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.github import GitHub, GitHubError, harmless, is_ours

MARKER = "<!-- shuttle review -->"
ARTIFACT = "review"
_MOST_STORED, _MOST_TEXT, _MOST_NUMBER = 5_000_000, 1_000_000, 20
_SHA = re.compile(r"[0-9a-f]{40}")
_WORDS = "*Made by the checks of this pull request, from its own files and code; it is no statement of the project.*"


def review_of(github: GitHub, run: int) -> tuple[str, str] | None:
    """Return the number and the review that a run left behind, as texts, or None where it left none.

    Raises:
        GitHubError: the artifact is too large, or is not what it should be.
    """
    listed = github.call("GET", f"actions/runs/{run}/artifacts?name={ARTIFACT}&per_page=1").get("artifacts") or []
    if not listed:
        return None
    if int(listed[0]["size_in_bytes"]) > _MOST_STORED:
        raise GitHubError(f"the artifact is larger than the limit of {_MOST_STORED:,} bytes")
    stored = github.download(f"actions/artifacts/{int(listed[0]['id'])}/zip", _MOST_STORED)
    try:
        with zipfile.ZipFile(io.BytesIO(stored)) as archive:
            return _member(archive, "number", _MOST_NUMBER), _member(archive, "review.md", _MOST_TEXT)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError, RuntimeError, EOFError, zlib.error) as error:
        raise GitHubError(f"the artifact is not what it should be: {type(error).__name__}") from error


def _member(archive: zipfile.ZipFile, name: str, most: int) -> str:
    with archive.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise GitHubError(f"{name} in the artifact is larger than the limit of {most:,} bytes")
    return content.decode("utf-8")


def pull_request(github: GitHub, number: str, sha: str, head: str) -> dict[str, Any] | None:
    """Return the pull request if it is open and the checks ran for its present head; else None.

    Args:
        github: the repository.
        number: what the artifact says; anybody may have written it.
        sha: the commit that the checks ran for, as the event says.
        head: the repository that commit is in, as the event says.

    Raises:
        GitHubError: the number is none, or GitHub does not answer.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,9}", number.strip(), re.ASCII):
        raise GitHubError("the number in the artifact is no number")
    found: dict[str, Any] = github.call("GET", f"pulls/{int(number)}")
    there = found.get("head") or {}
    same = there.get("sha") == sha and (there.get("repo") or {}).get("full_name") == head
    return found if found.get("state") == "open" and same else None


def keep(github: GitHub, number: int, body: str) -> str:
    """Write or renew the one comment, and return what was done."""
    mine = next((c for c in github.pages(f"issues/{number}/comments") if is_ours(c, MARKER)), None)
    if mine is None:
        github.call("POST", f"issues/{number}/comments", body=body)
        return "written"
    if mine["body"] == body:
        return "left as it is"
    github.call("PATCH", f"issues/comments/{int(mine['id'])}", body=body)
    return "renewed"


def main(argv: Sequence[str] | None = None) -> int:
    """Keep the comment; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--run", type=int, required=True, help="the run of the checks (github.event.workflow_run.id)")
    parser.add_argument("--sha", required=True, help="the commit it ran for (github.event.workflow_run.head_sha)")
    parser.add_argument("--head", required=True, help="OWNER/NAME that the commit is in")
    options = parser.parse_args(argv)
    try:
        print(_run(GitHub.from_environment(), options))
    except GitHubError as error:
        print(f"comment: {error}", file=sys.stderr)
        return 1
    return 0


def _run(github: GitHub, options: argparse.Namespace) -> str:
    if not _SHA.fullmatch(options.sha):
        raise GitHubError("--sha has to be a commit of 40 digits")
    review = review_of(github, options.run)
    if review is None:
        return "the run left no review; nothing to do"
    number, text = review
    found = pull_request(github, number, options.sha, options.head)
    if found is None:
        return "the pull request is closed, has a newer head, or is not the one that was checked; nothing to do"
    body = f"{MARKER}\n{harmless(text)}\n\n{_WORDS}\n"
    return f"the comment was {keep(github, int(found['number']), body)}"


if __name__ == "__main__":
    sys.exit(main())
