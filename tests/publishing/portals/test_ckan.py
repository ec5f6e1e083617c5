import json

import pytest

from tests.publishing.portals.conftest import NAMES, rewritten

PATHS = sorted(
    [
        *NAMES,
        *(f"data/{t}.{e}" for t in ("animals", "by_kind", "codes") for e in ("csv", "jsonl", "parquet", "rds")),
    ]
)
OURS = ("--organization", "zoos")


def dataset(server):
    (found,) = server.datasets.values()
    return found


def test_a_dataset_gets_metadata_and_a_resource_a_file(publish, ckan, release):
    code, out, err = publish("ckan", ckan, *OURS)
    assert (code, out) == (0, f"{ckan.origin}/dataset/zoo\n"), err
    found = dataset(ckan)
    assert found["private"] is True
    assert (found["owner_org"], found["license_id"], found["version"]) == ("zoos", "cc-by", "1.2.0")
    assert found["author"] == "The keepers"
    assert {item["key"]: item["value"] for item in found["extras"]}["created"] == "2026-01-13"
    resources = {item["name"]: item for item in found["resources"]}
    assert sorted(resources) == PATHS
    animals = resources["data/animals.csv"]
    assert animals["content"] == (release / "data/animals.csv").read_text(encoding="latin-1")
    assert (animals["format"], animals["mimetype"]) == ("CSV", "text/csv")


def test_publish_makes_it_public(publish, ckan):
    publish("ckan", ckan, *OURS, "--publish")
    assert dataset(ckan)["private"] is False


def test_without_an_organization_it_can_only_be_public(publish, ckan):
    code, _, err = publish("ckan", ckan)
    assert (code, ckan.datasets) == (2, {})
    assert "needs an organization: name it with --organization" in err
    assert publish("ckan", ckan, "--publish")[0] == 0


def test_the_same_command_again_sends_nothing_again(publish, ckan):
    publish("ckan", ckan, *OURS)
    before = json.dumps(dataset(ckan))
    ckan.log.clear()
    assert publish("ckan", ckan, *OURS)[0] == 0
    assert json.dumps(dataset(ckan)) == before
    assert ckan.asked("POST") == ["POST /api/3/action/package_patch"]


@pytest.mark.parametrize("how", ["cut early", "cut late"])
@pytest.mark.parametrize("action", ["package_show", "package_create", "resource_create", "package_patch"])
def test_a_run_that_was_cut_is_gone_on_with(publish, ckan, how, action):
    ckan.faults["GET" if action == "package_show" else "POST", action] = [how] * (4 if action == "package_show" else 1)
    code, _, err = publish("ckan", ckan, *OURS)
    assert code == 2
    assert "the connection was cut" in err
    assert publish("ckan", ckan, *OURS)[0] == 0
    assert sorted(item["name"] for item in dataset(ckan)["resources"]) == PATHS


def test_an_update_keeps_what_others_wrote(publish, ckan):
    publish("ckan", ckan, *OURS)
    found = dataset(ckan)
    found["extras"].append({"key": "spatial", "value": "here"})
    found["resources"].append({"id": "r-x", "name": "photo.jpg", "url": "https://example.org/photo.jpg"})
    found["version"] = "1.1.0"
    code, _, err = publish("ckan", ckan, *OURS)
    assert code == 0
    assert {"key": "spatial", "value": "here"} in found["extras"]
    assert found["version"] == "1.2.0"
    assert len(found["resources"]) == len(PATHS) + 1
    assert "photo.jpg is there too, but is no file of this release" in err


def test_a_resource_that_differs_is_replaced_in_its_place(publish, ckan):
    publish("ckan", ckan, *OURS)
    item = next(item for item in dataset(ckan)["resources"] if item["name"] == "data/animals.csv")
    item |= {"hash": "sha256:old", "content": "old", "size": 3}
    publish("ckan", ckan, *OURS)
    assert item["content"].startswith("id,kind")
    assert len(dataset(ckan)["resources"]) == len(PATHS)


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        ({"private": False}, OURS, "is public: what is sent is seen at once; give --publish, too"),
        ({"state": "deleted"}, OURS, "was deleted there"),
        ({}, ("--organization", "parks"), "belongs to another organization"),
    ],
)
def test_what_is_not_clear_is_refused(publish, ckan, change, options, sentence):
    publish("ckan", ckan, *OURS)
    dataset(ckan).update(change)
    ckan.log.clear()
    code, _, err = publish("ckan", ckan, *options)
    assert code == 2
    assert sentence in err
    assert ckan.asked("POST") == []


def test_success_false_is_a_failure_whatever_the_status(publish, ckan):
    error = {"__type": "Validation Error", "license_id": ["Unknown \x1b[31mlicence"]}
    ckan.faults["POST", "package_create"] = [(200, {"success": False, "error": error}, {})]
    code, _, err = publish("ckan", ckan, *OURS)
    assert code == 2
    assert "to make the dataset: status 200 (Validation Error: license_id: Unknown \\x1b[31mlicence)" in err


def test_an_unknown_organization_is_said_in_the_words_of_the_site(publish, ckan):
    code, _, err = publish("ckan", ckan, "--organization", "parks")
    assert code == 2
    assert "status 409 (Validation Error: owner_org: Organization does not exist)" in err


def test_bytes_that_arrive_changed_are_a_mismatch(publish, ckan):
    ckan.faults["POST", "resource_create"] = [(200, {"success": True, "result": {"size": 1, "hash": "x"}}, {})]
    code, _, err = publish("ckan", ckan, *OURS)
    assert code == 1
    assert "arrived with another size or checksum" in err


def test_names_licence_and_words_may_be_given(publish, ckan, release):
    descriptor = json.loads((release / "datapackage.json").read_bytes())
    descriptor["keywords"] = ["zoo", "zoo", "a", "wild/animals, *", "동물"]
    rewritten(release, "datapackage.json", json.dumps(descriptor))
    code, out, _ = publish("ckan", ckan, *OURS, "--dataset", "beasts", "--license", "notspecified")
    assert (code, out) == (0, f"{ckan.origin}/dataset/beasts\n")
    assert dataset(ckan)["license_id"] == "notspecified"
    assert [tag["name"] for tag in dataset(ckan)["tags"]] == ["zoo", "wild animals", "동물"]


def test_the_token_is_sent_as_it_is(publish, ckan):
    publish("ckan", ckan, *OURS)
    assert {header["Authorization"] for _, _, header, _ in ckan.log} == {ckan.token}
