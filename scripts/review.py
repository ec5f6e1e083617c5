"""What a pull request changes in the data: the review as Markdown, the whole difference, the version that it asks for.

Writes ``review.md``, ``diff.md`` and ``number`` into a folder, which becomes the artifact of the checks; ends with 2
where something could not run, the files being written all the same. Whether the version was raised enough since the
last release is told; whoever corrects a cell need not think of it, so that only ``--check-version`` ends with 1.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 600
_MOST = 900_000  # characters; a job's summary takes a mebibyte
SHUTTLE = (sys.executable, "-m", "shuttle_diplomacy.cli.main")


@dataclass(frozen=True)
class Outcome:
    """What one verb printed, and its exit code."""

    code: int
    text: str
    problem: str


def call(shuttle: Sequence[str], *arguments: str) -> Outcome:
    """Run one verb with a limit on time."""
    try:
        done = subprocess.run([*shuttle, *arguments], check=False, capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return Outcome(2, "", f"took longer than {_SECONDS} seconds")
    text, problem = (stream.decode("utf-8", errors="replace") for stream in (done.stdout, done.stderr))
    return Outcome(done.returncode, text, problem.strip())


def commit(revision: str) -> str:
    """Return the hash of a revision.

    Raises:
        ValueError: there is none.
    """
    found = _git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    if not found:
        raise ValueError(f"there is no commit {revision}")
    return found


def last_release(new: str) -> str:
    """Return the tag of the last release before a commit, or an empty text."""
    return _git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", f"{new}^1")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], check=False, capture_output=True, text=True, timeout=_SECONDS)
    return done.stdout.strip() if done.returncode == 0 else ""


def review(shuttle: Sequence[str], old: str, new: str, out: Path) -> int:
    """Write the review and the difference of two commits.

    Returns:
        0; 1 where the version was not raised enough; 2 where something could not run.
    """
    sides = (f"git:{old}", f"git:{new}")
    told = call(shuttle, "review", *sides, "--format", "markdown")
    difference = call(shuttle, "diff", *sides, "--format", "markdown", "--limit", "0")
    release = last_release(new)
    version = call(shuttle, "diff", "--check", "--quiet", f"git:{release}", sides[1]) if release else Outcome(0, "", "")
    parts = [told.text if told.code < 2 else difference.text, ""]  # noqa: PLR2004
    parts += [f"### Not reviewed\n\n{_code(o.problem)}\n" for o in (told, difference) if o.code > 1]
    if not release:
        parts.append("There is no release yet with which the version could be compared.\n")
    elif version.code:
        parts.append(f"### ❌ The version\n\n{_code(f'compared with {release}: {version.problem}')}\n")
    out.mkdir(parents=True, exist_ok=True)
    (out / "review.md").write_text("\n".join(parts), encoding="utf-8")
    (out / "diff.md").write_text(difference.text, encoding="utf-8")
    return max(2 if o.code > 1 else 0 for o in (told, difference, version)) or version.code


def _code(text: str) -> str:
    r"""Return a text as a block of code that it cannot leave.

    Examples:
        >>> print(_code("a\n```"))
            a
            ```
    """
    return "\n".join(f"    {line}" for line in text.splitlines())


def summarise(file: Path) -> None:
    """Append a file to the job's summary where there is one; too long a file is cut."""
    if target := os.environ.get("GITHUB_STEP_SUMMARY"):
        text = file.read_text(encoding="utf-8")
        cut = text if len(text) <= _MOST else text[:_MOST].rpartition("\n")[0] + "\n\n... cut here.\n"
        with Path(target).open("a", encoding="utf-8") as summary:
            summary.write(cut + "\n")


def main(argv: Sequence[str] | None = None, shuttle: Sequence[str] = SHUTTLE) -> int:
    """Write the files; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    before = parser.add_mutually_exclusive_group()
    before.add_argument("--old", default="HEAD^1", help="the revision before (default: HEAD^1, the base of a merge)")
    before.add_argument("--since-release", action="store_true", help="the revision before is the last release")
    parser.add_argument("--new", default="HEAD", help="the revision after (default: HEAD)")
    parser.add_argument("--number", type=int, help="number of the pull request")
    parser.add_argument("--out", type=Path, default=Path("review"), help="the folder to write (default: review)")
    parser.add_argument("--check-version", action="store_true", help="end with 1 if the version is not raised enough")
    options = parser.parse_args(argv)
    try:
        new = commit(options.new)
        if options.since_release and not last_release(new):
            print("there is no release yet; nothing to compare with")
            return 0
        old = commit(last_release(new) if options.since_release else options.old)
    except ValueError as error:
        print(f"review: {error}", file=sys.stderr)
        return 2
    code = review(shuttle, old, new, options.out)
    if options.number is not None:
        (options.out / "number").write_text(f"{options.number}\n", encoding="utf-8")
    summarise(options.out / "review.md")
    return 0 if code == 1 and not options.check_version else code


if __name__ == "__main__":
    sys.exit(main())
