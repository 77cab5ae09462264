"""The shipped catalogue, services, counters and days off agree with each other and with what they promise."""

import json
import tomllib
import unicodedata
import zipfile
from collections import Counter
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from office.catalogue_entry import Procedure
from office.catalogue_file import read_catalogue
from office.settings import Settings, load

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config"
OWN = CONFIG / "procedures.jsonl"
SHARED = ROOT.parent / "shared" / "data" / "procedures.jsonl"
SAFE_SERIES = set("ACHKLXGNUEY")  # DOMAIN 8.3: none sounds like another over a loudspeaker, bar those below
CONFUSED = [set("BPTDV"), set("MN"), set("LN"), set("LR")]


@pytest.fixture(scope="module", name="own")
def _own() -> list[Procedure]:
    with OWN.open("rb") as lines:
        return read_catalogue(lines, {})


@pytest.fixture(scope="module", name="settings")
def _settings() -> Settings:
    return load(CONFIG)


@pytest.fixture(scope="module", name="source")
def _source() -> list[dict[str, Any]]:
    if not SHARED.exists():
        pytest.skip("the full catalogue is not here")
    return [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()]


def test_has_the_procedures_a_commune_is_asked_for(own: list[Procedure]) -> None:
    assert len(own) >= 70
    codes = {p.code for p in own}
    everyday = {"1.001193", "1.000894", "1.000656", "2.000815", "2.000635", "1.004222", "1.001612", "1.013978"}
    assert everyday <= codes


def test_every_entry_names_its_source_and_day(own: list[Procedure]) -> None:
    for procedure in own:
        assert procedure.source_url.startswith("https://dichvucong.gov.vn/"), procedure.code
        assert date(2026, 7, 1) <= procedure.fetched_at <= date(2026, 11, 22), procedure.code


def test_is_composed_unicode_one_object_a_line_in_order() -> None:
    text = OWN.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    rows = [json.loads(line) for line in text.splitlines()]
    assert rows == sorted(rows, key=lambda row: (row["field"], row["code"]))


def test_is_never_more_certain_than_it_may_be(own: list[Procedure]) -> None:
    for procedure in own:
        for channel in procedure.channels:
            assert (channel.time_amount is None) == (channel.time_unit is None)
            if channel.same_day:  # said outright, not "usually"
                assert (channel.channel, channel.time_amount) == ("direct", None)
                assert "Trả trong ngày" in (channel.note or "")
            if channel.note and "HĐND" in channel.note:
                assert channel.fee is None
                assert channel.fee_basis == "council"
    assert not {c for p in own for c in p.caveats} - {"free_unconfirmed"}


def test_copies_no_prose(own: list[Procedure]) -> None:
    for procedure in own:
        texts = [procedure.result or "", *(p.name for p in procedure.papers)]
        assert max(map(len, texts)) <= 90, procedure.code
        assert len(procedure.name) <= 130, procedure.code
        assert all(len(channel.note or "") <= 200 for channel in procedure.channels), procedure.code


def test_no_paper_reads_as_in_the_source(own: list[Procedure], source: list[dict[str, Any]]) -> None:
    printed = {_bare(paper["name"]) for row in source for paper in row["papers"]}
    printed |= {_bare(channel["note"] or "") for row in source for channel in row["channels"]}
    texts = [p.name for procedure in own for p in procedure.papers]
    texts += [c.note for procedure in own for c in procedure.channels if c.note]
    assert [text for text in texts if len(text) > 40 and _bare(text) in printed] == []


def test_agrees_with_the_source_on_times_and_fees(own: list[Procedure], source: list[dict[str, Any]]) -> None:
    full = {p.code: p for p in read_catalogue((json.dumps(row) for row in source), {})}
    for procedure in own:
        theirs = {c.channel: c for c in full[procedure.code].channels} if procedure.code in full else {}
        for channel in procedure.channels:
            if channel.channel in theirs:
                their = theirs[channel.channel]
                assert (channel.time_amount, channel.time_unit) == (their.time_amount, their.time_unit), procedure.code
                assert channel.fee in (None, their.fee), procedure.code


def test_every_field_has_exactly_one_service(own: list[Procedure], settings: Settings) -> None:
    claimed = Counter(name for service in settings.services for name in service.fields)
    assert [name for name, times in claimed.items() if times > 1] == []
    assert {p.field for p in own} <= claimed.keys()


def test_every_field_of_the_full_catalogue_has_a_service(source: list[dict[str, Any]], settings: Settings) -> None:
    claimed = {name for service in settings.services for name in service.fields}
    assert {unicodedata.normalize("NFC", row["field"]) for row in source} <= claimed


def test_series_sound_different(settings: Settings) -> None:
    letters = [service.series for service in settings.services]
    assert len(set(letters)) == len(letters)
    assert set(letters) <= SAFE_SERIES
    assert not any(len(group & set(letters)) > 1 for group in CONFUSED)


def test_icons_are_in_the_set(settings: Settings) -> None:
    with as_file(files("lucide") / "lucide.zip") as path, zipfile.ZipFile(path) as drawings:
        known = {Path(name).stem for name in drawings.namelist()}
    assert {service.icon for service in settings.services} <= known


def test_every_service_is_served_and_counters_share_work(settings: Settings) -> None:
    desks = Counter(name for counter in settings.counters for name in counter.services)
    assert {service.id for service in settings.services} == desks.keys()
    assert max(desks.values()) > 1
    assert max(len(counter.services) for counter in settings.counters) > 1


def test_police_also_receive_on_saturday_morning(settings: Settings) -> None:
    hours = settings.service_by_id["cu-tru"].hours
    assert hours is not None
    assert hours.spans("sat") == ((7 * 60, 11 * 60 + 30),)
    assert hours.spans("sun") == ()


def test_days_off_are_in_order_sourced_and_on_the_right_weekday() -> None:
    days = tomllib.loads((CONFIG / "holidays.toml").read_text("utf-8"))["day"]
    dates = [day["date"] for day in days]
    assert dates == sorted(set(dates))
    assert all(day["source"] and day["note"] for day in days)
    for day in days:
        saturday_or_sunday = day["date"].weekday() >= 5
        if day["kind"] == "lam_bu":
            assert saturday_or_sunday, day
        elif day["kind"] in ("nghi_bu", "nghi_hoan_doi"):
            assert not saturday_or_sunday, day


def test_days_off_of_the_domain_are_there(settings: Settings) -> None:
    kinds = {day.date: day.kind for day in settings.holidays}
    assert kinds[date(2026, 11, 24)] == "nghi_le"
    assert kinds[date(2026, 8, 22)] == "lam_bu"
    assert [kinds[date(2026, 2, day)] for day in range(16, 21)] == ["nghi_le"] * 5
    assert kinds[date(2027, 4, 16)] == "nghi_le"
    assert not [day for day in kinds if day.year == 2027 and day.month == 2]  # not announced: not invented


def _bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(" .;")
