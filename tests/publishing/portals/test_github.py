import json

import pytest

from tests.publishing.portals.conftest import NAMES, rewritten

COMMIT = "c0ffee" * 6 + "c0ff"


@pytest.fixture(autouse=True)
def tagged(github):
    github.tags["v1.2.0"] = {"type": "commit", "sha": COMMIT}


def names(server):
    return sorted(item["name"] for item in server.assets.values())


def test_a_draft_gets_the_files_and_stays_a_draft(publish, github, release):
    code, out, err = publish("github", github)
    assert (code, out) == (0, f"{github.origin}/a/zoo/releases/tag/untagged-1\n"), err
    (found,) = github.releases.values()
    assert found["draft"] is True
    assert (found["tag_name"], found["prerelease"]) == ("v1.2.0", False)
    assert names(github) == NAMES
    zipped = next(item for item in github.assets.values() if item["name"].endswith(".zip"))
    assert zipped["content"] == (release.parent / "zoo-1.2.0.zip").read_bytes()
    types = {path.partition("=")[2]: header["Content-Type"] for _, path, header, _ in github.log if "?name=" in path}
    assert (types["zoo-1.2.0.zip"], types["SHA256SUMS"]) == ("application/zip", "application/octet-stream")


def test_publish_publishes_in_the_end(publish, github):
    code, out, _ = publish("github", github, "--publish")
    assert (code, out) == (0, f"{github.origin}/a/zoo/releases/tag/v1.2.0\n")
    assert github.asked("PATCH") == ["PATCH /repos/a/zoo/releases/1"]
    assert github.asked()[-1].startswith("PATCH")


def test_the_same_command_again_sends_nothing_again(publish, github):
    publish("github", github, "--publish")
    github.log.clear()
    code, _, err = publish("github", github, "--publish")
    assert code == 0
    assert github.asked("POST", "PATCH", "DELETE") == []
    assert "README.md is there already" in err


@pytest.mark.parametrize("how", ["cut early", "cut late", (502, b"<html>", {})])
@pytest.mark.parametrize("path", ["/releases", "name=README.md"])
def test_a_run_that_was_cut_is_gone_on_with(publish, github, how, path):
    github.faults["POST", path] = [how]
    code, _, err = publish("github", github)
    assert code == 2
    assert "run the same command again" in err
    assert publish("github", github)[0] == 0
    assert list(github.releases) == [1]
    assert names(github) == NAMES


def test_half_an_asset_is_replaced(publish, github):
    publish("github", github)
    half = next(item for item in github.assets.values() if item["name"] == "README.md")
    half |= {"state": "starter", "content": b""}
    assert publish("github", github)[0] == 0
    assert names(github) == NAMES
    assert all(item["state"] == "uploaded" for item in github.assets.values())


def test_a_release_of_the_workflow_is_gone_on_with_and_its_files_stay(publish, github):
    github.next = 1000
    github.releases[7] = {"tag_name": "v1.2.0", "draft": True}
    github.assets[8] = {"release": 7, "name": "zoo-1.2.0-py3-none-any.whl", "state": "uploaded", "content": b"w"}
    assert publish("github", github)[0] == 0
    assert list(github.releases) == [7]
    assert sorted(names(github)) == sorted([*NAMES, "zoo-1.2.0-py3-none-any.whl"])


def test_releases_are_found_on_later_pages(publish, github):
    github.next = 1000
    github.releases = {n: {"tag_name": f"v0.{n}.0", "draft": False} for n in range(120)}
    github.releases[500] = {"tag_name": "v1.2.0", "draft": True}
    assert publish("github", github)[0] == 0
    assert len(github.releases) == 121


def test_what_is_published_is_not_replaced(publish, github):
    publish("github", github, "--publish")
    next(item for item in github.assets.values() if item["name"] == "README.md")["content"] = b"other"
    github.log.clear()
    code, _, err = publish("github", github, "--publish")
    assert code == 1
    assert "published already, with another README.md" in err
    assert github.asked("POST", "PATCH", "DELETE") == []


def test_what_is_published_is_completed_only_when_asked(publish, github):
    github.releases[7] = {"tag_name": "v1.2.0", "draft": False}
    code, _, err = publish("github", github)
    assert (code, github.assets) == (2, {})
    assert "lacks zoo-1.2.0.zip: what is sent is seen at once; give --publish, too" in err
    assert publish("github", github, "--publish")[0] == 0
    assert names(github) == NAMES


def test_two_drafts_of_a_tag_are_refused(publish, github):
    github.releases = {n: {"tag_name": "v1.2.0", "draft": True} for n in (7, 8)}
    code, _, err = publish("github", github)
    assert code == 2
    assert "there are 2 drafts of v1.2.0" in err


def test_the_tag_has_to_be_there(publish, github):
    code, _, err = publish("github", github, "--tag", "data/v9")
    assert code == 2
    assert "a/zoo has no tag data/v9 that this token can see; push it first: git push origin data/v9" in err
    assert github.releases == {}


@pytest.mark.parametrize("annotated", [True, False])
@pytest.mark.parametrize(("commit", "expected"), [(COMMIT, 0), ("f" * 40, 1)])
def test_the_tag_has_to_be_at_the_commit_of_the_release(publish, github, release, annotated, commit, expected):
    record = json.loads((release / "build.json").read_bytes())
    rewritten(release, "build.json", json.dumps(record | {"commit": commit}))
    if annotated:
        github.tags["v1.2.0"] = {"type": "tag", "sha": "abc"}
        github.tag_objects["abc"] = COMMIT
    code, _, err = publish("github", github)
    assert code == expected
    assert ("is at commit c0ffeec0ffee, but the release was built from ffffffffffff" in err) is (expected == 1)


def test_a_build_with_changes_that_no_commit_holds_is_not_published(publish, github, release):
    record = json.loads((release / "build.json").read_bytes())
    rewritten(release, "build.json", json.dumps(record | {"dirty": True}))
    code, _, err = publish("github", github, "--publish")
    assert (code, github.log) == (2, [])
    assert "built from files that no commit holds" in err


def test_an_upload_address_at_another_host_gets_nothing(publish, github, stranger):
    github.upload_origin = stranger.origin
    code, _, err = publish("github", github)
    assert code == 2
    assert "which is not on 127.0.0.1; nothing was sent there" in err
    assert stranger.log == []


def test_a_name_that_the_portal_changed_is_a_mismatch(publish, github):
    answer = {"name": "READ.ME", "state": "uploaded", "size": 1, "digest": None}
    github.faults["POST", "name=README.md"] = [(201, answer, {})]
    assert publish("github", github)[0] == 1


def test_the_text_calls_nobody_and_is_no_markup(publish, github, release):
    descriptor = json.loads((release / "datapackage.json").read_bytes())
    descriptor["description"] = "@octocat <img src=x> ![x](https://example.org/x.png)"
    rewritten(release, "datapackage.json", json.dumps(descriptor))
    publish("github", github)
    text = github.releases[1]["body"]
    assert "@octocat" not in text
    assert "\\<img" in text
    assert "\\!\\[x\\]" in text


def test_notes_are_sent_as_they_are(publish, github, tmp_path):
    (tmp_path / "notes.md").write_text("# New\n\n@friend", encoding="utf-8")
    publish("github", github, "--notes", str(tmp_path / "notes.md"))
    assert github.releases[1]["body"] == "# New\n\n@friend"


@pytest.mark.parametrize("version", ["1.2.0-rc.1", "1.2.0+build-1"])
def test_a_prerelease_is_one(publish, github, release, version):
    descriptor = json.loads((release / "datapackage.json").read_bytes())
    rewritten(release, "datapackage.json", json.dumps(descriptor | {"version": version}))
    github.tags[f"v{version}"] = {"type": "commit", "sha": COMMIT}
    publish("github", github)
    assert github.releases[1]["prerelease"] is ("rc" in version)
