"""GitHub: a draft release for a tag, its assets, published only if that is asked for.

Contract: https://docs.github.com/en/rest/releases (releases and release assets) and https://docs.github.com/en/rest/git.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from shuttle_diplomacy.publishing.markdown import escape
from shuttle_diplomacy.publishing.portals.built import Asset, BuiltRelease
from shuttle_diplomacy.publishing.portals.faults import MismatchError, PortalError, entries, part
from shuttle_diplomacy.publishing.portals.requesting import Client, Request, address

HOME = "https://api.github.com"
VARIABLE = "GITHUB_TOKEN"
SCOPES = "it needs the permission to write contents of the repository"
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_PAGE, _MOST_PAGES = 50, 100
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_TAG = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9_.+/-]*")


def upload_hosts(base: str) -> frozenset[str]:
    """Return the other host that a portal's uploads go to: ``uploads.`` beside ``api.``.

    Examples:
        >>> sorted(upload_hosts("https://api.github.com")), upload_hosts("https://git.example/api/v3")
        (['uploads.github.com'], frozenset())
    """
    host = urlsplit(base).hostname or ""
    return frozenset({f"uploads.{host.removeprefix('api.')}"} if host.startswith("api.") else ())


@dataclass
class GitHub:
    """A run against GitHub, or a server of one's own.

    Attributes:
        client: takes the requests.
        base: the address of the REST interface.
        repository: owner and name, with a slash between.
        tag: the tag; None: ``v`` and the version.
        notes: the text of the release; None: made of the descriptor.
    """

    client: Client
    base: str
    repository: str
    tag: str | None = None
    notes: str | None = None

    def publish(self, release: BuiltRelease, *, public: bool) -> str:
        """Make the draft, or go on with the release that is there, and return where it is.

        Args:
            release: what is published.
            public: whether the draft is published in the end.

        Raises:
            PortalError: it is not possible.
        """
        if not _REPOSITORY.fullmatch(self.repository):
            raise PortalError(f"--repository {self.repository!r} has to be OWNER/NAME")
        tag = self.tag or f"v{release.version}"
        if not _TAG.fullmatch(tag) or ".." in tag:
            raise PortalError(f"--tag {tag!r} is no name of a tag")
        self._check_tag(release, tag)
        found = self._found(tag)
        if found is None:
            found = self._created(release, tag)
        elif found.get("draft") is True:
            self.client.note(f"goes on with the draft of {tag}")
        draft = part(found, "draft", kind=bool)
        self._send_files(release, found, tag, draft=draft, public=public)
        if draft and public:
            doing = "to publish the release"
            url = self._release(found)
            found = self._ask("PATCH", url, doing, json={"draft": False}, repeatable=True, rehearsed=found)
        elif draft:
            self.client.note("the draft is complete; --publish publishes it")
        return str(part(found, "html_url"))

    def _url(self, *parts: str, **query: object) -> str:
        return address(self.base, "repos", *self.repository.split("/"), *parts, **query)

    def _release(self, found: dict[str, Any]) -> str:
        return self._url("releases", str(part(found, "id", kind=(int, str))))

    def _ask(self, method: str, url: str, doing: str, **more: Any) -> Any:
        return self.client.ask(Request(method, url, doing, **more))

    def _check_tag(self, release: BuiltRelease, tag: str) -> None:
        """Make sure that the tag is there, and at the commit that the release was built from."""
        built = release.record.get("commit")
        at = {"object": {"type": "commit", "sha": built or "{commit}"}}
        url, doing = self._url("git", "ref", "tags", *tag.split("/")), f"to look for the tag {tag}"
        found = self._ask("GET", url, doing, repeatable=True, absent=frozenset({404}), rehearsed=at)
        if found is None:
            raise PortalError(
                f"{self.repository} has no tag {tag} that this token can see; push it first: git push origin {tag}"
            )
        commit = part(found, "object", "sha")
        if part(found, "object", "type") == "tag":  # an annotated one
            found = self._ask("GET", self._url("git", "tags", commit), doing, repeatable=True)
            commit = part(found, "object", "sha")
        if built and commit != built:
            raise MismatchError(
                f"tag {tag} is at commit {commit[:12]}, but the release was built from {built[:12]}; "
                "build it from the tag, or give another --tag"
            )

    def _found(self, tag: str) -> dict[str, Any] | None:
        """Return the release of a tag; drafts are in the list only, not where a tag is asked for."""
        found: list[dict[str, Any]] = []
        doing = f"to look for a release of {tag}"
        for page in range(1, _MOST_PAGES + 1):
            url = self._url("releases", per_page=_PAGE, page=page)
            answer = entries(self._ask("GET", url, doing, repeatable=True, rehearsed=[]), "releases")
            found += [item for item in answer if item.get("tag_name") == tag]
            if len(answer) < _PAGE:
                break
        published = [item for item in found if item.get("draft") is False]
        if len(found) > 1 and not published:
            raise PortalError(f"there are {len(found)} drafts of {tag}; delete all but one of them there")
        return next(iter(published or found), None)

    def _created(self, release: BuiltRelease, tag: str) -> dict[str, Any]:
        described = release.described
        body = {
            "tag_name": tag,
            "name": f"{described.title} {described.version}",
            "body": self.notes if self.notes is not None else _notes(release),
            "draft": True,
            "prerelease": "-" in described.version.partition("+")[0],
        }
        page = self._url("releases", "{id}", "assets")
        for host in upload_hosts(self.base):
            page = page.replace(f"://{urlsplit(self.base).hostname}/", f"://{host}/", 1)
        links = {"upload_url": page + "{?name,label}", "html_url": "{page}"}
        empty = {"id": "{id}", "draft": True, **links}
        made = self._ask("POST", self._url("releases"), "to make the draft", json=body, rehearsed=empty)
        self.client.note(f"made the draft of {tag}")
        return dict(part({"made": made}, "made", kind=dict))

    def _send_files(self, release: BuiltRelease, found: dict[str, Any], tag: str, *, draft: bool, public: bool) -> None:
        there = self._assets(found)
        missing = []
        for asset in release.assets:
            item = there.get(asset.name)
            if item is not None and _is_same(item, asset):
                self.client.note(f"{asset.name} is there already")
                continue
            if item is not None and not draft:
                raise MismatchError(
                    f"the release of {tag} is published already, with another {asset.name}; "
                    "what is published is not replaced: raise the version and build again"
                )
            missing.append((asset, item))
        if missing and not draft and not public:
            raise PortalError(
                f"the release of {tag} is published already and lacks {missing[0][0].name}: "
                "what is sent is seen at once; give --publish, too"
            )
        link = part(found, "upload_url").partition("{?")[0] if missing else ""
        for asset, item in missing:
            if item is not None:
                url = self._url("releases", "assets", str(part(item, "id", kind=(int, str))))
                doing = f"to delete {asset.name}, which is not whole or not of this build"
                self._ask("DELETE", url, doing, repeatable=True, absent=frozenset({404}))
            self._send(link, asset)

    def _assets(self, found: dict[str, Any]) -> dict[str, dict[str, Any]]:
        there: dict[str, dict[str, Any]] = {}
        for page in range(1, _MOST_PAGES + 1):
            url = address(self._release(found), "assets", per_page=_PAGE, page=page)
            answer = entries(self._ask("GET", url, "to see its files", repeatable=True, rehearsed=[]), "assets")
            there |= {str(item.get("name")): item for item in answer}
            if len(answer) < _PAGE:
                break
        return there

    def _send(self, link: str, asset: Asset) -> None:
        expected = {"name": asset.name, "state": "uploaded", "size": asset.size, "digest": f"sha256:{asset.sha256}"}
        url = address(link, name=asset.name)
        answer = self._ask("POST", url, f"to send {asset.name}", upload=asset, rehearsed=expected)
        if not isinstance(answer, dict) or answer.get("name") != asset.name or not _is_same(answer, asset):
            raise MismatchError(f"{asset.name} arrived with another name, size or checksum than was sent; run it again")
        self.client.note(f"sent {asset.name}")


def _is_same(found: dict[str, Any], asset: Asset) -> bool:
    """Return whether an asset is whole and ours; servers that compute no digest are taken by the size."""
    digest = found.get("digest")
    whole = found.get("state") == "uploaded" and found.get("size") == asset.size
    return whole and digest in {None, "", f"sha256:{asset.sha256}"}


def _notes(release: BuiltRelease) -> str:
    """Return the text of a release; nobody is called by a name that stands in it after an @."""
    archive = release.assets[0]
    lines = [escape(release.described.description), f"`{archive.name}` has SHA-256 `{archive.sha256}`."]
    return "\n\n".join(line for line in lines if line).replace("@", "@<!-- -->")
