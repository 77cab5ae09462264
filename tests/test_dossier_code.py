"""Dossier codes: every shape that was seen, every way they arrive, and what is no code (DOMAIN 3.1 to 3.3)."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import dossier_code
from office.dossier_code import SHAPES, confirmed, find, normal, parse
from office.errors import BadCode

TODAY = date(2026, 11, 23)
GOOD = {
    "H55.242-261120-0007": ("qd20", "H55.242", date(2026, 11, 20), "0007"),
    "000.00.06.H56-231027-0361": ("qcvn102", "000.00.06.H56", date(2023, 10, 27), "0361"),
    "000.17.22.H56-210531-0001": ("qcvn102", "000.17.22.H56", date(2021, 5, 31), "0001"),
    "000.00.53.H48-220921-0099": ("qcvn102", "000.00.53.H48", date(2022, 9, 21), "0099"),
    "000.00.19.H47-260105-0001": ("qcvn102", "000.00.19.H47", date(2026, 1, 5), "0001"),
    "000.00.01.H29-260310-0420": ("qcvn102", "000.00.01.H29", date(2026, 3, 10), "0420"),
    "000.00.19.H26-230412-0012": ("qcvn102", "000.00.19.H26", date(2023, 4, 12), "0012"),
    "38.98.H29-210519-00033": ("short", "38.98.H29", date(2021, 5, 19), "00033"),
    "H56.14-240823-0001": ("qd20", "H56.14", date(2024, 8, 23), "0001"),
    "H56.36.12-231004-0001": ("qd20", "H56.36.12", date(2023, 10, 4), "0001"),
    "H57.132-260804-0583": ("qd20", "H57.132", date(2026, 8, 4), "0583"),
    "H15.50.05.13-261008-0975": ("qd20", "H15.50.05.13", date(2026, 10, 8), "0975"),
    "G15.99-260101-1500123": ("qd20", "G15.99", date(2026, 1, 1), "1500123"),
    "H55-261123-001": ("qd20", "H55", date(2026, 11, 23), "001"),
}
NONE = [
    "", " ", "0912345678", "001099012345", "A-001", "H55.242-261120", "H55.242-261332-0001", "H55.242-260230-0001",
    "H55.242-261120-01", "H55.242-261120-12345678", "XH55.242-261120-0007", "H55.2420-261120-0007", "\ud800",
    "H55.242-261120-0007 H55.242-261120-0008", "ĐH55.242-261120-0007", "H55.242-٢٦١١٢٠-0007", "x" * 100_000,
]  # fmt: skip
NOISE = st.text("\u200b\u200d\ufeff\u00ad \t\u00a0\u3000", max_size=3)


@pytest.mark.parametrize("text", GOOD)
def test_every_shape_that_was_seen(text: str) -> None:
    code = parse(text, TODAY)
    assert (code.shape, code.agency, code.day, code.sequence) == GOOD[text]
    assert code.text == code.key == text
    assert code.shape in SHAPES


@pytest.mark.parametrize("text", NONE, ids=lambda text: ascii(text)[:30])
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(BadCode):
        parse(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "h55.242-261120-0007",
        "*H55.242-261120-0007*",
        " H55.242 - 261120 - 0007\r\n",
        "H55.242–261120—0007",
        "Ｈ５５．２４２－２６１１２０－０００７",
        "H55.242\u2212261120\u20110007",
        "\ufeffH55.242-261120-0007\u200b",
        "H55。242-261120-0007",
    ],
)
def test_every_way_it_arrives(text: str) -> None:
    assert normal(text) == "H55.242-261120-0007"
    assert parse(text, TODAY).key == "H55.242-261120-0007"


def test_the_code_is_kept_as_given() -> None:
    assert parse(" h55.242-261120-0007 ", TODAY).text == "h55.242-261120-0007"


def test_a_day_to_come_is_no_code_but_can_be_confirmed() -> None:
    with pytest.raises(BadCode) as told:
        parse("H55.242-261124-0001", TODAY)
    assert told.value.params["confirmable"] is True
    assert parse("H55.242-261124-0001", date(2026, 11, 24)).day == date(2026, 11, 24)
    assert confirmed("H55.242-261124-0001", TODAY).shape == "other"


@pytest.mark.parametrize(
    "text",
    [
        *("2026.HS.0007", "QG-2026-0123", "BCA_15_000001", "hs-0012.x"),
        # nine digits and more, none of them a person's number
        *(
            "QG-2026-000123",
            "BCA_15_0000001",
            "G.15.2026.1500123",
            "HS20261120000123",
            "2026-11-20-000123",
            "1234567890",
        ),
    ],
)
def test_an_unknown_shape_is_taken_only_once_confirmed(text: str) -> None:
    with pytest.raises(BadCode) as told:
        parse(text, TODAY)
    assert told.value.params["confirmable"] is True
    code = confirmed(text, TODAY)
    assert (code.shape, code.text, code.key, code.day) == ("other", text, text.upper(), None)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ab", "0912345678", "001 099 012 345", "+84912345678", "a/b/c", "<b>", "x" * 41, "mã hồ sơ", "\ud800a"),
        *("0912.345.678", "001-190-012-345", "CCCD001190012345", "SDT_0912_345_678"),
        *("123456789", "123-456-789", "190012345678", "84912345678", "0912345678.", "02083822123", "CMND-123456789"),
        *("HS-001190012345", "QG.0912345678.X", "HS-84912345678", "HS_0912_345_678", "QG-001.190.012.345", "cmt_12345"),
    ],
)
def test_some_texts_nobody_can_confirm(text: str) -> None:
    with pytest.raises(BadCode) as told:
        confirmed(text, TODAY)
    assert told.value.params["confirmable"] is False


def test_a_known_shape_confirmed_stays_what_it_is() -> None:
    assert confirmed("H55.242-261120-0007", TODAY).shape == "qd20"


@pytest.mark.parametrize("code", GOOD)
def test_found_in_a_longer_text(code: str) -> None:
    for text in (f"https://vi.example/tra-cuu?mahs={code}&x=1", f"Mã hồ sơ: {code.lower()}.", f"\n{code}\n"):
        found = find(text, TODAY)
        assert found is not None, text
        assert (found.key, found.shape) == (code, GOOD[code][0])
    assert find("không có mã nào ở đây, số 0912345678", TODAY) is None
    assert find(f"H55.242-260230-0001 {code}", TODAY).key == code  # type: ignore[union-attr]


@given(code=st.sampled_from(list(GOOD)), noise=st.lists(NOISE, min_size=4, max_size=4), low=st.booleans())
def test_noise_changes_nothing(code: str, noise: list[str], low: bool) -> None:
    agency, day, sequence = code.split("-")
    text = noise[0] + agency + noise[1] + "-" + day + noise[2] + "-" + sequence + noise[3]
    assert parse(text.lower() if low else text, TODAY).key == code


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    for read in (parse, confirmed):
        try:
            code = read(text, TODAY)
        except BadCode:
            continue
        assert re.fullmatch(r"[0-9A-Z._-]{3,60}", code.key)
        assert code.key == normal(code.key)
        assert not dossier_code.personal(code.key)
