"""Which of the words that bear meaning changed in a text.

A plain comparison of words, not of meaning: the numbers (dates and years among them, also in full-width digits and in
Chinese characters), the English, Japanese and Korean words of negation, and the words with a capital letter that do not
begin a sentence are counted in both texts, and those whose count differs are named. Words that only moved, and all
others, are not. Scripts without capital letters have no names here.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

_WORD = re.compile(r"\d+(?:[.,:/\-\u2013]\d+)*|[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_NEGATIONS = frozenset(
    ("no", "not", "never", "none", "nor", "neither", "nobody", "nothing", "nowhere", "without", "cannot", "hardly")
)
_HAN_DIGITS = "〇一二三四五六七八九十百千万億兆"
# Endings, not words: neither language parts words by blanks. Of the Japanese -zu only what no other word ends with.
_NEGATED = re.compile(
    "ない|なかっ|なけれ|ません|(?<=[せら])ず(?=に|\u3001|\u3002|$)|않|못|없|아니|아닌|(?<!\\w)안(?=\\s)"
)
_HAN_NUMBER = re.compile(f"[{_HAN_DIGITS}]+")
_ENDS = ".!?:;\n\u3002"


@dataclass(frozen=True)
class WordChange:
    """The words of one sort that went and came.

    Attributes:
        sort: ``number``, ``negation`` or ``name``.
        gone: words that were there (more often).
        come: words that are there now (more often).
    """

    sort: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def word_changes(before: str, after: str) -> list[WordChange]:
    """Return the meaning-bearing words whose number differs, by sort.

    Examples:
        >>> word_changes("Both agreed in 2018 to meet.", "Both did not agree to meet in 2019.")
        [WordChange(sort='number', gone=('2018',), come=('2019',)), WordChange(sort='negation', gone=(), come=('not',))]
        >>> word_changes("The talks took place in Seoul.", "In Seoul the talks took place.")
        []
        >>> word_changes("十四日", "十五日")
        [WordChange(sort='number', gone=('十四',), come=('十五',))]
    """
    old, new = _bearing(before), _bearing(after)
    found = []
    for sort in ("number", "negation", "name"):
        gone, come = old[sort] - new[sort], new[sort] - old[sort]
        if gone or come:
            found.append(WordChange(sort, tuple(gone.elements()), tuple(come.elements())))
    return found


def _bearing(text: str) -> dict[str, Counter[str]]:
    text = unicodedata.normalize("NFKC", text)
    found: dict[str, Counter[str]] = {"number": Counter(), "negation": Counter(), "name": Counter()}
    found["number"].update(_HAN_NUMBER.findall(text))
    found["negation"].update(_NEGATED.findall(text))
    for match in _WORD.finditer(text):
        word = match.group().replace("\u2019", "'")
        if word[0].isdigit():
            found["number"][word] += 1
        elif word.lower() in _NEGATIONS or word.lower().endswith("n't"):
            found["negation"][word.lower()] += 1
        elif word[0].isupper() and not _begins(text, match.start()):
            found["name"][word.removesuffix("'s")] += 1
    return found


def _begins(text: str, place: int) -> bool:
    """Return whether a word is the first of a sentence."""
    before = text[:place].rstrip(" \t\"'(\u201c\u2018")
    return not before or before[-1] in _ENDS
