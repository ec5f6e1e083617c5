"""CKAN: one dataset a package, one resource a file, the same dataset in every run.

Contract: https://docs.ckan.org/en/latest/api/ (Action API: package_show, package_create, package_patch,
resource_create, resource_patch). ``package_update`` is not used: it deletes what it is not told, resources of other
people included.
"""

import re
from dataclasses import dataclass
from typing import Any

from shuttle_diplomacy.publishing.markdown import escape
from shuttle_diplomacy.publishing.portals.built import Asset, BuiltRelease
from shuttle_diplomacy.publishing.portals.faults import MismatchError, PortalError, entries, part
from shuttle_diplomacy.publishing.portals.requesting import Client, Request, address

VARIABLE = "CKAN_TOKEN"
SCOPES = "its user has to be an editor of the organization"
_LONGEST_NAME, _LONGEST_VERSION, _LONGEST_TAG = 100, 100, 100
_SHORTEST = 2
# Ids of the licences that CKAN knows from the start, by what SPDX calls them before the version.
_LICENCES = {
    "cc-by": "cc-by",
    "cc-by-sa": "cc-by-sa",
    "cc-by-nc": "cc-nc",
    "cc0": "cc-zero",
    "odbl": "odc-odbl",
    "odc-by": "odc-by",
    "pddl": "odc-pddl",
}
_NUMBER = re.compile(r"-\d+(\.\d+)*$")


def dataset_name(name: str) -> str:
    """Return a package's name as CKAN takes it.

    Examples:
        >>> dataset_name("My.Zoo_2"), dataset_name("z")
        ('my-zoo_2', 'z-data')
    """
    kept = re.sub(r"[^a-z0-9_-]", "-", name.lower())[:_LONGEST_NAME]
    return kept if len(kept) >= _SHORTEST else f"{kept}-data"


def licence_id(name: str) -> str:
    """Return CKAN's id of a licence; one it does not know is left as it is.

    Examples:
        >>> licence_id("CC-BY-4.0"), licence_id("MIT")
        ('cc-by', 'MIT')
    """
    return _LICENCES.get(_NUMBER.sub("", name.lower()), name)


@dataclass
class Ckan:
    """A run against a CKAN site.

    Attributes:
        client: takes the requests.
        base: the site's address, without ``/api``.
        dataset: the dataset's name; None: that of the package.
        organization: whose dataset it is.
        licence: CKAN's id of the licence; None: found by the package's.
    """

    client: Client
    base: str
    dataset: str | None = None
    organization: str | None = None
    licence: str | None = None

    def publish(self, release: BuiltRelease, *, public: bool) -> str:
        """Make the dataset or bring it up to the release, and return where it is.

        Args:
            release: what is published.
            public: whether everybody is to see it.

        Raises:
            PortalError: it is not possible.
        """
        name = self.dataset or dataset_name(release.described.name)
        metadata = self._metadata(release)
        found = self._ask("GET", "package_show", "to look for the dataset", {"id": name}, absent=frozenset({404}))
        if found is None:
            found = self._created(name, metadata, public=public)
        else:
            self._check(found, public=public)
            self.client.note(f"goes on with dataset {name}")
        number = str(part(found, "id"))
        self._send_files(release, number, entries(part(found, "resources", kind=list), "resources"))
        # The version comes last, so that a run that was cut is seen as one.
        changes = {"id": number, **metadata, "extras": _joined(found.get("extras"), metadata["extras"])}
        if public:
            changes["private"] = False
        doing = "to publish the dataset" if public else "to write the metadata of the dataset"
        self._ask("POST", "package_patch", doing, json=changes, rehearsed={"name": name})
        if not public:
            self.client.note("the dataset is complete, and private; --publish publishes it")
        return address(self.base, "dataset", name)

    def _ask(self, method: str, action: str, doing: str, query: dict[str, str] | None = None, **more: Any) -> Any:
        """Call an action and return its result."""
        if "rehearsed" in more:
            more["rehearsed"] = {"success": True, "result": more["rehearsed"]}
        url = address(self.base, "api", "3", "action", action, **(query or {}))
        answer = self.client.ask(Request(method, url, doing, repeatable=method == "GET", **more))
        return None if answer is None and more.get("absent") else part(answer, "result", kind=dict)

    def _metadata(self, release: BuiltRelease) -> dict[str, Any]:
        described = release.described
        descriptor = described.descriptor
        licences = release.objects("licenses")
        made: dict[str, Any] = {"title": described.title, "notes": escape(described.description)}
        made["version"] = described.version[:_LONGEST_VERSION]
        for key, people in (("author", release.creators), ("maintainer", release.people("maintainer"))):
            if people:
                made[key] = "; ".join(item["name"] for item in people)
        if descriptor.get("homepage"):
            made["url"] = str(descriptor["homepage"])
        name = str(licences[0].get("name") or "") if licences else ""
        if licence := self.licence or (licence_id(name) if name else ""):
            made["license_id"] = licence
        if tags := _tags(release.keywords):
            made["tags"] = [{"name": tag} for tag in tags]
        extras = {"created": described.issued.isoformat(), "release_sha256": release.archive}
        if licences and licences[0].get("path"):
            extras["license_url"] = str(licences[0]["path"])
        made["extras"] = [{"key": key, "value": extras[key]} for key in sorted(extras)]
        return made

    def _created(self, name: str, metadata: dict[str, Any], *, public: bool) -> dict[str, Any]:
        if not self.organization and not public:
            raise PortalError("a dataset that is not public yet needs an organization: name it with --organization")
        body = {"name": name, **metadata, "private": bool(self.organization)}
        if self.organization:
            body["owner_org"] = self.organization
        made = self._ask(
            "POST", "package_create", "to make the dataset", json=body, rehearsed={"id": "{id}", "resources": []}
        )
        self.client.note(f"made dataset {name}")
        return dict(made)

    def _check(self, found: dict[str, Any], *, public: bool) -> None:
        """Refuse to change what is not ours, or what everybody would see at once without having been asked."""
        name = found.get("name")
        if found.get("state") == "deleted":
            raise PortalError(f"dataset {name} was deleted there; restore or purge it, or give another with --dataset")
        owner = found.get("organization")
        owners = {owner.get("name"), owner.get("id")} if isinstance(owner, dict) else {None}
        if self.organization and self.organization not in owners | {found.get("owner_org")}:
            raise PortalError(f"dataset {name} belongs to another organization; give another name with --dataset")
        if found.get("private") is not True and not public:
            raise PortalError(f"dataset {name} is public: what is sent is seen at once; give --publish, too")

    def _send_files(self, release: BuiltRelease, number: str, there: list[dict[str, Any]]) -> None:
        known: dict[str, list[dict[str, Any]]] = {}
        for item in there:
            known.setdefault(str(item.get("name")), []).append(item)
        assets = _resources(release)
        for asset in assets:
            same = known.pop(asset.path, [])
            if any(_is_same(item, asset) for item in same):
                self.client.note(f"{asset.path} is there already")
                continue
            self._send(asset, number, str(part(same[0], "id")) if same else None)
        for name in sorted(known):
            self.client.note(
                f"{name} is there too, but is no file of this release; delete it there if it is out of date"
            )

    def _send(self, asset: Asset, number: str, resource: str | None) -> None:
        form = {
            "name": asset.path,
            "format": asset.name.rpartition(".")[2].upper() if "." in asset.name else "TXT",
            "mimetype": asset.media_type,
            "hash": f"sha256:{asset.sha256}",
        }
        action, doing = "resource_create", f"to send {asset.path}"
        form["package_id"] = number
        if resource:
            action, doing = "resource_patch", f"to replace {asset.path}"
            form["id"] = resource
        expected = {"size": asset.size, "hash": form["hash"]}
        answer = self._ask("POST", action, doing, upload=asset, form=form, rehearsed=expected)
        if not _is_same(answer, asset):
            raise MismatchError(f"{asset.path} arrived with another size or checksum than was sent; run it again")
        self.client.note(f"sent {asset.path}")


def _resources(release: BuiltRelease) -> list[Asset]:
    """Return the files that become resources: those every portal gets, and the data, which CKAN shows as tables."""
    data: set[str] = set()
    for resource in release.objects("resources"):
        paths, formats = resource.get("path"), resource.get("shuttle:formats")
        data |= {path for path in (paths if isinstance(paths, list) else [paths]) if isinstance(path, str)}
        data |= {
            str(item.get("path")) for item in (formats if isinstance(formats, list) else []) if isinstance(item, dict)
        }
    taken = {asset.path for asset in release.assets}
    return [*release.assets, *(release.asset(path) for path in sorted(data & release.sums.keys() - taken))]


def _is_same(found: dict[str, Any], asset: Asset) -> bool:
    """Return whether a resource is ours: CKAN measures the size; the checksum is what an earlier run wrote with it."""
    return str(found.get("size")) == str(asset.size) and found.get("hash") == f"sha256:{asset.sha256}"


def _joined(there: Any, ours: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return our extras, and those that somebody else wrote there."""
    kept = [item for item in there if isinstance(item, dict)] if isinstance(there, list) else []
    names = {item["key"] for item in ours}
    return [*ours, *({"key": i.get("key"), "value": i.get("value")} for i in kept if i.get("key") not in names)]


def _tags(keywords: list[str]) -> list[str]:
    """Return keywords as CKAN takes them: letters, digits, spaces, ``-``, ``_`` and ``.``, each once."""
    cleaned = (" ".join(re.sub(r"[^\w .-]", " ", word).split())[:_LONGEST_TAG].strip() for word in keywords)
    return list(dict.fromkeys(tag for tag in cleaned if len(tag) >= _SHORTEST))
