"""The little of GitHub's interface that the workflows need, with limits on time and size.

Everything is said by the environment that Actions gives: ``GITHUB_API_URL``, ``GITHUB_REPOSITORY`` and
``GITHUB_TOKEN``. What others wrote (an artifact of a pull request, a cell of the data) is text to be shown: it is cut,
cleaned and sent as JSON, and never run, formatted into a command or used as an address.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

LONGEST = 60_000  # characters; GitHub takes 65,536 a comment
BOT = "github-actions[bot]"
_SECONDS = (10, 30)
_PAGE, _PAGES = 100, 30
_MOST = 20_000_000  # bytes of one answer
_CHUNK = 1 << 16
_NAME = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_PAIR = "\u2060"  # joins words and shows nothing: what follows is no mention, reference or image any more
_AT = re.compile(r"(@|&#0*64;|&#[xX]0*40;|&commat;)(?=[A-Za-z0-9])")
_NUMBER_SIGN = re.compile(r"(?<!&)#(?=[0-9])|(&#0*35;|&#[xX]0*23;|&num;)(?=[0-9])")
_IMAGE = re.compile(r"!(?=\[)")
_TAG = re.compile(r"<(?=\s*(?:img|picture|source|video|audio|svg|!--))", re.IGNORECASE)


class GitHubError(Exception):
    """GitHub refused, could not be reached, or answered something else than was asked for."""


@dataclass(frozen=True)
class GitHub:
    """One repository on GitHub.

    Attributes:
        base: the address of the interface.
        repository: ``owner/name``.
        token: what a job is allowed by; never shown.
    """

    base: str
    repository: str
    token: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "GitHub":
        """Return the repository that the environment names.

        Raises:
            GitHubError: something is not set.
        """
        missing = [n for n in ("GITHUB_REPOSITORY", "GITHUB_TOKEN") if not environment.get(n)]
        if missing:
            raise GitHubError(f"{' and '.join(missing)} has to be set in the environment")
        if not _NAME.fullmatch(environment["GITHUB_REPOSITORY"]):
            raise GitHubError("GITHUB_REPOSITORY has to be OWNER/NAME")
        base = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        return cls(base, environment["GITHUB_REPOSITORY"], environment["GITHUB_TOKEN"])

    def call(self, method: str, path: str, **content: Any) -> Any:
        """Send one request about the repository and return the JSON of the answer.

        Raises:
            GitHubError: no connection, another status than a good one, too large, or no JSON.
        """
        import json

        body = self._fetch(method, f"{self.base}/repos/{self.repository}/{path}", _MOST, content or None)
        try:
            return json.loads(body)
        except ValueError as error:
            raise GitHubError(f"{method} {path}: the answer is no JSON") from error

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, page by page, up to a limit that no honest list reaches.

        Raises:
            GitHubError: see :meth:`call`.
        """
        joint = "&" if "?" in path else "?"
        for page in range(1, _PAGES + 1):
            items = self.call("GET", f"{path}{joint}per_page={_PAGE}&page={page}")
            yield from items
            if len(items) < _PAGE:
                return

    def download(self, path: str, most: int) -> bytes:
        """Return a file of at most so many bytes; a redirect to another host is followed without the token.

        Raises:
            GitHubError: see :meth:`call`.
        """
        return self._fetch("GET", f"{self.base}/repos/{self.repository}/{path}", most)

    def _fetch(self, method: str, address: str, most: int, content: dict[str, Any] | None = None) -> bytes:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        what = f"{method} {urlsplit(address).path}"
        try:
            with requests.request(
                method, address, json=content, headers=headers, timeout=_SECONDS, stream=True
            ) as answer:
                if not answer.ok:
                    raise GitHubError(f"{what}: {answer.status_code} {answer.reason}")
                body = b""
                for chunk in answer.iter_content(_CHUNK):
                    body += chunk
                    if len(body) > most:
                        raise GitHubError(f"{what}: the answer is larger than the limit of {most:,} bytes")
                return body
        except requests.RequestException as error:
            raise GitHubError(f"{what}: {type(error).__name__}") from error


def harmless(markdown: str, most: int = LONGEST) -> str:
    """Return Markdown that others wrote, so that it can be shown in their name and does nothing.

    Mentions call nobody, numbers link to no issue, images are not fetched, comments hide nothing, no invisible
    character reorders the text, and it is cut at a line where it is too long.

    Examples:
        >>> harmless("hello @you, see #12 ![x](y)").replace(_PAIR, "|")
        'hello @|you, see #|12 !|[x](y)'
        >>> harmless("<img src=x> <!-- mark -->")
        '&lt;img src=x> &lt;!-- mark -->'
    """
    seen = "".join(c for c in markdown if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    seen = _AT.sub(rf"\1{_PAIR}", seen)
    seen = _NUMBER_SIGN.sub(lambda match: match.group() + _PAIR, seen)
    seen = _TAG.sub("&lt;", _IMAGE.sub(f"!{_PAIR}", seen))
    if len(seen) <= most:
        return seen
    whole = seen[:most].rpartition("\n")[0] or seen[:most]
    opened = whole.count("<details>") - whole.count("</details>")
    return whole + "\n" + "\n</details>\n" * max(opened, 0) + "\n... cut here, because it is too long for GitHub.\n"


def is_ours(item: Mapping[str, Any], marker: str) -> bool:
    """Return whether the bot of Actions wrote a comment or an issue, with this marker in its first line.

    Anybody can write the marker; only what the bot wrote is ever changed.
    """
    author = item.get("user") or {}
    return author.get("login") == BOT and str(item.get("body") or "").startswith(marker)
