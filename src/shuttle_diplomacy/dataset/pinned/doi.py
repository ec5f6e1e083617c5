"""From a DOI of Zenodo to the files of its record.

A record's page is ``/records/<number>``, its files are ``/records/<number>/files/<name>``, and the DOI of a record
ends in its number. So a DOI that leads to another number is one of all versions: it leads to the newest.
"""

import re
from urllib.parse import quote, urlsplit

from shuttle_diplomacy.dataset.pinned.addresses import permit, shown
from shuttle_diplomacy.errors import NotPublishedError, UnreadableError
from shuttle_diplomacy.package.http import Deadline, Limits, RefusedError, answer, open_session, reason_of

RESOLVER = "https://doi.org/"
_DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ZENODO = re.compile(r"10\.5281/zenodo\.(\d+)", re.IGNORECASE)
_RECORD = re.compile(r"/records?/(\d+)/?")
_OK = 200


def doi_in(where: object) -> str | None:
    """Return the DOI that something names as ``doi:10...`` or as an address of doi.org, else None.

    Examples:
        >>> doi_in("doi:10.5281/Zenodo.17"), doi_in("https://doi.org/10.5281/zenodo.17"), doi_in("zoo.zip")
        ('10.5281/zenodo.17', '10.5281/zenodo.17', None)
    """
    found = _DOI.fullmatch(str(where).strip())
    return found[1].lower() if found else None  # DOIs do not tell large letters from small ones


def record_of(doi: str) -> tuple[str, bool]:
    """Return the address below which the files of a DOI's record are, and whether it will always be that record.

    Raises:
        NotPublishedError: it is no DOI of Zenodo, or is not known there.
        UnreadableError: it cannot be resolved.
    """
    number = _ZENODO.fullmatch(doi)
    if number is None:
        raise NotPublishedError(
            f"doi:{doi} is no DOI of Zenodo, the one archive whose files are found by DOI (10.5281/zenodo. and a "
            f"number); open the release by the address of its zip instead"
        )
    page = urlsplit(_resolved(doi))
    found = _RECORD.fullmatch(page.path)
    if found is None or page.hostname not in ("zenodo.org", urlsplit(RESOLVER).hostname):
        raise NotPublishedError(f"doi:{doi} leads to {shown(page.geturl())}, which is no record of Zenodo")
    return f"{page.scheme}://{page.netloc}/records/{found[1]}/files/", found[1] == number[1]


def _resolved(doi: str) -> str:
    """Return the address of the page that a DOI leads to; the page itself is not read."""
    import requests
    import urllib3

    address = RESOLVER + quote(doi, safe="/")
    limits = Limits(total_seconds=60, max_redirects=8)
    try:
        with (
            Deadline(limits.total_seconds) as deadline,
            open_session(deadline) as session,
            answer(session, address, limits, permit=permit) as response,
        ):
            status, page = response.status_code, response.url
    except RefusedError as error:
        raise UnreadableError(f"{address} {error}") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise UnreadableError(f"doi:{doi} cannot be resolved: {reason_of(error)}") from error
    if status != _OK:
        raise NotPublishedError(f"doi:{doi} cannot be resolved: {shown(page)} answers with status {status}")
    return str(page)
