import json
import subprocess
import sys

import pytest

from shuttle_diplomacy.publishing.metadata import DOCUMENTS

CODE = """
import sys
from pathlib import Path
from tests.publishing.metadata.packages import HOSTILE, built
built(Path(sys.argv[1]), HOSTILE)
"""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.path)
def test_documents_are_the_same_in_another_folder_and_with_another_seed(document, hostile, tmp_path_factory):
    other = tmp_path_factory.getbasetemp() / "other-seed"
    if not other.exists():
        other.mkdir()
        command = [sys.executable, "-c", CODE, str(other)]
        environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7", "TZ": "Asia/Seoul", "LC_ALL": "C.UTF-8"}
        subprocess.run(command, check=True, env=environment)
    path = f"dist/{hostile.name}/{document.path}"
    assert (other / path).read_bytes() == (hostile / document.path).read_bytes()


def test_documents_in_json_are_json(every):
    for document in DOCUMENTS:
        if "json" in document.media_type:
            assert isinstance(json.loads((every / document.path).read_bytes()), dict)
