"""Owns whom a TLS connection trusts: this machine's authorities, and a company's own beside them. It must never let a
certificate pass that none of them vouches for.
"""

from __future__ import annotations

import ssl
from pathlib import Path


def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Certificate and name are checked. Raises OSError, of which ssl.SSLError is one, for a file that holds none."""
    made = ssl.create_default_context()
    if ca_file is not None:
        made.load_verify_locations(ca_file)
    return made
