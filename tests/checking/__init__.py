"""Tests of what `digest check` tells."""
