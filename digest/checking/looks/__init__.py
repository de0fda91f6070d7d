"""What `digest check` looks at, a file a topic: each takes a Scope and tells what it found. None changes anything."""
