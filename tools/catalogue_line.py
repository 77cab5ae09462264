"""A line of the catalogue file as the source gives it, for rehearsals to spoil."""

from typing import Any


def catalogue_line(code: object = "1.001193", **more: Any) -> dict[str, Any]:
    """The least that a line has, with ``more`` laid over it."""
    return {
        "code": code,
        "name": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "source_url": "https://dichvucong.gov.vn/x",
        "fetched_at": "2026-07-20",
        "channels": [],
        "papers": [],
        **more,
    }
