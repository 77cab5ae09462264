"""Under which address a phone in the hall reaches this computer."""

import socket
from urllib.parse import urlsplit

ANY = ("", "0.0.0.0", "::")  # noqa: S104 — compared, not bound
FAR = ("192.0.2.1", 9)
"""An address set aside for documentation (RFC 5737): asking the way there sends nothing."""


def reachable(host: str) -> str:
    """``host``, or when that is "every address" the one this computer has in its network; as written in a URL."""
    found = _own() if host in ANY else host
    return f"[{found}]" if ":" in found else found


def only_here(address: str) -> bool:
    """Whether nobody but this computer reaches ``address``, a URL."""
    host = urlsplit(address).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def _own() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(FAR)
            return str(probe.getsockname()[0])
        except OSError:  # no network at all
            return "127.0.0.1"
