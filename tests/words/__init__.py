"""Tests of how we speak: catalogues, days and names."""
