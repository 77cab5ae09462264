"""The press: forms on paper for whoever asks, by kind and dossier code, as the bytes of a PDF or of a spreadsheet."""

import threading
from datetime import date
from typing import Final

from forms import child, drawing, load_driver
from office import form_register
from office.errors import NotFound
from office.form_parts import Form, Page
from office.form_text import Words
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store

SHORT: Final = 300
"""Rows of a ledger that is drawn at once; a longer one is drawn in a process of its own."""


class Press:
    """Makes what the register says into files; may be asked from any thread."""

    def __init__(self, store: Store, settings: Settings, phrases: Phrases) -> None:
        self._store = store
        self._settings = settings
        self._phrases = phrases
        self._long = threading.Lock()

    def pdf(self, kind: str, code: str, page: Page | None = None) -> bytes:
        """The form ``kind`` of the dossier ``code`` as PDF. Raises UnknownDossier, NotFound for a kind that is none."""
        db, now = self._store.read(), self._store.clock()
        form = form_register.made(db, self._settings, self._phrases, kind, code, now, page)
        return drawn(form, Words(self._phrases, self._settings.office.zone))

    def ledger(self, since: date, until: date, kind: str) -> bytes:
        """The ledger of the days ``since`` … ``until`` as ``pdf`` or ``xlsx``. Raises NotFound for another kind.

        One at a time: a year's ledger is seconds of work. Raises LedgerFault when it could not be drawn.
        """
        if kind not in child.KINDS:
            raise NotFound("the ledger comes as pdf or xlsx")
        with self._long:
            made, _ = form_register.ledger(self._store.read(), self._settings, self._phrases, since, until)
            return (child.drawn if len(made.rows) <= SHORT else child.drawn_apart)(made, kind)


def drawn(form: Form, words: Words) -> bytes:
    """``form`` as a PDF."""
    document = load_driver("pdf")(form.title, form.head.office)
    drawing.draw(form, document, lambda page, of: words.say("form.page", n=page, of=of))
    return bytes(document.done())
