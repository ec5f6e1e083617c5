"""Write the charts of the bundled dataset into docs/charts: each as a Vega-Lite specification and as an SVG.

``--check`` changes nothing and exits with 1 where one is stale. It compares specifications; each SVG names the
specification that it shows by its sha256, because its own bytes depend on the text widths of a machine.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import shuttle_diplomacy as sd
from shuttle_diplomacy import charts

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "charts"
VEGA_LITE = "6.4"  # that of Altair 6.3


def checked_through() -> date:
    """Return the day up to which the records of the bundled dataset were checked."""
    day: date = sd.query("SELECT checked_through FROM package_info").item()
    return day


def drawn() -> dict[str, Any]:
    """Return each chart of the bundled dataset by its name."""
    load, cut = sd.load, checked_through()
    summits = load("summits")
    makers: dict[str, Callable[[], Any]] = {
        "encounters": lambda: charts.encounters(summits, load("summit_sequence"), checked_through=cut),
        "follow_through": lambda: charts.follow_through(load("summit_scorecard"), summits, checked_through=cut),
        "issues_by_summit": lambda: charts.issues_by_summit(
            load("summit_issues"), summits, load("issues"), checked_through=cut
        ),
        "evidence_grades": lambda: charts.evidence_grades(load("evidence_by_table"), checked_through=cut),
        "activity": lambda: charts.activity(load("activity_by_year"), checked_through=cut),
        "places": lambda: charts.places(summits, checked_through=cut),
    }
    return {name: make() for name, make in makers.items()}


def specification(chart: Any) -> str:
    """Return a chart as the text of its specification, without the version of Vega-Lite that Altair names."""
    whole = {key: value for key, value in chart.to_dict().items() if key != "$schema"}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def mark_of(text: str) -> str:
    """Return the comment with which an SVG names its specification.

    Examples:
        >>> mark_of("{}")[:32]
        '<!-- specification sha256:44136f'
    """
    return f"<!-- specification sha256:{sha256(text.encode()).hexdigest()} -->"


def is_current(name: str, text: str) -> bool:
    """Return whether the stored specification is this one, and whether the stored picture shows it."""
    stored, picture = TARGET / f"{name}.vl.json", TARGET / f"{name}.svg"
    if not stored.is_file() or not picture.is_file():
        return False
    same = stored.read_text(encoding="utf-8") == text
    return same and picture.read_text(encoding="utf-8").rstrip().endswith(mark_of(text))


def picture(text: str) -> str:
    """Return a specification as SVG, with the comment that names it."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(json.loads(text), vl_version=VEGA_LITE)
    return f"{svg.rstrip()}\n{mark_of(text)}\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Write or check the charts; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where a chart is stale")
    options = parser.parse_args(argv)
    texts = {name: specification(chart) for name, chart in drawn().items()}
    stale = [name for name, text in texts.items() if not is_current(name, text)]
    if options.check:
        for name in stale:
            print(f"docs/charts/{name} is stale; run: make docs", file=sys.stderr)
        return int(bool(stale))
    TARGET.mkdir(exist_ok=True)
    for name in stale:
        (TARGET / f"{name}.svg").write_text(picture(texts[name]), encoding="utf-8")
        (TARGET / f"{name}.vl.json").write_text(texts[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
