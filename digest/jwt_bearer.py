"""Owns the statement by which a service account asks for a token in the name of one mailbox (RFC 7523, section 2.1;
signed with RS256, RFC 7515), as Google Workspace wants it. It must never send anything, nor show the key.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from digest import clock
from digest.errors import Misuse

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
WHOLE_MAILBOX = "https://mail.google.com/"  # Google's scope for IMAP and SMTP
LIFE = 3600  # seconds; Google takes no more
AHEAD = 30  # seconds that our clock may be ahead: what is signed in the future is refused


@dataclass(frozen=True)
class JwtBearer:
    """Who asks, for whose mailbox; `token_url` is asked, and nobody else may take the statement."""

    address: str
    key_id: str
    key: RSAPrivateKey = field(repr=False, compare=False)
    token_url: str
    user: str
    scope: str = WHOLE_MAILBOX

    def form(self) -> dict[str, str]:
        """What the token server is sent."""
        return {"grant_type": GRANT, "assertion": self._statement(int(clock.real_now().timestamp()) - AHEAD)}

    def _statement(self, since: int) -> str:
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key_id}
        claims = {
            "iss": self.address,
            "sub": self.user,
            "scope": self.scope,
            "aud": self.token_url,
            "iat": since,
            "exp": since + LIFE,
        }
        signed = f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(claims).encode())}"
        return f"{signed}.{_encoded(self.key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def read_key_file(text: str, user: str, scope: str | None, name: str) -> JwtBearer:
    """The account of a key file of Google's (JSON), which the variable `name` holds. Raises Misuse."""
    try:
        file = json.loads(text)
        key = load_pem_private_key(file["private_key"].encode(), password=None)
        if isinstance(key, RSAPrivateKey):
            address, key_id, url = (
                str(file[part]) for part in ("client_email", "private_key_id", "token_uri")
            )
            return JwtBearer(address, key_id, key, url, user, scope or WHOLE_MAILBOX)
    except (ValueError, LookupError, TypeError, AttributeError):
        pass
    raise Misuse(
        f"{name} is not the key file of a service account. "
        "Make a new key of the type JSON in Google's console, and give the file as it is."
    )


def _encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")
