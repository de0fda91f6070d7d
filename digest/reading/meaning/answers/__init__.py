"""Replies to questions: answers and offers by number, the same question, for the asker alone, whether it helped."""
