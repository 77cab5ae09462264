"""A catalogue file is posted whole or not at all, its dirt is not believed, and nothing hostile gets through."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from office import journal, procedures
from office.catalogue_entry import Procedure
from office.catalogue_file import MAX_LINE, MAX_LINES, TOLD, CatalogueRefused
from office.errors import UnknownProcedure
from office.phrases import Phrases
from office.procedures import Imported
from office.settings import Settings, load
from office.store import Store
from tools.catalogue_line import catalogue_line

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "config" / "procedures.jsonl"
SHARED = ROOT.parent / "shared" / "data" / "procedures.jsonl"

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


def line(code: object = "1.001193", **more: Any) -> str:
    return json.dumps(catalogue_line(code, **more), ensure_ascii=False)


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


def test_text_under_three_codes_is_doubted(store: Store, post: Post) -> None:
    same = {"name": "Hỗ trợ sản xuất", "papers": [{"name": "Đơn"}]}
    post([line(f"3.00028{n}", **same) for n in range(3)] + [line("1.001193")])
    assert procedures.get(store.read(), "3.000281").caveats == ("repeated_entry",)
    assert procedures.get(store.read(), "1.001193").caveats == ()


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
        (json.dumps(catalogue_line(name="a\ud800")), "name", "bad_value"),
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
