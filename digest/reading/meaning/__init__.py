"""From newly written words to what they mean: the parts of an entry, an answer, a command, thanks."""
