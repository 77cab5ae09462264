"""Footage taken out as evidence: what is in the ZIP, that no name is, and that its verifier finds every tampering."""

import hashlib
import json
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from camera.keeping import Keeping
from camera.recording.part import Part
from camera.recording.stream import Container, Encoder
from office import dossier_intake, footage, journal, turns
from office.clock import local, rfc3339
from office.dossier_intake import Intake
from office.dossiers import Applicant
from office.footage import Piece
from office.journal import Filter
from office.people import Role
from tools.burnt_clock import read
from tools.filmed import Filmed, filmed
from tools.fitting import Fits
from tools.footage_made import Made
from tools.webhall import API, post

LENGTH_MS = 14_000
GAP_MS = (6_000, 9_000)
CAMERAS: tuple[dict[str, Any], ...] = (
    {"name": "q1", "title": {"vi": "Quầy 1"}, "covers": [{"counter": "1"}],
     "masks": [{"left": 0.5, "top": 0.5, "width": 0.2, "height": 0.2}]},
    {"name": "sanh", "title": {"vi": "Phòng chờ"}, "offset_s": 3.2},
    {"name": "q3", "title": {"vi": "Quầy 3"}, "covers": [{"counter": "3"}]},
)  # fmt: skip
PERSON = Applicant(name="Nguyễn Văn Thử", address="12 đường Thử, xã Mẫu", phone="0900000001")
Tamper = Callable[[Path], None]


class Export:
    """An office that was filmed while a dossier was received, and its export as answered, as ZIP and unpacked."""

    def __init__(self, hall: Filmed, folder: Path) -> None:
        self.hall, self.doors = hall, hall.doors()
        self.fits = Fits(self.doors)
        self.ha = self.doors.person("ha", Role.SUPERVISOR)
        self.begins = hall.store.clock() - 5000
        self._receive()
        made = Made(hall.folder / "footage", hall.store)
        made.record(
            "q1", 1, (self.begins, self.begins + LENGTH_MS), without=(self.begins + GAP_MS[0], self.begins + GAP_MS[1])
        )
        made.record("sanh", 2, (self.begins, self.begins + LENGTH_MS))
        seen = {"trouble": "covered", "before": 0, "now": self.begins, "figures": {}}
        Keeping(hall.store, "xa", Path()).tell("camera.troubled", "sanh", **seen)
        lost = {"reason": "refused", "since": self.begins + GAP_MS[0]}
        Keeping(hall.store, "xa", Path()).tell("camera.lost", "q1", **lost)
        self.asked = {
            "cameras": ["q1", "sanh"], "from": self.rfc(0), "to": self.rfc(LENGTH_MS), "reason": "complaint",
            "note": "Trần Thị Mẫu phản ánh", "ticket": self.ticket, "dossier": self.code,
            "masked": False,
        }  # fmt: skip
        self.told = self.fits(post(self.ha, "/footage/exports", self.asked, "x1"), 201, "Export")
        self.zip = folder / "export.zip"
        self.zip.write_bytes(self.ha.get(self.told["url"], buffered=True).data)
        self.folder = folder / "unpacked"
        with zipfile.ZipFile(self.zip) as packed:
            packed.extractall(self.folder)
        self.manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))

    def rfc(self, after_ms: int) -> str:
        return rfc3339(self.begins + after_ms, self.hall.settings.office.zone)

    def _receive(self) -> None:
        self.hall.open("1")
        self.ticket = self.hall.issue("ho-tich").id
        self.hall.do(turns.call_next, "1", actor="person:lan")
        intake = Intake(procedure_name="Cấp bản sao", service="ho-tich", applicant=PERSON)
        self.code = self.hall.do(dossier_intake.receive, intake, actor="person:lan", ticket=self.ticket).code


@pytest.fixture(name="x", scope="module")
def _x(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    folder = tmp_path_factory.mktemp("office")
    with filmed(folder, [one | {"address": "rtsp://127.0.0.1/none"} for one in CAMERAS]) as hall:
        yield Export(hall, folder)


def verified(*where: str, folder: Path) -> tuple[int, str]:
    """What the export's own program says, run by a Python that has nothing but its library."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *where], cwd=folder, capture_output=True, timeout=30, check=False
    )
    return done.returncode, done.stdout.decode("utf-8") + done.stderr.decode("utf-8")


def sheet(pdf: bytes) -> str:
    """The words of a PDF."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def test_the_answer_the_event_and_the_file_agree(x: Export) -> None:
    assert x.told["sha256"] == hashlib.sha256(x.zip.read_bytes()).hexdigest()
    (event,) = journal.read(x.hall.store.read(), only=Filter(kinds=("footage.exported",)))
    assert {name: event.data[name] for name in ("export", "sha256", "bytes")} == {
        name: x.told[name] for name in ("export", "sha256", "bytes")
    }
    assert (event.actor, event.ticket, event.data["masked"], event.data["noted"]) == (
        "person:ha",
        x.ticket,
        False,
        True,
    )
    again = post(x.ha, "/footage/exports", x.asked, "x1").get_json()
    assert again == x.told  # an unsure network asks twice: one export
    listed = x.fits(x.ha.get(f"{API}/footage/exports"), 200, "Exports")["exports"]
    assert [(one["export"], one["url"]) for one in listed] == [(x.told["export"], x.told["url"])]
    assert not list((x.hall.folder / "exports" / "under-way").glob("*"))


def test_another_who_takes_it_is_written_down(x: Export) -> None:
    before = len(journal.read(x.hall.store.read(), only=Filter(kinds=("footage.viewed",))))
    assert x.ha.get(x.told["url"], buffered=True).status_code == 200
    hoa = x.doors.person("hoa", Role.SUPERVISOR)
    assert x.fits(hoa.get(x.told["url"]), 403, "Problem")["key"] == "error.view_first"  # a reason of one's own first
    asked = {name: x.asked[name] for name in ("from", "to")} | {"reason": "inspection"}
    for cameras, status in ((["q1"], 403), (["q1", "sanh"], 200)):
        view = x.fits(post(hoa, "/footage/views", asked | {"cameras": cameras}), 201, "View")["view"]
        assert hoa.get(f"{x.told['url']}?view={view}", buffered=True).status_code == status
    events = journal.read(x.hall.store.read(), only=Filter(kinds=("footage.viewed",)))
    assert len(events) == before + 2
    assert (events[-1].actor, events[-1].data["reason"]) == ("person:hoa", "inspection")
    assert x.doors.key("footage", name="other").get(x.told["url"], buffered=True).status_code == 200
    events = journal.read(x.hall.store.read(), only=Filter(kinds=("footage.viewed",)))
    assert (events[-1].actor, events[-1].data["reason"]) == ("key:other", "system")
    for name in ("E20200101-00000000", "../office"):
        assert x.ha.get(f"{API}/footage/exports/{name}", buffered=True).status_code == 404


def test_clips_are_the_footage_and_gaps_are_told(x: Export) -> None:
    one, other = x.manifest["cameras"]
    gap = {"from": x.rfc(GAP_MS[0]), "to": x.rfc(GAP_MS[1]), "reason": "missing", "lost": "refused"}
    assert (one["gaps"], other["gaps"]) == ([gap], [])
    assert [(clip["from"], clip["to"]) for clip in one["clips"]] == [
        (x.rfc(0), x.rfc(GAP_MS[0])), (x.rfc(GAP_MS[1]), x.rfc(LENGTH_MS)),
    ]  # fmt: skip
    assert (other["clock_offset_s"], other["recorded"]) == (3.2, "here")
    begun = local(x.begins, x.hall.settings.office.zone)
    assert one["clips"][0]["file"] == f"clips/q1/{begun:%Y%m%dT%H%M%S}.{x.begins % 1000:03d}+0700.mp4"
    with av.open(str(x.folder / one["clips"][1]["file"])) as file:
        seen = read(next(file.decode(video=0)).to_ndarray(format="gray"))
    assert seen
    assert seen.ms == x.begins + GAP_MS[1]


def test_the_papers_tell_what_happened_and_name_nobody(x: Export) -> None:
    rows = [json.loads(line) for line in (x.folder / "journal.jsonl").read_text("utf-8").splitlines()]
    kinds = [row["kind"] for row in rows]
    assert {"ticket.issued", "ticket.called", "dossier.received"} <= set(kinds)
    seqs = [row["seq"] for row in rows]
    assert seqs == sorted(set(seqs))
    (dossier,) = json.loads((x.folder / "dossiers.json").read_text("utf-8"))
    assert (dossier["code"], dossier["status"], dossier["visits"][0]["ticket"]) == (x.code, 2, x.ticket)
    told = sheet((x.folder / "cover.pdf").read_bytes())
    digest = hashlib.sha256((x.folder / "manifest.json").read_bytes()).hexdigest()
    assert digest in "".join(told.split())
    for word in ("BÌA BỘ HÌNH TRÍCH XUẤT", x.told["export"], "Khiếu nại", "Quầy 1", "Phòng chờ", "+3,2", "NGƯỜI NHẬN"):
        assert word in told
    assert "Camera từ chối mật khẩu" in " ".join(told.split())
    assert ("Camera có lúc không dùng được" in told, "Bị che" in told) == (True, True)
    assert [one["trouble"] for one in x.manifest["cameras"][1]["troubles"]] == ["covered"]
    whole = told + "".join(
        p.read_text("utf-8", "ignore") for p in x.folder.rglob("*") if p.is_file() and p.suffix != ".mp4"
    )
    for name in (PERSON.name, "Thử", "Mẫu", PERSON.phone):
        assert name not in whole


def test_what_is_whole_is_said_to_be(x: Export) -> None:
    code, said = verified(folder=x.folder)
    assert code == 0, said
    assert "KẾT LUẬN: ĐÚNG" in said
    assert "RESULT: RIGHT" in said
    assert "compare the SHA-256 above (the seal) with the signed paper" in said.rstrip().splitlines()[-1]
    code, said = verified(str(x.zip), folder=x.folder)
    assert code == 0
    assert x.told["sha256"] in said
    assert verified(str(x.folder / "README.txt"), folder=x.folder)[0] == 2


def test_every_file_that_is_changed_or_gone_is_found(x: Export, tmp_path: Path) -> None:
    names = [path.relative_to(x.folder).as_posix() for path in x.folder.rglob("*") if path.is_file()]
    assert len(names) == 10
    for number, name in enumerate(sorted(names)):
        for act in ("flip", "cut", "gone"):
            folder = tmp_path / f"{number}{act}"
            shutil.copytree(x.folder, folder)
            path = folder / name
            data = bytearray(path.read_bytes())
            if act == "flip":
                data[len(data) // 2] ^= 1
            path.write_bytes(bytes(data[: -2 if act == "cut" else len(data)]))
            if act == "gone":
                path.unlink()
            code, said = verified(str(folder), folder=x.folder)
            assert code in (1, 2) if name in ("manifest.json", "seal.json") else code == 1, (name, act, said)
            assert code == 2 or name in said or name == "seal.json", (name, act, said)


def _resealed(folder: Path, name: str) -> None:
    """As a forger would: the manifest and the seal are made to fit the changed file."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for one in manifest["files"]:
        if one["name"] == name:
            one["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    text = json.dumps(manifest, ensure_ascii=False).encode()
    (folder / "manifest.json").write_bytes(text)
    seal = json.loads((folder / "seal.json").read_text("utf-8"))
    seal["manifest.json"] = hashlib.sha256(text).hexdigest()
    (folder / "seal.json").write_text(json.dumps(seal), "utf-8")


def _rows(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = folder / "journal.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[1].update(actor="person:khac"), "row"),
        (lambda rows: rows[2].update(at=rows[2]["at"] + 60_000), "row"),
        (lambda rows: rows[2].update(data="{}"), "row"),
        (lambda rows: rows.pop(1), "rows"),
        (lambda rows: rows.reverse(), "out of order"),
        (lambda rows: rows[2].update(before="0" * 64), "chain is broken"),
        (lambda rows: rows.__setitem__(0, {"seq": 1}), "cannot be read"),
    ],
)
def test_a_forged_journal_is_found_also_when_all_is_sealed_again(
    x: Export, tmp_path: Path, change: Callable[[list[dict[str, Any]]], object], said: str
) -> None:
    folder = tmp_path / "forged"
    shutil.copytree(x.folder, folder)
    _rows(folder, change)
    _resealed(folder, "journal.jsonl")
    code, told = verified(folder=folder)
    assert code == 1
    assert said in told


def test_the_seal_a_strange_file_and_a_broken_zip(x: Export, tmp_path: Path) -> None:
    folder = tmp_path / "strange"
    shutil.copytree(x.folder, folder)
    for name in ("clips/q1/Thumbs.db", "clips/._q1", "notes.txt"):
        (folder / name).write_bytes(b"x")
    code, said = verified(folder=folder)
    assert code == 0
    assert "NOTE: the file notes.txt" in said
    (folder / "clips" / "q1" / "them.mp4").write_bytes(b"x")
    code, said = verified(folder=folder)
    assert code == 1
    assert "WRONG: the file clips/q1/them.mp4 was not there" in said
    added = tmp_path / "added.zip"
    for name in ("clips/q1/them.mp4", "cover.pdf"):  # a second one of that name: some programs unpack this, some that
        shutil.copy(x.zip, added)
        with zipfile.ZipFile(added, "a") as packed, warnings.catch_warnings(action="ignore"):
            packed.writestr(name, (x.folder / "cover.pdf").read_bytes())
        code, said = verified(str(added), folder=x.folder)
        assert (code, f"WRONG: the file {name} was not there" in said) == (1, True)
    shutil.copytree(x.folder, tmp_path / "unsealed")
    (tmp_path / "unsealed" / "cover.pdf").write_bytes(b"another")
    seal = json.loads((x.folder / "seal.json").read_text("utf-8"))
    del seal["cover.pdf"]
    (tmp_path / "unsealed" / "seal.json").write_text(json.dumps(seal), "utf-8")
    assert verified(folder=tmp_path / "unsealed")[0] == 1
    (folder / "seal.json").write_text('{"manifest.json": "", "cover.pdf": ""}', "utf-8")
    code, said = verified(folder=folder)
    assert code == 1
    assert "cover.pdf" in said
    data = bytearray(x.zip.read_bytes())
    data[2000] ^= 1  # inside the first clip
    (tmp_path / "broken.zip").write_bytes(data)
    code, said = verified(str(tmp_path / "broken.zip"), folder=x.folder)
    assert code == 1
    assert "clips/q1" in said


def test_exports_may_not_fill_the_disk(x: Export) -> None:
    full = x.hall.folder / "exports" / "E20260101-00000000.zip"
    with full.open("wb") as file:
        file.truncate(x.hall.settings.footage.exports_gb * 1_000_000_000 - 10)  # takes no room: a hole
    problem = x.fits(post(x.ha, "/footage/exports", x.asked, "full"), 409, "Problem")
    assert (problem["key"], problem["gb"]) == ("error.exports_full", 20)
    full.unlink()


def test_masked_and_too_much_and_nothing(x: Export) -> None:
    masked = x.fits(post(x.ha, "/footage/exports", x.asked | {"masked": True}), 201, "Export")
    with zipfile.ZipFile(x.hall.folder / "exports" / f"{masked['export']}.zip") as packed:
        cameras = {one["id"]: one for one in json.loads(packed.read("manifest.json"))["cameras"]}
        assert (cameras["q1"]["masks"], cameras["sanh"]["masks"]) == (1, 0)
        assert json.loads(packed.read("manifest.json"))["masked_cameras"] == ["q1"]
        assert "Chỉ che: Quầy 1" in sheet(packed.read("cover.pdf"))
        (same,) = cameras["sanh"]["clips"]
        assert packed.read(same["file"]) == (x.folder / same["file"]).read_bytes()  # without masks: copied
    event = journal.read(x.hall.store.read(), only=Filter(kinds=("footage.exported",)))[-1]
    assert (event.data["masked"], event.data["masked_cameras"]) == (True, ["q1"])
    unsaid = {name: value for name, value in x.asked.items() if name != "masked"}
    x.fits(post(x.ha, "/footage/exports", unsaid), 201, "Export")  # masks are drawn unless it is asked to leave them
    event = journal.read(x.hall.store.read(), only=Filter(kinds=("footage.exported",)))[-1]
    assert (event.data["masked"], event.data["masked_cameras"]) == (True, ["q1"])
    before = x.doors.head()
    bare = x.asked | {"masked": True, "cameras": ["sanh"]}
    assert x.fits(post(x.ha, "/footage/exports", bare), 422, "Problem")["key"] == "error.no_masks"
    for number in ("0900000001", "số 012 345 678 901", "CCCD 012345678901"):
        told = x.asked | {"note": f"Khách gọi từ {number}"}
        assert x.fits(post(x.ha, "/footage/exports", told), 422, "Problem")["key"] == "error.personal_note"
    assert x.doors.head() == before
    far = {"from": x.rfc(-5 * 3_600_000), "to": x.rfc(LENGTH_MS)}
    problem = x.fits(post(x.ha, "/footage/exports", x.asked | far), 400, "Problem")
    assert (problem["key"], problem["minutes"]) == ("error.footage_too_long", 120)
    none = {"from": x.rfc(-90_000), "to": x.rfc(-60_000)}
    head = x.doors.head()
    assert x.fits(post(x.ha, "/footage/exports", x.asked | none), 404, "Problem")["key"] == "error.no_footage"
    assert x.doors.head() == head
    assert footage.cameras(x.hall.store.read()) == ["q1", "sanh"]


def test_a_camera_that_was_set_otherwise_gives_a_clip_before_and_one_after(x: Export) -> None:
    spans = [(x.begins, x.begins + 2_030), (x.begins + 2_030, x.begins + 4_000)]  # its last frame counts 30 ms too long
    for (begins, ends), (width, height) in zip(spans, ((64, 48), (80, 64)), strict=True):
        part, encoder = Part(x.hall.folder / "footage" / "q3", begins), Encoder(width, height, 10)
        container = Container(part, encoder.template)
        for number in range(20):
            for packet in encoder.encode(np.zeros((height, width, 3), np.uint8), number * 100):
                container.add(packet, packet.pts, packet.dts)
        container.close()
        part.finish()
        with x.hall.store.act() as act:
            footage.keep(act, [Piece("q3", begins, ends, part.size)])
    asked = x.asked | {"cameras": ["q3"], "to": x.rfc(4_000)}
    told = x.fits(post(x.ha, "/footage/exports", asked), 201, "Export")
    with zipfile.ZipFile(x.hall.folder / "exports" / f"{told['export']}.zip") as packed:
        (camera,) = json.loads(packed.read("manifest.json"))["cameras"]
        names = packed.namelist()
    assert [clip["from"] for clip in camera["clips"]] == [x.rfc(0), x.rfc(2_030)]
    assert len(names) == len(set(names))
