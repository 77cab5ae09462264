"""What the staff page offers of a dossier is what the register accepts, whatever state the dossier is in."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from office import dossier_acts, dossiers, journal
from office.dossier_change import Deed
from office.dossier_intake import Intake, receive
from office.dossier_rows import Pushed, put
from office.dossiers import Dossier, Missing
from office.errors import DossierStatus, OfficeError, RescheduleOnce, SupplementOnce
from office.store import Act
from tools.rehearsal import CLERK, Hall
from tools.webhall import API, Doors, post
from web.dossier_shapes import hindered

REFUSALS = (DossierStatus, SupplementOnce, RescheduleOnce)
DAY_MS = 86_400_000
BEFORE: dict[str, tuple[str, ...]] = {
    "fresh": (), "asked": (Deed.ASK, Deed.SUPPLEMENTED), "put off": (Deed.RESCHEDULE,), "back": (Deed.RETURN,),
    "stopped and back": (Deed.STOP, Deed.RETURN),
}  # fmt: skip


def deeds(hall: Hall, code: str) -> dict[str, Callable[[Act], Any]]:
    """Each deed as a clerk does it from the page."""
    office, later = hall.settings, hall.clock() + 30 * DAY_MS
    return {
        Deed.HAND_OVER: lambda act: dossier_acts.move(act, office, code, "Phòng mẫu", actor=CLERK),
        Deed.ASK: lambda act: dossier_acts.ask_supplement(act, office, code, [Missing("Sổ")], "thiếu", actor=CLERK),
        Deed.SUPPLEMENTED: lambda act: dossier_acts.supplement_done(act, office, code, actor=CLERK),
        Deed.REFUSE: lambda act: dossier_acts.refuse(act, office, code, "lý do", actor=CLERK),
        Deed.STOP: lambda act: dossier_acts.stop(act, office, code, "lý do", actor=CLERK),
        Deed.RESCHEDULE: lambda act: dossier_acts.reschedule(act, office, code, later, "lý do", actor=CLERK),
        Deed.RETURN: lambda act: dossier_acts.hand_back(act, office, code, actor=CLERK),
    }


class _TakeBack(Exception):
    """Ends an act that was only tried."""


def accepted(hall: Hall, deed: Callable[[Act], Any]) -> bool:
    """Whether the register would do it; nothing stays of it."""
    try:
        with hall.store.act() as act:
            deed(act)
            raise _TakeBack
    except _TakeBack:
        return True
    except REFUSALS:
        return False


def prepared(hall: Hall, status: int, before: tuple[str, ...]) -> Dossier:
    """A dossier after ``before``, then set to ``status`` by the province's system (0: left as it is)."""
    wish = Intake(procedure_name="Việc mẫu", term_amount=3, term_unit="ngay_lam_viec")
    code = hall.do(receive, wish, actor=CLERK).code
    for name in before:
        with hall.store.act() as act:
            deeds(hall, code)[name](act)
    if status:
        hall.do(put, code, Pushed(code="", status=status), actor="key:tinh")
    return dossiers.get(hall.store.read(), code)


@pytest.mark.parametrize("before", list(BEFORE))
def test_what_is_offered_is_accepted_and_what_is_not_is_refused(doors: Doors, before: str) -> None:
    hall = doors.hall
    for status in range(11):
        try:
            dossier = prepared(hall, status, BEFORE[before])
        except OfficeError:
            continue  # no system may do that
        told = hindered(dossier)
        for name, deed in deeds(hall, dossier.code).items():
            assert accepted(hall, deed) == (name not in told), (before, dossier.status, name, told)


def seen(client: FlaskClient, code: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"{API}/dossiers/{code}").get_json()
    return answer


@pytest.mark.parametrize("act", ["refuse", "supplement"])
@pytest.mark.parametrize("joined", [True, False])
def test_an_act_joins_the_number_being_served_only_when_told_to(doors: Doors, act: str, joined: bool) -> None:
    code = prepared(doors.hall, 0, ()).code
    ticket = doors.hall.issue("ho-tich")
    clerk = doors.person()
    wish: dict[str, Any] = {"reason": "thiếu"} | ({"missing": [{"name": "Sổ"}]} if act == "supplement" else {})
    answer = post(clerk, f"/dossiers/{code}/{act}", wish | ({"ticket": ticket.id} if joined else {}))
    assert answer.status_code == 200, answer.get_json()
    visits = [(ticket.id, "ask")] * joined
    assert [(one["ticket"], one["purpose"]) for one in answer.get_json()["visits"]] == visits
    assert [(one["ticket"], one["purpose"]) for one in seen(clerk, code)["visits"]] == visits
    assert journal.verify(doors.hall.store.read())
