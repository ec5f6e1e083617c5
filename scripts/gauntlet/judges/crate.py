"""roc-validator: the release's folder as an RO-Crate 1.2."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.gauntlet.reading import Fault, one

_CONTEXT = "https://w3id.org/ro/crate/1.2/context"
# What nobody can follow who has no such identifier, or no network. Only these findings are set aside, and said.
_IDENTIFIERS = {
    "Organization: SHOULD have ROR identifier": "organisations without ROR",
    "Person: SHOULD have ORCID identifier": "persons without ORCID",
}


def judge(release: Path, level: str) -> str:
    """Judge the crate at a level of severity."""
    metadata = json.loads(one(release, "ro-crate-metadata.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        cache, report = Path(folder, "cache"), Path(folder, "report.json")
        _seed(cache)
        command = [str(Path(sys.executable).with_name("rocrate-validator")), "-y", "validate", str(release)]
        options = ["-p", "ro-crate-1.2", "-np", "-l", level, "--offline", "--cache-path", str(cache)]
        subprocess.run([*command, *options, "--no-paging", "-f", "json", "-o", str(report)], check=False)
        if not report.is_file():
            raise Fault("roc-validator wrote no report")
        found = json.loads(report.read_text(encoding="utf-8"))
    print(json.dumps(found["issues"], indent=1))
    aside = set()
    for issue in found["issues"]:
        if reason := _aside(issue):
            aside.add(reason)
        else:
            raise Fault(f"{issue['severity']}: {issue['message'][:200]}")
    if not aside and not found["passed"]:
        raise Fault("roc-validator does not pass it and does not say why")
    parts = f"{len(metadata['@graph'])} entities"
    return f"{parts}; not applicable: {', '.join(sorted(aside))}" if aside else parts


def _aside(issue: dict[str, Any]) -> str | None:
    name = issue["check"]["name"] if "check" in issue else ""
    return next((reason for known, reason in _IDENTIFIERS.items() if name.startswith(known)), None)


def _seed(cache: Path) -> None:
    """Put the context that the rocrate library brings where the validator looks for the one on the web."""
    import io
    from importlib.resources import files

    from requests import Request, Response
    from requests_cache import CachedSession
    from urllib3.response import HTTPResponse

    body = files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
    headers = {"Content-Type": "application/ld+json"}
    response = Response()
    response.status_code, response.url, response._content = 200, _CONTEXT, body  # noqa: SLF001
    response.headers.update(headers)
    response.request = Request("GET", _CONTEXT).prepare()
    response.raw = HTTPResponse(io.BytesIO(body), headers, 200, preload_content=False, request_url=_CONTEXT)
    session = CachedSession(str(cache), backend="sqlite", expire_after=-1, allowable_methods=("GET",))
    session.cache.save_response(response)
    session.close()
