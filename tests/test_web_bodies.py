"""How much of a body the real server reads: pictures and exports have limits of their own, by path."""

import http.client

import pytest

from office.import_sections import Imports
from office.scan_sections import Scans
from tools.rehearsal import Hall
from tools.webhall import API, Doors


def _sent(port: int, path: str, size: int, kind: str, token: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Content-Type": kind, "Authorization": token}
    try:
        line.request("POST", f"{API}{path}", bytes(size), headers)
        return line.getresponse().status
    finally:
        line.close()


@pytest.fixture(name="doors")
def _doors(hall: Hall) -> Doors:
    dossiers = hall.settings.dossiers.model_copy(update={"imports": Imports(body_max=8_000_000)})
    return Doors(hall, scans=Scans(image_max=6_500_000), dossiers=dossiers)


def test_a_picture_and_an_export_reach_the_office(doors: Doors) -> None:
    seen: list[int] = []

    def read(data: bytes) -> list[tuple[str, str]]:
        seen.append(len(data))
        return []

    doors.web.read_picture = read
    token = doors.key("dossiers").environ_base["HTTP_AUTHORIZATION"]
    with doors.serving() as port:
        assert _sent(port, "/scans", 6_000_000, "image/jpeg", token) == 200
        assert seen == [6_000_000]
        assert _sent(port, "/scans", 6_500_001, "image/jpeg", token) == 413
        export = _sent(port, "/dossiers/import", 7_900_000, "text/csv", token)
        assert export not in (413, 500), export
