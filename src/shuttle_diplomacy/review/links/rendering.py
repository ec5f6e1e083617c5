"""The report in its forms: text for people, Markdown for an issue or a build's summary, JSON for programs."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from shuttle_diplomacy.package.http import without_credentials
from shuttle_diplomacy.review.links.report import ORDER, Link, LinkReport
from shuttle_diplomacy.review.links.verdicts import MEANINGS, Outcome, Verdict
from shuttle_diplomacy.validation.rendering.markdown import code
from shuttle_diplomacy.validation.rendering.text import Paint, start
from shuttle_diplomacy.validation.rendering.wording import count, harmless, wrapped

FORMS = ("text", "json", "markdown")
_LISTED = 50  # addresses of a verdict that text lists
_LONGEST = 500
_ENOUGH = 58_000  # characters of Markdown; GitHub takes 65,536 an issue
_QUIET = {Verdict.OK, Verdict.NOT_ASKED}
_STYLES = {Verdict.OK: "good", Verdict.MOVED: "warning", Verdict.REFUSED: "warning", Verdict.NOT_ASKED: "dim"}
_MARKS = {Verdict.OK: "✅", Verdict.MOVED: "⚠️", Verdict.REFUSED: "⚠️", Verdict.NOT_ASKED: "❔"}


def render(report: LinkReport, form: str, **options: Any) -> str:
    """Return the report in one form; the options are those of text: ``colour`` and ``width``."""
    forms: dict[str, Callable[..., str]] = {"text": render_text, "json": render_json, "markdown": render_markdown}
    return forms[form](report, **options)


def render_json(report: LinkReport) -> str:
    """Return everything as one JSON object, ending with a line end."""
    value = {
        "package": report.package,
        "failures": report.failures,
        "addresses": len(report.links),
        "known": report.known,
        "counts": {verdict: report.counts[verdict] for verdict in ORDER},
        "notes": report.notes,
        "links": [_object(link) for link in report.links],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _object(link: Link) -> dict[str, Any]:
    lines = {(place.resource, place.row_number, place.field_name): place for place in link.places}
    uses = []
    for use in link.uses:
        place = lines.get((use.table, use.row_number, use.field))
        where = {"path": place.path, "line": place.line, "column": place.column} if place else {}
        uses.append({"table": use.table, "row": use.row_number, "key": use.key, "field": use.field, **where})
    return {
        "address": link.address,
        **_outcome(link.outcome),
        "archived": {"address": link.archived, **(_outcome(link.copy) if link.copy else {})} if link.archived else None,
        "uses": uses,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "verdict": outcome.verdict,
        "failure": outcome.verdict.is_failure,
        "status": outcome.status,
        "note": outcome.note,
        "redirects": [asdict(hop) for hop in outcome.hops],
        "suggestion": outcome.suggestion or None,
        "asked": datetime.fromtimestamp(outcome.asked, UTC).isoformat("T", "seconds") if outcome.asked else None,
        "known": outcome.known,
    }


def render_text(report: LinkReport, *, colour: bool = False, width: int | None = None) -> str:
    """Return the report as text.

    Args:
        report: the report.
        colour: whether to mark up with ANSI colours.
        width: the terminal's; None: notes stay on one line.
    """
    paint, lines = Paint(colour), []
    for verdict in ORDER:
        found = report.of(verdict)
        if verdict in _QUIET or not found:
            continue
        style = _STYLES.get(verdict, "error")
        lines.append(f"{paint(verdict, style, 'bold')}: {_addresses(len(found))} ({MEANINGS[verdict]})")
        for link in found[:_LISTED]:
            lines += _lines(link, paint, width)
        if len(found) > _LISTED:
            lines.append(paint(f"  ... and {len(found) - _LISTED:,} more; --output links.json lists all", "dim"))
        lines.append("")
    lines += [paint(start(harmless(f"note: {note}")), "dim") for note in report.notes]
    return "\n".join([*lines, *_summary(report, paint)]) + "\n"


def _lines(link: Link, paint: Paint, width: int | None) -> list[str]:
    lines = [f"  {paint(start(_shown(link.address)), 'bold')}"]
    said = [(_about(link), "")] if _about(link) else []
    word, address = link.advice
    said += [(f"{word}: {_shown(address)}", "")] if word else []
    said += [(_where(link), "dim")]
    for text, style in said:
        pieces = [text] if width is None else wrapped(text, width - 7)
        lines += ["      " + (paint(start(piece), style) if style else start(piece)) for piece in pieces]
    return lines


def _about(link: Link) -> str:
    """Return what happened: the redirects where they matter, and the note."""
    outcome = link.outcome
    way = " -> ".join(f"{hop.status} {_shown(hop.url)}" for hop in outcome.hops)
    if not way or (outcome.suggestion and len(outcome.hops) == 1):
        return harmless(outcome.note)
    return f"redirects: {way}" + (f"; {harmless(outcome.note)}" if outcome.note else "")


def _where(link: Link) -> str:
    """Return the cells, the first ones with their place."""
    shown = []
    for use, place in zip(link.uses, link.places, strict=False):
        shown.append(harmless(f"{place.place}" + (f" row {use.key}" if use.key else "")))
    rest = len(link.uses) - len(shown)
    return ", ".join(shown) + (f" and {count(rest, 'more cell')}" if rest else "")


def _summary(report: LinkReport, paint: Paint) -> list[str]:
    counts = [f"{report.counts[verdict]:,} {verdict}" for verdict in ORDER if report.counts[verdict]]
    known = f" ({report.known:,} known from earlier runs)" if report.known else ""
    name = harmless(report.package or report.where)
    failing, good = paint("links fail", "error", "bold"), paint("links open", "good", "bold")
    return [
        f"{failing if report.failures else good}  {name}: {_addresses(len(report.links))}{known}"
        + (f": {', '.join(counts)}" if counts else "")
    ]


def render_markdown(report: LinkReport) -> str:
    """Return the report as Markdown that fits into one issue; what does not is counted.

    Whatever comes from the package or a server stands in ``<code>``, where nothing of it is a link, mention or markup.
    """
    verdict = "❌ links fail" if report.failures else "✅ links open"
    known = f", {report.known:,} known from earlier runs" if report.known else ""
    lines = [f"### {verdict}: {code(report.package or report.where)}", ""]
    lines += [f"{_addresses(len(report.links))}{known}", ""]
    if report.links:
        lines += ["| | addresses | what it means |", "| --- | ---: | --- |"]
        lines += [
            f"| {_MARKS.get(v, '❌')} {v} | {report.counts[v]:,} | {MEANINGS[v]} |" for v in ORDER if report.counts[v]
        ]
        lines.append("")
    lines += [f"Note: {code(note)}\n" for note in report.notes]
    length = sum(map(len, lines))
    for kind in ORDER:
        found = report.of(kind)
        if found and kind not in _QUIET:
            more = _section(kind, found, _ENOUGH - length)
            length += sum(map(len, more)) + len(more)
            lines += more
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(verdict: Verdict, found: list[Link], room: int) -> list[str]:
    rows: list[str] = []
    for link in found:
        word, address = link.advice
        instead = f"{word}: {code(_cut(address))}" if word else ""
        cells = (code(_cut(link.address)), code(_about(link)), instead, code(_where(link)))
        row = f"| {' | '.join(cells)} |"
        room -= len(row) + 1
        if room < 0:
            break
        rows.append(row)
    rest = len(found) - len(rows)
    lines = [f"<details><summary>{verdict}: {_addresses(len(found))}</summary>", ""]
    if rows:
        lines += ["| address | what happened | instead | where |", "| --- | --- | --- | --- |", *rows]
    lines += ["", f"... and {rest:,} more; `--output links.json` lists all."] if rest else []
    return [*lines, "", "</details>", ""]


def _addresses(number: int) -> str:
    return "1 address" if number == 1 else f"{number:,} addresses"


def _shown(url: str) -> str:
    return harmless(_cut(without_credentials(url)))


def _cut(url: str) -> str:
    return url if len(url) <= _LONGEST else url[:_LONGEST] + "..."
