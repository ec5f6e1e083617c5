"""Datasette: the database and its metadata, asked by ``--get``."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

from scripts.gauntlet.reading import Fault, descriptor, one, tables


def judge(release: Path) -> str:
    """Ask for the database's tables, its metadata, and the page that people see."""
    database, metadata = one(release, "*.sqlite"), one(release, "datasette.json")
    found = tables(release)
    place = "/" + re.sub(r"[^A-Za-z0-9_-]", lambda char: f"~{ord(char[0]):02X}", database.stem)
    listed = json.loads(_get(database, metadata, f"{place}.json"))
    counts = {item["name"]: item["count"] for item in listed["tables"]}
    views = {item["name"] for item in listed["views"]}
    for table in found:
        if table.name not in counts.keys() | views:
            raise Fault(f"there is no table or view {table.name!r}")
        if table.name in counts and counts[table.name] != table.rows:
            raise Fault(f"table {table.name!r}: {counts[table.name]} rows, the CSV has {table.rows}")
    title = descriptor(release).get("title")
    known = json.loads(_get(database, metadata, "/-/metadata.json"))
    if title and (known.get("title") != title or title not in html.unescape(_get(database, metadata, "/"))):
        raise Fault("metadata and first page do not show the title of the package")
    return f"{len(found)} tables and views, metadata, the first page"


def _get(database: Path, metadata: Path, path: str) -> str:
    program = str(Path(sys.executable).with_name("datasette"))
    command = [program, str(database), "--metadata", str(metadata), "--get", path]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    print(done.stderr)
    if done.returncode:
        raise Fault(f"--get {path} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-200:]}")
    return done.stdout
