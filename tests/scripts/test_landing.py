import json
import re
from html.parser import HTMLParser

import pytest
from scripts.landing import lay_out, main, release_in

VOID = {"meta", "link", "br", "hr"}
HOSTILE = '</title><script>alert(1)</script>"><img src=x onerror=y> &amp; *x*'


class Page(HTMLParser):
    """Elements with their attributes, texts, and whether every element is closed where it has to be."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.text = [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.setdefault(self.open[-1] if self.open else "", []).append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture
def release(tmp_path):
    """Return a function that writes a release as ``shuttle build`` leaves it."""

    def write(readme="# Title\n", **descriptor):
        folder = tmp_path / "dist" / "p-1.0.0"
        (folder / "data").mkdir(parents=True)
        (folder / "datapackage.json").write_text(json.dumps({"name": "p", **descriptor}), encoding="utf-8")
        (folder / "README.md").write_text(readme, encoding="utf-8")
        (folder / "data" / "t.csv").write_bytes(b"id\r\n1\r\n")
        return folder

    return write


@pytest.fixture
def shown(release, tmp_path):
    def show(*arguments, **descriptor):
        lay_out(release(*arguments, **descriptor), tmp_path / "site")
        return Page((tmp_path / "site" / "index.html").read_text(encoding="utf-8"))

    return show


def test_every_file_of_the_release_keeps_its_place(release, tmp_path):
    folder = release()
    names = lay_out(folder, tmp_path / "site")
    assert names == [".nojekyll", "README.md", "data/t.csv", "datapackage.json", "index.html"]
    for name in ("README.md", "data/t.csv", "datapackage.json"):
        assert (tmp_path / "site" / name).read_bytes() == (folder / name).read_bytes()


def test_page_is_complete_html(shown, tmp_path):
    found = shown("# Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n", title="T\n t", description="What it is")
    text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>\n<html lang=")
    assert found.all("html") == [{"lang": "en"}]
    assert found.text["title"] == ["T t"]
    metas = {meta.get("name") or meta.get("http-equiv") or "charset": meta for meta in found.all("meta")}
    assert metas["charset"]["charset"] == "utf-8"
    assert metas["description"]["content"] == "What it is"
    assert metas["viewport"]["content"] == "width=device-width, initial-scale=1"
    assert (len(found.all("h1")), len(found.all("td"))) == (1, 2)


def test_nothing_is_fetched_from_elsewhere(shown, tmp_path):
    found = shown("![a picture](https://a.example/x.png) <https://b.example/>\n")
    fetching = {"script", "img", "iframe", "object", "embed", "audio", "video", "source", "form", "base"}
    assert not fetching & {tag for tag, _ in found.elements}
    assert [link["href"] for link in found.all("link")] == ["data:,", "datapackage.json"]
    assert not re.search(r"url\(|@import", (tmp_path / "site" / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("described", [{"description": HOSTILE}, {}], ids=["description", "title alone"])
@pytest.mark.parametrize("readme", ["# T\n", f"# {HOSTILE}\n\n{HOSTILE}\n\n`{HOSTILE}`\n\n    {HOSTILE}\n"])
def test_hostile_text_stays_text(shown, readme, described):
    found = shown(readme, title=HOSTILE, **described)
    assert found.text["title"] == [HOSTILE]
    assert [meta["content"] for meta in found.all("meta") if meta.get("name") == "description"] == [HOSTILE]
    tags = {tag for tag, _ in found.elements}
    assert tags <= {"html", "head", "meta", "title", "link", "style", "body", "main", "h1", "p", "em", "code", "pre"}
    assert not any(name.startswith("on") for _, attrs in found.elements for name in attrs)


@pytest.mark.parametrize(
    "target",
    [
        *("javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd"),
        *(
            "mailto:a@b.example",
            "//a.example/",
            "/etc/passwd",
            "../x",
            "data/../../x",
            "%2e%2e/x",
            "\\\\a.example",
            "http:",
        ),
    ],
)
def test_link_to_anything_else_stays_text(shown, target):
    assert shown(f"[a](<{target}>) [b]({target.replace(' ', '')})\n").all("a") == []


def test_links_to_the_web_and_to_files_are_links(shown):
    found = shown("[a](<data/t.csv>) [b](README.md#x) [c](#x) [d](https://a.example/?q=1&r)\n")
    assert [a["href"] for a in found.all("a")] == ["data/t.csv", "README.md#x", "#x", "https://a.example/?q=1&r"]


def test_bytes_are_the_same_each_time(release, tmp_path):
    folder = release("# A\n\n[a](data/t.csv)\n")
    for name in ("one", "two"):
        lay_out(folder, tmp_path / name)
    assert (tmp_path / "one" / "index.html").read_bytes() == (tmp_path / "two" / "index.html").read_bytes()


@pytest.mark.parametrize(
    ("readme", "more", "message"),
    [
        ("[a](data/none.csv)\n", {}, "README.md links to 'data/none.csv', which is no file of the release"),
        ("", {"index.html": ""}, "the release has a file index.html, which the site needs for itself"),
        ("", {"README.md": None}, "p-1.0.0 is no release; it has no README.md"),
    ],
)
def test_release_that_is_no_site_is_refused(release, tmp_path, readme, more, message):
    folder = release(readme)
    for name, content in more.items():
        (folder / name).unlink() if content is None else (folder / name).write_text(content)
    with pytest.raises(ValueError, match=re.escape(message)):
        lay_out(folder, tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_target_that_is_not_empty_is_left_alone(release, tmp_path, capsys, kind):
    release()
    site = tmp_path / "site"
    mine = site / "mine" if kind == "folder" else site
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    assert main(["--dist", str(tmp_path / "dist"), "--out", str(site)]) == 1
    assert capsys.readouterr().err == f"landing: {site} is not empty; name another folder, or remove it\n"
    assert mine.read_text() == "mine"
    assert kind == "file" or list(site.iterdir()) == [mine]


def test_empty_target_is_filled(release, tmp_path, capsys):
    release()
    (tmp_path / "site").mkdir()
    assert main(["--dist", str(tmp_path / "dist"), "--out", str(tmp_path / "site")]) == 0
    assert capsys.readouterr().out == f"5 files in {tmp_path / 'site'}\n"


@pytest.mark.parametrize(("names", "held"), [([], "none"), (["p-1", "p-2"], "p-1, p-2")])
def test_one_release_has_to_be_there(tmp_path, names, held):
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "datapackage.json").touch()
    with pytest.raises(ValueError, match=f"has to hold one release, it holds: {held}; run: make clean all"):
        release_in(tmp_path)
