"""Footage exported as evidence: one ZIP with clips, the journal's extract, the register's word, a manifest, a cover
sheet to sign, and a program that checks all of it."""

import hashlib
import json
import secrets
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from camera.cutters import Cutter
from camera.gallery import Gallery
from office import (
    clock_reads,
    evidence,
    footage,
    footage_gaps,
    form_evidence,
    form_register,
    journal,
    outages,
    troubles,
)
from office.clips import LONGEST_MS, Exported
from office.clock import local, rfc3339
from office.errors import CutFailed, ExportsFull, FootageBusy, FootageTooLong, NoFootage
from office.evidence import Order
from office.footage import Span
from office.form_evidence import Sealed, Shown
from office.form_parts import Form
from office.form_text import Words
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store
from office.watching import Wish

FOLDER: Final = "exports"
"""Below the data folder: one ZIP an export, and what is under way."""
FORMAT: Final = "mot-cua-evidence/1"
PLAIN_MIN: Final = 240
MASKED_MIN: Final = 20
"""So many minutes of all cameras together at most: what is masked is encoded anew, a minute takes some 15 s."""
WAIT_S: Final = 5.0
BUSY_S: Final = 60
FREE: Final = 500 << 20
VERIFIER: Final = Path(__file__).with_name("verifier.py")
COVER, MANIFEST, SEAL, JOURNAL = "cover.pdf", "manifest.json", "seal.json", "journal.jsonl"
DOSSIERS, PROGRAM = "dossiers.json", "verify.py"
SENTENCES: Final = (
    *("missing", "changed", "added", "strange", "row", "link", "order", "rows"),
    *("journal", "unreadable", "seal", "wrong", "right", "none"),
)


@dataclass(slots=True)
class _Packing:
    """The ZIP under way; every file's SHA-256 by name."""

    zip: zipfile.ZipFile
    files: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, data: bytes, *, listed: bool = True) -> str:
        """A file of ``data``; its SHA-256."""
        self.zip.writestr(name, data)
        sign = hashlib.sha256(data).hexdigest()
        if listed:
            self.files.append({"name": name, "sha256": sign, "bytes": len(data)})
        return sign

    def move(self, name: str, path: Path) -> None:
        """The file at ``path``, which is gone afterwards."""
        with path.open("rb") as file:
            sign = hashlib.file_digest(file, "sha256").hexdigest()
        self.zip.write(path, name, zipfile.ZIP_STORED)
        self.files.append({"name": name, "sha256": sign, "bytes": path.stat().st_size})
        path.unlink()


class Evidence:
    """Makes exports below ``folder``, one at a time. ``draw`` makes a PDF of a form."""

    def __init__(
        self, store: Store, settings: Settings, phrases: Phrases, gallery: Gallery, folder: Path,
        draw: Callable[[Form], bytes],
    ) -> None:  # fmt: skip
        self.folder = folder
        self._store, self._settings, self._phrases = store, settings, phrases
        self._gallery = gallery
        self._draw = draw
        self._words = Words(phrases, settings.office.zone)
        self._turn = threading.Lock()
        self._cutter = Cutter()
        shutil.rmtree(folder / "under-way", ignore_errors=True)

    def close(self) -> None:
        """End its process; an export under way fails."""
        self._cutter.close()

    @contextmanager
    def making(self, wish: Wish, actor: str, masked: bool) -> Iterator[Exported]:
        """The export of the checked ``wish`` for ``actor``, gone after the block unless it is kept.

        Raises FootageTooLong, NoFootage when there is nothing at all of it, ExportsFull, FootageBusy, CutFailed.
        """
        self._measured(wish, masked=masked)
        self._room(1)
        if not self._turn.acquire(timeout=WAIT_S):
            raise FootageBusy("another export is being made", seconds=BUSY_S)
        at = self._store.clock()
        name = f"E{local(at, self._settings.office.zone):%Y%m%d}-{secrets.token_hex(4)}"
        place = self.folder / "under-way" / name
        try:
            place.mkdir(parents=True)
            yield self._made(Order(name, wish, actor, at, masked), place)
        except OSError as fault:
            raise CutFailed(f"the export cannot be written: {fault.strerror}") from None
        finally:
            shutil.rmtree(place, ignore_errors=True)
            self._cutter.rest(0)
            self._turn.release()

    def find(self, name: str) -> Path | None:
        """The ZIP of that id, while it is there."""
        path = self.folder / f"{name}.zip"
        return path if path.parent == self.folder and path.is_file() else None

    def _measured(self, wish: Wish, *, masked: bool) -> None:
        most = MASKED_MIN if masked else PLAIN_MIN
        if len(wish.cameras) * (wish.ends - wish.begins) > most * 60_000:
            raise FootageTooLong("that is too much for one export", field="to", minutes=most // len(wish.cameras))

    def _made(self, order: Order, place: Path) -> Exported:
        path = place / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            pack = _Packing(file)
            shown = {name: self._clips(order, name, place, pack) for name in order.wish.cameras}
            if not any(one.clips for one in shown.values()):
                raise NoFootage("no camera has footage then", nearest=[])
            self._papers(order, shown, pack)
        with path.open("rb") as whole:
            sign = hashlib.file_digest(whole, "sha256").hexdigest()
        size = path.stat().st_size
        self._room(size)
        return Exported(order.id, path, self.folder / f"{order.id}.zip", sign, size)

    def _room(self, more: int) -> None:
        """Whether ``more`` bytes may be kept beside the exports there are: they must not push footage out. Raises
        ExportsFull."""
        most = self._settings.footage.exports_gb
        if sum(path.stat().st_size for path in self.folder.glob("*.zip")) + more > most * 1_000_000_000:
            raise ExportsFull("the exports kept take all the room they may", gb=most)

    def _clips(self, order: Order, camera: str, place: Path, pack: _Packing) -> Shown:
        """Every stretch of ``camera``, in files of half an hour at most."""
        known, wish = self._settings.camera_by_name[camera], order.wish
        masks = [(m.left, m.top, m.width, m.height) for m in known.masks] if order.masked else []
        clips, gaps = [], []
        for begins, ends in self._gallery.cover(camera, wish.begins, wish.ends).spans:
            at = begins
            while at < ends:
                told = self._clip(camera, (at, min(at + LONGEST_MS, ends)), masks, place / "clip.mp4")
                if told is None:
                    at += LONGEST_MS
                    continue
                pack.move(self._name(camera, told["begins"]), place / "clip.mp4")
                clips.append((told["begins"], told["ends"]))
                gaps += [(one, other) for one, other in told["gaps"]]
                at = max(told["goes_on"], at + 1) if told["goes_on"] else at + LONGEST_MS
        lost = sorted({*footage.missing(footage.joined(clips), wish.begins, wish.ends), *gaps})
        title, db = known.title.text(self._phrases.default), self._store.read()
        why = footage_gaps.explained(db, self._settings, camera, tuple(lost), order.at)
        why = footage_gaps.lost(why, camera, outages.between(db, wish.begins, wish.ends))
        clock = clock_reads.between(db, self._settings, camera, wish.begins, wish.ends)
        seen = troubles.between(db, camera, wish.begins, wish.ends)
        return Shown(title, tuple(clock), not known.recorded, len(masks), tuple(clips), tuple(why), tuple(seen))

    def _clip(self, camera: str, asked: Span, masks: list[Any], out: Path) -> dict[str, Any] | None:
        if shutil.disk_usage(out.parent).free < FREE:
            raise CutFailed("no room on the disk for an export")
        try:
            return self._gallery.write(self._cutter, camera, asked, masks, out)
        except NoFootage:
            return None  # purged meanwhile, or its recorder has a hole: told as a gap

    def _papers(self, order: Order, shown: dict[str, Shown], pack: _Packing) -> None:
        """All but the clips; the manifest names what was packed before it, the seal the manifest and the cover."""
        db = self._store.read()
        rows = list(evidence.extract(db, order.wish))
        pack.add(JOURNAL, b"".join(evidence.lines(iter(rows))))
        dossiers = evidence.dossiers_of(db, self._settings, self._phrases, order.wish)
        pack.add(DOSSIERS, _json(dossiers))
        pack.add(PROGRAM, self._verifier())
        pack.add("README.txt", self._readme())
        seq, link = journal.head(db)
        told = {"file": JOURNAL, "rows": len(rows), "head": {"seq": seq, "hash": link}}
        manifest = self._manifest(order, shown) | {"journal": told, "files": pack.files}
        sign = pack.add(MANIFEST, _json(manifest), listed=False)
        letterhead = form_register.letterhead(self._settings, self._phrases.default)
        sheet = form_evidence.cover(order, list(shown.values()), Sealed(sign, seq, link), letterhead, self._words)
        cover = pack.add(COVER, self._draw(sheet), listed=False)
        pack.add(SEAL, _json({MANIFEST: sign, COVER: cover}), listed=False)

    def _manifest(self, order: Order, shown: dict[str, Shown]) -> dict[str, Any]:
        wish, office = order.wish, self._settings.office
        return {
            "format": FORMAT,
            "export": order.id,
            "office": {"id": office.id, "name": office.name.vi},
            "made_at": self._rfc(order.at),
            "by": order.actor,
            "reason": wish.reason,
            "from": self._rfc(wish.begins),
            "to": self._rfc(wish.ends),
            "counter": wish.counter,
            "ticket": wish.ticket,
            "dossier": wish.dossier,
            "masked": any(one.masks for one in shown.values()),
            "masked_cameras": [name for name, one in shown.items() if one.masks],
            "cameras": [self._camera(name, one) for name, one in shown.items()],
        }

    def _camera(self, name: str, one: Shown) -> dict[str, Any]:
        files = [{"file": self._name(name, span[0])} | self._told(span) for span in one.clips]
        clock = [{"from": self._rfc(read.since), "offset_s": read.offset_s} for read in one.clock]
        about = {"id": name, "title": one.title, "clock_offset_s": one.clock[0].offset_s, "clock_offsets": clock}
        seen = [(s.trouble, self._rfc(s.at), self._rfc(s.cleared) if s.cleared else None) for s in one.troubles]
        about["troubles"] = [{"trouble": trouble, "from": since, "to": until} for trouble, since, until in seen]
        about["masks"] = one.masks
        recorded = "recorder" if one.elsewhere else "here"
        gaps = [self._told((gap.begins, gap.ends)) | {"reason": gap.reason, "lost": gap.lost} for gap in one.gaps]
        return about | {"recorded": recorded, "clips": files, "gaps": gaps}

    def _verifier(self) -> bytes:
        """The program with its sentences in it: it runs alone."""
        said = [self._phrases.section(language, "evidence.verify") for language in self._phrases.languages]
        words = {key: [one[key] for one in said] for key in SENTENCES}
        source = VERIFIER.read_text("utf-8")
        return source.replace(" = {}\n", f" = {json.dumps(words, ensure_ascii=False, indent=4)}\n", 1).encode()

    def _readme(self) -> bytes:
        """How this is checked, in every language of the office."""
        names = {"clips": "clips", "journal": JOURNAL, "dossiers": DOSSIERS, "cover": COVER, "program": PROGRAM}
        said = (self._phrases.say(one, "evidence.readme", **names) for one in self._phrases.languages)
        return "\n\n".join(said).encode()

    def _name(self, camera: str, at: int) -> str:
        """A clip's name in the ZIP: by the local time people ask for, with its offset; ``:`` is in no Windows name."""
        begun = local(at, self._settings.office.zone)
        return f"clips/{camera}/{begun:%Y%m%dT%H%M%S}.{at % 1000:03d}{begun:%z}.mp4"

    def _told(self, span: Span) -> dict[str, str]:
        return {"from": self._rfc(span[0]), "to": self._rfc(span[1])}

    def _rfc(self, at: int) -> str:
        return rfc3339(at, self._settings.office.zone)


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
