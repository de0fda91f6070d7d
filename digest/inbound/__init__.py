"""The path in, a file a stage: door, accept, process, message, screening, recipient, reply text,
interpretation. It never meets `outbound` or `web`."""
