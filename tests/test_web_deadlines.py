"""The posted time limit of a procedure by channel, and GET /api/v1/deadlines that counts with it."""

from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from office import procedures
from office.catalogue_entry import Channel, Procedure
from office.deadlines import Term, term_of
from tools.fitting import Fits
from tools.rehearsal import Hall, post_catalogue
from tools.webhall import API, Doors

UNKNOWN = "Chưa có thông tin, mời hỏi tại quầy"


def posted(*channels: dict[str, Any], caveats: tuple[Any, ...] = ()) -> Procedure:
    return Procedure(
        code="1.000001",
        name="Việc thử",
        field="Hộ tịch",
        source_url="https://example.vn/",
        fetched_at=date(2026, 7, 20),
        channels=tuple(Channel(**channel) for channel in channels),
        caveats=caveats,
    )


def test_the_term_is_that_of_the_channel_and_never_a_guess() -> None:
    """DOMAIN 4.2, 7: 1.013978 takes 17, 20 or 27 working days by channel; times without unit are no times."""
    land = posted(
        {"channel": "direct", "time_amount": 27, "time_unit": "ngay_lam_viec"},
        {"channel": "online", "time_amount": 17, "time_unit": "ngay_lam_viec"},
        {"channel": "post"},
    )
    assert term_of(land, "direct") == Term(27, "ngay_lam_viec")
    assert term_of(land, "online") == Term(17, "ngay_lam_viec")
    assert term_of(land, "post") is None
    assert term_of(posted(), "direct") is None
    assert term_of(posted({"channel": "direct", "same_day": True}), "direct") == Term(0, "ngay_lam_viec")
    sure = {"channel": "direct", "time_amount": 3, "time_unit": "ngay"}
    assert term_of(posted(sure, caveats=("time_varies",)), "direct") is None
    assert term_of(posted(sure, caveats=("time_without_unit",)), "direct") is None
    assert term_of(posted(sure, caveats=("fee_odd",)), "direct") == Term(3, "ngay")


# ---- over the web --------------------------------------------------------------------------------


@pytest.fixture
def doors(hall: Hall) -> Doors:
    """An office with the project's own catalogue posted."""
    hall.do(post_catalogue)
    return Doors(hall)


@pytest.fixture
def open_door(doors: Doors) -> FlaskClient:
    """Nobody in particular: what is posted is for everyone."""
    return doors.open


def ask(door: FlaskClient, language: str = "vi", **query: str) -> dict[str, Any]:
    answer = door.get(f"{API}/deadlines", query_string=query, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def test_a_posted_term_is_counted_and_explained(doors: Doors) -> None:
    answer = doors.open.get(f"{API}/deadlines?procedure=1.004837&received_at=2026-11-23T16:00:00%2B07:00")
    told = Fits(doors)(answer, 200, "Deadline")
    assert (told["amount"], told["unit"], told["service"], told["channel"]) == (
        3,
        "ngay_lam_viec",
        "ho-tich",
        "direct",
    )
    assert told["due_at"] == "2026-11-27T16:00:00.000+07:00"
    assert told["procedure"]["code"] == "1.004837"
    assert told["procedure"]["fetched_at"] == "2026-07-20"
    assert [step["say"] for step in told["steps"]] == [
        "Nhận lúc 16:00 ngày 23/11/2026",
        "Thời hạn: 3 ngày làm việc",
        "Không tính ngày 24/11/2026: Ngày Văn hóa Việt Nam",
        "Hẹn trả lúc 16:00 ngày 27/11/2026",
    ]


def test_the_channel_decides_as_the_register_or_the_catalogue_calls_it(open_door: FlaskClient) -> None:
    """1.013225: 15 days at the counter, 20 online (DOMAIN 7)."""
    amounts = [
        ask(open_door, procedure="1.013225", channel=channel)["amount"] for channel in ("counter", "direct", "online")
    ]
    assert amounts == [15, 15, 20]


@pytest.mark.parametrize(("clock", "due_on"), [("15:00", "2026-11-25"), ("15:01", "2026-11-26")])
def test_births_are_registered_the_same_day_before_the_cutoff(open_door: FlaskClient, clock: str, due_on: str) -> None:
    told = ask(open_door, procedure="1.001193", received_at=f"2026-11-25T{clock}:00+07:00")
    assert (told["amount"], told["due_at"]) == (0, f"{due_on}T17:00:00.000+07:00")


def test_a_silent_catalogue_is_said_to_be_silent(doors: Doors, open_door: FlaskClient) -> None:
    told = Fits(doors)(doors.open.get(f"{API}/deadlines?procedure=1.116410"), 200, "Deadline")
    assert (told["due_at"], told["amount"], told["unit"]) == (None, None, None)
    assert [step["say"] for step in told["steps"]] == [UNKNOWN]
    by_post = ask(open_door, procedure="1.001193", channel="post")  # another channel's term is not taken
    assert [step["say"] for step in by_post["steps"]] == [UNKNOWN]
    mine = ask(open_door, procedure="1.116410", amount="7", unit="ngay_lam_viec")  # what the clerk knows counts
    assert mine["due_at"] is not None


def test_a_doubtful_time_limit_is_named_as_such(hall: Hall) -> None:
    line = (
        '{"code": "1.000001", "name": "Việc thử", "field": "Hộ tịch", "source_url": "https://example.vn/",'
        ' "fetched_at": "2026-07-20", "channels": [{"channel": "Trực tiếp", "time_amount": "5", "time_unit": null}]}'
    )
    hall.do(procedures.import_lines, [line], actor="system")
    told = ask(Doors(hall).open, procedure="1.000001")
    assert told["due_at"] is None
    assert [step["say"] for step in told["steps"]] == [UNKNOWN, "Nguồn ghi thời hạn thiếu đơn vị, mời hỏi tại quầy"]


def test_a_term_alone_is_counted_from_now_in_a_service_s_own_time(open_door: FlaskClient, hall: Hall) -> None:
    hall.set_clock("2026-11-27 16:00")
    told = ask(open_door, amount="2", unit="gio", service="cu-tru")
    assert datetime.fromisoformat(told["received_at"]) == datetime.fromisoformat("2026-11-27T16:00+07:00")
    assert (told["due_at"], told["procedure"], told["service"]) == ("2026-11-30T08:00:00.000+07:00", None, "cu-tru")


def test_a_reader_of_english_is_told_in_english(open_door: FlaskClient) -> None:
    told = ask(open_door, "en", amount="2", unit="gio", received_at="2026-11-25T08:00:00+07:00")
    assert told["steps"][-1]["say"] == "Due at 10:00 on 25/11/2026"


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({}, 400, "procedure"),
        ({"amount": "3"}, 400, "unit"),
        ({"unit": "ngay"}, 400, "amount"),
        ({"amount": "ba", "unit": "ngay"}, 400, "amount"),
        ({"amount": "²", "unit": "ngay"}, 400, "amount"),
        ({"amount": "-1", "unit": "ngay"}, 400, "amount"),
        ({"amount": "0", "unit": "gio"}, 400, "amount"),
        ({"amount": "99999999999999", "unit": "gio"}, 400, "amount"),
        ({"amount": "3", "unit": "tuan"}, 400, "unit"),
        ({"amount": "3", "unit": "ngay", "channel": "fax"}, 400, "channel"),
        ({"amount": "3", "unit": "ngay", "received_at": "23/11/2026"}, 400, "received_at"),
        ({"amount": "3", "unit": "ngay", "received_at": "2026-11-23T08:00:00"}, 400, "received_at"),
        ({"amount": "3", "unit": "ngay", "received_at": "0001-01-01T00:00:00Z"}, 400, "received_at"),
        ({"amount": "3", "unit": "ngay", "received_at": "9999-12-31T23:59:59-12:00"}, 400, "received_at"),
        ({"amount": "3", "unit": "ngay", "service": "khong-co"}, 400, None),
        ({"procedure": "9.999999"}, 404, None),
        ({"procedure": "x" * 500}, 404, None),
    ],
)
def test_what_cannot_be_counted_is_refused(
    open_door: FlaskClient, query: dict[str, str], status: int, field: str | None
) -> None:
    answer = open_door.get(f"{API}/deadlines", query_string=query)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert isinstance(answer.json, dict)
    assert answer.json.get("field") == field


@pytest.mark.parametrize("year", ["2000", "2099"])
def test_the_longest_term_from_either_end_of_the_calendar_has_an_answer(open_door: FlaskClient, year: str) -> None:
    told = ask(open_door, amount="10000", unit="ngay_lam_viec", received_at=f"{year}-12-31T08:00:00+07:00")
    assert told["due_at"] is not None
