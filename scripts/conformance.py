"""Write docs/conformance.md: what our gate, frictionless and others say of the conformance cases.

Our gate is run; the results of the other tools are those kept in tests/data/conformance/results/. ``--refresh`` runs
the others again where they are at hand (frictionless always, the published profiles if SHUTTLE_STANDARDS names their
folder, check-datapackage if SHUTTLE_CONFORMANCE_TOOLS is "check-datapackage=/path/to/its/python").
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.conformance_cases import Case, load, titles
from scripts.conformance_outcomes import AGREES, NOT_JUDGED, OUTCOMES, Judgement, outcomes, outcomes_of_metadata
from scripts.conformance_tools import FRICTIONLESS, OTHERS, OURS, Results, judge_ours, run_others, store, stored
from shuttle_diplomacy.package.finding import plain

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "conformance.md"
LONGEST_CELL = 60
# What our gate does otherwise although the standard decides it, with the reason: a value is named as case/number.
KNOWN: dict[str, str] = {
    "integer-beyond-64-bits/1": "integers are held in 64 bits",
    "integer-beyond-64-bits/2": "integers are held in 64 bits",
}
INTRODUCTION = """\
# Conformance

There is no official test suite for Data Package. This page compares tools on {cases:,} cases of our own, {items:,} with
each value of a field type counted, of which the standard decides {decided:,} and leaves {open} open. Each case has one
sentence, in our words, on what the standard says, and a link to the place. The cases are
[plain JSON](../tests/data/conformance/README.md), so that any tool can be run on them. `python -m scripts.conformance`
writes this page; nothing in it is written by hand.

| word | what it means |
|---|---|
| agrees | the verdict is right, and errors stand in the right rows and fields |
| false pass | an error is not found |
| false alarm | what is right is called wrong |
| wrong place | the verdict is right, but the errors are others, in another place, or something else is at fault |
| silent | the verdict is right, but a likely mistake that we warn of is not mentioned |
| crash | a traceback, or no answer within ten seconds |
| not judged | the tool does not read such a thing, or only descriptors, or was not run |

Our gate is held to more than the others: types of errors, lines and columns have to be right, too, where a case names
them. The official profiles and check-datapackage read descriptors only; in a case about data they count only where they
refuse its sound descriptor.
"""


@dataclass(frozen=True)
class Column:
    """One tool and the outcome of each case or value, by name."""

    tool: str
    version: str
    outcomes: Mapping[str, str]

    @property
    def title(self) -> str:
        """Return the tool and its version."""
        return f"{self.tool} {self.version}".strip()

    def count(self, names: Sequence[str]) -> Counter[str]:
        """Return how often each outcome occurs."""
        return Counter(self.outcomes.get(name, NOT_JUDGED) for name in names)


def column(results: Results, cases: Sequence[Case]) -> Column:
    """Return the outcomes of a tool's results."""
    found: dict[str, str] = {}
    for case in cases:
        judgement = results.judgements.get(case.id, Judgement())
        if results.tool in {OURS, FRICTIONLESS}:
            each = outcomes(case, judgement, strict=results.tool == OURS)
        else:
            each = outcomes_of_metadata(case, judgement)
        found.update(zip(case.names, each, strict=True))
    return Column(results.tool, results.version, found)


def columns(cases: Sequence[Case]) -> list[Column]:
    """Return our column, from a run, and those of the others, from what is kept."""
    ours = Results(OURS, "", {case.id: judge_ours(case) for case in cases})
    kept = (stored(tool, cases) for tool in OTHERS)
    return [column(results, cases) for results in (ours, *kept) if results is not None]


def current() -> str:
    """Return the page as it has to be: our gate is run, the other tools are not."""
    cases = load()
    return page(cases, columns(cases))


def page(cases: Sequence[Case], tools: Sequence[Column]) -> str:
    """Return the page."""
    decided = [name for case in cases for name in _names(case, decided=True)]
    left = [name for case in cases for name in _names(case, decided=False)]
    parts = [INTRODUCTION.format(cases=len(cases), items=len(decided + left), decided=len(decided), open=len(left))]
    parts += ["## Counts\n", _table(["outcome", *(t.title for t in tools)], _count_rows(decided, tools))]
    parts += ["## By area\n", "Cases that agree, of those that were judged.\n"]
    parts.append(_table(["area", *(t.title for t in tools)], _area_rows(cases, tools)))
    parts += ["## Where our gate differs\n", *_ours(cases, tools)]
    parts += ["## Differences\n", *_differences(cases, tools)]
    parts += ["## What the standard leaves open\n", "Not counted above: our choice, and why.\n", *_open(cases, tools)]
    return "\n".join(parts).rstrip() + "\n"


def _names(case: Case, *, decided: bool) -> list[str]:
    """Return the names of what the standard decides in a case, or of what it leaves open."""
    if case.reason:
        return [] if decided else case.names
    if not case.cells:
        return case.names if decided else []
    return [name for name, cell in zip(case.names, case.cells, strict=True) if cell.decided == decided]


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    ruler = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ruler, *rows)) + "\n"


def _count_rows(names: Sequence[str], tools: Sequence[Column]) -> Iterator[list[str]]:
    counts = [tool.count(names) for tool in tools]
    for outcome in OUTCOMES:
        yield [outcome, *(f"{count[outcome]:,}" for count in counts)]


def _area_rows(cases: Sequence[Case], tools: Sequence[Column]) -> Iterator[list[str]]:
    for area, title in sorted(titles().items(), key=lambda item: item[1]):
        names = [name for case in cases if case.area == area for name in _names(case, decided=True)]
        counts = [tool.count(names) for tool in tools]
        judged = [count.total() - count[NOT_JUDGED] for count in counts]
        cells = (f"{c[AGREES]}/{n}" if n else "" for c, n in zip(counts, judged, strict=True))
        if names:
            yield [title, *cells]


def _ours(cases: Sequence[Case], tools: Sequence[Column]) -> Iterator[str]:
    """Yield a line for each decided case or value in which our gate does otherwise, with the reason."""
    found = next(tool.outcomes for tool in tools if tool.tool == OURS)
    lines = []
    for case in cases:
        texts = dict(zip(case.names, (f" {_code(cell.text)}" for cell in case.cells), strict=False))
        for name in _names(case, decided=True):
            if found[name] != AGREES:
                reason = KNOWN.get(name, "a fault of ours, not yet mended")
                lines.append(f"- {case.value['title']}{texts.get(name, '')}: {found[name]}; {reason}")
    yield "\n".join(lines or ["Nowhere, in what the standard decides."]) + "\n"


def _differences(cases: Sequence[Case], tools: Sequence[Column]) -> Iterator[str]:
    for area, title in sorted(titles().items(), key=lambda item: item[1]):
        found = [text for case in cases if case.area == area for text in _difference(case, tools)]
        if found:
            yield f"### {title}\n"
            yield from found


def _difference(case: Case, tools: Sequence[Column]) -> Iterator[str]:
    lines = []
    for tool in tools:
        names = [n for n in _names(case, decided=True) if tool.outcomes.get(n) not in {AGREES, NOT_JUDGED, None}]
        for outcome in OUTCOMES:
            at = [name for name in names if tool.outcomes[name] == outcome]
            if at:
                lines.append(f"- {tool.tool}: {outcome}{_cells(case, at)}")
    if lines:
        yield "\n".join([*_head(case), "", *lines]) + "\n"


def _head(case: Case) -> list[str]:
    declared = case.value["standard"]
    says = str(declared["says"])
    link = f"[version {declared['version']}]({declared['section']})"
    sentence = f"The standard, {link}: {says}."
    return [f"**{case.value['title'][:1].upper()}{case.value['title'][1:]}** (`{case.id}`). {sentence}"]


def _cells(case: Case, names: Sequence[str]) -> str:
    """Return the values that an outcome is about."""
    if not case.cells:
        return ""
    if len(names) == len(case.cells) and len(names) > 1:
        return " for all values"
    by_name = dict(zip(case.names, case.cells, strict=True))
    return " for " + ", ".join(_code(by_name[name].text) for name in names)


def _code(text: str) -> str:
    r"""Return a cell as code in Markdown: control characters visible, blanks at the ends in quotes, long ones cut.

    Examples:
        >>> _code("a`b"), _code(" 1"), _code("a\nb\xa0c")
        ('`` a`b ``', '`" 1"`', '`a\\nb\\xa0c`')
    """
    cut = text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"
    shown = "".join(c.encode("unicode_escape").decode() if c.isspace() and c != " " else plain(c) for c in cut)
    shown = f'"{shown}"' if shown != shown.strip() or not shown else shown
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _open(cases: Sequence[Case], tools: Sequence[Column]) -> Iterator[str]:
    for case in cases:
        by_reason: dict[str, list[str]] = {}
        for name in _names(case, decided=False):
            cell = case.cells[case.names.index(name)] if case.cells else None
            by_reason.setdefault(case.reason or (cell.reason if cell else ""), []).append(name)
        if by_reason:
            lines = (line for reason, names in by_reason.items() for line in _choice(case, reason, names, tools))
            yield "\n".join([*_head(case), "", *lines]) + "\n"


def _choice(case: Case, reason: str, names: Sequence[str], tools: Sequence[Column]) -> Iterator[str]:
    by_name = dict(zip(case.names, case.cells, strict=False))
    for name in names:
        sound = by_name[name].valid if case.cells else case.valid
        said = [(tool.tool, tool.outcomes.get(name, NOT_JUDGED)) for tool in tools]
        others = [f"{tool}: {outcome}" for tool, outcome in said if outcome not in {AGREES, NOT_JUDGED}]
        what = f"{_code(by_name[name].text)}: " if case.cells else ""
        beside = f" (measured by this choice, {', '.join(others)})" if others else ""
        yield f"- {what}{'accepted' if sound else 'refused'}: {reason}{beside}"


def main(argv: Sequence[str] | None = None) -> int:
    """Write, check or show the page; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where the page is stale")
    parser.add_argument("--only", metavar="TEXT", default="", help="print the cases whose area or id begins with it")
    parser.add_argument("--refresh", action="store_true", help="run the other tools again and keep their results")
    options = parser.parse_args(argv)
    if options.refresh:
        everything = load()
        for results in run_others(everything):
            store(results, everything)
    cases = load(options.only)
    text = page(cases, columns(cases))
    if options.only:
        print(text, end="")
        return 0
    current = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    if options.check and current != text:
        print("docs/conformance.md is stale; run: python -m scripts.conformance", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
