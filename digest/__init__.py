"""Digest: a weekly prompt, its replies, and Monday's digest, all by mail. Holds nothing but the version."""

__version__ = "0.1.0"
