"""Owns requests as the providers document them, written for this project; one file a provider. It must never be read
by the service."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Post:
    """One HTTP request."""

    path: str
    headers: dict[str, str]
    body: bytes

    def with_headers(self, **headers: str) -> Post:
        return replace(self, headers=self.headers | headers)

    def without(self, *names: str) -> Post:
        return replace(
            self, headers={name: value for name, value in self.headers.items() if name not in names}
        )
