"""A counter that closes keeps nobody waiting for it alone."""

from pathlib import Path

import pytest

from office import counters, issuing, journal, returns, turns
from office.errors import CounterBusy, CounterNotOpen
from office.tickets import State
from tools.rehearsal import Hall


@pytest.fixture
def rehearsed(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    for counter in ("1", "2"):
        hall.do(counters.open_, counter, person="lan", actor="person:lan")
    return hall


def _sent_to(hall: Hall, target: str) -> str:
    service = hall.settings.counter_by_id["1"].services[0]
    ticket = hall.do(issuing.issue, service=service, actor="key:test")
    hall.do(turns.call_next, "1", actor="person:lan")
    hall.do(turns.transfer, "1", to_counter=target, actor="person:lan")
    return ticket.id


def test_tickets_sent_to_a_closing_counter_wait_for_their_service_again(rehearsed: Hall) -> None:
    sent = _sent_to(rehearsed, "2")
    before = issuing.find(rehearsed.store.read(), sent)
    rehearsed.do(returns.close_counter, "2", person="lan", actor="person:lan")
    after = issuing.find(rehearsed.store.read(), sent)
    assert (before.target, after.target) == ("2", "")
    assert (after.state, after.place, after.arrived_at) == (State.WAITING, before.place, before.arrived_at)
    called = rehearsed.do(turns.call_next, "1", actor="person:lan")
    assert called is not None
    assert called.ticket.id == sent
    assert journal.verify(rehearsed.store.read()) > 0


def test_nothing_is_sent_to_a_closed_counter(rehearsed: Hall) -> None:
    rehearsed.do(returns.close_counter, "2", person="lan", actor="person:lan")
    head = journal.head(rehearsed.store.read())
    service = rehearsed.settings.counter_by_id["1"].services[0]
    rehearsed.do(issuing.issue, service=service, actor="key:test")
    rehearsed.do(turns.call_next, "1", actor="person:lan")
    with pytest.raises(CounterNotOpen):
        rehearsed.do(turns.transfer, "1", to_counter="2", actor="person:lan")
    assert journal.head(rehearsed.store.read())[0] == head[0] + 2


def test_a_counter_with_a_ticket_does_not_close(rehearsed: Hall) -> None:
    service = rehearsed.settings.counter_by_id["1"].services[0]
    rehearsed.do(issuing.issue, service=service, actor="key:test")
    rehearsed.do(turns.call_next, "1", actor="person:lan")
    with pytest.raises(CounterBusy):
        rehearsed.do(returns.close_counter, "1", person="lan", actor="person:lan")
