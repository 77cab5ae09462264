"""(s) Search in the posted catalogue as one types, asked of the real server; are slips of the finger forgiven."""

import http.client
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.figures import Figure, middle, percentile
from benchmarks.hall import HOST, ROOT, Office, connect, found, serving

LIMIT_MS: Final = 20.0
OWN: Final = ROOT / "config" / "procedures.jsonl"
FULL: Final = ROOT.parent / "shared" / "data" / "procedures.jsonl"
"""The portal's whole list, where it is at hand."""

FORGIVEN: Final = 0.95
SEEN: Final = 5
"""Answers that a kiosk shows without scrolling."""

TYPED: Final = (
    "đăng ký khai sinh",
    "khai sinh",
    "ket hon",
    "giấy xác nhận tình trạng hôn nhân",
    "trich luc ho tich",
    "sao y bản chính",
    "chung thuc chu ky",
    "sổ đỏ",
    "tranh chấp đất đai",
    "giay phep xay dung",
    "thuong tru",
    "tạm trú",
    "tách hộ",
    "ho kinh doanh",
    "hộ nghèo",
    "tro cap xa hoi",
    "khuyết tật",
    "mai táng",
    "nuoi con nuoi",
    "căn cước",
    "1.001193",
    "bao hiem y te",
    "dk tam tru cho nguoi nuoc ngoai",
)
"""What citizens and clerks look for; each is typed letter by letter."""


def measure(folder: Path) -> list[Figure]:
    """The shipped catalogue, then the portal's whole list, each behind a server of its own."""
    figures: list[Figure] = []
    for name, file in (("as shipped", OWN), ("the portal's", FULL)):
        if file.is_file():
            figures += _measured(folder / file.parent.name, name, file)
    return figures


def _measured(folder: Path, name: str, file: Path) -> list[Figure]:
    folder.mkdir()
    office = found(folder)
    _import(office, file)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    with serving(office):
        line = connect(office.port)
        _ask(line, "khai")
        took = [_timed_ms(line, text[:n]) for text in TYPED for n in range(1, len(text) + 1)]
        slips = _slips([(str(row["code"])[:8], str(row["name"])) for row in rows])
        hit = [code in _codes(_ask(line, typed))[:SEEN] for code, typed in slips]
        line.close()
    said = f"a letter typed → answers, catalogue {name} ({len(rows)} procedures)"
    return [
        Figure("s", f"{said}: p95", percentile(took, 0.95), "ms", LIMIT_MS),
        Figure("s", f"{said}: p50", middle(took), "ms"),
        Figure("s", f"{said}: longest of {len(took)}", max(took), "ms"),
        Figure(
            "s",
            f"names typed with one slip ({len(slips)}), found among the first {SEEN}, catalogue {name}",
            sum(hit) / len(hit),
            "",
            FORGIVEN,
            "at least",
        ),
    ]


def _import(office: Office, file: Path) -> None:
    place = ["--config", str(office.config), "--data", str(office.data)]
    command = [sys.executable, "server.py", *place, "procedures", "import", str(file)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)


def _timed_ms(line: http.client.HTTPConnection, text: str) -> float:
    began = time.perf_counter()
    _ask(line, text)
    return 1000 * (time.perf_counter() - began)


def _ask(line: http.client.HTTPConnection, text: str) -> bytes:
    """The whole answer for ``text``."""
    line.request("GET", f"/api/v1/procedures?q={quote(text)}", headers={"Host": HOST})
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} for {text!r}: {body[:200]!r}")
    return body


def _codes(body: bytes) -> list[str]:
    """The codes of an answer, best first."""
    return [procedure["code"] for procedure in json.loads(body)["procedures"]]


def _slips(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Code and the first words of its name with one slip in one of them: left out, doubled, wrong or swapped."""
    chance = random.Random(1001)
    made = []
    for code, name in named:
        words = name.split()[:6]
        long = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha()]
        if len(words) > 3 and long:
            place = chance.choice(long)
            words[place] = _slipped(words[place], chance)
            made.append((code, " ".join(words)))
    return made


def _slipped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    ways = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + chance.choice("aeionht") + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return chance.choice(ways)
