"""One file a provider: its words for what became of a mail, in ours. They must never check who sent them."""
