"""What stands around the words of one letter: greeting, closing, signature, and what programs add below."""
