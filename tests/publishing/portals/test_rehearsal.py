import json
import re
import socket

import pytest

from shuttle_diplomacy.cli.main import main
from tests.publishing.portals.conftest import rewritten

OPTIONS = {"zenodo": (), "ckan": ("--organization", "zoos"), "github": ()}


@pytest.fixture
def servers(zenodo, ckan, github):
    github.tags["v1.2.0"] = {"type": "commit", "sha": "c"}
    return {"zenodo": zenodo, "ckan": ckan, "github": github}


@pytest.mark.parametrize("public", [(), ("--publish",)])
@pytest.mark.parametrize("name", OPTIONS)
def test_a_dry_run_shows_the_very_requests_of_a_real_one(publish, servers, name, public):
    server = servers[name]
    code, shown, _ = publish(name, server, *OPTIONS[name], *public, yes=False)
    assert (code, server.log) == (0, [])
    assert publish(name, server, *OPTIONS[name], *public)[0] == 0
    expected = re.findall(r"^(GET|POST|PUT|PATCH|DELETE) (\S+)$", shown, re.MULTILINE)
    assert len(expected) == len(server.log)
    for (method, url), (sent_method, sent_path, header, body) in zip(expected, server.log, strict=True):
        pattern = re.sub(r"\\{\w+\\}", r"[\\w-]+", re.escape(url))
        assert method == sent_method
        assert re.fullmatch(pattern, server.origin + sent_path)
        if header.get("Content-Type") == "application/json" and "?name=" not in sent_path:
            text = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
            ids = re.sub(r'"id": "[\w-]+"', '"id": "{id}"', text)
            assert any("".join(f"    {line}\n" for line in t.split("\n")) in shown for t in (text, ids))


@pytest.mark.parametrize("name", OPTIONS)
def test_a_dry_run_opens_no_connection_and_needs_no_token(publish, servers, name, monkeypatch):
    def refused(*_, **__):
        raise AssertionError

    for variable in ("ZENODO_TOKEN", "CKAN_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(variable)
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    code, shown, err = publish(name, servers[name], *OPTIONS[name], "--publish", yes=False)
    assert (code, err) == (0, "")
    assert shown.startswith("Dry run: nothing was sent.")


def test_a_dry_run_of_a_new_version_shows_it(publish, zenodo):
    _, shown, _ = publish("zenodo", zenodo, "--record", "42", yes=False)
    assert f"POST {zenodo.base}/deposit/depositions/42/actions/newversion\n" in shown
    assert f"PUT {zenodo.base}/deposit/depositions/{{id}}\n" in shown


def test_a_dry_run_shows_no_control_characters(publish, zenodo, release):
    descriptor = json.loads((release / "datapackage.json").read_bytes())
    rewritten(release, "datapackage.json", json.dumps(descriptor | {"title": "red \x1b[31m \u202e"}))
    _, shown, _ = publish("zenodo", zenodo, yes=False)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], [None, 1, "x"], {}, [{}], [{"title": 1, "roles": 1, "role": {}}]], ids=repr
)
@pytest.mark.parametrize("name", OPTIONS)
def test_a_descriptor_may_hold_anything(publish, servers, release, name, value):
    descriptor = json.loads((release / "datapackage.json").read_bytes())
    keys = ("title", "description", "contributors", "licenses", "keywords", "homepage", "created", "resources")
    rewritten(release, "datapackage.json", json.dumps(descriptor | dict.fromkeys(keys, value)))
    code, _, err = publish(name, servers[name], *OPTIONS[name], yes=False)
    assert code == 0 or err.startswith("shuttle publish: ")


def test_a_release_that_was_changed_is_not_even_rehearsed(publish, zenodo, release):
    (release / "README.md").write_text("x")
    code, shown, err = publish("zenodo", zenodo, yes=False)
    assert (code, shown) == (1, "")
    assert "README.md differs from its checksum; nothing was sent" in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--to", "zenodo", "--tag", "v1"], "--tag is for --to github"),
        (["--to", "github", "--repository", "a/b", "--record", "1"], "--record is for --to zenodo"),
        (["--to", "zenodo", "--record", "x"], "has to be the number of a record"),
        (["--to", "ckan"], "--to ckan needs --address"),
        (["--to", "github"], "--to github needs --repository"),
        ([], "the following arguments are required: --to"),
    ],
)
def test_options_have_to_fit(words, sentence, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["publish", *words])
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--to", "zenodo"], "dist holds no release; build one"),
        (["--to", "zenodo", "--address", "http://zenodo.org/api"], "is not encrypted"),
        (["nowhere", "--to", "zenodo"], "nowhere is no release"),
    ],
)
def test_what_cannot_run_is_one_sentence(words, sentence, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["publish", *words]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--repository", "a", "has to be OWNER/NAME"),
        ("--repository", "a/b/../c", "has to be OWNER/NAME"),
        ("--tag", "../x", "is no name of a tag"),
        ("--notes", "missing.md", "cannot be read"),
    ],
)
def test_values_have_to_be_sound(publish, github, option, value, sentence):
    code, _, err = publish("github", github, option, value, yes=False)
    assert code == 2
    assert sentence in err


def test_the_newest_release_in_dist_is_meant(release, monkeypatch, capsys):
    monkeypatch.chdir(release.parent.parent)
    assert main(["publish", "--to", "zenodo"]) == 0
    assert "release zoo 1.2.0" in capsys.readouterr().out
