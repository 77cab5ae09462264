"""A ticket, its states, and which act leads from which state to which."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from office.errors import NotAllowed


class State(StrEnum):
    """Where a ticket is on its way."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    FINISHED = "finished"
    ABSENT = "absent"
    CANCELLED = "cancelled"


class Deed(StrEnum):
    """What can be done with a ticket."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    REOPEN = "reopen"
    ABSENT = "absent"
    HOLD = "hold"
    RETURN = "return"
    TRANSFER = "transfer"
    CANCEL = "cancel"


_S = State
TRANSITIONS: Final[dict[Deed, dict[State, State]]] = {
    Deed.CALL: {_S.WAITING: _S.CALLED, _S.HELD: _S.CALLED, _S.ABSENT: _S.CALLED},
    Deed.RECALL: {_S.CALLED: _S.CALLED},
    Deed.START: {_S.CALLED: _S.SERVING},
    Deed.FINISH: {_S.SERVING: _S.FINISHED},
    Deed.REOPEN: {_S.FINISHED: _S.SERVING},
    Deed.ABSENT: {_S.CALLED: _S.ABSENT, _S.SERVING: _S.ABSENT},  # serving: Start was pressed too soon
    Deed.HOLD: {_S.CALLED: _S.HELD, _S.SERVING: _S.HELD},
    Deed.RETURN: {_S.HELD: _S.WAITING, _S.ABSENT: _S.WAITING},
    Deed.TRANSFER: {_S.CALLED: _S.WAITING, _S.SERVING: _S.WAITING},
    Deed.CANCEL: {
        _S.WAITING: _S.CANCELLED,
        _S.HELD: _S.CANCELLED,
        _S.ABSENT: _S.CANCELLED,
        _S.CALLED: _S.CANCELLED,
    },
}
"""The one table of what is allowed: deed → state before → state after. Anything else is refused."""

AT_COUNTER: Final = frozenset({State.CALLED, State.SERVING})


@dataclass(frozen=True, slots=True)
class Ticket:
    """One row of ``tickets``; times are ms UTC."""

    id: str
    day: str
    number: str
    series: str
    n: int
    token: str
    service: str
    priority: str
    verified: int
    language: str
    state: State
    arrived_at: int
    place: int
    target: str
    counter: str
    called_at: int | None
    last_call_at: int | None
    started_at: int | None
    ended_at: int | None
    hold_until: int | None
    calls: int
    recalls: int
    slip: str
    dossier: str
    seq: int

    def after(self, deed: Deed) -> State:
        """The state ``deed`` leads to. Raises NotAllowed when the present state does not allow it."""
        allowed = TRANSITIONS[deed]
        if self.state not in allowed:
            raise NotAllowed(
                f"ticket {self.number} is {self.state}; {deed} needs {', '.join(allowed)}",
                number=self.number,
                state=self.state.value,
                deed=deed.value,
            )
        return allowed[self.state]


def ticket_from(row: Any) -> Ticket:
    """A Ticket from a row of the table ``tickets`` (all columns, in schema order)."""
    values = list(row)
    values[_STATE] = State(values[_STATE])
    return Ticket(*values)


_STATE = list(Ticket.__slots__).index("state")


def diagram() -> str:
    """The transitions as a Mermaid state diagram; docs/architecture.md carries it, a test compares."""
    lines = ["stateDiagram-v2", "    [*] --> waiting: issue"]
    for deed, moves in TRANSITIONS.items():
        lines += [f"    {before} --> {after}: {deed}" for before, after in moves.items()]
    return "\n".join([*lines, "    finished --> [*]", "    cancelled --> [*]"])


def number_text(style: str, series: str, n: int) -> str:
    """A number as printed: ``A-007`` or ``0007`` (DOMAIN 8.1); longer once the digits run out."""
    return f"{series}-{n:03d}" if style == "letter" else f"{n:04d}"
