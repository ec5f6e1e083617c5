"""``shuttle review``: what a reviewer of changed data needs to see."""

import argparse

from shuttle_diplomacy.cli.diff import SIDE, add_forms
from shuttle_diplomacy.cli.main import FAILED, FINE


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("old", help=f"the earlier package: {SIDE}")
    parser.add_argument("new", nargs="?", help="the later one, in the same forms (default: the nearest)")
    add_forms(parser)
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 too if the version was not raised as the difference asks for"
    )


def run(options: argparse.Namespace) -> int:
    """Review the two and return the exit code: 1 where the later package has new errors, or cannot be judged."""
    from shuttle_diplomacy.cli.diff import check_files, give, new_side
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.review.rendering import render_review
    from shuttle_diplomacy.review.revisions import opened
    from shuttle_diplomacy.review.summary import review

    check_files(options)
    with opened(options.old) as old, opened(new_side(options.new)) as new, steps("Reviewing") as step:
        found = review(old, new, step)
    give(options, lambda form: render_review(found, form, options.limit))
    return FAILED if found.failed or (options.check and not found.verdict.enough) else FINE
