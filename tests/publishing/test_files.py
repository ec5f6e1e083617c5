import pytest

from shuttle_diplomacy.errors import ConfigurationError, UnsafePathError
from shuttle_diplomacy.publishing.files import ReleaseFolder


def test_a_path_is_written_once_whatever_its_case(tmp_path):
    release = ReleaseFolder(tmp_path / "r")
    release.add("data/a.csv", b"")
    with pytest.raises(ConfigurationError, match=r"two files .* have one path: 'data/a\.csv' and 'Data/A\.csv'"):
        release.add("Data/A.csv", b"")


@pytest.mark.parametrize("path", ["../a", "/a", ".hidden/a"])
def test_no_path_leads_out(tmp_path, path):
    with pytest.raises(UnsafePathError, match="leads out of the package"):
        ReleaseFolder(tmp_path).add(path, b"")


def test_control_characters_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="holds control characters"):
        ReleaseFolder(tmp_path).add("a\nb", b"")
