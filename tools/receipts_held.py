"""Dossiers that a citizen at a kiosk holds receipts of, one for each thing a scan can mean; and how they are scanned.

Each has an applicant, so that a test can see that no screen ever shows one.
"""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page, expect

from office.dossier_acts import ask_supplement
from office.dossier_rows import Pushed, put
from office.dossiers import Missing
from tools.citizen import Kiosk, rest
from tools.rehearsal import CLERK

NAME, OWNER = "Nguyễn Văn Thử", "Trần Thị Mẫu"
PERSON: Final[dict[str, Any]] = {
    "name": NAME, "owner": OWNER, "phone": "0900000000", "id_number": "001066012345", "address": "Xóm Thử",
}  # fmt: skip
PERSONAL: Final = (NAME, OWNER, "Văn Thử", "Xóm Thử", "0900000000", "001066012345")
"""What no public page, answer or event may hold."""

ELDER: Final = f"001055012345||{NAME}|23111955|Nam|Xóm Thử|01012022"
YOUNG: Final = f"001095012345||{NAME}|23111995|Nam|Xóm Thử|01012022"
PAPERS: Final = ("Giấy chứng sinh", "Văn bản ủy quyền có chứng thực của Ủy ban nhân dân cấp xã")


@dataclass(frozen=True)
class Receipt:
    """A receipt and the screen that its scan leads to."""

    code: str
    screen: str
    title: str


RUNNING: Final = Receipt("H55.242-261120-0001", "scan-status", "Đang giải quyết")
READY: Final = Receipt("H55.242-261118-0002", "scan-collect", "Đã có kết quả")
LACKING: Final = Receipt("H55.242-261119-0003", "scan-supplement", "Hồ sơ cần bổ sung giấy tờ")
LATE: Final = Receipt("H55.242-261102-0004", "scan-overdue", "Xin lỗi ông/bà, hồ sơ đã quá hẹn")
UNPAID: Final = Receipt("H55.242-261117-0005", "scan-fee", "Hồ sơ chờ nộp phí, thuế")
RETURNED: Final = Receipt("H55.242-261110-0006", "scan-returned", "Hồ sơ đã trả kết quả")
STOPPED: Final = Receipt("H55.242-261110-0007", "scan-status", "Dừng giải quyết")
ELSEWHERE: Final = Receipt("H56.14-240823-0001", "scan-clerk", "Máy chưa nhận ra mã này")
HELD: Final = (RUNNING, READY, LACKING, LATE, UNPAID, RETURNED, STOPPED, ELSEWHERE)

_STATUS: Final = {RUNNING: 4, READY: 9, LACKING: 4, LATE: 4, UNPAID: 6, RETURNED: 10, STOPPED: 8}


def register(kiosk: Kiosk) -> None:
    """Put all of them into the register of ``kiosk``'s hall."""
    hall = kiosk.hall
    for receipt, status in _STATUS.items():
        due = hall.moment("2026-11-12 17:00" if receipt is LATE else "2026-12-01 17:00")
        row = Pushed(
            code=receipt.code, procedure_name="Việc mẫu", service="ho-tich", status=status, due_at=due,
            received_at=hall.moment("2026-11-10 08:00"), **PERSON,
        )  # fmt: skip
        hall.do(put, receipt.code, row, actor=CLERK)
    missing = [Missing(name) for name in PAPERS]
    hall.do(ask_supplement, LACKING.code, missing, f"Thiếu giấy tờ của {NAME}", actor=CLERK)


def scanned(page: Page, text: str, ending: str = "Enter") -> None:
    """A scanner types ``text``: wherever the caret is, and fast."""
    rest(page)
    page.keyboard.type(text)
    page.keyboard.press(ending)


def hold(page: Page, receipt: Receipt) -> None:
    """Scan a receipt and see the screen that it leads to."""
    with page.expect_response("**/api/v1/scans"):
        scanned(page, receipt.code)
    expect(page.locator(f"#{receipt.screen}-title")).to_have_text(receipt.title)
    expect(page.locator(f"#{receipt.screen}-title")).to_be_visible()
