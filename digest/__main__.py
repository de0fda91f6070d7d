"""Lets `python -m digest` be the `digest` command. It must never do anything else."""

from __future__ import annotations

from digest.cli import main

if __name__ == "__main__":
    main()
