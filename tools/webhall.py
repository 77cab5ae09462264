"""A rehearsed hall with its doors: the real app over it, and callers of each kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import display.board.pages
import kiosk.pages
import staff.forms
import staff.pages
from office import doors, people
from office.journal import head
from office.people import Role
from tools.rehearsal import Hall, phrases_in
from tools.serving import Serving
from web.app import create_app
from web.callers import SCREEN_COOKIES, SESSION_COOKIE
from web.hall import Hall as WebHall
from web.pulse import Pulse

API: Final = "/api/v1"
PASSWORD: Final = "hoa dao thang chap"  # noqa: S105 — of invented people in rehearsals


class Doors:
    """The app of ``hall``. Its Flask test clients are ``open`` (nobody), or made by ``key``, ``screen``, ``person``."""

    def __init__(self, hall: Hall, **settings: Any) -> None:
        self.hall = hall
        self.settings = hall.settings.model_copy(update=settings)
        phrases = phrases_in(self.settings.office.languages)
        self.web = WebHall(self.settings, phrases, hall.store, Pulse(hall.store, self.settings))
        desk = (staff.pages.create(self.web), staff.forms.create(self.web))
        faces = (kiosk.pages.create(self.web), display.board.pages.create(self.web), *desk)
        self.app = create_app(self.web, faces)
        self.open = self.app.test_client()

    def key(self, *scopes: str, name: str = "system") -> FlaskClient:
        """A client that sends a key with ``scopes``."""
        secret = self.hall.do(doors.add_key, name, scopes, actor="system")
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return client

    def screen(self, kind: doors.ScreenKind, name: str = "") -> FlaskClient:
        """A paired screen."""
        client = self.app.test_client()
        client.set_cookie(SCREEN_COOKIES[kind], self.hall.do(doors.admit, name or f"{kind}-1", kind))
        return client

    def person(self, name: str = "lan", role: Role = Role.CLERK) -> FlaskClient:
        """A signed-in person whose page sends its CSRF token."""
        self.hall.do(people.add, self.web.passwords, name, role, PASSWORD, actor="system")
        store, passwords = self.hall.store, self.web.passwords
        secret, session = people.sign_in(store, self.settings, passwords, name, PASSWORD, address="127.0.0.1")
        client = self.app.test_client()
        client.set_cookie(SESSION_COOKIE, secret)
        client.environ_base["HTTP_X_CSRF_TOKEN"] = session.csrf
        return client

    def head(self) -> tuple[int, str]:
        """The journal's last seq and hash: equal before and after when nothing happened."""
        return head(self.hall.store.read())

    @contextmanager
    def serving(self) -> Iterator[int]:
        """The same app behind the real server, in threads; its port."""
        served = Serving(self.web, self.app)
        try:
            yield served.port
        finally:
            served.stop()


def post(client: FlaskClient, path: str, body: Any = None, key: str = "") -> TestResponse:
    """POST JSON to the API, with an Idempotency-Key if given."""
    return client.post(
        f"{API}{path}", json={} if body is None else body, headers={"Idempotency-Key": key} if key else {}
    )


def take(client: FlaskClient, service: str = "ho-tich", **more: Any) -> dict[str, Any]:
    """The ticket that the API gives. Raises AssertionError when it gives none."""
    answer = post(client, "/tickets", {"service": service} | more)
    if answer.status_code != 201:
        raise AssertionError(f"no ticket: {answer.status_code} {answer.text}")
    return dict(answer.json or {})
