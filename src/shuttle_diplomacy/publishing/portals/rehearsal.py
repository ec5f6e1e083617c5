"""A dry run: every request is written down, none is sent, and the answers are those of a portal that is still empty."""

import json
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.publishing.portals.built import BuiltRelease
from shuttle_diplomacy.publishing.portals.requesting import Request


class Rehearsal:
    """Takes requests and keeps them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def ask(self, request: Request) -> Any:
        """Keep a request; return what an empty portal would answer."""
        self.requests.append(request)
        return request.rehearsed

    def note(self, text: str) -> None:
        """Say nothing: nothing was done."""


def written(release: BuiltRelease, requests: list[Request], base: str, variable: str) -> str:
    """Return what a dry run prints.

    Args:
        release: what would be published.
        requests: what would be sent.
        base: the portal's address.
        variable: where the token would come from.
    """
    described = release.described
    lines = [
        f"Dry run: nothing was sent. These requests would go to {base},",
        f"each with the token of {variable}, if nothing of this release is there yet; --yes sends them.",
        "",
        f"release {described.name} {described.version}: {len(release.sums)} files and the archive match the checksums",
    ]
    for request in requests:
        lines += ["", *_shown(request)]
    uploads = [request.upload for request in requests if request.upload]
    lines += ["", f"{len(requests)} requests, {len(uploads)} files, {sum(file.size for file in uploads):,} bytes"]
    return "".join(plain(line) + "\n" for line in lines)


def _shown(request: Request) -> Iterator[str]:
    yield f"{request.method} {request.url}"
    yield f"    {request.doing}"
    if request.form:
        yield from (f"    {name} = {value}" for name, value in request.form.items())
    if upload := request.upload:
        origin = f", which is {upload.path}" if upload.path != upload.name else ""
        yield f"    file {upload.name}{origin}: {upload.size:,} bytes, {request.media_type or upload.media_type}"
        yield f"    sha256 {upload.sha256}"
    if request.json is not None:
        text = json.dumps(request.json, ensure_ascii=False, indent=2)
        yield from (f"    {line}" for line in text.split("\n"))
