"""Replies that real mail clients made to our real mails, and the scripts by which they make them anew."""
