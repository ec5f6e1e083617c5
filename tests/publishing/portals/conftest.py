import shutil

import pytest

from shuttle_diplomacy.cli.main import main
from shuttle_diplomacy.publishing.checksums import checksums
from shuttle_diplomacy.publishing.portals import connection
from tests.publishing.conftest import build_release, make_repository
from tests.publishing.portals.servers import TOKEN, CkanServer, GitHubServer, Portal, ZenodoServer

# What stands at the top of the little release, with its archive.
NAMES = [
    *("CITATION.cff", "CODEBOOK.md", "LICENSE-DATA", "README.md", "SHA256SUMS", "build.json", "croissant.json"),
    *("csvw-metadata.json", "datacite.json", "datacite.xml", "datapackage.json", "datasette.json", "dcat.jsonld"),
    *("dcat.ttl", "ro-crate-metadata.json", "schema-org.jsonld", "zenodo.json", "zoo-1.2.0.zip", "zoo.duckdb.sql"),
    *("zoo.sqlite", "zoo.xlsx"),
]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Build the little release once; nobody writes into it."""
    root = tmp_path_factory.mktemp("built")
    return build_release(make_repository(root / "repository"), root / "dist")


@pytest.fixture
def release(built, tmp_path):
    """Return a copy of the release that may be changed."""
    shutil.copytree(built.parent, tmp_path / "dist")
    return tmp_path / "dist" / built.name


def rewritten(release, path, text):
    """Write a file of a release and bring the checksums up to it."""
    (release / path).write_text(text, encoding="utf-8")
    (release.parent / "SHA256SUMS").write_bytes(checksums(release.parent))


@pytest.fixture(autouse=True)
def token(monkeypatch):
    for variable in ("ZENODO_TOKEN", "CKAN_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.setenv(variable, TOKEN)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Let no test wait: pauses are noted, not made."""
    pauses = []
    monkeypatch.setattr(connection, "pause", pauses.append)
    return pauses


def served(kind):
    server = kind()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def zenodo():
    yield from served(ZenodoServer)


@pytest.fixture
def ckan():
    yield from served(CkanServer)


@pytest.fixture
def github():
    yield from served(GitHubServer)


@pytest.fixture
def stranger():
    """Return a second host, which must never be asked."""
    yield from served(Portal)


@pytest.fixture
def publish(release, capfd):
    """Return a function that runs the verb and makes sure that the token is nowhere in what it says."""

    def run(portal, server, *options, yes=True):
        own = {"github": ["--repository", "a/zoo"]}.get(portal, [])
        words = ["publish", str(release), "--to", portal, "--address", server.base, *own, *options]
        code = main([*words, "--yes"] if yes else words)
        told = capfd.readouterr()
        assert TOKEN not in told.out + told.err
        return code, told.out, told.err

    return run
