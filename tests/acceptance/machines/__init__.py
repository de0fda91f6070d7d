"""Machines at the other end: they answer, open links, send mail back and report."""
