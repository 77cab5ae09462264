"""Acts that put things right: a pause with tickets sent there, a wrong Start, a call out of order, a late undo."""

from office import counters, journal, returns, turns
from office.errors import CounterIdle, CounterNotOpen, UndoTooLate
from office.journal import Filter
from office.tickets import State, Ticket
from tools.rehearsal import CLERK, Hall


def ready(hall: Hall, state: State) -> Ticket:
    """A ticket brought into ``state`` at counter 1; counter 2 is open too."""
    hall.open("1", "2")
    return hall.bring(hall.issue("ho-tich"), state, "1")


def test_paused_counter_keeps_nobody_waiting_for_it(hall: Hall) -> None:
    ticket = ready(hall, State.SERVING)
    hall.do(turns.transfer, "1", to_counter="2", actor=CLERK)
    hall.do(returns.pause_counter, "2", person="lan", actor=CLERK)
    assert hall.ticket(ticket).target == ""
    event = journal.read(hall.store.read(), only=Filter(kinds=("ticket.returned",)))[-1]
    assert (event.ticket, event.data["why"], event.actor) == (ticket.id, "counter_paused", CLERK)
    called = hall.do(turns.call_next, "1", actor=CLERK)
    assert called is not None
    assert called.ticket.id == ticket.id
    hall.refused(CounterNotOpen, lambda: hall.do(turns.transfer, "1", to_counter="2", actor=CLERK))


def test_wrong_start_is_taken_back_by_absent(hall: Hall) -> None:
    ticket = ready(hall, State.SERVING)
    assert hall.do(turns.absent, "1", actor=CLERK).state is State.ABSENT
    back = hall.do(turns.return_to_line, ticket.id, actor=CLERK)
    assert (back.state, back.place) == (State.WAITING, ticket.place)
    again = hall.bring(back, State.CALLED, "1")
    assert again.started_at is None


def test_call_out_of_order_counts_a_priority_run_only_past_others(hall: Hall) -> None:
    hall.open("1")

    def run_after(ticket: Ticket) -> int:
        hall.deed("call", ticket, "1")
        hall.deed("absent", ticket, "1")
        return counters.find(hall.store.read(), hall.settings, "1").priority_run

    hall.issue("cu-tru")  # waits for another counter
    assert run_after(hall.issue("ho-tich", "CO_CONG")) == 0
    hall.issue("chung-thuc")
    assert run_after(hall.issue("ho-tich", "CO_CONG")) == 1


def test_undo_looks_back_a_while_only(hall: Hall) -> None:
    ticket = ready(hall, State.FINISHED)
    hall.clock.turn(seconds=turns.LATELY_MS / 1000 - 9)
    hall.refused(UndoTooLate, lambda: hall.do(turns.undo_finish, "1", actor=CLERK))
    hall.clock.turn(seconds=1)
    hall.refused(CounterIdle, lambda: hall.do(turns.undo_finish, "1", actor=CLERK))
    assert hall.ticket(ticket).state is State.FINISHED
