"""The door for a company with one mailbox, a file a stage: account, talk with the server, reader, watch."""
