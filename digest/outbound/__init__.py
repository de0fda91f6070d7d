"""The path out, a file a stage: due, compose, outbox, deliver, transport. It never meets `inbound` or `web`."""
