"""Search finds what people mean: without accents, half typed, with a slip of the finger; best first."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trial
from hypothesis import strategies as st

from office import procedures
from office.catalogue_entry import Procedure
from office.catalogue_file import read_catalogue
from office.catalogue_index import Index, one_slip
from office.catalogue_text import dictionary_order, fold
from office.settings import load
from office.store import Store

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "config" / "procedures.jsonl"
SHARED = ROOT.parent / "shared" / "data" / "procedures.jsonl"
ALL = 1000


def _read(path: Path) -> list[Procedure]:
    with path.open("rb") as lines:
        return read_catalogue(lines, {})


PROCEDURES = _read(OWN)
INDEX = Index(PROCEDURES)


@pytest.fixture(scope="module", name="full")
def _full() -> Index:
    if not SHARED.exists():
        pytest.skip("the full catalogue is not here")
    return Index(_read(SHARED))


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "office.sqlite3", lambda: 1_795_000_000_000)
    with store.act() as act, OWN.open("rb") as lines:
        procedures.import_lines(act, load(ROOT / "config"), lines, actor="system")
    yield store
    store.close()


def codes(query: str, field: str = "", limit: int = ALL, day: date | None = None, index: Index = INDEX) -> list[str]:
    return [p.code for p in index.search(query, field, limit, day)]


OBVIOUS = [
    ("khai sinh", "1.001193"),
    ("khai sin", "1.001193"),
    ("khia sinh", "1.001193"),
    ("khaisinh", "1.001193"),
    ("KHAI SINH", "1.001193"),
    ("sinh khai", "1.001193"),
    ("ket hon", "1.000894"),
    ("kết hôn", "1.000894"),
    ("ket hom", "1.000894"),
    ("khai tu", "1.000656"),
    ("dang ky thuong tru", "1.004222"),
    ("thuong tru", "1.004222"),
    ("dk tam tru", "1.004194"),
    ("tach ho", "1.010038"),
    ("hoa giai tranh chap dat", "1.012812"),
    ("di chuc", "2.001019"),
    ("1.001193", "1.001193"),
    ("1001193", "1.001193"),
    ("001193", "1.001193"),
    ("1.001193.000.00.00.H55", "1.001193"),
]

EVERYDAY = [
    ("chung thuc", "2.000815"),
    ("chuong thuc", "2.000815"),
    ("sao y", "2.000815"),
    ("cong chung", "2.000815"),
    ("so do", "1.013978"),
    ("sổ đỏ", "1.013978"),
    ("ho khau", "1.004222"),
    ("giay doc than", "1.004873"),
    ("lam giay khai sinh", "1.001193"),
    ("vneid", "3.000228"),
    ("mat can cuoc", "1.014064"),
    ("xay nha", "1.013225"),
    ("nhan con nuoi", "2.001263"),
    ("khoan gieng", "1.001662"),
]


@pytest.mark.parametrize(("query", "code"), OBVIOUS + EVERYDAY)
def test_the_obvious_answer_comes_first(query: str, code: str) -> None:
    assert codes(query)[0] == code


@pytest.mark.parametrize(("query", "code"), OBVIOUS)
def test_the_obvious_answer_comes_first_in_the_full_catalogue(full: Index, query: str, code: str) -> None:
    assert codes(query, index=full)[0] == code


def test_certification_leads_to_certification_in_the_full_catalogue(full: Index) -> None:
    assert {p.field for p in full.search("chung thuc", "", 8, None)} == {"Chứng thực"}


@trial(deadline=None)
@given(st.sampled_from(PROCEDURES))
def test_every_procedure_is_found_by_its_name_with_and_without_accents(procedure: Procedure) -> None:
    assert procedure.code in codes(procedure.name)[:3]
    assert codes(fold(procedure.name)) == codes(procedure.name) == codes(procedure.name.upper())


@trial(deadline=None)
@given(st.sampled_from(PROCEDURES))
def test_every_procedure_is_found_by_its_code(procedure: Procedure) -> None:
    assert codes(procedure.code) == [procedure.code]
    assert codes(procedure.code + ".000.00.00.H55") == [procedure.code]


@trial(deadline=None)
@given(st.sampled_from(PROCEDURES), st.data())
def test_every_procedure_stays_found_while_its_name_is_typed(procedure: Procedure, data: st.DataObject) -> None:
    name = fold(procedure.name)
    typed = name[: data.draw(st.integers(1, len(name)))]
    assert procedure.code in codes(typed) or " " in typed.strip()  # with more words weak hits are cut
    if len(typed.split()) > 3:
        assert procedure.code in codes(typed)[:10]


@trial(deadline=None)
@given(st.sampled_from(PROCEDURES), st.data())
def test_one_slip_of_the_finger_is_forgiven(procedure: Procedure, data: st.DataObject) -> None:
    words = fold(procedure.name).split()[:5]
    long = [place for place, word in enumerate(words) if len(word) > 3]
    if not long:
        return
    place = data.draw(st.sampled_from(long))
    words[place] = _slipped(words[place], data)
    assert procedure.code in codes(" ".join(words))[:20], words


def _slipped(word: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghiklmnopqrstuvxy"))
    return data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )


@trial(deadline=None)
@given(st.text(alphabet="abch", max_size=6), st.text(alphabet="abch", max_size=6))
def test_one_slip_is_one_edit(typed: str, meant: str) -> None:
    assert one_slip(typed, meant) == (_edits(typed, meant) <= 1)
    assert one_slip(typed, meant) == one_slip(meant, typed)


def _edits(a: str, b: str) -> int:
    """Optimal string alignment distance, by the book."""
    far = [[i + j if not i * j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            change = far[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            far[i][j] = min(far[i - 1][j] + 1, far[i][j - 1] + 1, change)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                far[i][j] = min(far[i][j], far[i - 2][j - 2] + 1)
    return far[-1][-1]


@trial(deadline=None)
@given(st.text(max_size=300))
def test_no_query_is_an_error(query: str) -> None:
    found = codes(query, limit=7)
    assert len(found) <= 7
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("query", ["'", '"; DROP TABLE procedures; --', "%", "*", "zzzzqq", "\0", "\ud800", "😀"])
def test_nonsense_finds_nothing(query: str) -> None:
    assert codes(query) == []


def test_an_empty_query_lists_all_in_dictionary_order() -> None:
    listed = INDEX.search("  ", "", ALL, None)
    assert len(listed) == len(PROCEDURES)
    keys = [(dictionary_order(p.field), dictionary_order(p.name)) for p in listed]
    assert keys == sorted(keys)


def test_field_and_day_narrow_the_search() -> None:
    assert {p.field for p in INDEX.search("", "chung thuc", ALL, None)} == {"Chứng thực"}
    assert codes("khai sinh", "Chứng thực") == []
    assert "1.011607" in codes("ho ngheo", day=date(2026, 12, 31))
    assert "1.116214" not in codes("ho ngheo", day=date(2026, 12, 31))
    assert "1.011607" not in codes("ho ngheo", day=date(2027, 1, 1))
    assert "1.116214" in codes("ho ngheo", day=date(2027, 1, 1))


def test_limit_is_kept() -> None:
    assert len(codes("dang ky", limit=3)) == 3
    assert codes("dang ky", limit=0) == []


def test_letters_are_ordered_as_in_a_vietnamese_dictionary() -> None:
    words = [
        "ăn",
        "an",
        "ân",
        "dao",
        "đào",
        "đa",
        "da",
        "ếch",
        "em",
        "ơn",
        "ôn",
        "on",
        "ưa",
        "ua",
        "bà",
        "ba",
        "bá",
        "bả",
    ]
    assert sorted(words, key=dictionary_order) == [
        *("an", "ăn", "ân", "ba", "bà", "bả", "bá", "da", "dao", "đa", "đào", "em", "ếch"),
        *("on", "ôn", "ơn", "ua", "ưa"),
    ]


def test_fields_are_counted(store: Store) -> None:
    counts = {each.field: each.count for each in procedures.fields(store.read())}
    assert sum(counts.values()) == len(PROCEDURES)
    assert counts["Chứng thực"] == sum(p.field == "Chứng thực" for p in PROCEDURES)
    names = [each.field for each in procedures.fields(store.read())]
    assert names == sorted(names, key=dictionary_order)


def test_search_reads_the_file_and_sees_an_import_at_once(store: Store) -> None:
    other = Store(store.path, store.clock)  # as another process would
    assert [p.code for p in procedures.search(other.read(), "khai sinh", limit=1)] == ["1.001193"]
    line = json.dumps(
        {
            "code": "9.000001",
            "name": "Cấp thẻ đọc sách",
            "field": "Thư viện",
            "source_url": "https://example.vn/",
            "fetched_at": "2026-11-22",
        }
    )
    with store.act() as act:
        procedures.import_lines(act, load(ROOT / "config"), [line], actor="system")
    assert [p.code for p in procedures.search(other.read(), "doc sach")] == ["9.000001"]
    assert procedures.search(other.read(), "khai sinh") == []
    other.close()


def test_before_the_first_import_there_is_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "empty.sqlite3")
    assert procedures.search(store.read(), "khai sinh") == []
    assert procedures.fields(store.read()) == []
    assert procedures.edition(store.read()) is None
    store.close()
