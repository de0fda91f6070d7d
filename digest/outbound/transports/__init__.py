"""One file a way out. Transports never know each other or the database."""
