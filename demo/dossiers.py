"""The demo's register: a dossier in every state a citizen may ask about, and the receipts that one would scan.

All people and codes are invented.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from office import dossier_reentry, dossiers, procedures
from office.clock import day_of, local
from office.dossier_acts import ask_supplement, hand_back, move, set_status
from office.dossier_intake import Intake, receive
from office.dossiers import (
    DONE,
    FEE_DUE,
    IN_PROCESS,
    RETURNED,
    SUPPLEMENT,
    Applicant,
    Dossier,
    Missing,
    Paper,
    timeliness,
)
from office.errors import UnknownProcedure
from office.settings import Settings
from office.store import Act, Store

CLERK: Final = "person:lan"
WORKDAY_MIN: Final = 480
APART_MIN: Final = 37
"""So far apart in the day are two cases, the last one so far from now."""
CARD: Final = "000000000000||Nguyễn Văn Thử|01011950|Nam|Thôn Mẫu, xã Phú Lương|01012022"
"""A citizen card's QR that nobody has: the number is no number."""


@dataclass(frozen=True, slots=True)
class Case:
    """A dossier to be received ``days`` working days ago, and what became of it since, a working day a step."""

    days: int
    procedure: str
    name: str
    service: str
    applicant: str
    term: int
    later: tuple[Callable[[Act, Settings, str], object], ...] = ()


def _to(unit: str) -> Callable[[Act, Settings, str], object]:
    """Passed on to the unit whose field it is."""

    def pass_on(act: Act, settings: Settings, code: str) -> object:
        return move(act, settings, code, unit, actor=CLERK)

    return pass_on


def _finish(act: Act, settings: Settings, code: str) -> object:
    return set_status(act, settings, code, DONE, actor=CLERK)


def _ask_fee(act: Act, settings: Settings, code: str) -> object:
    return set_status(act, settings, code, FEE_DUE, actor=CLERK)


def _hand_back(act: Act, settings: Settings, code: str) -> object:
    return hand_back(act, settings, code, actor=CLERK)


def _ask_papers(act: Act, settings: Settings, code: str) -> object:
    papers = (Missing("Bản sao giấy chứng nhận quyền sử dụng đất"), Missing("Bản vẽ thiết kế"))
    return ask_supplement(act, settings, code, papers, "Thành phần hồ sơ chưa đủ", actor=CLERK)


ECONOMY: Final = "Phòng Kinh tế"
CULTURE: Final = "Phòng Văn hóa - Xã hội"
OFFICE: Final = "Văn phòng HĐND và UBND"
LAND: Final = "Chi nhánh Văn phòng đăng ký đất đai"
CASES: Final = (
    Case(20, "1.001612", "Đăng ký thành lập hộ kinh doanh", "kinh-doanh", "Trần Thị Mẫu", 3, (_to(ECONOMY),)),
    Case(12, "2.000908", "Cấp bản sao từ sổ gốc", "chung-thuc", "Phạm Văn Ví Dụ", 1, (_finish, _hand_back)),
    Case(9, "1.004884", "Đăng ký lại khai sinh", "ho-tich", "Nguyễn Văn Thử", 5, (_to(OFFICE), _finish)),
    Case(6, "1.013225", "Cấp giấy phép xây dựng mới", "dat-dai", "Lê Thị Thử Nghiệm", 15, (_ask_papers,)),
    Case(4, "1.013978", "Đăng ký đất đai lần đầu", "dat-dai", "Hoàng Văn Mẫu", 27, (_to(LAND), _ask_fee)),
    Case(2, "1.001699", "Xác định mức độ khuyết tật", "bao-tro", "Vũ Thị Thử", 25, (_to(CULTURE),)),
    Case(1, "1.013226", "Điều chỉnh giấy phép xây dựng", "dat-dai", "Đỗ Văn Mẫu", 20, (_ask_papers,)),
)


def furnish(store: Store, settings: Settings, set_clock: Callable[[int], None], now: int) -> None:
    """Fill an empty register as if the office had worked for some weeks before ``now`` (ms UTC), in office hours."""
    codes: dict[int, str] = {}
    for at, n, step in sorted(_moments(settings, now)):
        set_clock(at)
        with store.act() as act:
            if step:
                CASES[n].later[step - 1](act, settings, codes[n])
            else:
                codes[n] = receive(act, settings, _intake(act.db, CASES[n]), actor=CLERK).code


def _moments(settings: Settings, now: int) -> Iterator[tuple[int, int, int]]:
    """When (ms UTC) each case is received (step 0) and goes on: (moment, case, step).

    A slip of missing papers holds for its day only: the last one is of today, be it a Sunday.
    """
    worktime, zone = settings.worktimes[""], settings.office.zone
    for n, case in enumerate(CASES):
        for step in range(len(case.later) + 1):
            at = worktime.add(now, -(case.days - step) * WORKDAY_MIN - APART_MIN * (len(CASES) - n))
            last = case is CASES[-1] and step == len(case.later)
            yield (now if last and day_of(at, zone) != day_of(now, zone) else at), n, step


def _intake(db: sqlite3.Connection, case: Case) -> Intake:
    try:
        procedure = procedures.get(db, case.procedure).code
    except UnknownProcedure:  # an office that posts another catalogue
        procedure = ""
    return Intake(
        procedure=procedure,
        procedure_name=case.name,
        service=case.service,
        term_amount=case.term,
        term_unit="ngay_lam_viec",
        papers=(Paper("Tờ khai", "original", 1),),
        applicant=Applicant(name=case.applicant, address="Thôn Mẫu, xã Phú Lương"),
    )


WORDS: Final[tuple[tuple[str, Callable[[Dossier, bool], bool]], ...]] = (
    ("Quá hạn · Overdue", lambda d, late: late),
    ("Đang giải quyết · In progress", lambda d, late: d.status == IN_PROCESS and not late),
    ("Đã có kết quả · Result ready", lambda d, _: d.status == DONE),
    ("Thiếu giấy tờ · Papers missing", lambda d, _: d.status == SUPPLEMENT),
    ("Chờ nộp phí · Fee due", lambda d, _: d.status == FEE_DUE),
    ("Đã trả kết quả · Handed over", lambda d, _: d.status == RETURNED),
)


def samples(db: sqlite3.Connection, settings: Settings, now: int) -> list[dict[str, str]]:
    """What the simulated scanner offers: a receipt of every state there is, and what is no receipt of ours."""
    zone = settings.office.zone
    today, found = local(now, zone).date(), dossiers.recent(db, 200)
    offered = []
    for label, fits in WORDS:
        codes = [d.code for d in found if fits(d, timeliness(d, today, zone) == "overdue")]
        offered += [{"label": label, "text": codes[-1]}] if codes else []
    offered += [
        {"label": "Địa chỉ tra cứu trong QR · Look-up address", "text": f"https://dvc.example/tra-cuu?MHS={codes[0]}"}
        for codes in [[d.code for d in found if d.status == DONE]]
        if codes
    ]
    for code in [d.code for d in found if d.status == SUPPLEMENT]:
        reentry = dossier_reentry.of_dossier(db, code)
        if reentry is not None and reentry.good(day_of(now, zone)):
            offered.append({"label": "Phiếu quay lại bổ sung · Re-entry slip", "text": reentry.code})
    return [
        *offered,
        {"label": "Giấy hẹn nơi khác · Another office's receipt", "text": f"H56.14-{today:%y%m%d}-0001"},
        {
            "label": "Mã không rõ · Opaque address",
            "text": "https://dvc.example/qr?id=6f9619ff-8b86-4011-b42d-00cf4fc964ff",
        },
        {"label": "Thẻ căn cước · Citizen card", "text": CARD},
    ]
