"""A file of text under way: opened in its encoding, read row by row, and refused where it is no Unicode."""

import io
from collections.abc import Iterator
from pathlib import Path

from ledger import HEAD, LedgerFault, encoding_of
from office.dossier_cells import Line
from office.legacy_text import font_of


class TextFile:
    """One table as text; a kind of it has ``rows``. ``newline``: as of ``open``."""

    def __init__(self, path: Path, newline: str | None = None) -> None:
        self._path = path
        self._size = max(1, path.stat().st_size)
        self._raw = path.open("rb")
        head = self._raw.read(HEAD)
        self._raw.seek(0)
        self._encoding = encoding_of(head)
        self._text = io.TextIOWrapper(self._raw, encoding=self._encoding, newline=newline)

    def rows(self) -> Iterator[Line]:
        """Its rows with their numbers. Raises LedgerFault, UnicodeError."""
        raise NotImplementedError

    def lines(self) -> Iterator[Line]:
        """See Book.lines."""
        try:
            yield from self.rows()
        except UnicodeError:
            raise _refuse_bytes(self._path, self._encoding) from None

    def others(self) -> tuple[str, ...]:
        """None: the file is one table."""
        return ()

    def share(self) -> float:
        """By bytes."""
        return min(1.0, self._raw.tell() / self._size)

    def close(self) -> None:
        """Let the file go."""
        self._text.close()


def _refuse_bytes(path: Path, encoding: str) -> LedgerFault:
    """Why ``path`` is not the Unicode it should be, with the first line that shows it."""
    if not encoding.startswith("utf-8"):
        return LedgerFault("not_unicode")
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(HEAD), b""), start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                sample = line + file.read(HEAD)
                return LedgerFault(font_of(sample) or "not_unicode", number)
    return LedgerFault("not_unicode")
