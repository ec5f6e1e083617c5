import hashlib
import json

import pytest

from shuttle_diplomacy.publishing.checksums import checksums
from shuttle_diplomacy.publishing.portals.built import open_release
from shuttle_diplomacy.publishing.portals.faults import PortalError
from shuttle_diplomacy.publishing.portals.zenodo import metadata_of
from tests.publishing.portals.conftest import NAMES, rewritten


def files_of(server, number):
    return server.items[number]["files"]


def test_a_draft_gets_metadata_and_files_and_stays_a_draft(publish, zenodo, release):
    code, out, err = publish("zenodo", zenodo)
    assert (code, out) == (0, f"{zenodo.origin}/deposit/100\n")
    item = zenodo.items[100]
    assert not item["submitted"]
    assert item["metadata"]["title"] == "A zoo | with <b>markup</b> and é"
    assert item["metadata"]["version"] == "1.2.0"
    assert sorted(item["files"]) == NAMES
    assert item["files"]["zoo-1.2.0.zip"] == (release.parent / "zoo-1.2.0.zip").read_bytes()
    assert "sent README.md" in err
    assert "--publish publishes it" in err


def test_the_checksums_sent_are_those_of_the_files_sent(publish, zenodo):
    publish("zenodo", zenodo)
    sent = dict(files_of(zenodo, 100))
    lines = sent.pop("SHA256SUMS").decode().splitlines()
    assert [line.split("  ") for line in lines] == [[hashlib.sha256(sent[n]).hexdigest(), n] for n in sorted(sent)]


def test_publish_publishes(publish, zenodo):
    code, out, _ = publish("zenodo", zenodo, "--publish")
    assert (code, out) == (0, f"{zenodo.origin}/records/100\n")
    assert zenodo.items[100]["submitted"]


def test_the_same_command_again_sends_nothing_again(publish, zenodo):
    publish("zenodo", zenodo)
    zenodo.log.clear()
    code, out, err = publish("zenodo", zenodo, "--publish")
    assert (code, out) == (0, f"{zenodo.origin}/records/100\n")
    assert [line for line in zenodo.asked("PUT") if "/files/" in line] == []
    assert "goes on with draft 100" in err
    zenodo.log.clear()
    code, out, err = publish("zenodo", zenodo, "--publish")
    assert (code, out) == (0, f"{zenodo.origin}/records/100\n")
    assert zenodo.asked("POST", "PUT", "DELETE") == []
    assert "published already, with these very files" in err


@pytest.mark.parametrize("how", ["cut early", "cut late"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/depositions"),
        ("PUT", "zoo-1.2.0.zip"),
        ("PUT", "README.md"),
        ("GET", "/files"),
        ("POST", "/publish"),
    ],
)
def test_a_run_that_was_cut_is_gone_on_with(publish, zenodo, how, method, path):
    zenodo.faults[method, path] = [how] * (1 if method == "POST" else 4)  # what may be sent twice is
    code, out, err = publish("zenodo", zenodo, "--publish")
    assert (code, out) == (2, "")
    assert "the connection was cut" in err
    assert "run the same command again" in err
    code, _, _ = publish("zenodo", zenodo, "--publish")
    assert code == 0
    assert list(zenodo.items) == [100]
    assert sorted(files_of(zenodo, 100)) == NAMES
    assert zenodo.items[100]["submitted"]


def test_a_new_version_replaces_what_it_inherits(publish, zenodo):
    old = zenodo.add(
        {"title": "A zoo", "version": "1.1.0"}, submitted=True, files={"zoo-1.1.0.zip": b"o", "README.md": b"o"}
    )
    code, out, err = publish("zenodo", zenodo, "--record", str(old), "--publish")
    assert (code, out) == (0, f"{zenodo.origin}/records/102\n"), err
    assert zenodo.items[102]["concept"] == zenodo.items[old]["concept"]
    assert zenodo.items[102]["metadata"]["version"] == "1.2.0"
    assert sorted(files_of(zenodo, 102)) == NAMES
    assert sorted(files_of(zenodo, old)) == ["README.md", "zoo-1.1.0.zip"]


def test_the_draft_of_a_new_version_is_looked_for_before_one_is_made(publish, zenodo):
    old = zenodo.add({"title": "A zoo", "version": "1.1.0"}, submitted=True, files={"a": b"o"})
    zenodo.faults["PUT", "README.md"] = ["cut early"] * 4
    assert publish("zenodo", zenodo, "--record", zenodo.items[old]["concept"])[0] == 2
    assert publish("zenodo", zenodo, "--record", zenodo.items[old]["concept"])[0] == 0
    assert len([line for line in zenodo.asked("POST") if "newversion" in line]) == 1
    assert list(zenodo.items) == [100, 102]
    assert sorted(files_of(zenodo, 102)) == NAMES


def test_drafts_are_found_on_later_pages(publish, zenodo):
    for number in range(130):
        zenodo.add({"title": f"Other {number}"})
    publish("zenodo", zenodo)
    publish("zenodo", zenodo)
    assert len(zenodo.items) == 131


def test_a_file_that_somebody_added_to_the_draft_stays(publish, zenodo):
    publish("zenodo", zenodo)
    files_of(zenodo, 100)["poster.pdf"] = b"p"
    publish("zenodo", zenodo)
    assert "poster.pdf" in files_of(zenodo, 100)


def test_a_file_that_differs_is_replaced(publish, zenodo):
    publish("zenodo", zenodo)
    files_of(zenodo, 100)["README.md"] = b"half"
    publish("zenodo", zenodo)
    assert len(files_of(zenodo, 100)["README.md"]) > 4


def test_what_is_published_with_other_files_is_a_mismatch(publish, zenodo):
    publish("zenodo", zenodo, "--publish")
    files_of(zenodo, 100)["README.md"] = b"other"
    code, out, err = publish("zenodo", zenodo, "--publish")
    assert (code, out) == (1, "")
    assert "version 1.2.0 is published already, with another README.md" in err


def test_bytes_that_arrive_changed_are_a_mismatch(publish, zenodo):
    zenodo.faults["PUT", "README.md"] = [(201, {"key": "README.md", "size": 4, "checksum": "md5:00"}, {})]
    code, out, err = publish("zenodo", zenodo, "--publish")
    assert (code, out) == (1, "")
    assert "README.md arrived with another size or checksum" in err
    assert not zenodo.items[100]["submitted"]


@pytest.mark.parametrize(
    ("others", "options", "sentence"),
    [
        ([("1.1.0", True)], [], "for a new version of it give its number: --record 99"),
        ([("1.1.0", False)], [], "draft 100 has the same title, but version '1.1.0'"),
        ([("1.2.0", False), ("1.2.0", False)], [], "there are several drafts of this record (100, 102)"),
        ([], ["--record", "7"], "this account has no such record"),
    ],
)
def test_what_is_not_clear_is_refused(publish, zenodo, others, options, sentence):
    for version, submitted in others:
        zenodo.add({"title": "A zoo | with <b>markup</b> and é", "version": version}, submitted=submitted)
    code, _, err = publish("zenodo", zenodo, *options)
    assert code == 2
    assert sentence in err
    assert zenodo.asked("POST", "PUT", "DELETE") == []


def test_a_bucket_at_another_host_gets_nothing(publish, zenodo, stranger):
    zenodo.bucket_origin = stranger.origin
    code, _, err = publish("zenodo", zenodo)
    assert code == 2
    assert f"the portal names '{stranger.origin}/files/bucket-100/zoo-1.2.0.zip', which is not on 127.0.0.1" in err
    assert stranger.log == []


def test_metadata_are_those_of_the_release(release):
    known = json.loads((release / "zenodo.json").read_bytes())
    assert known["creators"] == [{"name": "The keepers"}]
    assert metadata_of(open_release(release)) == known


@pytest.mark.parametrize("key", ["title", "creators", "description"])
def test_what_zenodo_needs_has_to_be_there(release, key):
    known = json.loads((release / "zenodo.json").read_bytes())
    rewritten(release, "zenodo.json", json.dumps(known | {key: ""}))
    with pytest.raises(PortalError, match=f"has no {key}, which Zenodo needs"):
        metadata_of(open_release(release))


def test_a_release_without_metadata_for_zenodo_is_refused(release):
    (release / "zenodo.json").unlink()
    (release / "SHA256SUMS").write_bytes(checksums(release))
    (release.parent / "SHA256SUMS").write_bytes(checksums(release.parent))
    with pytest.raises(PortalError, match="has no zenodo.json; build it again"):
        metadata_of(open_release(release))


def test_more_files_than_zenodo_takes_are_refused_at_once(publish, zenodo, release):
    for number in range(100):
        rewritten(release, f"f{number}.txt", "x")
    code, _, err = publish("zenodo", zenodo)
    assert code == 2
    assert f"{len(NAMES) + 100} files at its top; Zenodo takes 100" in err
    assert zenodo.log == []
