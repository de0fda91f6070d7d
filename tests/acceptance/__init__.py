"""A whole Digest, used through its public doors only. What one mailbox allows, and what history costs, has no room."""
