"""Who may look: Digest (RFC 2617 without qop, as cameras do it) and Basic."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from typing import Final

REALM: Final = "Simulated camera"
_FIELD: Final = re.compile(r'(\w+)="([^"]*)"')


class SignIn:
    """Knows one name and password. An empty name lets everybody look."""

    def __init__(self, user: str, password: str) -> None:
        self.user, self.password = user, password
        self._nonce = secrets.token_hex(16)

    def challenge(self) -> list[tuple[str, str]]:
        """The headers of a 401."""
        digest = f'Digest realm="{REALM}", nonce="{self._nonce}", algorithm=MD5'
        return [("WWW-Authenticate", digest), ("WWW-Authenticate", f'Basic realm="{REALM}"')]

    def admits(self, method: str, header: str) -> bool:
        """Whether an Authorization ``header`` of a request is right."""
        scheme, _, told = header.partition(" ")
        if not self.user:
            return True
        if scheme.lower() == "basic":
            return hmac.compare_digest(_plain(told), f"{self.user}:{self.password}".encode())
        return scheme.lower() == "digest" and self._digest(method, dict(_FIELD.findall(told)))

    def _digest(self, method: str, told: dict[str, str]) -> bool:
        known = told.get("username") == self.user and told.get("nonce") == self._nonce and told.get("realm") == REALM
        first = _md5(f"{self.user}:{REALM}:{self.password}")
        second = _md5(f"{method}:{told.get('uri', '')}")
        right = _md5(f"{first}:{self._nonce}:{second}")
        return known and hmac.compare_digest(right, told.get("response", ""))


def _plain(told: str) -> bytes:
    try:
        return base64.b64decode(told, validate=True)
    except (ValueError, binascii.Error):
        return b""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
