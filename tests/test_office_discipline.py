"""Who is next: bounded, fair to everyone, explainable. Properties of the pure rule."""

import dataclasses
from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st

from office.discipline import MINUTE, Choice, Desk, Rules, Waiting, choose, next_run, score

SERVICES = ("own", "second", "third")
WEIGHTS = (15, 20)
FAST = settings(max_examples=150, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Arrival:
    """Someone comes ``gap_s`` after the one before; ``weight`` 0 is ordinary; then ``calls`` calls are made."""

    gap_s: int
    service: str
    weight: int
    sent_here: bool
    calls: int


@dataclass
class Line:
    """A line at one desk, and what was called with everything that stood there at that moment."""

    desk: Desk
    rules: Rules
    waiting: list[Waiting] = field(default_factory=list)
    now: int = 0
    seq: int = 0

    def arrive(self, arrival: Arrival) -> Waiting:
        self.now += arrival.gap_s * 1000
        self.seq += 1
        ticket = Waiting(
            id=f"t{self.seq}",
            service=arrival.service,
            priority=arrival.weight > 0,
            arrived_at=self.now,
            place=self.now - arrival.weight * MINUTE,
            seq=self.seq,
            sent_here=arrival.sent_here,
        )
        self.waiting.append(ticket)
        return ticket

    def call(self) -> tuple[Choice, list[Waiting], Desk] | None:
        before, desk = list(self.waiting), self.desk
        choice = choose(before, desk, self.rules)
        if choice is None:
            return None
        self.waiting.remove(choice.ticket)
        self.desk = Desk(desk.services, choice.priority_run)
        return choice, before, desk


ARRIVALS = st.lists(
    st.builds(
        Arrival,
        gap_s=st.sampled_from((0, 1, 30, 90, 240, 600)),
        service=st.sampled_from(SERVICES),
        weight=st.sampled_from((0, 0, *WEIGHTS)),
        sent_here=st.sampled_from((False, False, False, True)),
        calls=st.integers(0, 2),
    ),
    min_size=1,
    max_size=40,
)
RULES = st.builds(Rules, max_priority_run=st.integers(1, 3), preference_min=st.sampled_from((0, 2.5, 5, 30)))


def history(arrivals: list[Arrival], rules: Rules) -> list[tuple[Choice, list[Waiting], Desk]]:
    """All calls of a day: as the arrivals say, then until nobody waits."""
    line, calls = Line(Desk(SERVICES, 0), rules), []
    for arrival in arrivals:
        line.arrive(arrival)
        calls += [call for _ in range(arrival.calls) if (call := line.call())]
    while call := line.call():
        calls.append(call)
    return calls


def passed_over(choice: Choice, before: list[Waiting]) -> list[Waiting]:
    """Who came before the called ticket and still waits."""
    called = choice.ticket
    return [t for t in before if (t.arrived_at, t.seq) < (called.arrived_at, called.seq)]


def span_ms(rules: Rules) -> int:
    """The furthest that a counter's order of preference moves a ticket."""
    return round((len(SERVICES) - 1) * rules.preference_min * MINUTE)


@FAST
@given(ARRIVALS, RULES)
def test_everyone_is_called_once(arrivals: list[Arrival], rules: Rules) -> None:
    called = [choice.ticket.id for choice, _, _ in history(arrivals, rules)]
    assert sorted(called) == sorted(f"t{n + 1}" for n in range(len(arrivals)))


@FAST
@given(ARRIVALS, RULES)
def test_overtaking_is_bounded(arrivals: list[Arrival], rules: Rules) -> None:
    furthest = max(WEIGHTS) * MINUTE + span_ms(rules)
    for choice, before, _ in history(arrivals, rules):
        for other in passed_over(choice, before):
            later = choice.ticket.arrived_at - other.arrived_at
            if choice.rule == "ordinary_turn" and other.priority:
                continue  # the run rule's own exception
            assert later <= furthest
            if choice.ticket.priority == other.priority is False:
                assert later <= span_ms(rules)


@FAST
@given(ARRIVALS, RULES)
def test_at_most_so_many_priority_calls_in_a_row_while_an_ordinary_ticket_waits(
    arrivals: list[Arrival], rules: Rules
) -> None:
    run = 0
    for choice, before, _ in history(arrivals, rules):
        ordinary_waits = any(not t.priority for t in before)
        run = run + 1 if choice.ticket.priority and ordinary_waits else 0
        assert run <= rules.max_priority_run


@FAST
@given(
    victim=st.sampled_from((0, *WEIGHTS)),
    service=st.sampled_from(SERVICES),
    rival=st.sampled_from((0, *WEIGHTS)),
    per_call=st.integers(1, 3),
    call_s=st.sampled_from((60, 150, 600)),
    rules=RULES,
)
@example(victim=0, service="third", rival=20, per_call=3, call_s=60, rules=Rules(3, 30))
@example(victim=15, service="third", rival=0, per_call=3, call_s=60, rules=Rules(1, 30))
def test_nobody_starves_under_an_endless_stream(
    victim: int, service: str, rival: int, per_call: int, call_s: int, rules: Rules
) -> None:
    line = Line(Desk(SERVICES, 0), rules)
    mine = line.arrive(Arrival(0, service, victim, sent_here=False, calls=0))
    # All who may go first came within the bound; the run rule lets at most one in N + 1 pass besides.
    window_s = max(WEIGHTS) * 60 + span_ms(rules) / 1000
    patience = 2 * (per_call * (window_s / call_s + 1) + 1) + rules.max_priority_run
    for _ in range(round(patience) + 1):
        for n in range(per_call):
            line.arrive(Arrival(call_s if n == 0 else 0, "own", rival, sent_here=False, calls=0))
        call = line.call()
        assert call is not None
        if call[0].ticket == mine:
            return
    raise AssertionError(f"not called within {patience} calls")


def heads(waiting: list[Waiting], desk: Desk, rules: Rules) -> list[Waiting]:
    """The head of each group, as lines.next_for reads them."""
    first: dict[tuple[str, bool, bool], Waiting] = {}
    for ticket in sorted(waiting, key=lambda t: (t.place, t.seq)):
        first.setdefault((ticket.service, ticket.priority, ticket.sent_here), ticket)
    return list(first.values())


@FAST
@given(ARRIVALS, RULES)
def test_heads_alone_give_the_same_choice(arrivals: list[Arrival], rules: Rules) -> None:
    for choice, before, desk in history(arrivals, rules):
        short = choose(heads(before, desk, rules), desk, rules)
        assert short is not None
        assert (short.ticket, short.priority_run) == (choice.ticket, choice.priority_run)


@FAST
@given(ARRIVALS, RULES, st.randoms(use_true_random=False))
def test_the_order_in_which_tickets_are_read_does_not_matter(arrivals: list[Arrival], rules: Rules, random) -> None:  # type: ignore[no-untyped-def]
    for choice, before, desk in history(arrivals, rules):
        shuffled = list(before)
        random.shuffle(shuffled)
        assert choose(shuffled, desk, rules) == choice


@FAST
@given(ARRIVALS, RULES)
def test_the_reason_given_is_what_happened(arrivals: list[Arrival], rules: Rules) -> None:
    for choice, before, desk in history(arrivals, rules):
        called, passed = choice.ticket, passed_over(choice, before)
        best = min(before, key=lambda t: score(t, desk, rules))
        ordinary = [t for t in before if not t.priority]
        assert choice.overtook == len(passed)
        assert choice.moved_forward_min == (called.arrived_at - called.place) / MINUTE
        match choice.rule:
            case "ordinary_turn":
                assert not called.priority
                assert best.priority
                assert desk.priority_run >= rules.max_priority_run
                assert called == min(ordinary, key=lambda t: score(t, desk, rules))
            case "in_line":
                assert called == best
                assert passed == []
            case "priority":
                assert called == best
                assert called.priority
                assert passed
            case "preferred":
                assert called == best
                assert not called.priority
                steps = [SERVICES.index(t.service) for t in passed if not t.sent_here]
                assert all(SERVICES.index(called.service) < step for step in steps)
                assert steps
            case "sent_here":
                assert called == best
                assert called.sent_here
            case other:
                raise AssertionError(other)


def ticket(n: int, service: str = "own", minute: float = 0, weight: float = 0, **more: bool) -> Waiting:
    at = round(minute * MINUTE)
    return Waiting(f"t{n}", service, weight > 0, at, at - round(weight * MINUTE), n, **more)


HALL = Rules(max_priority_run=2, preference_min=5)


def test_nobody_waits() -> None:
    assert choose([], Desk(SERVICES, 0), HALL) is None


def test_other_services_are_not_called_unless_sent_here() -> None:
    desk = Desk(("own",), 0)
    assert choose([ticket(1, "elsewhere")], desk, HALL) is None
    sent = choose([ticket(1, "elsewhere", sent_here=True)], desk, HALL)
    assert sent is not None
    assert (sent.ticket.id, sent.rule, sent.moved_back_min) == ("t1", "sent_here", 0)


def test_ticket_sent_here_is_not_moved_back() -> None:
    sent, own = ticket(1, "third", 0, sent_here=True), ticket(2, "own", 1)
    chosen = choose([own, sent], Desk(SERVICES, 0), HALL)
    assert chosen is not None
    assert (chosen.ticket.id, chosen.rule, chosen.moved_back_min) == ("t1", "sent_here", 0)


def test_preferred_service_goes_first_within_its_span_only() -> None:
    desk = Desk(SERVICES, 0)
    near = choose([ticket(1, "second", 0), ticket(2, "own", 4.9)], desk, HALL)
    far = choose([ticket(1, "second", 0), ticket(2, "own", 5.1)], desk, HALL)
    assert near is not None
    assert (near.ticket.id, near.rule, near.overtook) == ("t2", "preferred", 1)
    assert far is not None
    assert (far.ticket.id, far.rule, far.moved_back_min) == ("t1", "in_line", 5)


def test_class_moves_forward_by_its_weight_only() -> None:
    desk = Desk(SERVICES, 0)
    near = choose([ticket(1), ticket(2, minute=19.9, weight=20)], desk, HALL)
    far = choose([ticket(1), ticket(2, minute=20.1, weight=20)], desk, HALL)
    assert near is not None
    assert (near.ticket.id, near.rule, near.moved_forward_min) == ("t2", "priority", 20)
    assert far is not None
    assert (far.ticket.id, far.rule) == ("t1", "in_line")


def test_same_place_goes_to_who_came_first() -> None:
    first = choose([ticket(2), ticket(1)], Desk(SERVICES, 0), HALL)
    assert first is not None
    assert first.ticket.id == "t1"


def test_third_priority_call_waits_for_an_ordinary_one() -> None:
    line = Line(Desk(SERVICES, 0), HALL)
    line.waiting = [ticket(1, minute=0), *(ticket(n, minute=1, weight=20) for n in range(2, 6))]
    order = []
    while call := line.call():
        order.append((call[0].ticket.id, call[0].rule))
    assert order == [
        ("t2", "priority"),
        ("t3", "priority"),
        ("t1", "ordinary_turn"),
        ("t4", "in_line"),
        ("t5", "in_line"),
    ]


def test_run_counts_only_past_waiting_others() -> None:
    first, plain, desk = ticket(1, weight=20), ticket(2), Desk(SERVICES, 2)
    assert next_run(first, desk, others_wait=True) == 3
    assert next_run(first, desk, others_wait=False) == 0
    assert next_run(plain, desk, others_wait=True) == 0


def test_returned_ticket_is_next_again_because_it_keeps_its_place() -> None:
    desk, back = Desk(SERVICES, 0), ticket(1, minute=0)
    others = [ticket(n, minute=n) for n in range(2, 9)]
    chosen = choose([*others, dataclasses.replace(back)], desk, HALL)
    assert chosen is not None
    assert (chosen.ticket.id, chosen.rule) == ("t1", "in_line")
