"""Whatever two packages are, they give a difference in every form or one of our errors."""

import json
from contextlib import ExitStack
from random import Random

import pytest

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.review.changelog import entry
from shuttle_diplomacy.review.comparing import compare
from shuttle_diplomacy.review.rendering import FORMATS, render
from shuttle_diplomacy.review.revisions import opened
from shuttle_diplomacy.review.semver import judge
from tests.fuzzing.areas import AREAS, case_of
from tests.fuzzing.seeds import SEEDS

SLICE = 12


@pytest.mark.parametrize("area", AREAS)
def test_no_two_packages_break_a_promise(area, tmp_path):
    for number in range(SLICE):
        folder = tmp_path / str(number)
        sides = [case_of(5, number, area), SEEDS[number % len(SEEDS)](Random(number))]
        places = []
        for which, case in enumerate(sides):
            (folder / str(which)).mkdir(parents=True)
            places.append(str(case.put(folder / str(which), tmp_path / "outside")))
        for order in (places, places[::-1]):
            tell(*order)


def tell(old, new):
    try:
        with ExitStack() as stack:
            found = compare(*(stack.enter_context(opened(side)) for side in (old, new)))
    except ShuttleError:
        return
    shown = {form: render(found, judge(found), form) for form in FORMATS}
    json.loads(shown["json"])
    assert shown["markdown"].count("<details>") == shown["markdown"].count("</details>")
    entry(found)
