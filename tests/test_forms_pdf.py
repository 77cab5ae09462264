"""Forms as PDF: paper, type, layout, and both codes read back from the drawn page by two readers."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from forms import drawing, load_driver
from forms.pen import MM_OF_POINT
from forms.press import drawn
from office import forms
from office.dossiers import Applicant
from office.form_matter import Matter, Missing
from office.form_parts import Form, Page
from tools.papers import PDFTOPPM, Record, boxes, inked, pages, read, sizes
from tools.specimens import BARE, HEAD, LONG, MATTER, WORDS

CODED = ("giay_tiep_nhan", "phieu_bo_sung", "giay_bien_nhan")
PAPER: dict[Page, tuple[int, int]] = {"A5": (148, 210), "A4": (210, 297)}
PRINTER_DPI = 203
LOOKUP = "https://example.gov.vn/tra-cuu?mahs={code}"


def form(kind: str, matter: Matter = MATTER, page: Page | None = None) -> Form:
    return forms.form(kind, matter, HEAD, WORDS, page)


def recorded(one: Form) -> Record:
    """What is drawn of a form, page by page."""
    record = Record(load_driver("pdf")("", ""))
    drawing.draw(one, record, lambda page, of: f"{page}/{of}")
    return record


@pytest.mark.parametrize("dpi", [PRINTER_DPI, 300])
@pytest.mark.parametrize("matter", [MATTER, LONG], ids=["plain", "long"])
@pytest.mark.parametrize("kind", CODED)
def test_codes_are_read_back_from_the_files_own_boxes(kind: str, matter: Matter, dpi: int) -> None:
    expected = {("bar", matter.code), ("qr", matter.code)}
    assert read(inked(boxes(drawn(form(kind, matter), WORDS)), dpi)) == {"pyzbar": expected, "zxing": expected}


@pytest.mark.skipif(PDFTOPPM is None, reason="pdftoppm is not installed (package poppler-utils)")
@pytest.mark.parametrize("page", PAPER)
@pytest.mark.parametrize("matter", [MATTER, LONG], ids=["plain", "long"])
@pytest.mark.parametrize("kind", CODED)
def test_codes_are_read_back_from_the_whole_page(kind: str, matter: Matter, page: Page) -> None:
    first = pages(drawn(form(kind, matter, page), WORDS), PRINTER_DPI)[0]
    expected = {("bar", matter.code), ("qr", matter.code)}
    assert read(first) == {"pyzbar": expected, "zxing": expected}


def test_look_up_address_is_read_back() -> None:
    one = forms.form("giay_tiep_nhan", MATTER, replace(HEAD, lookup_url=LOOKUP), WORDS)
    expected = {("bar", MATTER.code), ("qr", LOOKUP.replace("{code}", MATTER.code))}
    assert read(inked(boxes(drawn(one, WORDS)), PRINTER_DPI)) == {"pyzbar": expected, "zxing": expected}


@pytest.mark.parametrize("page", PAPER)
@pytest.mark.parametrize("matter", [MATTER, LONG], ids=["plain", "long"])
def test_bars_are_tall_and_modules_wide_enough(matter: Matter, page: Page) -> None:
    found = boxes(drawn(form("giay_tiep_nhan", matter, page), WORDS))
    bars = [box for box in found if box[3] > 5]
    squares = [box for box in found if box[3] <= 5]
    assert min(height for _, _, _, height in bars) >= 12
    assert min(width for _, _, width, _ in bars) >= 0.33 - 1e-3
    assert min(height for _, _, _, height in squares) >= 3 * 25.4 / PRINTER_DPI
    wide, tall = PAPER[page]
    for x, y, width, height in found:
        assert x >= 10 * 0.33  # a quiet zone at the edge of the paper too
        assert x + width <= wide - 10 * 0.33
        assert y + height <= tall
    assert min(x for x, *_ in squares) - max(x + width for x, _, width, _ in bars) >= 10 * 0.33 or (
        min(y for _, y, *_ in squares) > max(y + height for _, y, _, height in bars)
    )


@pytest.mark.parametrize("kind", forms.KINDS)
def test_paper_is_a5_or_a4_upright(kind: str) -> None:
    for page, size in PAPER.items():
        wanted = PAPER["A4"] if kind == "phieu_kiem_soat" else size
        assert set(sizes(drawn(form(kind, LONG, page), WORDS))) == {wanted}


@pytest.mark.parametrize("kind", forms.KINDS)
def test_ordinary_form_is_one_page(kind: str) -> None:
    for matter in (MATTER, BARE):
        assert len(sizes(drawn(form(kind, matter), WORDS))) == 1


@pytest.mark.parametrize("page", PAPER)
@pytest.mark.parametrize("matter", [MATTER, BARE, LONG], ids=["plain", "bare", "long"])
@pytest.mark.parametrize("kind", forms.KINDS)
def test_nothing_is_written_beyond_the_margins_or_over_each_other(kind: str, matter: Matter, page: Page) -> None:
    record = recorded(form(kind, matter, page))
    for (wide, tall), texts in zip(record.size, record.texts, strict=True):
        spans = []
        for x, y, text, face, size in texts:
            length = record.measure(text, face) * size
            assert x >= 8, text
            assert x + length <= wide - 8, text
            assert size * 1.2 * MM_OF_POINT <= y <= tall - 5, text
            spans.append((y, x, x + length, text))
        for y, left, right, text in spans:
            over = [
                o for oy, ol, oright, o in spans if oy == y and o != text and ol < right - 0.1 and left < oright - 0.1
            ]
            assert over == [], text


def test_long_values_are_wrapped_and_whole() -> None:
    words = " ".join(recorded(form("giay_tiep_nhan", LONG)).words())
    for text in (LONG.person.name, LONG.procedure, LONG.person.address):
        assert all(word in words for word in text.split()), text
    email = LONG.person.email
    assert email in words.replace(" ", "")


def test_table_repeats_its_heads_on_every_page() -> None:
    for kind, title in (
        ("giay_tiep_nhan", "Tên giấy tờ"),
        ("phieu_bo_sung", "cần bổ sung"),
        ("phieu_kiem_soat", "Ghi chú"),
    ):
        record = recorded(form(kind, LONG))
        with_rows = [words for words in record.words() if re.search(r"thứ \d", words)]
        assert len(record.words()) > 1
        assert all(title in words for words in with_rows), kind


def test_pages_are_counted_and_bear_the_code() -> None:
    words = recorded(form("giay_tiep_nhan", LONG)).words()
    for n, page in enumerate(words, 1):
        assert f"{n}/{len(words)}" in page
        assert LONG.code in page
    assert "1/1" not in " ".join(recorded(form("giay_tiep_nhan")).words())


def test_row_longer_than_a_page_goes_on_over_pages() -> None:
    endless = replace(MATTER, missing=(Missing(" ".join(f"giấy{n}" for n in range(380)), ""),))
    words = " ".join(recorded(form("phieu_bo_sung", endless)).words())
    assert all(f"giấy{n}" in words for n in range(250))


def test_empty_fields_are_dotted() -> None:
    assert sum(recorded(form("giay_tiep_nhan", BARE)).dots) >= 12
    assert sum(recorded(form("giay_tiep_nhan")).dots) == 1  # the book's number
    assert sum(recorded(form("phieu_tu_choi", replace(MATTER, reason=""))).dots) == 4


def test_type_is_embedded_and_nothing_tells_of_the_machine() -> None:
    pdf = drawn(form("giay_tiep_nhan"), WORDS)
    assert pdf.count(b"/FontFile2") >= 4
    assert b"BeVietnamPro" in pdf
    assert b"Helvetica" not in pdf.replace(
        b"/BaseFont /Helvetica", b"", 1
    )  # named by every file of reportlab, used by none
    assert pdf == drawn(form("giay_tiep_nhan"), WORDS)
    for name in (MATTER.person.name, MATTER.person.id_number):
        assert name.encode("utf-16-be") not in pdf
        assert name.encode() not in pdf


HOSTILE = st.text(max_size=600) | st.sampled_from(
    ["\ud800", "a\u0301" * 500, "𝕏" * 300, "名" * 300, "x" * 3000, "(\\)" * 50]
)


@given_settings(max_examples=40, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(sorted(forms.KINDS)))
def test_hostile_words_break_no_form(code: str, name: str, reason: str, kind: str) -> None:
    person = Applicant(name, name, name, name, name, name, name)
    pdf = drawn(form(kind, Matter(code, 0, reason, person, reason=reason, give_back=name, serial=name)), WORDS)
    assert pdf.startswith(b"%PDF-")
    assert set(sizes(pdf)) <= set(PAPER.values())
