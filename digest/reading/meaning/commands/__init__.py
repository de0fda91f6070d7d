"""Replies that mean one thing as a whole: a command word, thanks, nothing this week, a thumb."""
