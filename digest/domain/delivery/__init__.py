"""What became of a mail that left, as reported by others, and what follows for its address and its domain."""
