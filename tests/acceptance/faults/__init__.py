"""Whatever fails, comes twice or at once, or is no sense at all: each thing is done once, and nothing is lost."""
