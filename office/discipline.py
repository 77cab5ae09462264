"""Who is next, and why. Pure: no clock, no store.

One rule: a ticket's place in line is its arrival time, moved forward by its class (``weight_min``) or because its
holder was sent for missing papers (``reentry_min``), and back by the counter's order of preference (``preference_min``
a step). The lowest place is next. Both shifts are bounded, so a
ticket is only ever overtaken by tickets that came at most the sum of the shifts after it. Besides, after
``max_priority_run`` priority calls in a row at a counter, an ordinary ticket that waits is next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

MINUTE = 60_000
Rule = Literal["in_line", "priority", "came_back", "ordinary_turn", "sent_here", "preferred", "by_number"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting ticket as the rule sees it. ``place`` and ``arrived_at`` in ms; ``seq`` breaks ties."""

    id: str
    service: str
    priority: bool
    arrived_at: int
    place: int
    seq: int
    sent_here: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter as the rule sees it: its services in order of preference and its run of priority calls."""

    services: Sequence[str]
    priority_run: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The office's numbers for the rule."""

    max_priority_run: int
    preference_min: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The next ticket with the rule that chose it and the figures that explain it (minutes)."""

    ticket: Waiting
    rule: Rule
    moved_forward_min: float
    moved_back_min: float
    overtook: int
    priority_run: int


def score(ticket: Waiting, desk: Desk, rules: Rules) -> tuple[int, int]:
    """The ticket's place at this desk (ms) and its tie-breaker; the lowest is next."""
    return ticket.place + _back(ticket, desk, rules), ticket.seq


def choose(waiting: Iterable[Waiting], desk: Desk, rules: Rules) -> Choice | None:
    """The next ticket for ``desk`` among ``waiting``, or None when none waits for it.

    ``waiting`` may be all waiting tickets or only the head of each group (service, priority, sent here): the
    choice is the same, ``overtook`` then counts heads only (``counted`` puts it right).
    """
    mine = [t for t in waiting if t.sent_here or t.service in desk.services]
    if not mine:
        return None
    ordinary = [t for t in mine if not t.priority]
    best = min(mine, key=lambda t: score(t, desk, rules))
    forced = best.priority and bool(ordinary) and desk.priority_run >= rules.max_priority_run
    if forced:
        best = min(ordinary, key=lambda t: score(t, desk, rules))
    overtook = sum(1 for t in mine if (t.arrived_at, t.seq) < (best.arrived_at, best.seq))
    return Choice(
        ticket=best,
        rule="ordinary_turn" if forced else _rule(best, overtook),
        moved_forward_min=round((best.arrived_at - best.place) / MINUTE, 1),
        moved_back_min=round(_back(best, desk, rules) / MINUTE, 1),
        overtook=overtook,
        priority_run=next_run(best, desk, others_wait=bool(ordinary)),
    )


def counted(choice: Choice, overtook: int) -> Choice:
    """``choice``, made among heads only, told with the true number of tickets it overtook."""
    rule = choice.rule if choice.rule == "ordinary_turn" else _rule(choice.ticket, overtook)
    return replace(choice, rule=rule, overtook=overtook)


def next_run(ticket: Waiting, desk: Desk, *, others_wait: bool) -> int:
    """The desk's run of priority calls once ``ticket`` is called; only runs past waiting others count."""
    if not ticket.priority:
        return 0
    return desk.priority_run + 1 if others_wait else 0


def setback(service: str, desk: Desk, rules: Rules) -> int:
    """How far (ms) a ticket of ``service`` falls back at ``desk`` by its order of preference; 0 if not served."""
    if service not in desk.services:
        return 0
    return round(desk.services.index(service) * rules.preference_min * MINUTE)


def _back(ticket: Waiting, desk: Desk, rules: Rules) -> int:
    return 0 if ticket.sent_here else setback(ticket.service, desk, rules)


def _rule(best: Waiting, overtook: int) -> Rule:
    if best.sent_here:
        return "sent_here"
    if overtook == 0:
        return "in_line"
    if best.priority:
        return "priority"
    return "came_back" if best.place < best.arrived_at else "preferred"
