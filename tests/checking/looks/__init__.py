"""Tests of what `digest check` looks at."""
