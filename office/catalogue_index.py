"""Search in the posted catalogue: accents ignored, as one types, one slip of the finger a word forgiven.

Everything is in memory: a few hundred procedures, looked up by word, by beginning of a word, and by words with
one letter dropped (a word and its misspelling share such a shortened form).
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
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

LEAST = 0.101
"""Less does not count: a slip that would meet a word somewhere in a result or a paper is chance."""

MAX_QUERY = 120
MAX_WORDS = 12
CONSIDERED = 100
"""Rows looked at closely, the likeliest by their words alone."""

CUT = 0.5
"""Hits below this share of the best one are left out."""


SHORT = {
    "dk": "dang ky",
    "cccd": "can cuoc",
    "cmnd": "chung minh nhan dan",
    "gcn": "giay chung nhan",
    "gpxd": "giay phep xay dung",
    "hkd": "ho kinh doanh",
    "htx": "hop tac xa",
    "qsdd": "quyen su dung dat",
}
"""What people and clerks write short."""


@dataclass(slots=True)
class _Row:
    procedure: Procedure
    titles: tuple[list[str], ...]
    """The words of its name, then of each thing it is called."""


@dataclass(slots=True)
class _Found:
    """One typed word: words it may mean and how well it fits them, rows likewise, how telling it is."""

    words: dict[str, float] = field(default_factory=dict)
    fits: dict[int, float] = field(default_factory=dict)
    weight: float = 1.0


class Index:
    """All ``procedures``, ready to be searched; never changes."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        ordered = sorted(procedures, key=lambda p: (dictionary_order(p.field), dictionary_order(p.name), p.code))
        self._rows = [_Row(p, tuple(fold(title).split() for title in (p.name, *p.keywords))) for p in ordered]
        self._words: dict[str, dict[int, float]] = defaultdict(dict)
        for place, row in enumerate(self._rows):
            for word, worth in _words(row):
                if worth > self._words[word].get(place, 0.0):
                    self._words[word][place] = worth
        self._sorted = sorted(self._words)
        self._fields: tuple[date | None, list[tuple[str, int]]] | None = None
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
        typed = " ".join(SHORT.get(word, word) for word in fold(query[:MAX_QUERY]).split()).split()[:MAX_WORDS]
        if not typed:
            places = sorted(rows) if not query.strip() else []
        else:
            places = self._by_code(typed, rows) or self._by_words(typed, rows)
        return [self._rows[place].procedure for place in places[:limit]]

    def fields(self, day: date | None) -> list[tuple[str, int]]:
        """Each field with how many of its procedures are valid on ``day`` (None any), in dictionary order.

        The last day asked for is remembered: every search asks again.
        """
        known = self._fields
        if known is None or known[0] != day:
            valid = (row.procedure for row in self._rows if day is None or row.procedure.valid_on(day))
            known = self._fields = (day, list(Counter(procedure.field for procedure in valid).items()))
        return known[1]

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
        total = sum(each.weight for each in found)
        bases: dict[int, float] = {}
        for place in rows:
            fits = [(each.fits[place], each.weight) for each in found if place in each.fits]
            if len(fits) >= needed:
                bases[place] = sum(fit * weight for fit, weight in fits) / total
        likely = sorted(bases, key=lambda place: (-bases[place], place))[:CONSIDERED]
        meant = set().union(*(each.words for each in found))
        scores = {place: bases[place] + self._bonus(place, found, meant) for place in likely}
        best = max(scores.values(), default=0.0)
        return sorted((p for p, score in scores.items() if score >= best * CUT), key=lambda p: (-scores[p], p))

    def _find(self, word: str) -> _Found:
        found = _Found({known: SLIP if word[0] == known[0] else SLIP_BEGINNING for known in self._slips(word)})
        for known in self._sorted[bisect_left(self._sorted, word) : bisect_left(self._sorted, word + "\x7f")]:
            found.words[known] = EXACT if known == word else PREFIX * (0.7 + 0.3 * len(word) / len(known))
        for known, fit in found.words.items():
            for row, worth in self._words[known].items():
                if fit * worth > max(LEAST, found.fits.get(row, 0.0)):
                    found.fits[row] = fit * worth
        found.weight = 1.0 + math.log((1 + len(self._rows)) / (1 + len(found.fits)))
        return found

    def _slips(self, word: str) -> Iterator[str]:
        if len(word) < 3:  # a slip in two letters leaves nothing to go by
            return
        near = set().union(*(self._shortened.get(short, ()) for short in _shortened(word)))
        yield from (known for known in near if known != word and one_slip(word, known))

    def _bonus(self, place: int, found: list[_Found], meant: set[str]) -> float:
        """For typed words that stand together in a title, and for titles with little else in them."""
        row = self._rows[place]
        together = max(_together(title, found, meant) for title in row.titles)
        return together - 0.4 * ("repeated_entry" in row.procedure.caveats)


def _together(title: list[str], found: list[_Found], meant: set[str]) -> float:
    """0 to 1: how much of what was typed stands in ``title`` in one run, and how much of ``title`` that is.

    ``meant`` are all words that ``found`` may mean: most words of a title are none of them.
    """
    best = 0.0
    nothing = before = [0.0] * len(found)
    for word in title:
        if word not in meant:
            before = nothing
            continue
        here = [0.0] * len(found)
        for place, each in enumerate(found):
            if word in each.words:
                here[place] = each.words[word] + (before[place - 1] if place else 0.0)
        best = max(best, *here)
        before = here
    if len(found) == 1:  # perhaps two words typed as one
        best = max(best, *(found[0].words.get(one + two, 0.0) for one, two in pairwise(title)), 0.0)
    return best * (0.6 / len(found) + 0.4 / max(len(title), 1))


def _words(row: _Row) -> Iterator[tuple[str, float]]:
    procedure = row.procedure
    texts = [(title, CALLED if place else NAME) for place, title in enumerate(row.titles)]
    texts += [(fold(procedure.field).split(), FIELD), (fold(procedure.result or "").split(), REST)]
    texts += [(fold(paper.name).split(), REST) for paper in procedure.papers if not paper.remark]
    for words, worth in texts:
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
