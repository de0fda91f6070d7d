"""The path in, a file a stage: webhook, lmtp, pipe or imap; accept, lease, process, understanding, filing. What comes
back about our own mail: reports, bounce. It never meets `outbound` or `web`."""
