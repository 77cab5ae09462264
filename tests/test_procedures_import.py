"""A catalogue file is posted whole or not at all, its dirt is not believed, and nothing hostile gets through."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trial
from hypothesis import strategies as st

from office import journal, procedures
from office.catalogue_entry import Procedure
from office.catalogue_file import MAX_LINE, MAX_LINES, TOLD, CatalogueRefused, read_catalogue
from office.catalogue_money import Fee, read_fee
from office.catalogue_source import RawLine, shown
from office.catalogue_text import tidy
from office.errors import UnknownProcedure
from office.phrases import Phrases
from office.procedures import Imported
from office.settings import Settings, load
from office.store import Store

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "config" / "procedures.jsonl"
SHARED = ROOT.parent / "shared" / "data" / "procedures.jsonl"
COUNCIL = "(Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh, thành phố trực thuộc Trung ương quyết định.)"

Post = Callable[[list[str]], Imported]


@pytest.fixture(scope="module", name="settings")
def _settings() -> Settings:
    return load(ROOT / "config")


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "office.sqlite3", lambda: 1_795_000_000_000)
    yield store
    store.close()


@pytest.fixture(name="post")
def _post(store: Store, settings: Settings) -> Post:
    def post(lines: list[str]) -> Imported:
        with store.act() as act:
            return procedures.import_lines(act, settings, lines, actor="person:ut")

    return post


def row(code: object = "1.001193", **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "source_url": "https://dichvucong.gov.vn/x",
        "fetched_at": "2026-07-20",
        "channels": [],
        "papers": [],
        **more,
    }


def line(code: object = "1.001193", **more: Any) -> str:
    return json.dumps(row(code, **more), ensure_ascii=False)


def as_shown(**more: Any) -> Procedure:
    return shown(RawLine.model_validate(row(**more)))


def told(store: Store) -> list[dict[str, Any]]:
    return [event.data for event in journal.read(store.read()) if event.kind == "setting.changed"]


# ---- posting -----------------------------------------------------------------------------------


def test_import_is_journaled_once_with_counts(store: Store, post: Post) -> None:
    assert post([line("1.001193"), "\n", line("1.000894", name="Đăng ký kết hôn")]).added == 2
    (data,) = told(store)
    assert (data["what"], data["added"], data["changed"], data["removed"]) == ("procedures", 2, 0, 0)
    edition = procedures.edition(store.read())
    assert edition is not None
    assert (edition.total, edition.newest) == (2, date(2026, 7, 20))


def test_the_same_file_again_changes_nothing(store: Store, post: Post) -> None:
    lines = [line("1.001193"), line("1.000894", name="Đăng ký kết hôn")]
    post(lines)
    before = list(store.read().iterdump())
    again = post(list(reversed(lines)))
    assert (again.total, again.added, again.changed, again.removed) == (2, 0, 0, 0)
    assert list(store.read().iterdump()) == before


def test_changed_and_removed_are_told_and_the_old_stay_readable(store: Store, post: Post) -> None:
    post([line("1.001193"), line("1.000894", name="Đăng ký kết hôn")])
    report = post([line("1.001193", result="Giấy khai sinh")])
    assert (report.added, report.changed, report.removed) == (0, 1, 1)
    assert [p.code for p in procedures.search(store.read(), "")] == ["1.001193"]
    assert procedures.get(store.read(), "1.000894").caveats == ("withdrawn",)
    assert [(f.field, f.count) for f in procedures.fields(store.read())] == [("Hộ tịch", 1)]
    back = post([line("1.001193", result="Giấy khai sinh"), line("1.000894", name="Đăng ký kết hôn")])
    assert (back.added, back.changed, back.removed) == (1, 0, 0)
    assert procedures.get(store.read(), "1.000894").caveats == ()


def test_the_offices_own_words_outlive_a_file_without_them(store: Store, post: Post) -> None:
    post([line(keywords=["làm giấy khai sinh"])])
    post([line(result="Giấy khai sinh")])
    assert procedures.get(store.read(), "1.001193").keywords == ("làm giấy khai sinh",)
    post([line(keywords=[])])
    assert procedures.get(store.read(), "1.001193").keywords == ()


def test_a_broken_act_leaves_search_as_it_was(store: Store, settings: Settings, post: Post) -> None:
    post([line()])

    class Stumble(Exception):
        pass

    def stumble() -> None:
        with store.act() as act:
            procedures.import_lines(act, settings, [line("1.000894", name="Đăng ký kết hôn")], actor="system")
            assert [p.code for p in procedures.search(act.db, "ket hon")] == ["1.000894"]
            raise Stumble

    with pytest.raises(Stumble):
        stumble()
    assert procedures.search(store.read(), "ket hon") == []
    assert [p.code for p in procedures.search(store.read(), "khai sinh")] == ["1.001193"]


@pytest.mark.parametrize("code", ["1.001193", " 1.001193 ", "1.001193.000.00.00.H55", "1.001193.H19", "1.001193.01"])
def test_first_eight_characters_find_a_procedure(store: Store, post: Post, code: str) -> None:
    post([line("1.001193.000.00.00.H55")])
    assert procedures.get(store.read(), code).code == "1.001193"


@pytest.mark.parametrize("code", ["", "1.00119", "9.999999", "1'; DROP TABLE procedures; --", "\ud800", "\0"])
def test_unknown_code_is_told_politely(store: Store, post: Post, code: str) -> None:
    post([line()])
    with pytest.raises(UnknownProcedure):
        procedures.get(store.read(), code)


def test_own_then_full_then_own(store: Store, settings: Settings) -> None:
    if not SHARED.exists():
        pytest.skip("the full catalogue is not here")
    reports = []
    for path in (OWN, SHARED, SHARED, OWN):
        with store.act() as act, path.open("rb") as lines:
            reports.append(procedures.import_lines(act, settings, lines, actor="system"))
    own, full, same, back = reports
    assert own.added == own.total == back.total
    assert full.total == 271
    assert full.added + own.total - full.removed == 271
    assert (same.added, same.changed, same.removed) == (0, 0, 0)
    assert (back.added, back.removed) == (full.removed, full.added)
    assert full.caveats["repeated_entry"] == 17
    assert full.caveats["time_without_unit"] > 40
    assert len(told(store)) == 3


# ---- refusing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "field", "reason"),
    [
        ("{", "", "bad_json"),
        ("[]", "", "bad_type"),
        ("null", "", "bad_type"),
        ('"1.001193"', "", "bad_type"),
        ("[" * 100_000, "", "bad_json"),
        ('{"code": NaN}', "", "bad_json"),
        (line(name=None), "name", "bad_type"),
        (line(name=" \u200b\n"), "name", "missing"),
        (line(code=None), "code", "bad_value"),
        (line(code="1.01193"), "code", "bad_value"),
        (line(code="1.001193; DROP"), "code", "bad_value"),
        (line(code=1.001193), "code", "bad_value"),
        (line(name="x" * 2000), "name", "too_long"),
        (line(fetched_at="20/07/2026"), "fetched_at", "bad_value"),
        (line(fetched_at=1784505600), "fetched_at", "bad_value"),
        (line(valid_to="2026-02-30"), "valid_to", "bad_value"),
        (line(source_url="javascript:alert(1)"), "source_url", "bad_value"),
        (line(source_url='https://x/"><script>'), "source_url", "bad_value"),
        (line(channels={}), "channels", "bad_type"),
        (line(channels=[{"channel": "Bồ câu"}]), "channels.0.channel", "unknown_channel"),
        (line(channels=[{"channel": "Trực tiếp", "fee": True}]), "channels.0.fee", "bad_value"),
        (line(channels=[{"channel": "Trực tiếp", "time_amount": -3}]), "channels.0.time_amount", "bad_value"),
        (line(channels=[{"channel": "Trực tiếp", "fee": 1e999}]), "", "bad_json"),
        (line(papers=[{"copies": 1}]), "papers.0.name", "missing"),
        (line(papers=["đơn"]), "papers.0", "bad_type"),
        (line(name="a\ud800").encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass"), "name", "bad_value"),
        (json.dumps(row(name="a\ud800")), "name", "bad_value"),
        ("x" * (MAX_LINE + 1), "", "line_too_long"),
        (line("1.001193.000.00.00.H55"), "code", "duplicate"),
    ],
    ids=range(29),
)
def test_a_bad_line_is_named_and_nothing_is_changed(
    store: Store, post: Post, bad: str, field: str, reason: str
) -> None:
    post([line("1.000894", name="Đăng ký kết hôn")])
    before = list(store.read().iterdump())
    with pytest.raises(CatalogueRefused) as caught:
        post([line("1.001193"), line("1.000656", name="Đăng ký khai tử"), bad])
    params = caught.value.params
    assert (params["line"], params["field"], params["reason"], params["count"]) == (3, field, reason, 1)
    assert list(store.read().iterdump()) == before


def test_missing_keys_are_all_told(post: Post) -> None:
    with pytest.raises(CatalogueRefused) as caught:
        post(["{}"])
    errors = caught.value.params["errors"]
    assert isinstance(errors, list)
    assert {(e["field"], e["reason"]) for e in errors} == {
        (key, "missing") for key in ("code", "name", "field", "source_url", "fetched_at")
    }


def test_many_faults_are_counted_and_the_first_told(post: Post) -> None:
    with pytest.raises(CatalogueRefused) as caught:
        post(["{"] * 50)
    assert caught.value.params["count"] == 50
    assert len(caught.value.params["errors"]) == TOLD  # type: ignore[arg-type]  # params hold objects


@pytest.mark.parametrize(("lines", "reason"), [([], "empty"), ([" ", "\n"], "empty")])
def test_an_empty_file_empties_nothing(store: Store, post: Post, lines: list[str], reason: str) -> None:
    post([line()])
    with pytest.raises(CatalogueRefused) as caught:
        post(lines)
    assert caught.value.params["reason"] == reason
    assert procedures.get(store.read(), "1.001193")


def test_a_file_without_end_is_stopped(post: Post) -> None:
    with pytest.raises(CatalogueRefused) as caught:
        post([""] * MAX_LINES + [line()])
    assert caught.value.params["reason"] == "too_many_lines"


def test_every_reason_channel_unit_and_caveat_has_words() -> None:
    phrases = Phrases.load(ROOT / "config" / "phrases")
    reasons = {"bad_json", "missing", "bad_value", "bad_type", "too_long", "line_too_long", "too_many_lines"}
    words = {f"catalogue.reason.{reason}" for reason in reasons | {"duplicate", "unknown_channel", "empty"}}
    words |= {f"catalogue.caveat.{name}" for name in _choices("caveats")} | {CatalogueRefused.key}
    assert [key for key in words if not phrases.known(key)] == []
    text = phrases.say("vi", CatalogueRefused.key, line=3, field="code", reason="…", count=1)
    assert "3" in text


def _choices(field: str) -> list[str]:
    schema = Procedure.model_json_schema()["properties"][field]
    return list(schema["items"]["enum"])


def test_bytes_with_a_byte_order_mark_are_read(store: Store, settings: Settings) -> None:
    with store.act() as act:
        data = "\ufeff".encode() + line().encode()
        assert procedures.import_lines(act, settings, [data], actor="system").added == 1


# ---- dirt --------------------------------------------------------------------------------------


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


def test_text_under_three_codes_is_doubted(store: Store, post: Post) -> None:
    same = {"name": "Hỗ trợ sản xuất", "papers": [{"name": "Đơn"}]}
    post([line(f"3.00028{n}", **same) for n in range(3)] + [line("1.001193")])
    assert procedures.get(store.read(), "3.000281").caveats == ("repeated_entry",)
    assert procedures.get(store.read(), "1.001193").caveats == ()


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
        st.sampled_from([*row(), "result", "keywords", "valid_to"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_any_object_is_posted_or_refused_never_worse(wild: dict[str, Any]) -> None:
    try:
        (entry,) = read_catalogue([json.dumps(row() | wild)], {})
    except CatalogueRefused:
        return
    assert Procedure.model_validate_json(entry.stored()) == entry
