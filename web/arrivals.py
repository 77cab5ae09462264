"""The hall's side of the readers at the server: what they read goes into the inbox, and the journal tells its page."""

from typing import Any

from office import journal
from office.scan_sections import ScannerSettings
from office.settings import Settings
from office.store import Store
from web.inbox import Arrival, Inbox


class Arrivals:
    """Takes in what scanner/service.py hands over; called from the readers' threads."""

    def __init__(self, store: Store, settings: Settings, inbox: Inbox) -> None:
        self._store = store
        self._settings = settings
        self._inbox = inbox

    def read(self, reader: ScannerSettings, text: str, symbology: str) -> None:
        """A code was read: its page hears an id."""
        arrival = Arrival(text, symbology, reader.name, reader.screen, reader.counter)
        self._tell("scan.arrived", reader, id=self._inbox.put(arrival))

    def hinted(self, reader: ScannerSettings, hint: str) -> None:
        """Something is held there that does not read: its page says what to do."""
        self._tell("scan.hinted", reader, hint=hint)

    def failed(self, reader: ScannerSettings, reason: str) -> None:
        """The reader does not work any more: its page asks for typing."""
        self._tell("scanner.failed", reader, reason=reason)

    def recovered(self, reader: ScannerSettings, after_s: int) -> None:
        """It works again."""
        self._tell("scanner.recovered", reader, after_s=after_s)

    def _tell(self, kind: str, reader: ScannerSettings, **data: Any) -> None:
        told = {"screen": reader.screen, "reader": reader.name, **data}
        with self._store.act() as act:
            journal.append(
                act, kind, office=self._settings.office.id, actor="system", counter=reader.counter, data=told
            )
