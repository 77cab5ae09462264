"""A hall full of people, written straight into the table: what thousands of acts would take minutes for."""

from dataclasses import astuple

from office.tickets import State, Ticket
from tools.rehearsal import Hall


def fill(hall: Hall, day: str, service: str, state: State, first: int, many: int, *, claim: str = "") -> None:
    """``many`` tickets of ``day`` in ``state`` from number ``first`` on, every third of the class ``claim`` if told.

    No event tells of them; those that no longer wait were at counter 1.
    """
    made = (_ticket(day, service, state, n, claim if n % 3 == 0 else "") for n in range(first, first + many))
    with hall.store.act() as act:
        marks = ",".join("?" * len(Ticket.__dataclass_fields__))
        act.db.executemany(f"INSERT INTO tickets VALUES ({marks})", map(astuple, made))  # noqa: S608 — marks


def _ticket(day: str, service: str, state: State, n: int, claim: str) -> Ticket:
    waits, name = state is State.WAITING, f"{day}{service}{n}"
    return Ticket(
        id=name, day=day, number=f"H-{n}", series="H", n=n, token=name, service=service, priority=claim, verified=1,
        language="vi", state=state, arrived_at=n, place=n - 9 * bool(claim), target="", counter="" if waits else "1",
        called_at=None, last_call_at=None, started_at=None, ended_at=None if waits else n, hold_until=None,
        calls=0, recalls=0, slip="", dossier="", seq=n,
    )  # fmt: skip
