"""What an office sets about importing dossiers: the names that columns have in the files of others."""

from typing import Any, Self

from pydantic import Field, model_validator

from office.catalogue_text import fold
from office.sections import Section

Names = tuple[str, ...]


def _names(description: str, *names: str) -> Any:
    return Field(names, description=description)


class Columns(Section):
    """Names of columns in imported files. Accents, case and signs do not matter; our own name is always known."""

    code: Names = _names(
        "code of the dossier; the one column every file needs",
        *("Mã hồ sơ", "Mã số hồ sơ", "Số hồ sơ", "Mã HS", "Mã biên nhận", "Số biên nhận"),
    )
    procedure: Names = _names(
        "code of the procedure", "Mã thủ tục", "Mã TTHC", "Mã thủ tục hành chính", "Mã dịch vụ công"
    )
    procedure_name: Names = _names(
        "name of the procedure",
        *("Tên thủ tục", "Thủ tục", "Tên thủ tục hành chính", "Thủ tục hành chính", "Tên TTHC", "TTHC"),
    )
    field: Names = _names("field of the catalogue, which tells the service", "Lĩnh vực", "Tên lĩnh vực")
    status: Names = _names(
        "national status 1 to 10, or a word of dossiers.statuses",
        *("Trạng thái", "Tình trạng", "Trạng thái hồ sơ", "Tình trạng hồ sơ", "Trạng thái xử lý", "Tình trạng xử lý"),
    )
    unit: Names = _names(
        "unit that has it now",
        *("Đơn vị xử lý", "Đơn vị đang xử lý", "Cơ quan xử lý", "Phòng ban xử lý", "Đơn vị giải quyết"),
    )
    intake: Names = _names(
        "how it came in, in words or 1 direct, 2 online, 3 post",
        *("Hình thức tiếp nhận", "Kênh tiếp nhận", "Hình thức nộp", "Cách thức nộp", "Hình thức nộp hồ sơ"),
    )
    give_back: Names = _names(
        "how the result goes back, in words",
        *("Hình thức trả kết quả", "Hình thức nhận kết quả", "Cách thức trả kết quả", "Hình thức trả"),
    )
    tracking: Names = _names("the post's number", "Mã bưu gửi", "Số hiệu bưu gửi", "Mã vận đơn", "Số vận đơn")
    sets: Names = _names("number of sets", "Số bộ", "Số bộ hồ sơ", "Số lượng bộ")
    fee: Names = _names(
        "amount in đồng",
        *("Phí, lệ phí", "Lệ phí", "Phí", "Số tiền", "Tổng phí", "Mức thu", "Phí lệ phí (đồng)", "Lệ phí (đồng)"),
    )
    fee_note: Names = _names("note on the fee", "Ghi chú phí", "Ghi chú lệ phí")
    received_at: Names = _names(
        "when it was received",
        *("Ngày tiếp nhận", "Ngày nhận", "Ngày nhận hồ sơ", "Thời gian tiếp nhận", "Ngày giờ tiếp nhận"),
        "Ngày tiếp nhận hồ sơ",
    )
    due_at: Names = _names(
        "when it is due",
        *("Ngày hẹn trả", "Ngày hẹn trả kết quả", "Hẹn trả", "Ngày hẹn", "Hạn xử lý", "Hạn giải quyết", "Hạn trả"),
        *("Thời gian hẹn trả", "Ngày hẹn trả KQ"),
    )
    term: Names = _names(
        "term with its unit (3 ngày làm việc)",
        *("Thời hạn", "Thời hạn giải quyết", "Thời gian giải quyết", "Thời hạn xử lý"),
    )
    workdays: Names = _names(
        "term as a number of working days", "Số ngày làm việc", "Thời hạn (ngày làm việc)", "Số ngày làm việc quy định"
    )
    finished_at: Names = _names(
        "when processing ended",
        *("Ngày xử lý xong", "Ngày có kết quả", "Ngày hoàn thành", "Ngày kết thúc", "Ngày kết thúc xử lý"),
    )
    returned_at: Names = _names(
        "when the result was handed over", "Ngày trả", "Ngày trả kết quả", "Ngày trả KQ", "Thời gian trả kết quả"
    )
    name: Names = _names(
        "who handed it in",
        *("Người nộp", "Họ tên", "Họ và tên", "Người nộp hồ sơ", "Tên người nộp", "Họ tên người nộp"),
        "Họ và tên người nộp",
    )
    address: Names = _names("their address", "Địa chỉ", "Địa chỉ người nộp", "Nơi ở", "Nơi thường trú")
    phone: Names = _names(
        "their telephone", "Điện thoại", "Số điện thoại", "SĐT", "Điện thoại liên hệ", "Số điện thoại người nộp"
    )
    email: Names = _names("their e-mail", "Email", "Thư điện tử", "Hộp thư điện tử")
    id_number: Names = _names(
        "their identity number",
        *("Số CCCD", "CCCD", "Số căn cước", "CMND/CCCD", "Số CMND/CCCD", "Số CMND", "CMND", "Số giấy tờ"),
        *("Số định danh", "Số định danh cá nhân", "Căn cước"),
    )
    owner: Names = _names("whose it is, if another's", "Chủ hồ sơ", "Tên chủ hồ sơ", "Người đứng tên hồ sơ")
    owner_address: Names = _names("address of the owner", "Địa chỉ chủ hồ sơ")

    @model_validator(mode="after")
    def _one_column_a_name(self) -> Self:
        claimed: dict[str, str] = {}
        for field in type(self).model_fields:
            for name in getattr(self, field):
                if claimed.setdefault(squeezed(name), field) != field:
                    raise ValueError(f"{name!r} stands under {claimed[squeezed(name)]} and under {field}")
        return self


def squeezed(name: str) -> str:
    """``name`` as names are compared: ``Mã hồ sơ``, ``MA_HO_SO`` and ``maHoSo`` are one."""
    return fold(name).replace(" ", "")


class Imports(Section):
    """Files that other systems export: how large they may be, and the folder they are dropped into."""

    body_max: int = Field(
        100_000_000, ge=1000, le=1_000_000_000, description="largest file that may be sent to the server, bytes"
    )
    watch: str = Field(
        "",
        max_length=400,
        description="folder that exports are dropped into, below the data folder unless it is absolute; empty: none",
    )
    settle_s: float = Field(
        5, ge=1, le=3600, description="a file in that folder is imported once it has not changed for so many seconds"
    )
    keep_days: int = Field(
        30,
        ge=0,
        le=3650,
        description="exports set aside in done/ and refused/, which hold personal data, are deleted after so many days;"
        " 0: never",
    )
    confirmed: bool = Field(
        False, description="true: codes of an unknown shape in that folder's files count as confirmed"
    )
