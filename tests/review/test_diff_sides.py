"""From where the two packages come; git above all."""

import os
import shutil
import subprocess
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.review.comparing import compare
from shuttle_diplomacy.review.repository import Repository
from shuttle_diplomacy.review.revisions import opened
from shuttle_diplomacy.review.summary import review
from tests.review.packages import GitPackage, commit, compared, git, package


@pytest.fixture
def repository(tmp_path, monkeypatch):
    made = GitPackage(tmp_path / "repo")
    made.write("id,n,note\na,1,x\n", "first")
    made.write("id,n,note\na,1,x\nb,2,y\n", "second")
    monkeypatch.chdir(made.root)
    return made


def rows_of(where):
    with opened(where) as side:
        return side.package.resource("t").read_bytes().count(b"\n") - 1


def test_revisions(repository):
    whole = git(repository.root, "rev-parse", "HEAD")
    assert [rows_of(f"git:{name}") for name in ("HEAD", "HEAD~1", "main", whole)] == [2, 1, 2, 2]


def test_a_revision_against_the_working_tree(repository):
    (repository.package.root / "t.csv").write_text("id,n,note\na,1,q\n")
    with opened("git:HEAD") as old, opened("data package") as new:
        found = compare(old, new)
    assert (found.old, found.tables[0].changed_rows, found.tables[0].removed_rows) == ("git:HEAD", 1, 1)


@pytest.mark.parametrize("path", ["data package", "data package/", "./data package", "data package/datapackage.json"])
def test_a_path_inside_the_repository(repository, path):
    assert rows_of(f"git:HEAD:{path}") == 2


def test_a_package_at_the_root(tmp_path, monkeypatch):
    made = package(tmp_path / "repo", "id,n,note\na,1,x\n")
    git(made.root, "init", "-q")
    commit(made.root, "first")
    monkeypatch.chdir(made.root)
    assert rows_of("git:HEAD") == 1
    assert rows_of("git:HEAD:.") == 1


def test_from_a_folder_below(repository, monkeypatch):
    monkeypatch.chdir(repository.package.root)
    assert rows_of("git:HEAD~1") == 1


def test_the_configuration_is_that_of_the_revision(repository):
    (repository.root / "rules").mkdir()
    (repository.root / "rules" / "r.sql").write_text("-- id: r\n")
    (repository.root / "pyproject.toml").write_text('[tool.shuttle]\npackage = "data package"\nrules = "rules"\n')
    commit(repository.root, "rules")
    with opened("git:HEAD~1") as old, opened("git:HEAD") as new:
        assert old.configuration.rules is None
        assert (new.configuration.rules / "r.sql").read_text() == "-- id: r\n"


def test_a_configuration_that_cannot_be_read_is_told(repository):
    (repository.root / "pyproject.toml").write_text('[tool.shuttle]\npackage = "data package"\nrulez = "x"\n')
    commit(repository.root, "misspelt")
    (repository.root / "pyproject.toml").write_text('[tool.shuttle]\npackage = "data package"\n')
    with opened("git:HEAD") as side:
        assert side.configuration is None
        assert "unknown key 'rulez'" in side.reason


def test_nothing_is_left_behind(repository, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with opened("git:HEAD") as side:
        assert side.package.storage.root.is_relative_to(folder)
    assert list(folder.iterdir()) == []


def test_errors_name_the_revision(repository):
    (repository.package.root / "t.csv").unlink()
    commit(repository.root, "gone")
    with pytest.raises(UnreadableError, match=r"^git:HEAD/data package/t.csv is not there"), opened("git:HEAD") as side:
        side.package.resource("t").read_bytes()


def test_no_message_names_the_temporary_folder(repository):
    (repository.root / "rules").mkdir()
    (repository.root / "rules" / "r.sql").write_text("-- id: r\n")
    (repository.root / "views").mkdir()
    (repository.root / "views" / "v.sql").write_text("SELECT nothing FROM t")
    (repository.root / "views" / "v.json").write_text('{"fields": [{"name": "a"}]}')
    folders = 'rules = "rules"\nviews = "views"\n'
    (repository.root / "pyproject.toml").write_text(f'[tool.shuttle]\npackage = "data package"\n{folders}')
    (repository.package.root / "t.csv").unlink()
    commit(repository.root, "broken")
    with opened("git:HEAD~1") as old, opened("git:HEAD") as new:
        found = review(old, new)
        folder = new.folder
    (table,) = found.difference.tables
    assert table.reason == "the later package: git:HEAD/data package/t.csv is not there"
    told = [*found.unsaid, table.reason, *(view.reason for view in found.derived)]
    assert len(told) > 2
    assert not any(folder in text for text in told)
    assert any(text.startswith("the rules cannot be read: git:HEAD/rules/r.sql: the header lacks") for text in told)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("git:nowhere", "there is no revision 'nowhere' in this repository; in a shallow clone it has to be fetched"),
        ("git:--output=x", "there is no revision '--output=x' in this repository"),
        ("git:HEAD;id", "there is no revision 'HEAD;id' in this repository"),
        ("git:", "'git:' names no revision; write git:REVISION or git:REVISION:PATH"),
        ("git:HEAD:../x", "git:HEAD:../x: '../x' has to be a path below the root of the repository"),
        ("git:HEAD:/etc", "git:HEAD:/etc: '/etc' has to be a path below the root of the repository"),
        ("git:HEAD:other", "git:HEAD:other has no 'other'; name the package's place then: git:HEAD:PATH"),
    ],
)
def test_what_is_not_there(repository, where, message):
    with pytest.raises(UnreadableError) as caught, opened(where):
        pass
    assert str(caught.value).startswith(message)
    assert not (repository.root / "x").exists()


def test_outside_of_a_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UnreadableError, match="is in no git repository with a working tree"), opened("git:HEAD"):
        pass


def test_a_repository_that_does_not_say_where_its_package_is(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("a")
    commit(tmp_path, "first")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableError, match="says where the package of this repository is; write git:REVISION:PATH"):
        opened("git:HEAD").__enter__()


def test_attributes_of_the_revision_hide_and_change_nothing(repository):
    (repository.root / ".gitattributes").write_text("*.csv export-ignore export-subst text eol=crlf filter=evil\n")
    repository.write("id,n,note\na,1,$Format:%H$\n")
    with opened("git:HEAD") as side:
        assert side.package.resource("t").read_bytes() == b"id,n,note\na,1,$Format:%H$\n"


def tree_with(repository: Path, mode: str, name: bytes, content: bytes) -> str:
    """Return a commit of a tree that git itself would not make: its one entry beside the package has this name."""

    def write(kind: str, data: bytes) -> str:
        command = ["git", "-C", str(repository), "hash-object", "-w", "--literally", "-t", kind, "--stdin"]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().strip()

    def entry(mode: str, name: bytes, sha: str) -> bytes:
        return mode.encode() + b" " + name + b"\0" + bytes.fromhex(sha)

    inner = git(repository, "rev-parse", "HEAD:data package")
    listed = subprocess.run(
        ["git", "-C", str(repository), "cat-file", "tree", inner], capture_output=True, check=True
    ).stdout
    kind = "tree" if mode == "40000" else "blob"
    sha = write(kind, content) if kind == "blob" else write("tree", entry("100644", b"x", write("blob", content)))
    folder = write("tree", listed + entry(mode, name, sha))
    root = write("tree", entry("40000", b"data package", folder))
    return git(repository, "commit-tree", root, "-m", "hostile")


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("40000", b".."),
        ("40000", b".git"),
        ("40000", b".GIT"),
        ("100644", b"..\\evil"),
        ("100644", b"../../../evil"),
        ("120000", b"link"),
        ("160000", b"module"),
    ],
)
def test_hostile_names_stay_inside(repository, tmp_path, mode, name):
    revision = tree_with(repository.root, mode, name, b"/etc/passwd")
    into = tmp_path / "a" / "b" / "into"
    into.mkdir(parents=True)
    Repository(repository.root).extract(revision, ["data package"], into, 1 << 20)
    written = sorted(str(file.relative_to(tmp_path / "a")) for file in (tmp_path / "a").rglob("*") if file.is_file())
    assert written == ["b/into/data package/datapackage.json", "b/into/data package/t.csv"]
    assert not any(file.is_symlink() for file in (tmp_path / "a").rglob("*"))


def test_a_link_in_place_of_a_table_is_not_followed(repository):
    (repository.package.root / "t.csv").unlink()
    (repository.package.root / "t.csv").symlink_to("/etc/passwd")
    commit(repository.root, "link")
    with pytest.raises(UnreadableError, match="t.csv is not there"), opened("git:HEAD") as side:
        side.package.resource("t").read_bytes()


def test_too_large_a_revision_is_refused(repository, tmp_path):
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(UnreadableError, match="the files of this revision are larger than allowed"):
        Repository(repository.root).extract("HEAD", ["data package"], into, 10)


def test_a_shallow_clone_lacks_what_was_before(repository, tmp_path, monkeypatch):
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository.root}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    assert rows_of("git:HEAD") == 2
    with pytest.raises(UnreadableError, match="git fetch --unshallow --tags"):
        rows_of("git:HEAD~1")


def test_folders_descriptors_and_zips(tmp_path):
    made = package(tmp_path / "p", "id,n,note\na,1,x\n")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for file in made.root.iterdir():
            archive.write(file, file.name)
    for where in (made.root, made.root / "datapackage.json", tmp_path / "p.zip"):
        assert rows_of(str(where)) == 1


def test_git_is_needed_for_revisions(repository, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    assert shutil.which("git") is None
    with pytest.raises(UnreadableError, match="is in no git repository with a working tree"):
        rows_of("git:HEAD")


def test_an_address(tmp_path):
    made = package(tmp_path / "p", "id,n,note\na,1,x\n")
    handler = partial(QuietHandler, directory=str(made.root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            with opened(str(made.root)) as old, opened(f"http://user:secret@127.0.0.1:{server.server_port}/") as new:
                found = compare(old, new)
                assert (found.same, found.new) == (True, f"http://127.0.0.1:{server.server_port}/")
        finally:
            server.shutdown()
            thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_a_package_that_was_elsewhere_is_found_by_what_its_revision_declares(tmp_path, monkeypatch):
    made = GitPackage(tmp_path / "repo")
    made.write("id,n,note\na,1,x\n")
    git(made.root, "mv", "data package", "moved")
    (made.root / "pyproject.toml").write_text('[tool.shuttle]\npackage = "moved"\n')
    (made.root / "moved" / "t.csv").write_text("id,n,note\na,2,x\n")
    commit(made.root, "move")
    monkeypatch.chdir(made.root)
    (found,) = compared("git:HEAD~1", "git:HEAD").tables
    assert found.cells["after"].to_list() == ["2"]
