"""What a scanned text means (DOMAIN 3): however a code comes it reads to the same key, and no identity number stays."""

import string
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from office.dossier_reentry import LENGTH, LETTERS, PREFIX
from office.errors import BadCode
from office.scans import TEXT_MAX, UNKNOWN, Scan, for_ticket, plain, read, without_identity

TODAY = date(2026, 11, 27)
SEEN = (
    *("000.00.06.H56-231027-0361", "000.17.22.H56-210531-0001", "000.00.53.H48-220921-0099"),
    *("000.00.19.H47-260105-0001", "000.00.01.H29-260310-0420", "38.98.H29-210519-00033", "H56.14-240823-0001"),
    *("H57.132-260804-0583", "H15.50.05.13-261008-0975", "H55.242-261120-0007", "H56.36.12-231004-0001"),
    *("000.00.19.H26-230412-0012", "G15.99-260101-1500123"),
)
FULL = {ord(c): chr(ord(c) + 0xFEE0) for c in string.ascii_letters + string.digits + ".-*"}
DASHES = "-‐‑–—−－"
ID = "001099012345"
CARD = f"{ID}|012345678|Nguyễn Văn Thử|28021966|Nam|Xóm Mẫu, xã Phú Lương|01012022"


def digits(low: int, high: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=low, max_size=high)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A code of one of the three shapes, of a day that has been."""
    day = draw(st.dates(date(2018, 6, 1), TODAY))
    province = draw(st.sampled_from(string.ascii_uppercase)) + draw(digits(2, 2))
    parts = draw(st.lists(digits(2, 2), max_size=3))
    agency = draw(
        st.one_of(
            st.builds(lambda a, b, c: f"{a}.{b}.{c}.{province}", digits(3, 3), digits(2, 2), digits(2, 2)),
            st.builds(lambda a: ".".join([a, *parts, province]), digits(2, 3)),
            st.builds(lambda tail: ".".join([province, *tail]), st.lists(digits(1, 3), max_size=4)),
        )
    )
    return f"{agency}-{day:%y%m%d}-{draw(digits(3, 7))}"


def dashed(code: str, dash: str) -> str:
    return code.replace("-", dash)


NOISE = st.sampled_from(
    [
        lambda c: c,
        lambda c: f"*{c}*",
        lambda c: c.lower(),
        lambda c: f"*{c.lower()}*",
        lambda c: c.translate(FULL),
        lambda c: f"*{c}*".translate(FULL),
        lambda c: f"  {c}\r\n",
        lambda c: f"\ufeff{c}\u200b",
        " ".join,
        lambda c: c.replace("-", " - "),
        *(lambda c, dash=dash: dashed(c, dash) for dash in DASHES),
    ]
)
NAMES = st.sampled_from(["mahs", "MHS", "MaHoSo", "maHoSo", "code", "ma", "dossierCode", "MAHS", "ma_hs", "ma-ho-so"])
PERSONAL = st.sampled_from(["SGT", "SoDinhDanh", "soCCCD", "cmnd", "so_giay_to", "sdt", "HoTen", "idNumber", "ten"])
HOSTS = st.sampled_from(
    [
        "https://dvc.example/portaldvc/tra-cuu",
        "http://mc.example/tra-cuu.aspx",
        "HTTPS://DVC.EXAMPLE/#/tra-cuu",
        "www.x.vn/t",
    ]
)


@pytest.mark.parametrize("code", SEEN)
def test_codes_seen_in_use(code: str) -> None:
    scan = read(code, TODAY)
    assert (scan.kind, scan.shown) == ("dossier", code)


@given(codes(), NOISE)
def test_every_noisy_variant_reads_to_the_same_key(code: str, noisy) -> None:  # type: ignore[no-untyped-def]
    scan = read(noisy(code), TODAY)
    assert scan.code is not None
    assert scan.code.key == code


@given(codes(), HOSTS, NAMES, PERSONAL, digits(9, 12), st.booleans(), st.integers(0, 2), st.data())
def test_an_address_gives_its_code_and_no_identity_number(
    code: str, host: str, name: str, personal: str, number: str, last: bool, encoded: int, data: st.DataObject
) -> None:
    assume(number not in code)
    value = code
    for _ in range(encoded):
        value = quote(value, safe="")
    pairs = [f"{name}={value}", "lang=vi"]
    pairs.insert(len(pairs) if last else 0, f"{personal}={number}")
    scan = read(f"{host}?{'&'.join(pairs)}", TODAY)
    assert scan.code is not None
    assert scan.code.key == code
    assert number not in everything(scan)
    assert number not in without_identity(f"{host}?{'&'.join(pairs)}")


@given(digits(9, 12), st.sampled_from(["", " ", ".", "-"]), st.text(string.ascii_letters + " :|/?=&#", max_size=12))
def test_a_number_of_a_person_is_nothing_and_stays_nowhere(number: str, gap: str, around: str) -> None:
    told = around + gap.join(number) + around[::-1]
    scan = read(told, TODAY)
    assert scan.kind in ("unknown", "card")
    assert number not in everything(scan, card=False)
    if scan.kind == "unknown":
        assert number not in "".join(c for c in without_identity(told) if c.isdigit()) or len(number) < 9


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    scan = read(text, TODAY)
    assert scan.kind in ("dossier", "ticket", "missing", "card", "unknown")
    assert plain(plain(text)) == plain(text)
    without_identity(text)


@given(st.text(LETTERS, min_size=LENGTH, max_size=LENGTH), NOISE)
def test_a_reentry_code_survives_the_same_noise(letters: str, noisy) -> None:  # type: ignore[no-untyped-def]
    scan = read(noisy(PREFIX + letters), TODAY)
    assert (scan.kind, scan.reentry) == ("missing", PREFIX + letters)


def test_known_keys_come_before_a_code_elsewhere_in_the_address() -> None:
    text = "https://x/H56.14-240823-0001?lang=vi&ma=H55.242-261120-0007&mahs=H57.132-260804-0583"
    assert read(text, TODAY).shown == "H57.132-260804-0583"
    assert read("https://x/y/H56.14-240823-0001?lang=vi", TODAY).shown == "H56.14-240823-0001"


def test_an_address_with_only_an_opaque_id_is_unknown() -> None:
    scan = read("https://dvc.example/apiqr/qr?id=6f9619ff-8b86-d011-b42d-00cf4fc964ff", TODAY)
    assert (scan.kind, scan.loose, scan.shown) == ("unknown", "", "")


@pytest.mark.parametrize("text", ["", " ", "*", "**", "0912345678", ID, "A-001", "H55.242-261332-0001", "x" * 5000])
def test_what_is_no_code(text: str) -> None:
    scan = read(text, TODAY)
    assert (scan.kind, scan.code, scan.shown) == ("unknown", None, "")


def test_a_code_of_a_day_to_come_is_none_but_may_be_known() -> None:
    scan = read("H55.242-261128-0001", TODAY)
    assert (scan.kind, scan.loose) == ("unknown", "H55.242-261128-0001")


def test_unknown_shapes_are_only_looked_up_and_never_with_a_persons_number_in_them() -> None:
    assert read("ABC/2026", TODAY).loose == ""
    assert read("*hs.2026_17*", TODAY).loose == "HS.2026_17"
    assert read("CCCD-001099012345", TODAY).loose == ""
    assert read("https://x/?mahs=HS.2026_17&SGT=001099012345", TODAY).loose == "HS.2026_17"


@pytest.mark.parametrize(
    "text",
    [
        "http://192.168.1.10:8000/t/ABCDEFGH23456789",
        "HTTP://MC/T/abcdefgh23456789?lang=en",
        "https://mc.example/t/ABCDEFGH23456789/",
    ],
)
def test_our_own_ticket(text: str) -> None:
    scan = read(text, TODAY)
    assert (scan.kind, scan.ticket_token, scan.shown) == ("ticket", "ABCDEFGH23456789", "")


def test_a_citizen_card() -> None:
    scan = read(CARD, TODAY)
    card = scan.card
    assert card is not None
    assert (scan.kind, scan.shown) == ("card", "")
    assert (card.number, card.old_number, card.name, card.sex) == (ID, "012345678", "Nguyễn Văn Thử", "Nam")
    assert (card.birth, card.issued) == (date(1966, 2, 28), date(2022, 1, 1))
    assert card.address == "Xóm Mẫu, xã Phú Lương"
    assert ID not in f"{scan!r} {card!r} {scan} {card}"


@pytest.mark.parametrize(
    ("birth", "today", "age"),
    [
        ("28021966", date(2026, 2, 27), 59),
        ("28021966", date(2026, 2, 28), 60),
        ("29021964", date(2024, 2, 28), 59),
        ("29021964", date(2024, 2, 29), 60),
        ("31132000", TODAY, None),
        ("01012030", TODAY, None),
        ("", TODAY, None),
    ],
)
def test_age_in_full_years(birth: str, today: date, age: int | None) -> None:
    card = read(f"{ID}||Trần Thị Mẫu|{birth}|Nữ||", TODAY).card
    assert card is not None
    assert card.age(today) == age


@given(st.lists(st.text(max_size=20), max_size=12))
def test_a_card_with_missing_or_more_fields_is_still_no_code(fields: list[str]) -> None:
    scan = read("|".join([ID, *fields]) + "|", TODAY)
    assert (scan.kind, scan.code, scan.loose, scan.shown) == ("card", None, "", "")


def test_what_a_ticket_may_be_taken_for() -> None:
    assert for_ticket(" h55.242-261120-0007 ", TODAY) == "H55.242-261120-0007"
    assert for_ticket("HS.2026_17", TODAY) == "HS.2026_17"
    for text in (ID, "0912345678", "001.099.012.345", "CCCD-001099012345", "Nguyễn Văn Thử", "x" * 61, "\x00"):
        with pytest.raises(BadCode):
            for_ticket(text, TODAY)


def test_what_is_too_long_is_not_looked_at() -> None:
    assert read("H55.242-261120-0007" + " " * TEXT_MAX, TODAY) is UNKNOWN


def test_texts_without_a_persons_data_are_shown_again_as_they_were() -> None:
    for text in ("Giấy hẹn của Trung tâm", "https://mc.example/x?a=1&b=Hộ%20tịch", "H55.242-261120-0007"):
        assert without_identity(text) == text


def test_a_persons_number_beside_a_code_is_taken_out() -> None:
    for text in ("0912 345 678 000.00.06.H56-231027-0361", "https://x/t?mahs=000.00.06.H56-231027-0361%20001099012345"):
        shown = without_identity(text)
        assert "000.00.06.H56-231027-0361" in shown
        assert "345" not in shown


def everything(scan: Scan, *, card: bool = True) -> str:
    """All that a Scan holds, as one text."""
    parts = [scan.ticket_token, scan.reentry, scan.loose, scan.shown, f"{scan.code}"]
    return " ".join(parts + ([f"{scan.card}"] if card else []))


@pytest.mark.parametrize("code", ["QG-2026-000123", "BCA_15_0000001"])
def test_a_code_of_an_unknown_shape_is_left_to_a_clerk_and_may_have_a_number_taken_for_it(code: str) -> None:
    for text in (code, f"https://dvc.example/tra-cuu?mahs={code}"):
        scan = read(text, TODAY)
        assert (scan.kind, scan.loose) == ("unknown", code)
    assert for_ticket(code, TODAY) == code
