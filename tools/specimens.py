"""Invented dossiers to look at: ``python -m tools.specimens FOLDER`` draws every form of them as PDF."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

from forms.press import drawn
from office import forms
from office.clock import millis
from office.dossiers import Applicant, Paper
from office.form_matter import HandOver, Letterhead, Matter, Missing
from office.form_text import Words
from tools.rehearsal import PHRASES, settings_with

ZONE: Final = settings_with().office.zone
HEAD: Final = Letterhead(
    "Ủy ban nhân dân xã Phú Lương", "Trung tâm Phục vụ hành chính công xã Phú Lương", "0208 000 0000", "Phú Lương"
)
WORDS: Final = Words(PHRASES, ZONE)


def moment(wall: str) -> int:
    """The ms UTC of a local ``YYYY-MM-DD HH:MM``."""
    return millis(datetime.fromisoformat(wall).replace(tzinfo=ZONE))


MATTER: Final = Matter(
    code="H55.242-261120-0007",
    now=moment("2026-11-20 08:15"),
    procedure="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
    person=Applicant(
        name="Nguyễn Văn Thử",
        address="Xóm Mẫu, xã Phú Lương, tỉnh Thái Nguyên",
        phone="0900 000 001",
        email="thu@example.vn",
        id_number="000000000001",
    ),
    papers=(
        Paper("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân theo mẫu", "original"),
        Paper("Trích lục ghi chú ly hôn", "certified"),
        Paper("Văn bản ủy quyền", "copy", 2),
    ),
    sets=1,
    fee=8000,
    fee_note="đã thu",
    term=(3, "ngay_lam_viec"),
    received_at=moment("2026-11-20 08:15"),
    due_at=moment("2026-11-26 08:15"),
    give_back="counter",
    missing=(
        Missing("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", "Chưa ký tên"),
        Missing("Trích lục ghi chú ly hôn", ""),
    ),
    reason="Hồ sơ chưa đủ giấy tờ theo quy định của thủ tục.",
    hand_overs=(
        HandOver("Bộ phận Một cửa", "Công chức Tư pháp - Hộ tịch", moment("2026-11-20 10:30"), "early", "Đủ hồ sơ"),
        HandOver("Công chức Tư pháp - Hộ tịch", "Lãnh đạo Ủy ban nhân dân", moment("2026-11-23 14:05"), "on_time"),
        HandOver("Lãnh đạo Ủy ban nhân dân", "Bộ phận Một cửa", moment("2026-11-27 09:00"), "late", "Chờ xác minh"),
    ),
    serial="0007",
)
"""An ordinary dossier."""

BARE: Final = Matter(code="H55.242-261120-0008", now=None)
"""A dossier of which nothing is known: a form to be filled by hand."""

LONG: Final = Matter(
    code="000.00.06.H56-231027-0361",
    now=moment("2026-11-20 08:15"),
    procedure="Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản "
    "gắn liền với đất lần đầu đối với hộ gia đình, cá nhân, cộng đồng dân cư đang sử dụng đất",
    person=Applicant(
        name="Nguyễn Hoàng Phương Nguyên Khánh Quỳnh Nghiêng Nghiễm Thử Thuở Mẫu và Trần Thị Mẫu Nghiêng Ngoằn Ngoèo",
        address="Số nhà 1234/56/78, ngõ 999, ngách 88, tổ dân phố Thử Nghiệm Liên Phường, xóm Mẫu Dài Nhất, xã Phú "
        "Lương, tỉnh Thái Nguyên",
        phone="0900 000 001; 0900 000 002",
        email="mot-dia-chi-thu-dien-tu-rat-la-dai-khong-co-dau-cach@phong-ban.example.vn",
        id_number="000000000001",
        owner="Trần Thị Mẫu",
        owner_address="Xóm Mẫu, xã Vô Tranh, tỉnh Thái Nguyên",
    ),
    papers=tuple(
        Paper(
            f"Giấy tờ thứ {n} chứng minh nguồn gốc sử dụng đất và tài sản gắn liền với đất của hộ gia đình", "copy", n
        )
        for n in range(1, 29)
    ),
    sets=2,
    fee=1_234_567_000,
    fee_note="thu một phần; hộ nghèo, người có công được miễn, giảm theo nghị quyết",
    term=(27, "ngay_lam_viec"),
    received_at=moment("2026-11-20 08:15"),
    due_at=moment("2026-12-30 17:00"),
    old_due_at=moment("2026-12-23 17:00"),
    returned_at=moment("2026-12-30 16:45"),
    give_back="post",
    tracking="EX000000001VN",
    missing=tuple(
        Missing(f"Giấy tờ thứ {n} về nguồn gốc sử dụng đất", "Bản chụp mờ, không đọc được") for n in range(1, 30)
    ),
    reason="Hồ sơ phải lấy ý kiến của nhiều cơ quan, đơn vị; " * 12,
    hand_overs=tuple(
        HandOver(
            f"Đơn vị thứ {n} của Ủy ban nhân dân xã", f"Đơn vị thứ {n + 1}", moment("2026-11-20 10:30"), "early", ""
        )
        for n in range(1, 20)
    ),
    unit="Chi nhánh Văn phòng đăng ký đất đai",
    serial="0361",
)
"""A dossier with long names and many papers."""


def main() -> None:
    """Draw every form of every specimen into the folder named."""
    folder = Path(sys.argv[1])
    for name, matter in (("plain", MATTER), ("bare", BARE), ("long", LONG)):
        for kind in forms.KINDS:
            for page in ("A5", "A4"):
                made = forms.form(kind, matter, HEAD, WORDS, "A5" if page == "A5" else "A4")
                (folder / f"{name}-{kind}-{page}.pdf").write_bytes(drawn(made, WORDS))


if __name__ == "__main__":
    main()
