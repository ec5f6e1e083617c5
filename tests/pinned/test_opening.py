"""Opening a published release, as an analyst does."""

import datetime as dt
import errno
import os

import polars as pl
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.dataset.pinned import doi
from shuttle_diplomacy.errors import (
    CacheError,
    ChecksumError,
    NotPublishedError,
    NotServedError,
    OfflineError,
    UnreadableError,
)
from shuttle_diplomacy.package import locking
from tests.pinned.conftest import files
from tests.pinned.server import SECRET, archive, plain, redirect, sha256, status

ZIP, SUMS = "/shuttle-diplomacy-1.2.0.zip", "/SHA256SUMS"


def rows(package):
    return package.load("t").rows()


def test_version_is_downloaded_once_and_then_opens_without_a_request(releases):
    releases.release("1.2.0")
    first = sd.open_package(version="1.2.0")
    assert first.load("t").schema == {"id": pl.String, "day": pl.Date}
    assert rows(first) == [("1.2.0", dt.date(2026, 1, 13))]
    assert releases.asked == [SUMS, ZIP]
    assert rows(sd.open_package(version="1.2.0")) == rows(sd.open_package(version="1.2.0", offline=True)) == rows(first)
    assert len(releases.asked) == 2


def test_two_versions_stand_beside_each_other(releases):
    releases.release("1.2.0")
    releases.release("1.3.0-rc.1")
    assert [rows(sd.open_package(version=v))[0][0] for v in ("1.2.0", "1.3.0-rc.1")] == ["1.2.0", "1.3.0-rc.1"]


def test_base_address_may_name_the_version(releases, monkeypatch):
    monkeypatch.delenv("SHUTTLE_BASE_URL")
    releases.release("1.2.0", folder="/v1.2.0/")
    assert rows(sd.open_package(version="1.2.0", base_url=releases.address("v{version}")))
    assert releases.asked == ["/v1.2.0" + SUMS, "/v1.2.0" + ZIP]


def test_folder_of_releases_may_be_the_place(releases):
    releases.release("1.2.0", folder="/elsewhere/", name="zoo")
    assert sd.open_package(releases.address("elsewhere"), version="1.2.0").package.name == "zoo"


def test_nothing_has_been_published_yet():
    message = (
        "version 0.1.0 cannot be downloaded: no release has been published yet, and the address https://shuttle-dip.* "
        f"use the bundled data .*SHUTTLE_BASE_URL; the bundled data is version {sd.__version__}"
    )
    with pytest.raises(NotPublishedError, match=message):
        sd.open_package(version="0.1.0")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({}, "name what to open: a folder, a file, an address, or version='1.2.0' for a release"),
        ({"version": "1.2"}, r"'1.2' is no version; A version has three numbers, as in version='1.2.0'"),
        ({"version": "../1.2.0"}, r"'../1.2.0' is no version; did you mean '1.2.0'\?"),
        ({"version": "1.2.0", "sha256": "12"}, "sha256='12' is no SHA-256: it has to be 64 hexadecimal digits"),
        ({"where": "a", "base_url": "https://a.example/"}, "base_url= says where the release of version= is"),
        (
            {"where": "folder", "version": "1.2.0"},
            "version= is for releases at an address; 'folder' is on",
        ),
        ({"where": "https://a.example/b.zip", "version": "1.2.0"}, "b.zip names a file already; leave version= out"),
        (
            {"version": "1.2.0", "base_url": "http://a.example/"},
            "http://a.example/ is not encrypted; use https, or set",
        ),
        ({"version": "1.2.0", "base_url": "ftp://a.example/"}, "'ftp://a.example/' is no http.s. address"),
        ({"version": "1.2.0", "base_url": "https://a.example:x/"}, "'https://a.example:x/' is no http.s. address"),
        ({"where": "http://a.example/x.zip", "sha256": "0" * 64}, "x.zip is not encrypted"),
        ({"where": "no.zip", "sha256": "0" * 64}, "the SHA-256 of no.zip cannot be told: No such file"),
        ({"where": ".", "sha256": "0" * 64}, "the SHA-256 of . cannot be told: it is a folder; sha256= is for a zip"),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(call, message):
    with pytest.raises(UnreadableError, match=message):
        sd.open_package(**call)


def test_version_that_is_not_listed(releases):
    releases.release("1.2.0")
    with pytest.raises(NotPublishedError, match=r"/SHA256SUMS lists no '.*-1.2.1.zip'; did you mean '.*-1.2.0.zip'\?"):
        sd.open_package(version="1.2.1")


def test_folder_without_releases(releases):
    with pytest.raises(NotPublishedError, match=r"no release is at http://[\d.:]+/: .*SUMS answers with status 404"):
        sd.open_package(version="1.2.0")


def test_list_without_file_behind_it(releases, root):
    releases.release("1.2.0")
    releases.behave(ZIP, status(404))
    with pytest.raises(NotServedError, match=r"-1.2.0.zip answers with status 404"):
        sd.open_package(version="1.2.0")
    assert "package.zip" not in files(root)


@pytest.mark.parametrize("text", [b"<html>", b"\xff\xfe", b"12  a.zip"])
def test_page_that_is_no_list_of_checksums(releases, text):
    releases.files[SUMS] = text
    with pytest.raises(UnreadableError, match="SHA256SUMS is no list of checksums: line 1 is "):
        sd.open_package(version="1.2.0")


def test_two_checksums_for_one_file(releases):
    releases.files[SUMS] = b"".join(b"%s  a.zip\n" % (digit * 64) for digit in (b"0", b"1"))
    with pytest.raises(UnreadableError, match="SHA256SUMS gives two checksums for 'a.zip'"):
        sd.open_package(version="1.2.0")


def test_release_that_says_it_is_another_version(releases):
    releases.files[ZIP] = archive("9.9.9")
    releases.files[SUMS] = f"{sha256(releases.files[ZIP])}  {ZIP[1:]}\n".encode()
    with pytest.raises(UnreadableError, match="says that it is version '9.9.9', but '1.2.0' was asked for"):
        sd.open_package(version="1.2.0")


def test_wrong_bytes_reach_nobody_and_are_not_kept(releases, root):
    expected = releases.release("1.2.0")
    releases.files[ZIP] = archive("1.2.0", size=640)
    message = f"its SHA-256 is {sha256(releases.files[ZIP])} .*, but http.*SHA256SUMS says {expected}; nothing was kept"
    with pytest.raises(ChecksumError, match=message):
        sd.open_package(version="1.2.0")
    assert files(root) == ["about.json"]
    with pytest.raises(OfflineError):
        sd.open_package(version="1.2.0", offline=True)


def test_checksum_of_the_caller_needs_no_list(releases):
    right = releases.release("1.2.0")
    del releases.files[SUMS]
    assert rows(sd.open_package(version="1.2.0", sha256=f"sha256:{right.upper()}"))
    assert releases.asked == [ZIP]
    with pytest.raises(ChecksumError, match=f"its SHA-256 is {right} .*, but sha256= says {'0' * 64}"):
        sd.open_package(version="1.2.0", sha256="0" * 64)


def test_pinned_address_of_any_name_is_kept(releases):
    releases.files["/latest.zip"] = archive("1.2.0")
    right = sha256(releases.files["/latest.zip"])
    for _ in range(2):
        assert rows(sd.open_package(releases.address("latest.zip"), sha256=right))
    assert rows(sd.open_package(version="1.2.0", sha256=right, offline=True))
    assert releases.asked == ["/latest.zip"]


def test_address_of_a_release_is_kept_if_its_checksum_is_beside(releases):
    releases.release("1.2.0", name="zoo")
    for _ in range(2):
        package = sd.open_package(releases.address("zoo-1.2.0.zip"))
        assert rows(package)
        assert package.package.where == releases.address("zoo-1.2.0.zip")
    assert releases.asked == [SUMS, "/zoo-1.2.0.zip"]


@pytest.mark.parametrize("listed", ["none", "others", "forbidden", "page"])
def test_address_without_checksum_beside_is_not_kept(releases, root, listed):
    releases.release("1.2.0")
    if listed == "others":
        releases.files[SUMS] = b"0" * 64 + b"  other.zip\n"
    elif listed == "page":
        releases.files[SUMS] = b"<html>"
    else:
        releases.behave(SUMS, status(404 if listed == "none" else 403))
    for _ in range(2):
        assert rows(sd.open_package(releases.address(ZIP[1:])))
    assert releases.asked == [SUMS, ZIP] * 2
    assert not root.exists()


def test_list_that_cannot_be_had_is_not_taken_for_none(releases):
    releases.release("1.2.0")
    releases.behave(SUMS, status(500))
    with pytest.raises(UnreadableError, match="SHA256SUMS answers with status 500; it says .* pin it with sha256="):
        sd.open_package(releases.address(ZIP[1:]))


def test_other_addresses_are_fetched_each_time(releases, root):
    releases.files["/package.zip"] = archive("1.2.0")
    for _ in range(2):
        assert rows(sd.open_package(releases.address("package.zip")))
    assert releases.asked == ["/package.zip"] * 2
    assert not root.exists()


def test_folder_that_holds_one_release(releases):
    releases.release("1.2.0", folder="/dist/", name="zoo")
    for _ in range(2):
        assert rows(sd.open_package(releases.address("dist")))
    wanted = ["/dist/datapackage.json", "/dist/SHA256SUMS"]
    assert releases.asked == [*wanted, "/dist/zoo-1.2.0.zip", *wanted]


def test_folder_that_holds_two_releases_or_none(releases):
    for version in ("1.2.0", "1.3.0"):
        releases.release(version, folder="/dist/", name="zoo")
    with pytest.raises(NotServedError, match="does not name one release: releases in it: zoo-1.2.0.zip, zoo-1.3"):
        sd.open_package(releases.address("dist/"))
    with pytest.raises(NotServedError, match="holds neither datapackage.json nor a release"):
        sd.open_package(releases.address("nothing"))


@pytest.mark.parametrize("way", ["argument", "variable"])
@pytest.mark.parametrize("where", ["version", "release", "package.zip", "datapackage.json", "doi:10.5281/zenodo.17"])
def test_offline_asks_nothing(releases, monkeypatch, way, where):
    releases.release("1.2.0")
    if way == "variable":
        monkeypatch.setenv("SHUTTLE_OFFLINE", "1")
    offline = {"offline": True} if way == "argument" else {}
    places = {"version": {"version": "1.2.0"}, "release": {"where": releases.address(ZIP[1:])}}
    place = places.get(where, {"where": where if where.startswith("doi") else releases.address(where)})
    with pytest.raises(OfflineError, match="is not in the cache, and nothing may be fetched.* Open it once"):
        sd.open_package(**place, **offline)
    assert releases.asked == []


def test_offline_says_what_is_here(releases):
    releases.release("1.2.0")
    sd.open_package(version="1.2.0")
    with pytest.raises(OfflineError, match=r"In the cache: shuttle-diplomacy 1.2.0\."):
        sd.open_package(version="1.3.0", offline=True)


def test_argument_overrules_the_variable(releases, monkeypatch):
    releases.release("1.2.0")
    monkeypatch.setenv("SHUTTLE_OFFLINE", "1")
    assert rows(sd.open_package(version="1.2.0", offline=False))


def test_damaged_file_is_fetched_again_and_never_opened(releases, root):
    expected = releases.release("1.2.0")
    sd.open_package(version="1.2.0")
    file = root / "releases" / expected / "package.zip"
    file.write_bytes(archive("6.6.6"))
    with pytest.raises(OfflineError):
        sd.open_package(version="1.2.0", offline=True)
    assert rows(sd.open_package(version="1.2.0")) == [("1.2.0", dt.date(2026, 1, 13))]
    assert sha256(file.read_bytes()) == expected


def test_release_that_was_changed_after_it_was_opened(releases, root):
    expected = releases.release("1.2.0")
    sd.open_package(version="1.2.0")
    (root / "releases" / expected / "package.zip").unlink()
    releases.files[SUMS] = b"1" * 64 + b"  " + ZIP[1:].encode() + b"\n"
    with pytest.raises(ChecksumError, match=f"was {expected} when it was opened first, but now .* says {'1' * 64}"):
        sd.open_package(version="1.2.0")


def test_file_of_this_machine_can_be_pinned(tmp_path):
    file = tmp_path / "zoo.zip"
    file.write_bytes(archive("1.2.0"))
    assert rows(sd.open_package(file, sha256=sha256(file.read_bytes())))
    with pytest.raises(ChecksumError, match=f"zoo.zip is not what it has to be: .*, sha256= is {'0' * 64}"):
        sd.open_package(file, sha256="0" * 64)


def test_passwords_and_queries_are_nowhere(releases, root, capfd):
    expected = releases.release("1.2.0")
    address = releases.address(ZIP[1:], secret=True) + f"?token={SECRET}"
    package = sd.open_package(address)
    sd.open_package(version="1.2.0", base_url=releases.address(secret=True))
    assert SECRET not in package.package.where
    releases.files[ZIP] = b"other"
    (root / "releases" / expected / "package.zip").unlink()
    with pytest.raises(ChecksumError) as caught:
        sd.open_package(address)
    assert SECRET not in str(caught.value)
    assert SECRET not in "".join(capfd.readouterr())
    kept = [p for p in root.rglob("*") if p.is_file()]
    assert kept
    assert not [p for p in kept if SECRET in p.name or SECRET.encode() in p.read_bytes()]
    assert all("Authorization" in headers for headers in releases.headers)


def test_redirect_to_plain_http_of_another_machine_is_refused(releases, root, monkeypatch):
    releases.release("1.2.0")
    releases.behave(ZIP, redirect(f"http://zoo.example/x.zip?token={SECRET}"))
    with pytest.raises(
        UnreadableError, match=r"redirected to 'http://zoo.example/x.zip\?...', which is not enc"
    ) as caught:
        sd.open_package(version="1.2.0")
    assert SECRET not in str(caught.value)
    releases.behave(SUMS, redirect("http://zoo.example/SHA256SUMS"))
    with pytest.raises(UnreadableError, match="is redirected to 'http://zoo.example/SHA256SUMS', which is not"):
        sd.open_package(version="1.2.0")
    assert "package.zip" not in files(root)


def test_redirects_are_followed_and_end(releases):
    releases.release("1.2.0")
    releases.files["/store/7"] = releases.files[ZIP]
    releases.behave(ZIP, redirect("/store/7"))
    assert rows(sd.open_package(version="1.2.0"))
    releases.release("1.3.0")
    releases.behave("/shuttle-diplomacy-1.3.0.zip", redirect("/shuttle-diplomacy-1.3.0.zip"))
    with pytest.raises(UnreadableError, match="is redirected more than 5 times"):
        sd.open_package(version="1.3.0")


def test_file_that_is_no_package(releases):
    releases.files["/zoo-1.2.0.zip"] = b"no zip"
    releases.files[SUMS] = f"{sha256(b'no zip')}  zoo-1.2.0.zip\n".encode()
    with pytest.raises(UnreadableError, match="zoo-1.2.0.zip cannot be read as a zip archive"):
        sd.open_package(releases.address("zoo-1.2.0.zip"))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_cache_that_cannot_be_written(releases, root):
    releases.release("1.2.0")
    sd.open_package(version="1.2.0")
    releases.release("1.3.0")
    folders = [p for p in (root, *root.rglob("*")) if p.is_dir()]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert rows(sd.open_package(version="1.2.0"))
        with pytest.raises(CacheError, match="the cache .* cannot be used: Permission denied; .*or set SHUTTLE_CACHE"):
            sd.open_package(version="1.3.0")
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_read_only_file_system(releases, root, monkeypatch):
    releases.release("1.2.0")
    sd.open_package(version="1.2.0")
    releases.release("1.3.0")

    reading = os.open

    def read_only(path, flags, *rest):
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return reading(path, flags, *rest)

    monkeypatch.setattr(locking.os, "open", read_only)
    assert rows(sd.open_package(version="1.2.0"))
    with pytest.raises(CacheError, match="cannot be used: Read-only file system; .*or set SHUTTLE_CACHE"):
        sd.open_package(version="1.3.0")


def test_cache_that_is_a_file(releases, root):
    releases.release("1.2.0")
    root.write_text("", encoding="utf-8")
    with pytest.raises(CacheError, match="cannot be used: (Not a directory|File exists)"):
        sd.open_package(version="1.2.0")


@pytest.fixture
def archived(releases, monkeypatch):
    """A record of an archive, with a DOI of its own and one of all versions."""
    monkeypatch.setattr(doi, "RESOLVER", releases.address("doi/"))
    releases.release("1.2.0", folder="/records/18/files/")
    for number in ("17", "18"):
        releases.behave(f"/doi/10.5281/zenodo.{number}", redirect(f"/doi-of/{number}"))
        releases.behave(f"/doi-of/{number}", redirect("/records/18"))
    releases.files["/records/18"] = b"<html>"
    return releases


@pytest.mark.parametrize("where", ["doi:10.5281/zenodo.18", "https://doi.org/10.5281/Zenodo.18"])
def test_doi_of_a_release_is_resolved_once(archived, where):
    for offline in (False, True):
        assert rows(sd.open_package(where, offline=offline))
    assert archived.asked[-3:] == ["/records/18", "/records/18/files/SHA256SUMS", "/records/18/files" + ZIP]


def test_doi_of_all_versions_is_resolved_each_time(archived):
    for _ in range(2):
        assert rows(sd.open_package("doi:10.5281/zenodo.17"))
    assert archived.asked.count("/records/18/files/SHA256SUMS") == 2
    assert archived.asked.count("/records/18/files" + ZIP) == 1
    with pytest.raises(NotPublishedError, match="does not name version 1.3.0"):
        sd.open_package("doi:10.5281/zenodo.17", version="1.3.0")


@pytest.mark.parametrize(
    ("where", "behaviour", "message"),
    [
        ("doi:10.1234/zoo", plain, "doi:10.1234/zoo is no DOI of Zenodo, the one archive"),
        ("doi:10.5281/zenodo.18", status(404), "cannot be resolved: .* answers with status 404"),
        ("doi:10.5281/zenodo.18", redirect("/elsewhere"), "cannot be resolved: .*/elsewhere answers with status 404"),
        ("doi:10.5281/zenodo.18", plain, "leads to .*, which is no record of Zenodo"),
        (
            "doi:10.5281/zenodo.18",
            redirect("http://zoo.example/"),
            "is redirected to 'http://zoo.example/', which is not",
        ),
    ],
)
def test_doi_that_leads_nowhere(archived, where, behaviour, message):
    archived.behave("/doi/10.5281/zenodo.18", behaviour)
    with pytest.raises(UnreadableError, match=message):
        sd.open_package(where)
