#!/usr/bin/env python3
"""Check exported footage: is every file as it was when it was exported, and does the journal's chain hold?

    python verify.py                  in the folder into which the export was unpacked, or
    python verify.py EXPORT.zip       the export as it came

Needs Python 3.9 or newer and nothing else. Ends with 0 when all is right, 1 when something is wrong, 2 when this is
no export. An export carries this file as verify.py, with its sentences in WORDS.
"""

import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

WORDS: dict[str, list[str]] = {}
MANIFEST, SEAL, JOURNAL, COVER = "manifest.json", "seal.json", "journal.jsonl", "cover.pdf"
CLIPS = "clips/"
LITTER = ("Thumbs.db", "desktop.ini", ".DS_Store")
FIELDS = ("seq", "at", "kind", "office", "actor", "counter", "ticket", "dossier", "data")


class Unpacked:
    """An export in a folder. People lay things beside it; among the clips only what Windows and macOS leave is none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """All files, with slashes."""
        found = [path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    def added(self, name: str) -> bool:
        """Whether a file that is not of the export pretends to be."""
        last = name.rpartition("/")[2]
        return name.startswith(CLIPS) and last not in LITTER and not last.startswith("._")

    def open(self, name: str) -> BinaryIO:
        """One of them."""
        return (self.folder / name).open("rb")


class Packed:
    """An export as a ZIP: nobody lays anything into it by chance."""

    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path)

    def names(self) -> list[str]:
        """All files."""
        return sorted(name for name in self.zip.namelist() if not name.endswith("/"))

    def added(self, name: str) -> bool:
        """Whether a file that is not of the export pretends to be."""
        return True

    def open(self, name: str) -> Any:
        """One of them."""
        return self.zip.open(name)


class Check:
    """What was found; each finding is said in Vietnamese and English."""

    def __init__(self, export: Any) -> None:
        self.export = export
        self.wrong = 0

    def say(self, key: str, **told: Any) -> None:
        """One finding; without sentences, its key."""
        for sentence in WORDS.get(key, [key + " {name}"]):
            line(sentence.format(**{"name": "", **told}))

    def bad(self, key: str, **told: Any) -> None:
        """One thing that is wrong."""
        self.wrong += 1
        self.say(key, **told)

    def digest(self, name: str) -> str:
        """SHA-256 of a file; "" when it cannot be read (a ZIP notices damage by itself)."""
        try:
            with self.export.open(name) as file:
                return sha256(file)
        except (OSError, ValueError, zipfile.BadZipFile, EOFError, zlib.error):
            return ""

    def read(self, name: str) -> Any:
        """A JSON file. Raises ValueError."""
        with self.export.open(name) as file:
            return json.loads(file.read().decode("utf-8"))

    def files(self, wanted: dict[str, str]) -> None:
        """Every file of ``wanted`` (name: SHA-256) is there, once and as it was; what is there besides is told."""
        there = self.export.names()
        for name in {name for name in there if there.count(name) > 1}:
            self.bad("added", name=name)
        for name, digest in wanted.items():
            if name not in there:
                self.bad("missing", name=name)
            elif self.digest(name) != digest:
                self.bad("changed", name=name)
        for name in there:
            if name not in wanted and name != SEAL:
                if self.export.added(name):
                    self.bad("added", name=name)
                else:
                    self.say("strange", name=name)

    def journal(self, told: dict[str, Any]) -> None:
        """Every row's hash is that of its fields after the row before it."""
        rows, before = 0, (0, "")
        with self.export.open(JOURNAL) as file:
            for told_row in file.read().decode("utf-8").split("\n")[:-1]:
                row = json.loads(told_row)
                rows += 1
                text = json.dumps([row["before"], *[row[name] for name in FIELDS]], ensure_ascii=False,
                                  separators=(",", ":"))  # fmt: skip
                if hashlib.sha256(text.encode("utf-8")).hexdigest() != row["hash"]:
                    self.bad("row", name=row["seq"])
                if row["seq"] == before[0] + 1 and before[1] and row["before"] != before[1]:
                    self.bad("link", name=row["seq"])
                if row["seq"] <= before[0]:
                    self.bad("order", name=row["seq"])
                if row["seq"] == told["head"]["seq"] and row["hash"] != told["head"]["hash"]:
                    self.bad("link", name=row["seq"])
                before = (row["seq"], row["hash"])
        if rows != told["rows"]:
            self.bad("rows", name=rows, wanted=told["rows"])
        self.say("journal", name=rows)


def line(text: str) -> None:
    """Say it."""
    sys.stdout.write(text + "\n")


def sha256(file: Any) -> str:
    """Of all that is in ``file``."""
    sign = hashlib.sha256()
    for piece in iter(lambda: file.read(1 << 20), b""):
        sign.update(piece)
    return sign.hexdigest()


def check(export: Any) -> int:
    """Everything; how many things are wrong. Raises KeyError, ValueError or OSError for what is no export."""
    one = Check(export)
    manifest, seal = one.read(MANIFEST), one.read(SEAL)
    files = {file["name"]: file["sha256"] for file in manifest["files"]}
    one.files({MANIFEST: "", COVER: "", **files, **seal})  # a seal that leaves one out seals nothing
    try:
        one.journal(manifest["journal"])
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, zlib.error):
        one.bad("unreadable", name=JOURNAL)
    one.say("seal", file=MANIFEST, name=one.digest(MANIFEST), seq=manifest["journal"]["head"]["seq"],
            hash=manifest["journal"]["head"]["hash"])  # fmt: skip
    one.say("wrong" if one.wrong else "right", name=one.wrong or len(files) + len(seal))
    return one.wrong


def main() -> int:
    """As the command line asks."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    try:
        if path.is_dir():
            return min(check(Unpacked(path)), 1)
        with path.open("rb") as file:
            line("ZIP SHA-256 " + sha256(file))
        return min(check(Packed(path)), 1)
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile, zlib.error) as fault:
        for sentence in WORDS.get("none", ["none {name}"]):
            line(sentence.format(name=type(fault).__name__))
        return 2


if __name__ == "__main__":
    sys.exit(main())
