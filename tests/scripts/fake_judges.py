"""Judges that behave as they are told; they run in a process of their own, as the real ones do."""

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.gauntlet.reading import Fault


def judge(release: Path, how: str, *further: str) -> str:
    print("some words")
    if how == "fault":
        raise Fault("the title\nis gone")
    if how == "crash":
        raise ValueError("no such thing")
    if how == "hang":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        time.sleep(60)
    if how == "die":
        os._exit(0)
    if how == "environment":
        return " ".join(sorted(os.environ))
    if how == "standards":
        return Path(further[-1]).name
    if how == "title" and not (release / "title.txt").exists():
        raise Fault("no title")
    return f"looked at {release.name}"
