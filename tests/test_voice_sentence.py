"""The wording of calls, recalls and closing, from the office's real phrase files."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from display.voice import sentence
from office.phrases import Phrases
from office.sections import VoiceSettings

CONFIG = Path(__file__).parents[1] / "config"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases.load(CONFIG / "phrases")


@pytest.mark.parametrize(
    ("settings", "recall", "text"),
    [
        ({}, False, "Xin mời số thứ tự a, không, hai, năm, đến quầy số mười hai"),
        ({}, True, "Mời lại số thứ tự a, không, hai, năm, đến quầy số mười hai"),
        ({"wording": "formal"}, False, "Kính mời công dân có số thứ tự a, không, hai, năm đến quầy số mười hai"),
        ({"wording": "short"}, False, "Xin mời công dân số a, không, hai, năm đến quầy số mười hai"),
        ({"reading": "words"}, False, "Xin mời số thứ tự a không hai mươi lăm, đến quầy số mười hai"),
    ],
)
def test_vietnamese_calls_follow_domain(phrases: Phrases, settings: dict[str, str], recall: bool, text: str) -> None:
    voice = VoiceSettings.model_validate(settings)
    assert sentence.call(phrases, voice, "vi", number="A-025", counter="12", recall=recall).text == text


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("wording", ["default", "formal", "short"])
def test_a_recall_is_worded_differently_and_says_the_same(phrases: Phrases, language: str, wording: str) -> None:
    voice = VoiceSettings.model_validate({"wording": wording})
    first = sentence.call(phrases, voice, language, number="H-007", counter="3")
    again = sentence.call(phrases, voice, language, number="H-007", counter="3", recall=True)
    assert first.text != again.text
    said = {"vi": ["hát", "không", "bảy", "ba"], "en": ["H", "zero", "seven", "three"]}[language]
    for word in said:
        assert word in first.tokens
        assert word in again.tokens


def test_a_southern_counter(phrases: Phrases) -> None:
    south = VoiceSettings(region="south", reading="words")
    said = sentence.call(phrases, south, "vi", number="1004", counter="24").text
    assert said == "Xin mời số thứ tự một ngàn không trăm lẻ bốn, đến quầy số hai mươi bốn"


def test_a_counter_with_a_name(phrases: Phrases) -> None:
    said = sentence.call(phrases, VoiceSettings(), "vi", number="A-001", counter="Quầy trả kết quả")
    assert said.text.endswith("đến Quầy trả kết quả")


def test_closing_says_when_to_come_back(phrases: Phrases) -> None:
    monday, same_day = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE), datetime(2026, 11, 20, 18, 0, tzinfo=ZONE)
    voice = VoiceSettings()
    said = sentence.closing(phrases, voice, "vi", now=FRIDAY, opens=monday)
    assert said.text == ("Bộ phận một cửa ngừng cấp số. Kính mời công dân quay lại vào bảy giờ ba mươi phút thứ hai")
    assert sentence.closing(phrases, voice, "vi", now=FRIDAY, opens=same_day).text.endswith("mười tám giờ hôm nay")
    assert sentence.closing(phrases, voice, "en", now=FRIDAY, opens=None).text.endswith("Thank you")


@pytest.mark.parametrize(
    ("language", "opens", "said"),
    [
        ("vi", "2026-02-19 07:00", "bảy giờ thứ năm"),  # six days ahead: the next Thursday
        ("vi", "2026-02-20 07:00", "bảy giờ thứ sáu, ngày hai mươi tháng hai"),
        ("vi", "2026-02-23 07:30", "bảy giờ ba mươi phút thứ hai, ngày hai mươi ba tháng hai"),
        ("vi", "2026-04-04 07:00", "bảy giờ thứ bảy, ngày mùng bốn tháng tư"),
        ("en", "2026-02-23 07:00", "seven o'clock on Monday, the twenty third of February"),
        ("en", "2026-02-23 13:05", "five minutes past thirteen on Monday, the twenty third of February"),
        ("en", "2026-03-30 07:00", "seven o'clock on Monday, the thirtieth of March"),
        ("en", "2026-03-12 07:00", "seven o'clock on Thursday, the twelfth of March"),
    ],
)
def test_closing_before_a_long_holiday_says_the_date(phrases: Phrases, language: str, opens: str, said: str) -> None:
    friday = datetime(2026, 2, 13, 17, 0, tzinfo=ZONE)  # the last day before Tết
    moment = datetime.fromisoformat(opens).replace(tzinfo=ZONE)
    assert sentence.closing(phrases, VoiceSettings(), language, now=friday, opens=moment).text.endswith(said)


def test_clips_of_a_sentence_are_its_phrases_and_words(phrases: Phrases) -> None:
    said = sentence.call(phrases, VoiceSettings(), "vi", number="A-01", counter="2")
    assert said.clips == ("Xin mời số thứ tự", "a", "không", "một", "đến", "quầy số", "hai")


def test_samples_use_every_clip_of_every_call(phrases: Phrases) -> None:
    voice = VoiceSettings(reading="words")
    lines = sentence.samples(phrases, voice, "vi", letters="AK", counters=["1", "12", "3B"])
    clips = {clip for line in lines for clip in line.clips}
    for number in range(0, 1000, 7):
        for counter in ("1", "12", "3B"):
            call = sentence.call(
                phrases, voice, "vi", number=f"K-{number:03d}", counter=counter, recall=number % 2 == 0
            )
            assert set(call.clips) <= clips


def test_plain_lines_keep_their_pauses_tidy() -> None:
    line = sentence.plain("vi", "  Kính chào,  ông bà!!  Mời chạm… ")
    assert line.text == "Kính chào, ông bà. Mời chạm"
