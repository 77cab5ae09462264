"""The press: forms on paper for whoever asks, by kind and dossier code, as the bytes of a PDF or of a spreadsheet."""

import threading
from datetime import date

from forms import drawing, load_driver
from forms import ledger as across
from office import form_register
from office.errors import NotFound
from office.form_ledger import Ledger
from office.form_parts import Form, Page
from office.form_text import Words
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store


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

        One at a time: a year's ledger is seconds of work, and the hall goes on meanwhile.
        """
        if kind not in ("pdf", "xlsx"):
            raise NotFound("the ledger comes as pdf or xlsx")
        with self._long:
            made, _ = form_register.ledger(self._store.read(), self._settings, self._phrases, since, until)
            return drawn_across(made) if kind == "pdf" else bytes(load_driver("xlsx")(made))


def drawn(form: Form, words: Words) -> bytes:
    """``form`` as a PDF."""
    document = load_driver("pdf")(form.title, form.head.office)
    drawing.draw(form, document, lambda page, of: words.say("form.page", n=page, of=of))
    return bytes(document.done())


def drawn_across(made: Ledger) -> bytes:
    """The ledger as a PDF."""
    document = load_driver("pdf")(made.title, made.head.office)
    across.draw(made, document)
    return bytes(document.done())
