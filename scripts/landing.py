"""Lay out a static site from a built release: its files at stable addresses, and its README.md as the front page.

The site holds every file of the release where the release has it, so that ``datapackage.json`` is at the site's root,
its archive beside them, listed in the site's ``SHA256SUMS`` for those who pin a version, and ``index.html``. Whatever
the descriptor or the README say stays text: no HTML of theirs, no script, and nothing that a reader's browser would
fetch from elsewhere.
"""

import argparse
import hashlib
import html
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
_OWN = ("index.html", ".nojekyll")
_STYLE = """\
:root { color-scheme: light dark; --text: #1c2126; --dim: #5a646e; --line: #d5dae0; --back: #fff; --soft: #f4f6f8;
  --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e7eb; --dim: #9aa5b0; --line: #39424b; --back: #14181c;
  --soft: #1e242a; --link: #7db7f2; } }
body { margin: 0; background: var(--back); color: var(--text); font: 1.0625rem/1.6 system-ui, sans-serif;
  overflow-wrap: break-word; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { margin: 0 0 .75rem; font-size: 1.9rem; line-height: 1.25; text-wrap: balance; }
h1 + p { margin-top: 0; color: var(--dim); }
h2 { margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.3rem; }
a { color: var(--link); text-underline-offset: .15em; }
code, pre { font: .9em/1.5 ui-monospace, monospace; background: var(--soft); border-radius: .25rem; }
code { padding: .1em .3em; }
pre { padding: .9rem 1rem; overflow-x: auto; }
pre code { padding: 0; font-size: 1em; }
.wide { margin: 1.25rem 0; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .95rem; font-variant-numeric: tabular-nums; }
th { color: var(--dim); font-weight: 600; text-align: left; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:nth-child(2), td:nth-child(2) { text-align: right; }
li { margin: .2rem 0; }
@media print { :root { --text: #000; --dim: #333; --back: #fff; --soft: #fff; --link: #000; color-scheme: light; }
  main { max-width: none; padding: 0; } pre { white-space: pre-wrap; } tr, li { break-inside: avoid; }
  h2 { break-after: avoid; } .wide { overflow-x: visible; } }
"""
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="description" content="{description}">
<link rel="icon" href="data:,">
<link rel="alternate" type="application/json" href="datapackage.json" title="Data Package">
<style>
{style}</style>
</head>
<body>
<main>
{content}</main>
</body>
</html>
"""


class _Markdown(MarkdownIt):
    """Markdown without HTML, without images, and with links to the web and to files of the site only."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table").disable("image")
        # A table that is wider than a telephone is scrolled by itself, with the keyboard, too.
        self.add_render_rule("table_open", lambda *_: '<div class="wide" tabindex="0">\n<table>\n')
        self.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")

    def validateLink(self, url: str) -> bool:  # noqa: N802 (its name in markdown-it)
        return is_safe(url)


def release_in(dist: Path) -> Path:
    """Return the folder of the release that ``shuttle build`` left.

    Raises:
        ValueError: there is none, or there are several.
    """
    found = sorted(file.parent for file in dist.glob("*/datapackage.json"))
    if len(found) != 1:
        names = ", ".join(folder.name for folder in found) or "none"
        raise ValueError(f"{dist} has to hold one release, it holds: {names}; run: make clean all")
    return found[0]


def page(descriptor: dict[str, Any], readme: str) -> str:
    r"""Return the front page.

    Examples:
        >>> shown = page({"name": "p", "title": "<b>"}, "# A <i>\n\n[x](javascript:a) [y](data/t.csv)\n")
        >>> "<title>&lt;b&gt;</title>" in shown, "<h1>A &lt;i&gt;</h1>" in shown
        (True, True)
        >>> '<p>[x](javascript:a) <a href="data/t.csv">y</a></p>' in shown
        True
    """
    title = descriptor.get("title") or descriptor.get("name") or "Data Package"
    description = descriptor.get("description") or title
    content = _Markdown().render(readme)
    return _PAGE.format(title=_line(title), description=_line(description), style=_STYLE, content=content)


def _line(text: object) -> str:
    return html.escape(" ".join(str(text).split()))


def is_safe(target: str) -> bool:
    r"""Return whether a link may stand on the page: to the web, or to a file of the site.

    Examples:
        >>> [is_safe(t) for t in ("https://a.example/", "data/t.csv", "#part")]
        [True, True, True]
        >>> [is_safe(t) for t in ("javascript:x", "//a.example/", "/etc", "../x", "a\\b", "mailto:a@b.example")]
        [False, False, False, False, False, False]
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc)
    inside = not (parts.scheme or parts.netloc or parts.path.startswith("/") or "\\" in unquote(target))
    return inside and ".." not in PurePosixPath(unquote(parts.path)).parts


def links_in(readme: str) -> list[str]:
    """Return the links of a README that lead to files, without the part of the page.

    Examples:
        >>> links_in("[a](t.csv#x) [b](https://a.example/) [c](#d)")
        ['t.csv']
    """
    children = [token for block in _Markdown().parse(readme) for token in block.children or ()]
    targets = [urlsplit(str(token.attrs["href"])) for token in children if token.type == "link_open"]
    return [unquote(parts.path) for parts in targets if not parts.scheme and parts.path]


def lay_out(release: Path, out: Path) -> list[str]:
    """Fill a folder with the site and return the paths of its files.

    Args:
        release: the folder of the release.
        out: the folder to fill; it must be empty or not exist.

    Raises:
        ValueError: it is not empty, or the release cannot be shown as a site.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise ValueError(f"{out} is not empty; name another folder, or remove it")
    files = sorted(file.relative_to(release).as_posix() for file in release.rglob("*") if file.is_file())
    if taken := [name for name in _OWN if name in files]:
        raise ValueError(f"the release has a file {taken[0]}, which the site needs for itself")
    if absent := {"README.md", "datapackage.json"}.difference(files):
        raise ValueError(f"{release} is no release; it has no {min(absent)}")
    readme = (release / "README.md").read_text(encoding="utf-8")
    if dead := [link for link in links_in(readme) if link not in files]:
        raise ValueError(f"README.md links to {dead[0]!r}, which is no file of the release")
    shown = page(json.loads((release / "datapackage.json").read_bytes()), readme)
    for name in files:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release / name, out / name)
    files += _with_archive(release, out)
    (out / "index.html").write_bytes(shown.encode())
    (out / ".nojekyll").touch()  # files are served as they are
    return sorted([*files, *_OWN])


def _with_archive(release: Path, out: Path) -> list[str]:
    """Copy the archive beside the release, if it is there, and add it to the site's list of checksums."""
    archive = release.with_name(f"{release.name}.zip")
    if not archive.is_file():
        return []
    shutil.copyfile(archive, out / archive.name)
    with (out / "SHA256SUMS").open("a", encoding="utf-8", newline="") as sums:
        sums.write(f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n")
    return [archive.name]


def main(argv: Sequence[str] | None = None) -> int:
    """Lay out the site; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the release was built (default: dist)")
    parser.add_argument("--out", type=Path, default=ROOT / "site", help="the folder to fill (default: site)")
    options = parser.parse_args(argv)
    try:
        files = lay_out(release_in(options.dist), options.out)
    except ValueError as error:
        print(f"landing: {error}", file=sys.stderr)
        return 1
    print(f"{len(files)} files in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
