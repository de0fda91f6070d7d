"""The mails themselves: what came in, what goes out, what is called back, and which links were opened."""
