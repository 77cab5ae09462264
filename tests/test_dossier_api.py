"""The register over the API: every call with its answers, who may, and what nobody else is told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from office import dossiers, journal
from office.dossier_intake import NoCodeLeft, next_code
from office.dossier_rows import Pushed, upsert_rows
from office.people import Role
from office.replay import rehearse
from tools.fitting import Fits
from tools.rehearsal import Hall
from tools.webhall import API, Doors, post
from web.pulse import Beat

CODE = "H55.242-261120-0007"
PERSON = {
    "name": "Nguyễn Văn Thử", "address": "Thôn Mẫu, xã Phú Lương", "phone": "0900000000", "email": "thu@vi.example",
    "id_number": "000000000012", "owner": "Trần Thị Mẫu", "owner_address": "Xóm Mẫu",
}  # fmt: skip
NEW = {
    "procedure_name": "Đăng ký khai sinh", "term_amount": 3, "term_unit": "ngay_lam_viec", "sets": 2, "fee": 8000,
    "papers": [{"name": "Tờ khai", "kind": "original", "count": 1}, {"name": "Giấy chứng sinh"}], "applicant": PERSON,
}  # fmt: skip
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def system(doors: Doors) -> FlaskClient:
    return doors.key("dossiers")


@pytest.fixture
def call(system: FlaskClient, fits: Fits) -> Call:
    """POST to a dossier's act and hold the answer against its schema."""

    def run(code: str, act: str, body: Any = None, status: int = 200) -> dict[str, Any]:
        answer = post(system, f"/dossiers/{code}/{act}", body)
        return dict(fits(answer, status, "Dossier" if status < 300 else "Problem"))

    return run


def test_enter_once_and_look_up(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    ticket = doors.hall.issue("ho-tich")
    made = fits(post(system, "/dossiers", NEW | {"ticket": ticket.id}), 201, "Dossier")
    assert made["code"] == "H55.242-261123-0001"
    assert (made["status"], made["timeliness"], made["trips"], made["unit"]) == (2, "open", 0, "Bộ phận Một cửa")
    assert made["due_at"].startswith("2026-11-27")  # Tuesday 24 November is a holiday
    assert made["applicant"] == PERSON
    assert made["papers"][1] == {"name": "Giấy chứng sinh", "kind": "", "count": 1}
    assert [(v["ticket"], v["number"], v["purpose"]) for v in made["visits"]] == [(ticket.id, "H-001", "hand_in")]
    seen = fits(system.get(f"{API}/dossiers/h55.242-261123-0001"), 200, "Dossier")
    assert seen == made
    listed = fits(system.get(f"{API}/dossiers?ticket={ticket.id}"), 200, "Dossiers")
    assert [(d["code"], d["name"]) for d in listed["dossiers"]] == [(made["code"], PERSON["name"])]
    fits(system.get(f"{API}/dossiers/{CODE}"), 404, "Problem")


def test_a_dossier_through_its_life(doors: Doors, system: FlaskClient, call: Call, fits: Fits) -> None:
    code = fits(post(system, "/dossiers", NEW), 201, "Dossier")["code"]
    moved = call(code, "moves", {"to_unit": "Phòng Kinh tế", "note": "kèm bản vẽ"})
    assert (moved["unit"], moved["status"]) == ("Phòng Kinh tế", 4)
    assert [(m["to_unit"], m["result"], m["note"]) for m in moved["moves"]] == [
        ("Bộ phận Một cửa", "", ""),
        ("Phòng Kinh tế", "early", "kèm bản vẽ"),
    ]
    asked = call(code, "supplement", {"missing": [{"name": "Giấy chứng sinh"}], "reason": "chưa có"})
    assert (asked["status"], asked["missing"], asked["timeliness"]) == (5, [{"name": "Giấy chứng sinh"}], "none")
    assert asked["reentry"].startswith("MC-")
    assert asked["notes"][-1]["text"] == "chưa có"
    call(code, "supplement", {"missing": [{"name": "Giấy chứng sinh"}]}, 409)
    doors.hall.clock.turn(days=7)
    ticket = doors.hall.issue("ho-tich")
    back = call(code, "supplement-done", {"papers": [{"name": "Giấy chứng sinh"}], "ticket": ticket.id})
    assert (back["status"], back["missing"], len(back["papers"]), back["reentry"]) == (2, [], 3, None)
    assert back["due_at"].startswith("2026-12-03")  # from zero: Monday 30 November and three working days
    later = call(code, "reschedule", {"due_at": "2026-12-10T17:00:00+07:00", "reason": "chờ xác minh"})
    assert (later["rescheduled"], later["due_at"][:10]) == (True, "2026-12-10")
    call(code, "reschedule", {"due_at": "2026-12-20T17:00:00+07:00", "reason": "nữa"}, 409)
    assert call(code, "status", {"status": 9})["timeliness"] == "early"
    done = call(code, "hand-back", {"how": "post", "tracking": "EA000000000VN"})
    assert (done["status"], done["give_back"], done["tracking"]) == (10, "post", "EA000000000VN")
    for act, body in (
        ("moves", {"to_unit": "x"}),
        ("status", {"status": 4}),
        ("supplement", {"missing": [{"name": "x"}]}),
        ("supplement-done", {}),
        ("refuse", {"reason": "x"}),
        ("stop", {"reason": "x"}),
        ("hand-back", {}),
    ):
        head = doors.head()
        call(code, act, body, 409)
        assert doors.head() == head
    assert rehearse(doors.hall.store) == {}


def test_refused_and_stopped_dossiers_need_a_reason(system: FlaskClient, call: Call, fits: Fits) -> None:
    codes = [fits(post(system, "/dossiers", NEW), 201, "Dossier")["code"] for _ in range(2)]
    for code, act, status in zip(codes, ("refuse", "stop"), (3, 8), strict=True):
        call(code, act, {}, 422)
        call(code, act, {"reason": "\u200b"}, 400)
        ended = call(code, act, {"reason": "không thuộc thẩm quyền"})
        assert (ended["status"], ended["timeliness"]) == (status, "none")
        assert call(code, "hand-back")["status"] == status


def test_push_adds_changes_and_leaves_the_rest(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    body = {
        "procedure": "1.001193.000.00.00.H55", "procedure_name": "Đăng ký khai sinh", "local_status": "Thụ lý",
        "received_at": "2026-11-20T08:00:00+07:00", "due_at": "2026-11-25T17:00:00+07:00",
        "applicant": {"name": "Nguyễn Văn Thử", "phone": "0900000000"},
    }  # fmt: skip
    made = fits(system.put(f"{API}/dossiers/{CODE}", json=body), 201, "Dossier")
    assert (made["procedure"], made["status"], made["source"]) == ("1.001193", 4, "system")
    assert made["timeliness"] == "open"
    head = doors.head()
    fits(system.put(f"{API}/dossiers/{CODE}", json=body), 200, "Dossier")
    assert doors.head() == head  # nothing new, nothing written
    done = fits(system.put(f"{API}/dossiers/{CODE}", json={"local_status": "CHO_TRA_KET_QUA"}), 200, "Dossier")
    assert (done["status"], done["timeliness"], done["due_at"]) == (9, "early", made["due_at"])
    assert done["applicant"]["phone"] == "0900000000"
    assert [m["status"] for m in done["moves"]] == [9]
    for wrong in (
        *({"local_status": "LAM_SAO_DAY"}, {"service": "khong-co"}, {"unit": "gọi 0900000000"}),
        {"term_amount": 0, "term_unit": "gio"},
    ):
        told = fits(system.put(f"{API}/dossiers/{CODE}", json=wrong), 400, "Problem")
        assert told["key"] == ("error.personal_number" if "unit" in wrong else "error.bad_dossier")
        assert told["field"] in wrong
    fits(system.put(f"{API}/dossiers/{CODE}", json={"status": 11}), 422, "Problem")
    fits(system.put(f"{API}/dossiers/{CODE}", json={"due_at": "25/11/2026"}), 400, "Problem")


def test_a_person_corrects_what_describes_and_is_told_the_act_for_the_rest(doors: Doors, fits: Fits) -> None:
    clerk = doors.person()
    made = fits(post(clerk, "/dossiers", NEW), 201, "Dossier")
    url = f"{API}/dossiers/{made['code']}"
    for field, value, act in (
        ("due_at", "2026-12-31T17:00:00+07:00", "reschedule"),
        ("status", 9, "status"),
        ("local_status", "THU_LY", "status"),
        ("unit", "Phòng Kinh tế", "moves"),
        ("returned_at", "2026-11-23T08:00:00+07:00", "hand-back"),
        ("received_at", "2026-11-20T08:00:00+07:00", ""),
        ("term_amount", 9, "reschedule"),
    ):
        head = doors.head()
        told = fits(clerk.put(url, json={field: value, "fee": 1}), 403, "Problem")
        assert (told["key"], told["act"], doors.head()) == ("error.needs_act", act, head)
    body = {
        "fee": 9000, "give_back": "post", "applicant": {"phone": "0900000009"}, "papers": [{"name": "Tờ khai mới"}],
        "status": made["status"], "due_at": made["due_at"], "unit": made["unit"],  # as they are: no change of them
    }  # fmt: skip
    seen = fits(clerk.put(url, json=body), 200, "Dossier")
    assert (seen["fee"], seen["give_back"], seen["due_at"]) == (9000, "post", made["due_at"])
    assert seen["applicant"] == PERSON | {"phone": "0900000009"}
    assert [paper["name"] for paper in seen["papers"]] == ["Tờ khai mới"]
    head = doors.head()
    assert fits(clerk.put(url, json=body), 200, "Dossier") == seen
    assert doors.head() == head
    fits(clerk.put(f"{API}/dossiers/{CODE}", json={"fee": 1}), 404, "Problem")
    (event,) = journal.read(doors.hall.store.read(), only=journal.Filter(kinds=("dossier.corrected",)))
    assert "0900000009" not in str(event)
    assert rehearse(doors.hall.store) == {}


def test_a_system_tells_papers_and_no_day_to_come(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    body = {"procedure_name": "x", "status": 10, "papers": [{"name": "Tờ khai", "count": 2}]}
    made = fits(system.put(f"{API}/dossiers/{CODE}", json=body), 201, "Dossier")
    assert (made["papers"][0]["count"], made["finished_at"]) == (2, made["returned_at"])
    assert made["returned_at"] is not None
    told = fits(system.put(f"{API}/dossiers/{CODE}", json={"received_at": "2150-01-01T08:00:00Z"}), 400, "Problem")
    assert (told["key"], told["field"], told["reason"]) == ("error.wrong_day", "received_at", "future")


def test_an_unknown_shape_waits_for_a_clerk(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    told = fits(system.put(f"{API}/dossiers/QG-2026-0001", json={"procedure_name": "x"}), 400, "Problem")
    assert (told["key"], told["confirmable"]) == ("error.bad_code", True)
    taken = fits(
        system.put(f"{API}/dossiers/QG-2026-0001", json={"procedure_name": "x", "confirmed": True}), 201, "Dossier"
    )
    assert (taken["shape"], taken["code"]) == ("other", "QG-2026-0001")
    told = fits(post(system, "/dossiers", NEW | {"code": "0900000000", "confirmed": True}), 400, "Problem")
    assert told["confirmable"] is False
    fits(post(system, "/dossiers", NEW | {"code": "qg-2026-0001", "confirmed": True}), 409, "Problem")


def test_lists_by_text_status_and_due(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    for n, due in enumerate(("2026-11-20", "2026-11-23", "2026-11-24", "2026-11-30"), start=1):
        body = {
            "due_at": f"{due}T17:00:00+07:00",
            "status": 4,
            "procedure_name": "x",
            "applicant": {"name": f"Mẫu {n}"},
        }
        fits(system.put(f"{API}/dossiers/H55.242-261118-000{n}", json=body), 201, "Dossier")

    def asked(query: str) -> list[str]:
        found = fits(system.get(f"{API}/dossiers?{query}"), 200, "Dossiers")
        assert found["counts"] == {"overdue": 1, "today": 1, "soon": 2}
        return [d["code"][-1] for d in found["dossiers"]]

    assert asked("due=overdue") == ["1"]
    assert asked("due=today") == ["2"]
    assert asked("due=soon") == ["2", "3"]
    assert asked("q=MAU+3") == ["3"]
    assert asked("q=1118-0002") == ["2"]
    assert asked("status=4&limit=3") == ["4", "3", "2"]
    assert asked("status=9") == []
    for wrong in ("due=x", "status=11", "status=0", "limit=0", "limit=201", "limit=٣", "q=" + "a" * 101):
        fits(system.get(f"{API}/dossiers?{wrong}"), 400, "Problem")


def test_who_may(doors: Doors, fits: Fits) -> None:
    clerk, kiosk, board = doors.person(), doors.screen("kiosk"), doors.screen("board")
    code = fits(post(clerk, "/dossiers", NEW), 201, "Dossier")["code"]
    for client, status in ((doors.open, 401), (kiosk, 403), (board, 403), (doors.key("tickets", name="t"), 403)):
        for path in (f"/dossiers/{code}", "/dossiers"):
            told = client.get(f"{API}{path}")
            assert told.status_code == status
            assert "Nguyễn" not in told.get_data(as_text=True)
        assert post(client, f"/dossiers/{code}/refuse", {"reason": "x"}).status_code == status
    assert clerk.delete(f"{API}/dossiers/{code}/applicant").status_code == 403
    chief = doors.person("hoa", Role.SUPERVISOR)
    assert chief.delete(f"{API}/dossiers/{code}/applicant").status_code == 204
    seen = fits(clerk.get(f"{API}/dossiers/{code}"), 200, "Dossier")
    assert (seen["applicant"], seen["procedure_name"]) == (None, "Đăng ký khai sinh")


def test_the_same_key_gives_the_same_answer_and_keeps_no_person(doors: Doors, system: FlaskClient) -> None:
    first = post(system, "/dossiers", NEW, key="k1")
    again = post(system, "/dossiers", NEW, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert len(dossiers.recent(doors.hall.store.read(), 10)) == 1
    kept = doors.hall.store.read().execute("SELECT body FROM answers").fetchall()
    assert kept
    assert not [body for (body,) in kept if any(word in body for word in PERSON.values())]


def test_the_journal_and_its_streams_know_no_person(doors: Doors, system: FlaskClient, call: Call, fits: Fits) -> None:
    code = fits(post(system, "/dossiers", NEW), 201, "Dossier")["code"]
    call(code, "supplement", {"missing": [{"name": "Sổ đỏ"}], "reason": "ông Nguyễn Văn Thử thiếu, gọi 0900000000"})
    fits(system.put(f"{API}/dossiers/{CODE}", json={"procedure_name": "x", "applicant": PERSON}), 201, "Dossier")
    text = "\n".join(str(row) for row in doors.hall.store.read().execute("SELECT * FROM journal"))
    assert code in text
    assert not [word for word in (*PERSON.values(), "ông", "0900000000") if word in text]
    told = post(system, f"/dossiers/{code}/moves", {"to_unit": "000000000012"})
    assert told.status_code == 400


def test_two_desks_hand_a_dossier_over_once(system: FlaskClient, fits: Fits, call: Call) -> None:
    made = fits(post(system, "/dossiers", NEW), 201, "Dossier")
    code, seen = made["code"], {"from_unit": made["unit"]}
    assert call(code, "moves", seen | {"to_unit": "Phòng Kinh tế"})["unit"] == "Phòng Kinh tế"
    late = call(code, "moves", seen | {"to_unit": "Cơ quan thuế"}, 409)
    assert (late["key"], "Phòng Kinh tế" in late["title"] + late["detail"]) == ("error.moved_meanwhile", True)
    same = call(code, "moves", {"to_unit": " Phòng  Kinh tế "}, 409)
    assert same["key"] == "error.same_unit"
    assert len(fits(system.get(f"{API}/dossiers/{code}"), 200, "Dossier")["moves"]) == len(made["moves"]) + 1


def test_two_desks_at_once_get_two_codes(system: FlaskClient, fits: Fits, doors: Doors) -> None:
    codes = [fits(post(system, "/dossiers", NEW), 201, "Dossier")["code"] for _ in range(3)]
    assert codes == [f"H55.242-261123-000{n}" for n in (1, 2, 3)]
    fits(system.put(f"{API}/dossiers/H55.242-261123-0100", json={"procedure_name": "x"}), 201, "Dossier")
    assert fits(post(system, "/dossiers", NEW), 201, "Dossier")["code"] == "H55.242-261123-0101"
    doors.hall.clock.turn(days=1)
    assert fits(post(system, "/dossiers", NEW), 201, "Dossier")["code"] == "H55.242-261124-0001"


@pytest.mark.parametrize(
    ("pushed", "following"),
    [("99999999999999999999", "0001"), ("9999999", "0001"), ("00-1", "0001"), ("9999", "0001"), ("9998", "9999")],
)
def test_no_row_of_another_system_stops_the_codes_of_the_day(
    system: FlaskClient, fits: Fits, pushed: str, following: str
) -> None:
    told = {"procedure_name": "x", "confirmed": True}
    fits(system.put(f"{API}/dossiers/H55.242-261123-{pushed}", json=told), 201, "Dossier")
    assert fits(post(system, "/dossiers", NEW), 201, "Dossier")["code"] == f"H55.242-261123-{following}"


def test_a_day_without_a_code_left_is_told_in_words(hall: Hall) -> None:
    rows = [Pushed(code=f"H55.242-261123-{n:03d}") for n in range(1, 1000) if n != 7]
    hall.do(upsert_rows, rows, actor="key:tinh", source="tinh")
    day = date(2026, 11, 23)
    assert next_code(hall.store.read(), "H55.242", day, 3).key == "H55.242-261123-007"
    hall.do(upsert_rows, [Pushed(code="H55.242-261123-007")], actor="key:tinh", source="tinh")
    with pytest.raises(NoCodeLeft):
        next_code(hall.store.read(), "H55.242", day, 3)


def test_rows_of_an_import_are_in_no_stream_and_in_the_journal_only_when_asked(doors: Doors, fits: Fits) -> None:
    system, reader = doors.key("dossiers"), doors.key("journal", name="log")
    fits(system.put(f"{API}/dossiers/{CODE}", json={"procedure_name": "x"}), 201, "Dossier")
    plain = fits(reader.get(f"{API}/journal?kind=dossier.imported"), 200, "Journal")["events"][0]["data"]
    assert plain == {"source": "system", "added": 1, "changed": 0}
    whole = fits(reader.get(f"{API}/journal?kind=dossier.imported&rows=1"), 200, "Journal")["events"][0]["data"]
    assert dict(zip(whole["columns"], whole["rows"][0], strict=True))["key"] == CODE
    fits(post(system, f"/dossiers/{CODE}/moves", {"to_unit": "Phòng Kinh tế"}), 200, "Dossier")
    beats = [Beat(event, doors.settings) for event in journal.read(doors.hall.store.read())]
    for audience in ("screen", "clerk", "all"):
        text = b"".join(beat.text(audience) for beat in beats)
        assert (b"dossier.imported" in text) == (audience != "screen")
        assert b'"rows"' not in text
        assert b'"left"' not in text
