"""Replies that are an entry, or change one: which words belong to which part."""
