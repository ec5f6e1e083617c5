import pytest

from tests.publishing.metadata import packages


@pytest.fixture(scope="session")
def every(tmp_path_factory):
    return packages.built(tmp_path_factory.mktemp("every"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    return packages.built(tmp_path_factory.mktemp("hostile"), packages.HOSTILE)
