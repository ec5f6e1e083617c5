"""Zenodo: a draft with metadata and files, of a new record or a new version, published only if that is asked for.

Contract: https://developers.zenodo.org (Depositions, Deposition files, Deposition actions, files API of buckets).
"""

from dataclasses import dataclass, field
from typing import Any

from shuttle_diplomacy.publishing.portals.built import BYTES, Asset, BuiltRelease
from shuttle_diplomacy.publishing.portals.faults import MismatchError, PortalError, entries, part
from shuttle_diplomacy.publishing.portals.requesting import Client, Request, address

SANDBOX = "https://sandbox.zenodo.org/api"
VARIABLE = "ZENODO_TOKEN"
SCOPES = "it needs the scopes deposit:write and, to make versions and publish, deposit:actions"
_DOCUMENT = "zenodo.json"
_MOST_FILES = 100
_PAGE, _MOST_PAGES = 100, 50
_NEEDED = ("title", "creators", "description")


def metadata_of(release: BuiltRelease) -> dict[str, Any]:
    """Return the metadata of a deposition: those of the release's ``zenodo.json``, in the version that is sent.

    Raises:
        PortalError: it has none, or something is missing that Zenodo needs.
    """
    found = release.read(_DOCUMENT)
    if found is None:
        raise PortalError(f"{release.folder} has no {_DOCUMENT}; build it again")
    metadata = {**found, "version": release.version}
    for key in _NEEDED:
        if not metadata.get(key):
            raise PortalError(
                f"{release.folder} has no {key}, which Zenodo needs; "
                "add title, description and contributors to the descriptor and build again"
            )
    return metadata


@dataclass
class Zenodo:
    """A run against Zenodo, or another portal of its software.

    Attributes:
        client: takes the requests.
        base: the portal's address, up to ``/api``.
        record: the number of a published version, or of all versions, to which a version is added; None: a new record.
    """

    client: Client
    base: str
    record: str | None = None
    _metadata: dict[str, Any] = field(default_factory=dict, repr=False)

    def publish(self, release: BuiltRelease, *, public: bool) -> str:
        """Make the draft, or go on with the one that is there, and return where it is.

        Args:
            release: what is published.
            public: whether the draft is published in the end, which cannot be undone.

        Raises:
            PortalError: it is not possible.
        """
        if len(release.assets) > _MOST_FILES:
            raise PortalError(
                f"{release.folder} has {len(release.assets)} files at its top; Zenodo takes {_MOST_FILES}"
            )
        self._metadata = metadata_of(release)
        family = self._family()
        same = [item for item in family if _submitted(item) and _version(item) == release.version]
        if same:
            return self._compared(release, same[0])
        draft, versioned = self._draft(family)
        self._send_files(release, draft, versioned=versioned)
        if not public:
            self.client.note("the draft is complete; --publish publishes it")
            return _page(draft)
        link = address(self._deposition(draft), "actions", "publish")
        answer = self._ask("POST", link, "to publish the draft", rehearsed=draft)
        return _page(answer)

    def _ask(self, method: str, url: str, doing: str, **more: Any) -> Any:
        return self.client.ask(Request(method, url, doing, **more))

    def _deposition(self, item: dict[str, Any]) -> str:
        number = part(item, "id", kind=(int, str))
        return address(self.base, "deposit", "depositions", str(number))

    def _family(self) -> list[dict[str, Any]]:
        """Return what the account has of this record: its drafts and versions."""
        mine = self._listed()
        if self.record is None:
            family = [item for item in mine if _told(item, "title") == self._metadata["title"]]
            published = [item for item in family if _submitted(item)]
            if published and not any(_version(item) == self._metadata["version"] for item in published):
                numbers = ", ".join(sorted({_concept(item) for item in published}))
                raise PortalError(
                    f"this account has published {self._metadata['title']!r} already; "
                    f"for a new version of it give its number: --record {numbers}"
                )
            return family
        concepts = {_concept(item) for item in mine if self.record in {str(item.get("id")), _concept(item)}}
        if not concepts:
            raise PortalError(f"--record {self.record}: this account has no such record at {self.base}")
        return [item for item in mine if _concept(item) in concepts]

    def _listed(self) -> list[dict[str, Any]]:
        """Return all depositions of the account: a search for a title would take its signs for operators."""
        url, found = address(self.base, "deposit", "depositions"), []
        for page in range(1, _MOST_PAGES + 1):
            doing = "to look for earlier drafts and versions"
            asked = f"{url}?size={_PAGE}&page={page}&all_versions=true"
            answer = entries(
                self._ask("GET", asked, doing, repeatable=True, rehearsed=self._rehearsed()), "depositions"
            )
            found += answer
            if len(answer) < _PAGE:
                return found
        raise PortalError(f"this account has more than {_PAGE * _MOST_PAGES:,} depositions; that many are not searched")

    def _rehearsed(self) -> list[dict[str, Any]]:
        """Return what a dry run takes the account to have: the record that a version is added to."""
        old: dict[str, Any] = {"id": self.record, "conceptrecid": self.record, "submitted": True, "metadata": {}}
        return [] if self.record is None else [old]

    def _draft(self, family: list[dict[str, Any]]) -> tuple[dict[str, Any], bool]:
        """Return the draft to fill, and whether it began as a copy of an earlier version."""
        drafts = [item for item in family if not _submitted(item)]
        published = [item for item in family if _submitted(item)]
        if len(drafts) > 1:
            numbers = ", ".join(str(item.get("id")) for item in drafts)
            raise PortalError(f"there are several drafts of this record ({numbers}); delete all but one of them there")
        if drafts:
            if self.record is None and _version(drafts[0]) != self._metadata["version"]:
                raise PortalError(
                    f"draft {drafts[0].get('id')} has the same title, but version {_version(drafts[0])!r}; "
                    "publish or delete it there"
                )
            self.client.note(f"goes on with draft {drafts[0].get('id')}")
            return self._described(self._deposition(drafts[0]), drafts[0]), bool(published)
        if not published:
            url = address(self.base, "deposit", "depositions")
            body = {"metadata": self._metadata}
            made = self._ask("POST", url, "to make the draft", json=body, rehearsed=self._empty("{id}"))
            self.client.note(f"made draft {made.get('id')}" if isinstance(made, dict) else "made a draft")
            return made, False
        latest = max(published, key=lambda item: (len(str(item.get("id"))), str(item.get("id"))))
        url = address(self._deposition(latest), "actions", "newversion")
        made = self._ask("POST", url, "to make the draft of a new version", rehearsed=self._empty("{id}"))
        # The documentation says that the answer is the old version; today it is the draft. The link is right in both.
        return self._described(part(made, "links", "latest_draft"), self._empty("{id}")), True

    def _described(self, url: str, rehearsed: dict[str, Any]) -> dict[str, Any]:
        """Give a draft its metadata, and return it with its links, which lists leave out."""
        body = {"metadata": self._metadata}
        doing = "to write the metadata of the draft"
        found = self._ask("PUT", url, doing, json=body, repeatable=True, rehearsed=rehearsed)
        if part(found, "submitted", kind=bool):
            raise PortalError(f"{url} is published already; nothing was sent to it")
        return dict(found)

    def _empty(self, number: str) -> dict[str, Any]:
        own = address(self.base, "deposit", "depositions", number)
        links = {"bucket": address(self.base, "files", "{bucket}"), "latest_draft": own, "html": own}
        return {"id": number, "submitted": False, "metadata": {}, "links": links, "files": []}

    def _send_files(self, release: BuiltRelease, draft: dict[str, Any], *, versioned: bool) -> None:
        """Send what is missing or differs; what an earlier version left there goes."""
        wanted = {asset.name: asset for asset in release.assets}
        url = address(self._deposition(draft), "files")
        there = entries(self._ask("GET", url, "to see its files", repeatable=True, rehearsed=[]), "files")
        kept = set()
        for item in there:
            name = str(item.get("filename"))
            if name in wanted and _is_same(item, "filesize", wanted[name]):
                kept.add(name)
                self.client.note(f"{name} is there already")
            elif name in wanted or versioned:
                doing = f"to delete {name}, which is of an earlier version"
                link = address(url, str(part(item, "id")))
                self._ask("DELETE", link, doing, repeatable=True, absent=frozenset({404}))
        bucket = part(draft, "links", "bucket")
        for asset in release.assets:
            if asset.name not in kept:
                self._send(bucket, asset)

    def _send(self, bucket: str, asset: Asset) -> None:
        url = address(bucket, asset.name)
        expected = {"size": asset.size, "checksum": f"md5:{asset.md5}"}
        more = {"upload": asset, "media_type": BYTES, "repeatable": True}  # it takes no file by its own name
        answer = self._ask("PUT", url, f"to send {asset.name}", **more, rehearsed=expected)
        if not isinstance(answer, dict) or not _is_same(answer, "size", asset):
            raise MismatchError(
                f"{asset.name} arrived with another size or checksum than was sent; the draft is kept, run it again"
            )
        self.client.note(f"sent {asset.name}")

    def _compared(self, release: BuiltRelease, item: dict[str, Any]) -> str:
        """Make sure that a published version holds the very files of the release."""
        found = self._ask("GET", self._deposition(item), "to see the published version", repeatable=True)
        there = {str(file.get("filename")): file for file in entries(part(found, "files", kind=list), "files")}
        wanted = {asset.name: asset for asset in release.assets}
        other = [name for name in wanted if name not in there or not _is_same(there[name], "filesize", wanted[name])]
        if other:
            raise MismatchError(
                f"version {release.version} is published already, with another {other[0]}; "
                "what is published cannot change: raise the version and build again"
            )
        self.client.note(f"version {release.version} is published already, with these very files")
        return _page(found)


def _told(item: dict[str, Any], key: str) -> Any:
    metadata = item.get("metadata")
    return metadata.get(key) if isinstance(metadata, dict) else None


def _version(item: dict[str, Any]) -> Any:
    return _told(item, "version")


def _concept(item: dict[str, Any]) -> str:
    """Return the number of all versions of a record, by which they belong together."""
    return str(item.get("conceptrecid") or item.get("id"))


def _submitted(item: dict[str, Any]) -> bool:
    return item.get("submitted") is True


def _is_same(found: dict[str, Any], size: str, asset: Asset) -> bool:
    """Return whether a file at the portal has the size and MD5 of ours; the MD5 stands with or without its name."""
    return found.get(size) == asset.size and str(found.get("checksum")).removeprefix("md5:") == asset.md5


def _page(item: Any) -> str:
    """Return the page for people, of a draft or of a record."""
    links = item.get("links") if isinstance(item, dict) else None
    known = links if isinstance(links, dict) else {}
    return str(known.get("record_html") or known.get("html") or known.get("self") or "")
