"""Measures, side by side with a peer or a limit in one run. It must never be part of the tests."""
