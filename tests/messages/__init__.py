"""Owns the test messages and what a careful colleague reads out of each. Nothing here imports digest."""
