"""The worked example of docs/pinned-releases.md, run against loopback."""

import doctest
import io
import json
import re
import zipfile

from shuttle_diplomacy.dataset.pinned import addresses, cache
from shuttle_diplomacy.dataset.pinned.download import Bounds
from tests.dataset_package import ROOT
from tests.pinned.server import sha256

PAGE = ROOT / "docs" / "pinned-releases.md"


def release_of_the_dataset() -> bytes:
    """Return the dataset as a release of version 1.2.0."""
    folder, target = ROOT / "datapackage", io.BytesIO()
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    with zipfile.ZipFile(target, "w") as opened:
        opened.writestr("datapackage.json", json.dumps({**descriptor, "version": "1.2.0"}))
        for file in sorted((folder / "data").iterdir()):
            opened.write(file, f"data/{file.name}")
    return target.getvalue()


def test_examples_give_what_they_show(releases):
    content = release_of_the_dataset()
    releases.files["/shuttle-diplomacy-1.2.0.zip"] = content
    releases.files["/SHA256SUMS"] = f"{sha256(content)}  shuttle-diplomacy-1.2.0.zip\n".encode()
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=flags)
    assert (failed, tried) == (0, 9)
    assert len(releases.asked) == 3


def test_page_names_every_variable_and_limit():
    page = PAGE.read_text(encoding="utf-8")
    names = {addresses.BASE_VARIABLE, addresses.HTTP_VARIABLE, addresses.OFFLINE_VARIABLE, cache.VARIABLE}
    assert set(re.findall("SHUTTLE_[A-Z_]+", page)) == names
    bounds = Bounds()
    assert f"({bounds.connect_seconds:g} and {bounds.quiet_seconds:g} seconds)" in page
    assert f"size has one ({bounds.max_bytes / 1e9:g} GB)" in page
