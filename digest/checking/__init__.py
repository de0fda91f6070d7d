"""What `digest check` and the operator's page tell: one file a topic.
It must never change anything, nor show a secret."""
