"""The names of the tables and views, for type checkers and editors; written by `make docs`."""

from typing import Literal

TableName = Literal[
    "agreement_events",
    "agreement_links",
    "agreements",
    "citations",
    "codes",
    "corrections",
    "issue_events",
    "issues",
    "leaders",
    "sources",
    "summit_issues",
    "summits",
    "terms",
    "activity_by_year",
    "agreement_status",
    "evidence",
    "evidence_by_table",
    "issue_status",
    "summit_scorecard",
    "summit_sequence",
    "timeline",
]
