"""Followers: they walk the journal and keep their place in the transaction of the result they write."""

import threading
from collections.abc import Iterator

from office import journal
from office.journal import Event, Filter
from office.store import Act, Store


class Follower:
    """A named reader of the journal, for events of ``kinds``; ``changes`` rings when one may have come.

    ``from_now``: a follower never seen before begins at the journal's end, not at its beginning.
    """

    def __init__(self, store: Store, name: str, kinds: tuple[str, ...], *, from_now: bool = True) -> None:
        self.store = store
        self.name = name
        self.changes = store.changes.about(kinds)
        self._only = Filter(kinds=kinds)
        self._begin(from_now=from_now)

    def place(self) -> int:
        """The seq up to which everything is done."""
        row = self.store.read().execute("SELECT seq FROM followers WHERE name = ?", (self.name,)).fetchone()
        return int(row[0]) if row else 0

    def pending(self, limit: int = journal.PAGE, since: int | None = None) -> list[Event]:
        """Events not done yet, in order; ``since`` overrides the kept place for look-ahead."""
        return journal.read(self.store.read(), self.place() if since is None else since, limit, self._only)

    def done(self, act: Act, seq: int) -> None:
        """Move the place to ``seq`` inside ``act``: the result and the place are written together."""
        act.db.execute("UPDATE followers SET seq = ? WHERE name = ? AND seq < ?", (seq, self.name, seq))

    def events(self, stop: threading.Event, poll_s: float = 0.5) -> Iterator[Event]:
        """Events as they come until ``stop`` is set; call ``done`` before asking for the next one.

        An event that was not marked done is handed out again on the next start, and on the next round here.
        """
        while not stop.is_set():
            seen = self.changes.count  # before the read: a write in between is not missed
            batch = self.pending()
            for event in batch:
                if stop.is_set():
                    return
                yield event
            if not batch:
                self.changes.wait(seen, poll_s)

    def _begin(self, *, from_now: bool) -> None:
        with self.store.act() as act:
            start = journal.head(act.db)[0] if from_now else 0
            act.db.execute("INSERT OR IGNORE INTO followers VALUES (?, ?)", (self.name, start))
