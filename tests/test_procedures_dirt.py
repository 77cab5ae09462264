"""What the source prints wrongly or twice is not believed; what is left is clean text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trial
from hypothesis import strategies as st

from office.catalogue_entry import Procedure
from office.catalogue_file import CatalogueRefused, read_catalogue
from office.catalogue_money import Fee, read_fee
from office.catalogue_source import RawLine, shown
from office.catalogue_text import tidy
from tools.catalogue_line import catalogue_line

COUNCIL = "(Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh, thành phố trực thuộc Trung ương quyết định.)"


def as_shown(**more: Any) -> Procedure:
    return shown(RawLine.model_validate(catalogue_line(**more)))


@pytest.mark.parametrize(
    ("field", "note", "fee"),
    [
        ("Miễn phí", None, Fee(0, caveats=("free_unconfirmed",))),
        ("Miễn phí", COUNCIL, Fee(basis="council")),
        (0, "Theo nghị quyết của HĐND tỉnh", Fee(basis="council")),
        ("Miễn phí", "(Theo quy định của Luật phí và lệ phí.)", Fee(basis="law")),
        ("Miễn phí", "(Chưa quy định.)- Nộp hồ sơ trực tuyến", Fee()),
        ("Miễn phí", "(Không thu lệ phí đăng ký)", Fee(0)),
        ("Miễn phí", "(Miễn lệ phí. Phí cấp bản sao Trích lục theo Thông tư số 281/2016/TT-BTC.)", Fee(0)),
        ("Miễn phí", "(Phí cấp bản sao theo Thông tư 281.)", Fee(0, caveats=("free_unconfirmed",))),
        ("Miễn phí", "20 ngày làm việc", Fee(0, caveats=("free_unconfirmed",))),
        ("Không có thông tin", "Miễn phí05 ngày làm việc", Fee(0, caveats=("free_unconfirmed",))),
        ("Không có thông tin", None, Fee()),
        (None, None, Fee()),
        ("Không có thông tin", "2,000 Việt Nam Đồng(/trang)Tại Ủy ban", Fee(2000, "/trang")),
        ("10,000 Việt Nam Đồng", "(Trường hợp nộp qua cổng)", Fee(10_000)),
        ("8.000 đồng (/bản)", None, Fee(8000, "/bản")),
        ("Không có thông tin", "10 USD(/bản)Tại cơ quan đại diện", Fee()),
        (None, "700 VNĐ(Phí thẩm định)", Fee(basis="law", caveats=("fee_odd",))),
        (
            "Không có thông tin",
            "150,000 Việt Nam Đồng(- Mức lệ phí do Hội đồng nhân dân tỉnh quyết định)",
            Fee(basis="council"),
        ),
        (50_000, None, Fee(50_000)),
    ],
    ids=range(19),
)
def test_fees_are_read_with_suspicion(field: str | int | None, note: str | None, fee: Fee) -> None:
    assert read_fee(field, note) == fee


def test_exemptions_stand_next_to_the_fee() -> None:
    note = "(Mức thu: 400.000đ/trường hợp. Miễn lệ phí đối với cha dượng, mẹ kế nhận con riêng.)"
    assert read_fee("400,000 Việt Nam Đồng", note).exemption == "Miễn lệ phí đối với cha dượng, mẹ kế nhận con riêng"
    some = "(Miễn lệ phí cho hộ nghèo.)"
    assert read_fee("Miễn phí", some).amount is None  # free for some is not free


def test_time_without_unit_is_not_shown() -> None:
    entry = as_shown(channels=[{"channel": "Trực tiếp", "time_amount": "1", "time_unit": None, "fee": None}])
    assert (entry.channels[0].time_amount, entry.channels[0].time_unit) == (None, None)
    assert entry.caveats == ("time_without_unit",)


def test_channels_that_repeat_are_one_and_disagreement_is_not_resolved() -> None:
    rows = [
        {"channel": "Trực tiếp", "time_amount": "2", "time_unit": "Ngày làm việc", "note": "bước một"},
        {"channel": "Trực tiếp", "time_amount": "5", "time_unit": "Ngày làm việc", "note": "bước hai"},
        {"channel": "Trực tuyến", "time_amount": 8, "time_unit": "Giờ"},
        {"channel": "Trực tuyến", "time_amount": "8", "time_unit": "Giờ"},
    ]
    direct, online = as_shown(channels=rows).channels
    assert (direct.channel, direct.time_amount, direct.note) == ("direct", None, "bước một\nbước hai")
    assert (online.channel, online.time_amount, online.time_unit) == ("online", 8, "gio")
    assert as_shown(channels=rows).caveats == ("time_varies",)


def test_free_on_one_channel_is_taken_back_when_another_names_the_council() -> None:
    rows = [
        {"channel": "Trực tiếp", "fee": "Miễn phí", "note": COUNCIL},
        {"channel": "Trực tuyến", "fee": "Miễn phí", "note": None},
    ]
    entry = as_shown(channels=rows)
    assert [(c.fee, c.fee_basis) for c in entry.channels] == [(None, "council")] * 2
    assert "fee_contradicts" in entry.caveats


@pytest.mark.parametrize(
    ("printed", "name", "group", "copies", "remark"),
    [
        ({"name": "Giấy tờ phải nộp:\n- Giấy báo tử", "copies": 1}, "Giấy báo tử", "Giấy tờ phải nộp", 1, False),
        ({"name": "Đơn theo Mẫu số 18", "copies": 181}, "Đơn theo Mẫu số 18", None, None, False),
        ({"name": "Tờ khai (Mẫu CT01).1.MuCT01banhnhkm.doc", "copies": 1}, "Tờ khai (Mẫu CT01).", None, 1, False),
        ({"name": "Lưu ý: nộp trực tuyến thì khai trên mạng", "copies": 0}, None, None, None, True),
        ({"name": "Bản sao hộ chiếu", "copies": 0}, "Bản sao hộ chiếu", None, None, False),
    ],
    ids=range(5),
)
def test_papers_are_cleaned(
    printed: dict[str, Any], name: str | None, group: str | None, copies: int | None, remark: bool
) -> None:
    (paper,) = as_shown(papers=[printed]).papers
    assert (paper.name, paper.group, paper.copies, paper.remark) == (name or printed["name"], group, copies, remark)


def test_names_and_results_lose_the_crawls_own_marks() -> None:
    entry = as_shown(name="Tham vấn (cấp xã) (1.010736)", result="Bản sao được chứng thựcMã: dsfas")
    assert (entry.name, entry.result) == ("Tham vấn (cấp xã)", "Bản sao được chứng thực")


@trial(deadline=None)
@given(st.text(max_size=200))
def test_tidy_text_is_stable_composed_and_printable(text: str) -> None:
    try:
        clean = tidy(text)
    except ValueError:
        assert any("\ud800" <= letter <= "\udfff" for letter in text)
        return
    assert tidy(clean) == clean
    assert clean.isprintable()
    assert "  " not in clean


@trial(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*catalogue_line(), "result", "keywords", "valid_to"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_any_object_is_posted_or_refused_never_worse(wild: dict[str, Any]) -> None:
    try:
        (entry,) = read_catalogue([json.dumps(catalogue_line() | wild)], {})
    except CatalogueRefused:
        return
    assert Procedure.model_validate_json(entry.stored()) == entry
