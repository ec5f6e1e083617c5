"""Keep one issue that says what is wrong, as long as something is.

With a report, the issue is opened, or renewed if it is open already; with ``--fine`` an open one is closed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from scripts.github import BOT, GitHub, GitHubError, harmless, is_ours


def keep(github: GitHub, marker: str, title: str, body: str | None) -> str:
    """Open, renew or close the issue with this marker, and return what was done.

    Args:
        github: the repository.
        marker: the first line of the issue's text, by which it is found again.
        title: its title.
        body: what is wrong; None: nothing is.
    """
    listed = github.pages(f"issues?state=open&creator={quote(BOT)}")
    mine = next((i for i in listed if "pull_request" not in i and is_ours(i, marker)), None)
    if body is None:
        if mine is None:
            return "nothing is wrong, and no issue is open"
        github.call("PATCH", f"issues/{int(mine['number'])}", state="closed", state_reason="completed")
        return f"issue {mine['number']} was closed"
    text = f"{marker}\n{harmless(body)}"
    if mine is None:
        return f"issue {github.call('POST', 'issues', title=title, body=text)['number']} was opened"
    if mine["body"] == text and mine["title"] == title:
        return f"issue {mine['number']} was left as it is"
    github.call("PATCH", f"issues/{int(mine['number'])}", title=title, body=text)
    return f"issue {mine['number']} was renewed"


def main(argv: Sequence[str] | None = None) -> int:
    """Keep the issue; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--key", required=True, help="a word by which the issue is found again")
    parser.add_argument("--title", required=True, help="the issue's title")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--body", type=Path, metavar="FILE", help="Markdown that says what is wrong")
    what.add_argument("--fine", action="store_true", help="nothing is wrong (any more)")
    options = parser.parse_args(argv)
    try:
        body = None if options.fine else options.body.read_text(encoding="utf-8", errors="replace")
        print(keep(GitHub.from_environment(), f"<!-- shuttle {options.key} -->", options.title, body))
    except (GitHubError, OSError) as error:
        print(f"issue: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
