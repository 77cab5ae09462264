"""What the hall does about a scan, against the real register; and who may come back near the front."""

import pytest

from office import dossiers, journal, near_front, scan_actions, scans, turns
from office.clock import local
from office.dossier_acts import ask_supplement, hand_back, refuse, set_status, stop, supplement_done
from office.dossier_intake import Intake, receive
from office.dossiers import DONE, FEE_DUE, WITHDRAWN, Missing, Way
from office.errors import ReentrySpent
from office.issuing import issue
from office.journal import Filter
from office.replay import rehearse
from office.scan_actions import NAMES, Action, Who
from office.scan_sections import Scans
from office.tickets import Ticket
from tools.rehearsal import CLERK, PHRASES, Hall, settings_with

SCREEN = "screen:kiosk-1"
OLD = "001066012345||Nguyễn Văn Thử|23111966|Nam|Xóm Mẫu|01012022"
YOUNG = "001066012345||Trần Thị Mẫu|24111966|Nữ|Xóm Mẫu|01012022"
PAPERS = (Missing("Bản vẽ thiết kế"), Missing("Giấy ủy quyền"))


def received(hall: Hall, *, service: str = "dat-dai", give_back: Way = "counter", code: str = "") -> str:
    wish = Intake(
        procedure_name="Việc mẫu",
        service=service,
        term_amount=3,
        term_unit="ngay_lam_viec",
        give_back=give_back,
        code=code,
        confirmed=True,
    )
    return hall.do(receive, wish, actor=CLERK).code


def scanned(hall: Hall, text: str, who: Who = "kiosk") -> Action:
    now = hall.clock()
    scan = scans.read(text, local(now, hall.settings.office.zone).date())
    return scan_actions.decide(hall.store.read(), hall.settings, scan, now, who=who)


def followed(hall: Hall, text: str) -> Action:
    action = scanned(hall, text)
    scan = scans.read(text, local(hall.clock(), hall.settings.office.zone).date())
    hall.do(scan_actions.follow_up, scan, action, actor=SCREEN, by="wedge", symbology="code128")
    return action


def number(hall: Hall, action: Action) -> Ticket:
    """The number that an action offers, taken."""
    code = action.dossier.code if action.dossier else ""
    ticket = hall.do(issue, service=action.service, dossier=code, reentry=action.reentry, actor=SCREEN)
    hall.do(scan_actions.link, ticket, actor=SCREEN)
    return ticket


def test_in_process_tells_the_state_and_offers_no_number(hall: Hall) -> None:
    code = received(hall)
    action = scanned(hall, f"*{code.lower()}*")
    assert (action.name, action.service, action.reentry) == ("status", "", "")
    assert action.dossier is not None
    assert action.dossier.due_at is not None


def test_a_ready_result_offers_one_number_at_the_return_counter_that_serves_the_dossier(hall: Hall) -> None:
    code = received(hall)
    hall.do(set_status, code, DONE, actor=CLERK)
    action = scanned(hall, f"https://dvc.example/tra-cuu?SoDinhDanh=001066012345&MaHoSo={code}")
    assert (action.name, action.reason, action.service) == ("collect", "", "tra-ket-qua")
    ticket = number(hall, action)
    assert (ticket.service, ticket.dossier) == ("tra-ket-qua", code)
    assert [(v.ticket, v.purpose) for v in dossiers.visits(hall.store.read(), code)] == [(ticket.id, "collect")]


@pytest.mark.parametrize(("give_back", "reason"), [("post", "posted"), ("online", "online")])
def test_a_result_that_goes_elsewhere_says_so(hall: Hall, give_back: Way, reason: str) -> None:
    code = received(hall, give_back=give_back)
    hall.do(set_status, code, DONE, actor=CLERK)
    assert (scanned(hall, code).name, scanned(hall, code).reason) == ("collect", reason)


def test_missing_papers_are_named_and_their_code_lets_in_near_the_front_once(hall: Hall) -> None:
    code = received(hall)
    hall.clock.turn(minutes=5)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    others = [hall.issue("dat-dai", after_s=60) for _ in range(3)]
    hall.clock.turn(minutes=5)
    action = scanned(hall, reentry.lower())
    assert (action.name, action.reason, action.service, action.reentry) == ("supplement", "", "dat-dai", reentry)
    assert action.missing == PAPERS
    back = number(hall, action)
    assert back.place == back.arrived_at - round(hall.settings.dossiers.reentry_min * 60_000)
    assert back.place < others[0].place
    assert [(v.ticket, v.purpose) for v in dossiers.visits(hall.store.read(), code)] == [(back.id, "supplement")]
    again = scanned(hall, reentry)
    assert (again.name, again.reason, again.reentry, again.service) == ("supplement", "spent", "", "dat-dai")
    assert scanned(hall, code).reentry == ""
    hall.refused(ReentrySpent, lambda: hall.do(issue, service="dat-dai", actor=SCREEN, reentry=reentry))


def test_who_came_back_is_called_first_and_the_clerk_is_told_why(hall: Hall) -> None:
    hall.open("3")
    service = hall.settings.counter_by_id["3"].services[0]
    code = received(hall, service=service)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    waiting = [hall.issue(service, after_s=60) for _ in range(3)]
    hall.clock.turn(minutes=1)
    back = hall.do(issue, service=service, actor=SCREEN, reentry=reentry)
    called = hall.do(turns.call_next, "3", actor=CLERK)
    assert called is not None
    assert (called.ticket.id, called.why["rule"]) == (back.id, "came_back")
    assert called.why["overtook"] == len(waiting)
    assert called.why["moved_forward_min"] == hall.settings.dossiers.reentry_min
    for language in PHRASES.languages:
        assert PHRASES.say(language, "why.came_back", forward=45, overtook=3, waited="1")


def test_coming_back_moves_by_a_bound_only(hall: Hall) -> None:
    code = received(hall)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    early = hall.issue("dat-dai")
    hall.clock.turn(minutes=hall.settings.dossiers.reentry_min + 1)
    assert hall.do(issue, service="dat-dai", actor=SCREEN, reentry=reentry).place > early.place


def test_a_claimed_class_and_a_right_do_not_add_up(hall: Hall) -> None:
    code = received(hall)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    back = hall.do(issue, service="dat-dai", actor=SCREEN, reentry=reentry, priority="CAO_TUOI")
    assert back.arrived_at - back.place == round(hall.settings.dossiers.reentry_min * 60_000)
    assert back.priority == "CAO_TUOI"


def test_a_refused_class_takes_the_right_not_away(hall: Hall) -> None:
    hall.open("3")
    service = hall.settings.counter_by_id["3"].services[0]
    code = received(hall, service=service)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    back = hall.do(issue, service=service, actor=SCREEN, reentry=reentry, priority="CAO_TUOI")
    hall.do(turns.call_next, "3", actor=CLERK)
    refused = hall.do(turns.check_priority, "3", confirmed=False, actor=CLERK)
    assert (refused.priority, refused.place) == ("", back.place)
    hall.do(turns.hold, "3", 5, actor=CLERK)
    other = hall.issue(service, "CAO_TUOI")
    hall.do(turns.call_next, "3", actor=CLERK)
    refused = hall.do(turns.check_priority, "3", confirmed=False, actor=CLERK)
    assert (refused.id, refused.place) == (other.id, other.arrived_at)


def test_the_slip_holds_for_its_day_and_the_receipt_on_later_days_once_each(hall: Hall) -> None:
    code = received(hall)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    hall.set_clock("2026-11-24 08:00")
    late = scanned(hall, reentry)
    assert (late.name, late.reason, late.reentry) == ("supplement", "spent", "")
    hall.refused(ReentrySpent, lambda: hall.do(issue, service="dat-dai", actor=SCREEN, reentry=reentry))
    action = scanned(hall, code)
    assert (action.reason, action.reentry) == ("", code)
    assert number(hall, action).place < hall.clock()
    assert (scanned(hall, code).reason, scanned(hall, code).reentry) == ("spent", "")
    hall.refused(ReentrySpent, lambda: hall.do(issue, service="dat-dai", actor=SCREEN, reentry=code))
    hall.set_clock("2026-11-25 08:00")
    assert scanned(hall, code).reentry == code


def test_once_the_papers_are_there_nothing_lets_in_near_the_front(hall: Hall) -> None:
    code = received(hall)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    hall.do(supplement_done, code, actor=CLERK)
    assert scanned(hall, reentry).name == "status"
    hall.set_clock("2026-11-24 08:00")
    for text in (code, "MC-BCGHKLMN", "H55.242-261120-0009", "", "001066012345", "MC-"):
        assert not near_front.holds(hall.store.read(), hall.settings, text, hall.clock())


@pytest.mark.parametrize("by_receipt", [False, True])
def test_a_right_holds_for_its_dossiers_service_or_where_one_asks(hall: Hall, by_receipt: bool) -> None:
    for service in ("dat-dai", hall.settings.scans.ask_service):
        code = received(hall)
        reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
        text = code if by_receipt else reentry
        hall.refused(ReentrySpent, lambda text=text: hall.do(issue, service="ho-tich", actor=SCREEN, reentry=text))  # type: ignore[misc]
        back = hall.do(issue, service=service, actor=SCREEN, reentry=text)  # a refusal did not use it up
        assert back.place < back.arrived_at


def test_of_a_dossier_without_a_service_a_right_holds_where_one_asks(hall: Hall) -> None:
    code = received(hall, service="")
    hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    action = scanned(hall, code)
    hall.refused(ReentrySpent, lambda: hall.do(issue, service="dat-dai", actor=SCREEN, reentry=code))
    assert number(hall, action).service == hall.settings.scans.ask_service


@pytest.mark.parametrize("end", ["brought", "refused", "withdrawn"])
def test_a_slip_of_today_is_worth_nothing_once_no_papers_are_missing(hall: Hall, end: str) -> None:
    code = received(hall)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    if end == "brought":
        hall.do(supplement_done, code, actor=CLERK)
    elif end == "refused":
        hall.do(refuse, code, "không thuộc thẩm quyền", actor=CLERK)
    else:
        hall.do(set_status, code, WITHDRAWN, actor=CLERK)
    for text in (reentry, code):
        assert not near_front.holds(hall.store.read(), hall.settings, text, hall.clock())
        hall.refused(ReentrySpent, lambda text=text: hall.do(issue, service="dat-dai", actor=SCREEN, reentry=text))  # type: ignore[misc]


def test_a_late_dossier_is_apologised_for_and_told_once_a_day(hall: Hall) -> None:
    code = received(hall)
    hall.set_clock("2026-12-02 08:00")
    for _ in range(2):
        action = followed(hall, code)
        assert (action.name, action.days_late, action.service) == ("overdue", 5, "huong-dan")
    hall.set_clock("2026-12-03 08:00")
    followed(hall, code)
    seen = journal.read(hall.store.read(), only=Filter(kinds=("dossier.overdue_seen",)))
    assert [(event.dossier, event.data["days"]) for event in seen] == [(code, 5), (code, 6)]


def test_due_today_is_not_late(hall: Hall) -> None:
    code = received(hall)
    hall.set_clock("2026-11-27 23:00")  # 24 November is a holiday
    assert scanned(hall, code).name == "status"


def test_the_other_states(hall: Hall) -> None:
    fee, back, refused, gone, stopped = (received(hall) for _ in range(5))
    hall.do(set_status, fee, FEE_DUE, actor=CLERK)
    hall.do(hand_back, back, actor=CLERK)
    hall.do(refuse, refused, "không thuộc thẩm quyền", actor=CLERK)
    hall.do(set_status, gone, WITHDRAWN, actor=CLERK)
    hall.do(stop, stopped, "dừng", actor=CLERK)
    told = {code: (scanned(hall, code).name, scanned(hall, code).service) for code in (fee, back)}
    assert told == {fee: ("fee", "dat-dai"), back: ("returned", "")}
    for code in (refused, gone, stopped):
        assert (scanned(hall, code).name, scanned(hall, code).service) == ("status", "huong-dan")


def test_our_own_ticket_of_today_and_of_yesterday(hall: Hall) -> None:
    ticket = hall.issue("ho-tich")
    url = f"http://192.168.1.10:8000/t/{ticket.token}"
    action = scanned(hall, url)
    assert action.ticket is not None
    assert (action.name, action.reason, action.ticket.id) == ("ticket", "", ticket.id)
    hall.clock.turn(days=1)
    assert (scanned(hall, url).name, scanned(hall, url).reason) == ("ticket", "expired")
    other = scanned(hall, "http://192.168.1.10:8000/t/ABCDEFGH23456789")
    assert (other.name, other.reason, other.guess) == ("to_clerk", "not_ours", True)


def test_a_card_tells_the_kiosk_a_class_by_age_and_fills_a_form_for_staff(hall: Hall) -> None:
    assert (scanned(hall, OLD).name, scanned(hall, OLD).age_class, scanned(hall, OLD).card) == (
        "card_class",
        "CAO_TUOI",
        None,
    )
    assert scanned(hall, YOUNG).age_class == ""
    assert scanned(hall, "001066012345|?|").age_class == ""
    for who in ("clerk", "key"):
        action = scanned(hall, OLD, who)
        assert action.card is not None
        assert (action.name, action.card.name) == ("card_form", "Nguyễn Văn Thử")


def test_an_office_without_that_class_gives_none(hall: Hall) -> None:
    hall.settings = hall.settings.model_copy(update={"scans": Scans(age_class="")})
    assert scanned(hall, OLD).age_class == ""


def test_unknown_codes_go_on_to_a_clerk(hall: Hall) -> None:
    elsewhere = scanned(hall, "H56.14-240823-0001")
    assert (elsewhere.name, elsewhere.reason, elsewhere.service) == ("to_clerk", "not_here", "tra-ket-qua")
    assert elsewhere.guess
    loose = scanned(hall, "HS.2026_99")
    assert (loose.name, loose.reason, loose.service, loose.guess) == ("to_clerk", "", "huong-dan", True)
    for text in ("https://x/qr?id=6f9619ff-8b86-d011-b42d-00cf4fc964ff", "0912345678", "Xin chào", ""):
        action = scanned(hall, text)
        assert (action.name, action.reason, action.service, action.guess) == ("to_clerk", "", "huong-dan", False)


def test_a_code_of_a_shape_nobody_knows_is_found_if_the_register_has_it(hall: Hall) -> None:
    code = received(hall, code="HS.2026_17")
    assert code == "HS.2026_17"
    assert scanned(hall, "*hs.2026_17*").name == "status"
    assert scanned(hall, "HS.2026_18").name == "to_clerk"


def test_services_that_an_office_lacks_are_never_offered(hall: Hall) -> None:
    hall.settings = hall.settings.model_copy(update={"scans": Scans(collect_service="khong-co", ask_service="khong")})
    code = received(hall, service="")
    hall.do(set_status, code, DONE, actor=CLERK)
    assert scanned(hall, code).service == ""
    assert scanned(hall, "H56.14-240823-0001").service == ""


def test_what_is_written_of_a_scan_is_no_text(hall: Hall) -> None:
    code = received(hall)
    for text in (code, OLD, "001066012345", f"https://x/?SGT=001066012345&mahs={code}"):
        followed(hall, text)
    events = journal.read(hall.store.read(), only=Filter(kinds=("scan.read",)))
    assert [(e.dossier, e.data["kind"], e.data["action"]) for e in events] == [
        (code, "dossier", "status"),
        ("", "card", "card_class"),
        ("", "unknown", "to_clerk"),
        (code, "dossier", "status"),
    ]
    assert "001066012345" not in "\n".join(hall.dump())


def test_the_tables_are_rebuilt_from_the_journal(hall: Hall) -> None:
    code = received(hall)
    reentry = hall.do(ask_supplement, code, PAPERS, "thiếu", actor=CLERK)
    number(hall, scanned(hall, reentry))
    assert rehearse(hall.store) == {}


def test_every_action_has_its_sentence() -> None:
    for language in PHRASES.languages:
        said, to_staff = (PHRASES.section(language, name) for name in ("scan.say", "scan.say_staff"))
        assert said.keys() == to_staff.keys()
        for name in NAMES:
            assert name in said


def test_settings_name_services_that_there_are() -> None:
    with pytest.raises(Exception, match=r"scans\.collect_service: no service 'x'"):
        settings_with(scans={"collect_service": "x"})
