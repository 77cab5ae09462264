"""Search in the posted catalogue: accents ignored, as one types, one slip of the finger a word forgiven.

Everything is in memory: a few hundred procedures, looked up by word, by beginning of a word, and by words with
one letter dropped (a word and its misspelling share such a shortened form).
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from office.catalogue_entry import Procedure
from office.catalogue_text import dictionary_order, fold

NAME, CALLED, FIELD, REST = 1.0, 0.95, 0.45, 0.2
"""How much a word counts by where it stands: name, what people call it, field, result and papers."""

EXACT, PREFIX, SLIP, SLIP_BEGINNING = 1.0, 0.75, 0.5, 0.4
"""How much a word counts by how well it fits."""

MAX_QUERY = 120
MAX_WORDS = 12
CUT = 0.5
"""Hits below this share of the best one are left out."""


@dataclass(slots=True)
class _Row:
    procedure: Procedure
    name: str
    called: tuple[str, ...]
    size: int


@dataclass(slots=True)
class _Found:
    """The hits of one typed word: row → how well it fits, and how telling the word is."""

    fits: dict[int, float] = field(default_factory=dict)
    weight: float = 1.0

    def add(self, row: int, fit: float) -> None:
        if fit > self.fits.get(row, 0.0):
            self.fits[row] = fit


class Index:
    """All ``procedures``, ready to be searched; never changes."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        ordered = sorted(procedures, key=lambda p: (dictionary_order(p.field), dictionary_order(p.name), p.code))
        self._rows = [_Row(p, fold(p.name), tuple(map(fold, p.keywords)), len(p.name)) for p in ordered]
        self._words: dict[str, dict[int, float]] = defaultdict(dict)
        for place, row in enumerate(self._rows):
            for word, worth in _words(row):
                if worth > self._words[word].get(place, 0.0):
                    self._words[word][place] = worth
        self._sorted = sorted(self._words)
        self._shortened: dict[str, set[str]] = defaultdict(set)
        for word in self._sorted:
            for short in _shortened(word):
                self._shortened[short].add(word)

    def search(self, query: str, field_name: str, limit: int, day: date | None) -> list[Procedure]:
        """The best ``limit`` procedures for ``query`` in ``field_name`` ('' any) that are valid on ``day`` (None any).

        An empty query lists them in dictionary order.
        """
        wanted = fold(field_name)
        rows = {
            place
            for place, row in enumerate(self._rows)
            if (not wanted or fold(row.procedure.field) == wanted) and (day is None or row.procedure.valid_on(day))
        }
        typed = fold(query[:MAX_QUERY]).split()[:MAX_WORDS]
        if not typed:
            places = sorted(rows) if not query.strip() else []
        else:
            places = self._by_code(typed, rows) or self._by_words(typed, rows)
        return [self._rows[place].procedure for place in places[:limit]]

    def _by_code(self, typed: list[str], rows: set[int]) -> list[int]:
        digits = "".join(typed)
        if not digits[:7].isdecimal() or len(digits) < 4:
            return []
        codes = {place: self._rows[place].procedure.code.replace(".", "") for place in rows}
        begins = [place for place, code in codes.items() if code.startswith(digits[:7])]
        return sorted(begins) or sorted(place for place, code in codes.items() if digits in code)

    def _by_words(self, typed: list[str], rows: set[int]) -> list[int]:
        found = [self._find(word) for word in typed]
        needed = len(typed) if len(typed) < 3 else math.ceil(0.6 * len(typed))
        phrase = " ".join(typed)
        total = sum(each.weight for each in found)
        scores: dict[int, float] = {}
        for place in rows:
            fits = [(each.fits[place], each.weight) for each in found if place in each.fits]
            if len(fits) >= needed:
                scores[place] = sum(fit * weight for fit, weight in fits) / total + self._bonus(place, phrase)
        best = max(scores.values(), default=0.0)
        return sorted((p for p, score in scores.items() if score >= best * CUT), key=lambda p: (-scores[p], p))

    def _find(self, word: str) -> _Found:
        found = _Found()
        for known in self._sorted[bisect_left(self._sorted, word) : bisect_left(self._sorted, word + "\x7f")]:
            fit = EXACT if known == word else PREFIX * (0.7 + 0.3 * len(word) / len(known))
            for row, worth in self._words[known].items():
                found.add(row, fit * worth)
        for known, fit in self._slips(word):
            for row, worth in self._words[known].items():
                found.add(row, fit * worth)
        found.weight = 1.0 + math.log((1 + len(self._rows)) / (1 + len(found.fits)))
        return found

    def _slips(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) < 3:  # a slip in two letters leaves nothing to go by
            return
        near = set().union(*(self._shortened.get(short, ()) for short in _shortened(word)))
        for known in near:
            if known != word and one_slip(word, known):
                yield known, SLIP if word[0] == known[0] else SLIP_BEGINNING

    def _bonus(self, place: int, phrase: str) -> float:
        row = self._rows[place]
        bonus = 0.0
        if phrase in row.called:
            bonus += 1.0
        elif any(name.startswith(phrase) for name in row.called):
            bonus += 0.5
        if f" {phrase}" in f" {row.name}":
            bonus += 0.5 + 0.5 * len(phrase) / max(len(row.name), 1)
            bonus += 0.1 * row.name.startswith(phrase)
        return bonus - 0.4 * ("repeated_entry" in row.procedure.caveats)


def _words(row: _Row) -> Iterator[tuple[str, float]]:
    procedure = row.procedure
    texts = [(row.name, NAME), (fold(procedure.field), FIELD), (fold(procedure.result or ""), REST)]
    texts += [(name, CALLED) for name in row.called]
    texts += [(fold(paper.name), REST) for paper in procedure.papers if not paper.remark]
    for text, worth in texts:
        words = text.split()
        yield from ((word, worth) for word in words)
        if worth >= CALLED:  # two words typed without the space between them
            yield from ((first + second, worth) for first, second in pairwise(words))


def _shortened(word: str) -> set[str]:
    """``word`` and all its forms with one letter dropped."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def one_slip(typed: str, meant: str) -> bool:
    """Whether ``typed`` becomes ``meant`` by one letter added, dropped or changed, or two neighbours swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    a, b = typed[start:], meant[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
