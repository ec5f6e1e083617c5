"""``did you mean``, within bounds: looking for near names takes time, and a descriptor may hold any number of them."""

from collections.abc import Collection
from difflib import get_close_matches

from shuttle_diplomacy.errors import did_you_mean

_LONGEST = 100  # characters of a name
_MOST_NAMES = 2_000


class Hints:
    """Looks for near names until so many pairs have been compared; each question is answered once.

    Examples:
        >>> Hints().near("licences", ["licenses", "name"])
        " did you mean 'licenses'?"
        >>> Hints(budget=1).near("licences", ["licenses", "name"])
        ''
    """

    def __init__(self, budget: int = 20_000) -> None:
        self._left = budget
        self._answers: dict[tuple[str, ...], str] = {}

    def near(self, name: str, known: Collection[str], cutoff: float = 0.6) -> str:
        """Return `` did you mean 'x'?`` for the nearest known name, or an empty text.

        Args:
            name: the unknown name.
            known: the known ones.
            cutoff: how like it a name has to be, from 0.6 (usual) to 1.
        """
        if len(name) > _LONGEST or len(known) > _MOST_NAMES:
            return ""
        question = (name, *known)
        if question not in self._answers:
            names = [other for other in known if len(other) <= _LONGEST]
            if len(names) > self._left:
                return ""
            self._left -= len(names)
            is_near = get_close_matches(name, names, n=1, cutoff=cutoff)
            self._answers[question] = did_you_mean(name, names) if is_near else ""
        return self._answers[question]
