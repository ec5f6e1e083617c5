"""Which row of one table is which row of another: by key, or as a whole. Nothing here looks at single rows."""

from dataclasses import dataclass

import polars as pl

_OLD, _NEW, _TURN = "old row", "new row", "turn"


@dataclass(frozen=True)
class Pairs:
    """Rows that belong together, by their index.

    Attributes:
        before, after: the rows of each pair, on either side.
        removed: rows of the old side without a partner.
        added: rows of the new side without one.
    """

    before: pl.Series
    after: pl.Series
    removed: pl.Series
    added: pl.Series

    def __add__(self, other: "Pairs") -> "Pairs":
        """Return the pairs of both, and the rows without partner of the other."""
        before, after = pl.concat([self.before, other.before]), pl.concat([self.after, other.after])
        order = after.arg_sort()
        return Pairs(before.gather(order), after.gather(order), other.removed, other.added)


def by_key(old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> Pairs:
    """Return pairs of rows with the same key.

    Where a key occurs several times, rows that are the same as a whole are paired first, the others in their order.

    Args:
        old: texts of the old table, columns as in ``new``.
        new: texts of the new table.
        key: the columns of the key.

    Examples:
        >>> old = pl.DataFrame({"k": ["a", "b"], "v": ["1", "2"]})
        >>> pairs = by_key(old, pl.DataFrame({"k": ["b", "c"], "v": ["3", "4"]}), ["k"])
        >>> pairs.before.to_list(), pairs.after.to_list(), pairs.removed.to_list(), pairs.added.to_list()
        ([1], [0], [0], [1])
    """
    if not (_unique(old, key) and _unique(new, key)):
        same = as_whole(old, new)
        left = _joined(old.select(key), new.select(key), same.removed, same.added, turns=True)
        return same + left
    at_place = _at_place(old.select(key), new.select(key))
    return at_place + _joined(old.select(key), new.select(key), at_place.removed, at_place.added)


def as_whole(old: pl.DataFrame, new: pl.DataFrame) -> Pairs:
    """Return pairs of rows that are the same in every column; a row that occurs twice needs two partners."""
    at_place = _at_place(old, new)
    return at_place + _joined(old, new, at_place.removed, at_place.added, turns=True)


def _unique(frame: pl.DataFrame, key: list[str]) -> bool:
    """Return whether no key occurs twice; hashes tell it quickly, and only where two agree the keys are looked at."""
    hashes = frame.select(pl.struct(key).hash() if len(key) > 1 else pl.col(key[0]).hash()).to_series().sort()
    if not (hashes == hashes.shift(1)).any():
        return True
    return not frame.select(pl.struct(key).is_duplicated().any()).item()


def _at_place(old: pl.DataFrame, new: pl.DataFrame) -> Pairs:
    """Return the pairs of rows that are the same and stand at the same place: mostly nearly all."""
    most = min(old.height, new.height)
    same = pl.repeat(value=True, n=most, dtype=pl.Boolean, eager=True)
    for name in old.columns:
        same &= old[name].head(most).eq_missing(new[name].head(most))
    here, others = same.arg_true().cast(pl.UInt32), (~same).arg_true().cast(pl.UInt32)
    removed, added = (
        pl.concat([others, pl.int_range(most, frame.height, dtype=pl.UInt32, eager=True)]) for frame in (old, new)
    )
    return Pairs(here, here, removed, added)


def _joined(
    old: pl.DataFrame, new: pl.DataFrame, removed: pl.Series, added: pl.Series, *, turns: bool = False
) -> Pairs:
    """Return pairs among some rows: those that are the same, with ``turns`` the first with the first and so on."""
    names = [str(number) for number in range(old.width)]
    sides = []
    for frame, index, number in ((old, removed, _OLD), (new, added, _NEW)):
        side = frame[index]
        side.columns = names
        side = side.with_columns(index.alias(number))
        if turns:
            side = side.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).over(names).alias(_TURN))
        sides.append(side)
    on = [*names, _TURN] if turns else names
    joined = sides[0].join(sides[1], on=on, how="full", nulls_equal=True).select(_OLD, _NEW)
    both = joined.drop_nulls().sort(_NEW)
    gone = joined.filter(pl.col(_NEW).is_null())[_OLD].sort()
    come = joined.filter(pl.col(_OLD).is_null())[_NEW].sort()
    return Pairs(both[_OLD], both[_NEW], gone, come)


def renamed(old: pl.DataFrame, new: pl.DataFrame) -> Pairs:
    """Return the pairs of rows that are the same in every column, and the only ones like that on either side.

    A row without any content says nothing and is never paired.
    """
    sides = []
    for frame, number in ((old, _OLD), (new, _NEW)):
        side = frame.with_row_index(number)
        filled = pl.any_horizontal(pl.col(name).fill_null("") != "" for name in frame.columns)
        side = side.filter(filled & pl.struct(frame.columns).is_unique())
        sides.append(side)
    pairs = sides[0].join(sides[1], on=old.columns, how="inner", nulls_equal=True).select(_OLD, _NEW).sort(_NEW)
    gone = pl.int_range(old.height, dtype=pl.UInt32, eager=True)
    come = pl.int_range(new.height, dtype=pl.UInt32, eager=True)
    left = gone.filter(~gone.is_in(pairs[_OLD].implode())), come.filter(~come.is_in(pairs[_NEW].implode()))
    return Pairs(pairs[_OLD], pairs[_NEW], *left)
